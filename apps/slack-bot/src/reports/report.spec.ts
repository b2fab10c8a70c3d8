import { describe, expect, it } from '@jest/globals';
import type { SlaReportRow, SlaReportView } from '#shared/contracts/sla-reports.js';
import { checkMessage } from '#slack/check-message.js';
import { bar, reportCard } from './report.cards.js';
import { reportTimeOf } from './report-times.js';

const HOUR = 3_600_000;
const target = (met: number, breached: number, open = 0) => ({
  met,
  breached,
  cancelled: 0,
  open,
  compliancePercent: met + breached === 0 ? null : Math.floor((1_000 * met) / (met + breached)) / 10,
  medianMs: met + breached === 0 ? null : HOUR / 2,
  p90Ms: met + breached === 0 ? null : 3 * HOUR,
});
const row = (more: Partial<SlaReportRow>, first = target(9, 1), resolution = target(3, 1, 6)): SlaReportRow => ({
  tickets: 10,
  targets: { first_response: first, next_response: target(0, 0), resolution },
  ...more,
});
const view = (rows: SlaReportRow[], total = row({})): SlaReportView => ({
  from: '2026-11-14T10:00:00.000Z',
  to: '2026-11-21T10:00:00.000Z',
  timezone: 'UTC',
  groupBy: ['week'],
  total,
  rows,
});
const textsOf = (message: { blocks?: readonly object[] }) => JSON.stringify(message.blocks);

describe('a report in Slack', () => {
  it('says what was in time, what was missed, how long it took, and draws it', () => {
    const card = reportCard({
      title: 'the last 7 days',
      byWeek: view([row({ week: '2026-11-09' }), row({ week: '2026-11-16' }, target(0, 0))]),
      byPriority: view([row({ priority: 'high' })]),
    });
    expect(checkMessage(card)).toEqual([]);
    expect(card.text).toBe('SLA of the last 7 days: first response 90 %, resolution 75 %');
    const texts = textsOf(card);
    expect(texts).toContain(
      '*First response*  *90 %* in time (9 met, :rotating_light: 1 missed), half within 30 min, 90 % within 3 h',
    );
    expect(texts).toContain('*Resolution*  *75 %* in time (3 met, :rotating_light: 1 missed, 6 open)');
    expect(texts).toContain('`2026-11-09`  `█████████░`  90 %  (9 of 10)');
    expect(texts).toContain(':large_orange_circle: High  `████████░░`  75 %  (3 of 4)');
    expect(texts).toContain('10 tickets opened 2026-11-14 to 2026-11-21.');
    // No clock of that target was there, and in the second week no first response was due.
    expect(texts).not.toContain('Next response');
    expect(texts.match(/`2026-11-16`/g)).toHaveLength(1);
  });

  it('says so when nothing was opened, and when nothing is due yet', () => {
    const nothing = row({ tickets: 0 }, target(0, 0), target(0, 0));
    const empty = reportCard({ title: 'x', byWeek: view([], nothing), byPriority: view([], nothing) });
    expect([textsOf(empty), checkMessage(empty)]).toEqual([expect.stringContaining('No ticket was opened'), []]);
    const young = row({ tickets: 2 }, target(0, 0, 2), target(0, 0, 2));
    const early = reportCard({ title: 'x', byWeek: view([], young), byPriority: view([], young) });
    expect(early.text).toContain('2 tickets, none due yet');
    const one = row({ tickets: 1 }, target(0, 0, 1), target(0, 0, 1));
    const single = reportCard({ title: 'x', byWeek: view([one], one), byPriority: view([one], one) });
    expect([single.text, textsOf(single)]).toEqual([
      expect.stringContaining('1 ticket, none due yet'),
      expect.stringContaining('1 ticket opened '),
    ]);
    expect(textsOf(early)).toContain('none due yet (0 met, 2 open)');
    expect(checkMessage(early)).toEqual([]);
  });

  it('fits, however long the time and large the numbers', () => {
    const big = target(999_999_999, 999_999_999, 999_999_999);
    const weeks = Array.from({ length: 60 }, () => row({ week: '2026-11-16' }, big, big));
    const priorities = (['urgent', 'high', 'medium', 'low'] as const).map((priority) => row({ priority }, big, big));
    const card = reportCard({ title: 'x'.repeat(300), byWeek: view(weeks), byPriority: view(priorities) });
    expect(checkMessage(card)).toEqual([]);
  });

  it.each([
    [0, '░░░░░░░░░░'],
    [0.1, '█░░░░░░░░░'],
    [50, '█████░░░░░'],
    [99.9, '█████████░'],
    [100, '██████████'],
  ])('draws %d percent', (percent, drawn) => expect(bar(percent)).toBe(drawn));

  it('knows what people call a time', () => {
    expect([undefined, '', 'Week', 'this week', 'month', 'last month', 'quarterly', 'year'].map(reportTimeOf)).toEqual([
      'week',
      'week',
      'week',
      'week',
      'month',
      'month',
      'quarter',
      null,
    ]);
  });
});
