/** Sums are kept of all time, of each month and of each day, in UTC (time_totals). */
export interface KeptSums {
  span: 'all' | 'month' | 'day';
  /** First days: from this one, and before that one. */
  from: string;
  to: string;
}
/** Part of a day at an end, in milliseconds since 1970: its entries themselves are added up. */
export interface PartOfDay {
  fromMs: number;
  toMs: number;
}

const DAY_MS = 86_400_000;
const monthOf = (ms: number, further = 0): number => {
  const day = new Date(ms);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + further);
};
const floorDay = (ms: number) => Math.floor(ms / DAY_MS) * DAY_MS;
const ceilDay = (ms: number) => Math.ceil(ms / DAY_MS) * DAY_MS;
const ceilMonth = (ms: number) => (monthOf(ms) === ms ? ms : monthOf(ms, 1));

/** As Postgres reads it: for what is after the year 9999 it has no name that JavaScript shares. */
export const instantOf = (ms: number): string => (ms >= Date.UTC(10_000) ? 'infinity' : new Date(ms).toISOString());
const dateOf = (ms: number): string => {
  if (ms === -Infinity) return '-infinity';
  const instant = instantOf(ms);
  return instant === 'infinity' ? instant : instant.slice(0, 10);
};

/**
 * What adds up to all from `fromMs` and before `toMs`; null is without an end. At most two parts of days, two months' days,
 * and the months between.
 */
export function timeSpans(fromMs: number | null, toMs: number | null): { kept: KeptSums[]; parts: PartOfDay[] } {
  if (fromMs === null && toMs === null)
    return { kept: [{ span: 'all', from: '-infinity', to: 'infinity' }], parts: [] };
  const [from, to] = [fromMs ?? -Infinity, toMs ?? Infinity];
  const [firstDay, lastDay] = [fromMs === null ? from : ceilDay(from), toMs === null ? to : floorDay(to)];
  if (firstDay > lastDay) return { kept: [], parts: from < to ? [{ fromMs: from, toMs: to }] : [] };
  const parts = [
    { fromMs: from, toMs: firstDay },
    { fromMs: lastDay, toMs: to },
  ].filter((part) => part.fromMs < part.toMs);
  const [firstMonth, lastMonth] = [fromMs === null ? from : ceilMonth(firstDay), toMs === null ? to : monthOf(lastDay)];
  const whole: [KeptSums['span'], number, number][] =
    firstMonth >= lastMonth
      ? [['day', firstDay, lastDay]]
      : [
          ['day', firstDay, firstMonth],
          ['month', firstMonth, lastMonth],
          ['day', lastMonth, lastDay],
        ];
  const kept = whole
    .map(([span, first, end]) => ({ span, from: dateOf(first), to: dateOf(end) }))
    .filter((one) => one.from !== one.to);
  return { kept, parts };
}
