import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timeSpans } from './time-spans.js';

const ms = (text: string | null) => (text === null ? null : Date.parse(text));
const spans = (from: string | null, to: string | null) => {
  const { kept, parts } = timeSpans(ms(from), ms(to));
  return [
    ...kept.map((one) => `${one.span} ${one.from} ${one.to}`),
    ...parts.map((part) => `part ${new Date(part.fromMs).toISOString()} ${new Date(part.toMs).toISOString()}`),
  ];
};

describe('what sums of working time are added up from', () => {
  it.each([
    [null, null, ['all -infinity infinity']],
    ['2026-01-01', '2026-02-01', ['month 2026-01-01 2026-02-01']],
    ['2026-01-01', null, ['month 2026-01-01 infinity']],
    [null, '2026-02-03', ['month -infinity 2026-02-01', 'day 2026-02-01 2026-02-03']],
    ['2026-01-10', '2026-01-20', ['day 2026-01-10 2026-01-20']],
    ['2026-01-10', '2026-02-20', ['day 2026-01-10 2026-02-20']],
    [
      '2025-12-31',
      '2026-03-02',
      ['day 2025-12-31 2026-01-01', 'month 2026-01-01 2026-03-01', 'day 2026-03-01 2026-03-02'],
    ],
    ['2026-01-10T08:00Z', '2026-01-10T09:00Z', ['part 2026-01-10T08:00:00.000Z 2026-01-10T09:00:00.000Z']],
    [
      '2026-01-10T08:00Z',
      '2026-01-11T09:00Z',
      [
        'part 2026-01-10T08:00:00.000Z 2026-01-11T00:00:00.000Z',
        'part 2026-01-11T00:00:00.000Z 2026-01-11T09:00:00.000Z',
      ],
    ],
    ['2026-01-10T08:00Z', '2026-01-10T08:00Z', []],
    ['9999-12-15', null, ['day 9999-12-15 infinity']],
  ])('from %s to %s', (from, to, expected) => {
    expect(spans(from, to)).toEqual(expected);
  });

  it('holds every instant of the range once, and none beside it', () => {
    const instant = fc.integer({ min: Date.UTC(2024, 10), max: Date.UTC(2026, 2) });
    // On the hour, so that ends of days and months come up; and any.
    const end = fc.option(
      fc.oneof(
        instant,
        instant.map((at) => Math.floor(at / 3_600_000) * 3_600_000),
      ),
    );
    fc.assert(
      fc.property(end, end, instant, (one, other, at) => {
        const [from, to] = one !== null && other !== null && one > other ? [other, one] : [one, other];
        const { kept, parts } = timeSpans(from, to);
        const day = new Date(at).toISOString().slice(0, 10);
        const within = ({ span, ...ends }: (typeof kept)[number]) => {
          const starts = span === 'month' ? `${day.slice(0, 7)}-01` : day;
          if (span === 'all') return true;
          return (ends.from === '-infinity' || ends.from <= starts) && (ends.to === 'infinity' || starts < ends.to);
        };
        const times = kept.filter(within).length + parts.filter((part) => part.fromMs <= at && at < part.toMs).length;
        expect(times).toBe((from === null || from <= at) && (to === null || at < to) ? 1 : 0);
      }),
    );
  });
});
