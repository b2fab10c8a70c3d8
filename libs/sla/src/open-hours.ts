import type { BusinessTime } from './business-time.js';
import type { Calendar } from './calendar.schema.js';
import { DAY_MS, openingDays, type OpenSpans } from './opening-days.js';
import { offsetsInYear } from './zone-offsets.js';

/** How far a due instant is looked for: one hundred years. */
export const HORIZON_MS = 36_525 * DAY_MS;

/** One UTC year: open intervals in order, and how many open milliseconds of the year precede each. */
type YearTable = { starts: number[]; ends: number[]; before: number[]; totalMs: number };

/**
 * A calendar's business time by table: two binary searches a question, plus one addition a whole year between.
 *
 * The desk is open exactly when the clock on its wall shows an open hour. So on the day that the clocks go
 * forward an interval that begins in the gap begins when the gap ends (02:30-04:00 is 03:00-04:00: one hour),
 * one inside the gap does not take place, and on the day that they go back hours shown twice count twice.
 */
export function openHours(calendar: Calendar): BusinessTime {
  const openOn = openingDays(calendar);
  const years = new Map<number, YearTable>();
  const tableOf = (year: number): YearTable => {
    let table = years.get(year);
    if (!table) {
      table = buildYear(year, calendar.timezone, openOn);
      years.set(year, table);
    }
    return table;
  };

  return {
    openMsBetween(from, to) {
      if (to <= from) return 0;
      const firstYear = yearOf(from);
      const lastYear = yearOf(to);
      let openMs = openSinceNewYear(tableOf(lastYear), to) - openSinceNewYear(tableOf(firstYear), from);
      for (let year = firstYear; year < lastYear; year += 1) openMs += tableOf(year).totalMs;
      return openMs;
    },

    addOpenMs(from, ms) {
      if (ms <= 0) return from;
      let year = yearOf(from);
      // From here on: open milliseconds since New Year of `year`.
      let wantedMs = openSinceNewYear(tableOf(year), from) + ms;
      while (wantedMs > tableOf(year).totalMs) {
        wantedMs -= tableOf(year).totalMs;
        year += 1;
        if (Date.UTC(year, 0, 1) - from > HORIZON_MS) return from + HORIZON_MS;
      }
      const { starts, before } = tableOf(year);
      // The interval in which the wanted time is reached: the last with less than it before (so that a
      // day used up to the last minute is due at closing time, not at the next opening).
      const index = countBelow(before, wantedMs) - 1;
      return starts[index]! + (wantedMs - before[index]!);
    },

    isOpenAt(instant) {
      const { starts, ends } = tableOf(yearOf(instant));
      const index = countBelow(starts, instant + 1) - 1;
      return index >= 0 && instant < ends[index]!;
    },

    openSpansBetween(from, to) {
      const spans: { from: number; to: number }[] = [];
      if (from >= to) return spans;
      for (let year = yearOf(from); year <= yearOf(to); year += 1) {
        const { starts, ends } = tableOf(year);
        for (let index = Math.max(0, countBelow(starts, from) - 1); index < starts.length; index += 1) {
          const [start, end] = [Math.max(from, starts[index]!), Math.min(to, ends[index]!)];
          if (start >= to) break;
          const last = spans.at(-1);
          if (last?.to === start)
            last.to = end; // over New Year
          else if (start < end) spans.push({ from: start, to: end });
        }
      }
      return spans;
    },
  };
}

function buildYear(year: number, timezone: string, openOn: (day: number) => OpenSpans): YearTable {
  const table: YearTable = { starts: [], ends: [], before: [], totalMs: 0 };
  for (const { from, to, offsetMs } of offsetsInYear(timezone, year)) {
    // Within a stretch of one offset the wall clock is a plain shift of UTC: no gap and no repeat.
    for (let day = Math.floor((from + offsetMs) / DAY_MS); day * DAY_MS < to + offsetMs; day += 1) {
      for (const { fromMs, toMs } of openOn(day)) {
        const start = Math.max(from, day * DAY_MS + fromMs - offsetMs);
        const end = Math.min(to, day * DAY_MS + toMs - offsetMs);
        if (start < end) append(table, start, end);
      }
    }
  }
  return table;
}

function append(table: YearTable, start: number, end: number): void {
  if (table.ends.at(-1) === start) {
    table.ends[table.ends.length - 1] = end; // over midnight, or over a change of the clocks
  } else {
    table.starts.push(start);
    table.ends.push(end);
    table.before.push(table.totalMs);
  }
  table.totalMs += end - start;
}

function openSinceNewYear({ starts, ends, before }: YearTable, instant: number): number {
  const index = countBelow(starts, instant) - 1;
  return index < 0 ? 0 : before[index]! + Math.min(instant, ends[index]!) - starts[index]!;
}

/** How many of the sorted numbers are smaller than `limit`. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function yearOf(instant: number): number {
  return new Date(instant).getUTCFullYear();
}
