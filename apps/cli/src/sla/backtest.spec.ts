import { describe, expect, it } from '@jest/globals';
import type { BacktestPage } from '#shared/contracts/sla-reports.js';
import { tableOf } from '../output/table.js';
import { addPage, noPage } from './backtest-sum.js';
import { pageOf } from './backtest.command.js';

const differing = (number: number, lateMs: number | null): BacktestPage['differing'][number] => ({
  ticket: { id: '0190c1a2-0000-7000-8000-0000000000aa', number, subject: `Ticket ${number}`, priority: 'high' },
  target: 'resolution',
  was: lateMs === null ? 'breached' : 'met',
  would: lateMs === null ? 'met' : 'breached',
  dueAt: null,
  lateMs,
});
const row = (priority: 'low' | 'high', breached: number, wouldBeBreached: number) => ({
  priority,
  target: 'resolution' as const,
  tickets: 10,
  breached,
  wouldBeBreached,
});
const page = (more: Partial<BacktestPage>): BacktestPage => ({
  tickets: 100,
  applies: 20,
  rows: [],
  differing: [],
  total: null,
  nextCursor: null,
  ...more,
});
const draw: Parameters<typeof pageOf>[1] = (rows, columns) =>
  tableOf(rows, columns, { wide: false, width: null, colours: false, nowMs: 0 });

describe('a backtest at the command line', () => {
  it('adds pages up, and keeps the twenty that tell most', () => {
    const many = Array.from({ length: 15 }, (_, index) => differing(index + 1, (index + 1) * 60_000));
    let sum = noPage('2026-08-01', null);
    sum = addPage(sum, page({ total: 200, rows: [row('low', 1, 2)], differing: many }));
    sum = addPage(
      sum,
      page({ rows: [row('low', 1, 0), row('high', 0, 3)], differing: [differing(99, null), ...many] }),
    );
    expect(sum).toMatchObject({
      tickets: 200,
      total: 200,
      applies: 40,
      rows: [
        { priority: 'high', breached: 0, wouldBeBreached: 3 },
        { priority: 'low', tickets: 20, breached: 2, wouldBeBreached: 2 },
      ],
      differ: 31,
    });
    expect(sum.differing).toHaveLength(20);
    expect(sum.differing[0]?.lateMs).toBe(15 * 60_000);
  });

  it('is a page for people', () => {
    const sum = addPage(
      noPage('2026-08-01', '2026-09-01'),
      page({ total: 100, rows: [row('high', 4, 1)], differing: [differing(7, 90 * 60_000), differing(8, null)] }),
    );
    expect(pageOf(sum, draw).split('\n')).toEqual([
      '100 tickets opened since 2026-08-01 and before 2026-09-01; the policy applies to 20 of them.',
      '',
      'PRIORITY  TARGET      TICKETS  WERE BREACHED  WOULD BE  CHANGE',
      'high      resolution       10              4         1      -3',
      '',
      '2 differ:',
      '#  SUBJECT   TARGET      WAS       WOULD BE     LATE BY',
      '7  Ticket 7  resolution  met       breached  1 h 30 min',
      '8  Ticket 8  resolution  breached  met',
    ]);
    const one = addPage(noPage('2026-08-01', null), page({ tickets: 1, applies: 0 }));
    expect(pageOf(one, draw)).toMatch(/^1 ticket opened since/);
    expect(pageOf(addPage(noPage('2026-08-01', null), page({ applies: 0 })), draw)).toBe(
      '100 tickets opened since 2026-08-01: the policy applies to none of them.',
    );
  });
});
