/** Days are numbered by their date, 1970-01-01 = 0, whatever the zone: a date is not an instant. */
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Weekday = (typeof WEEKDAYS)[number];
type WallTimes = readonly (readonly [string, string])[];
type Days = {
  hours: Record<Weekday, WallTimes>;
  holidays: readonly string[];
  exceptions: Readonly<Record<string, WallTimes>>;
};

/** Open hours of one date, in milliseconds of the wall clock from 00:00, sorted and apart. */
export type OpenSpans = readonly { fromMs: number; toMs: number }[];

/** `"09:30"` → 570; `"24:00"` → 1440. */
export function minutesOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** `"2026-12-25"` → its day number; null when there is no such date (2026-02-30). */
export function dateToDay(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const instant = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date) return null;
  return instant / DAY_MS;
}

export function weekdayOf(day: number): Weekday {
  // 1970-01-01 was a Thursday, the fourth of our week.
  return WEEKDAYS[(((day + 3) % 7) + 7) % 7]!;
}

/** A function from a day number to that day's open spans: exception, else holiday, else weekday. */
export function openingDays(calendar: Days): (day: number) => OpenSpans {
  const weekly = Object.fromEntries(WEEKDAYS.map((name) => [name, toSpans(calendar.hours[name])])) as Record<
    Weekday,
    OpenSpans
  >;
  const special = new Map<number, OpenSpans>();
  for (const date of calendar.holidays) special.set(dateToDay(date)!, []);
  for (const [date, times] of Object.entries(calendar.exceptions)) special.set(dateToDay(date)!, toSpans(times));
  return (day) => special.get(day) ?? weekly[weekdayOf(day)];
}

/**
 * The first day of a stretch of 365 or more closed days (so every closed calendar year is found, and a
 * closed twelve months across New Year too), `'always'` when no weekday has hours, null when there is none.
 * Only dates that holidays and exceptions name can close more than six days running, so only those are walked.
 */
export function closedForAYear(calendar: Days): number | 'always' | null {
  if (WEEKDAYS.every((name) => calendar.hours[name].length === 0)) return 'always';
  const named = [...calendar.holidays, ...Object.keys(calendar.exceptions)].map((date) => dateToDay(date));
  const days = named.filter((day) => day !== null).toSorted((a, b) => a - b);
  const first = days.at(0);
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  const open = openingDays({
    ...calendar,
    holidays: calendar.holidays.filter((date) => dateToDay(date) !== null),
  });
  let closed = 0;
  for (let day = first - 6; day <= last + 7; day += 1) {
    closed = open(day).length === 0 ? closed + 1 : 0;
    if (closed >= 365) return day - closed + 1;
  }
  return null;
}

function toSpans(times: WallTimes): OpenSpans {
  return times.map(([from, to]) => ({ fromMs: minutesOfDay(from) * MINUTE_MS, toMs: minutesOfDay(to) * MINUTE_MS }));
}
