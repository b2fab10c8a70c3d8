import { IANAZone } from 'luxon';
import { z } from 'zod';
import { DAY_MS, WEEKDAYS, closedForAYear, dateToDay, minutesOfDay } from './opening-days.js';

const MAX_DATES = 2_000;

/** `"09:00"`, and `"24:00"` as an end. */
const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like "09:00" (an end may be "24:00")');

const interval = z
  .tuple([clockTime, clockTime], { error: 'must be a pair like ["09:00","17:00"]' })
  .superRefine(([start, end], context) => {
    if (minutesOfDay(start) >= minutesOfDay(end)) {
      context.addIssue({
        code: 'custom',
        message: `${start}-${end} ends before it begins; hours past midnight are two intervals: ["${start}","24:00"] and, on the next day, ["00:00","${end}"]`,
      });
    }
  });

/** The intervals of one day, in order; they may touch (lunch break or none) but not overlap. */
const intervals = z
  .array(interval)
  .max(24)
  .transform((list) => list.toSorted(([a], [b]) => minutesOfDay(a) - minutesOfDay(b)))
  .superRefine((list, context) => {
    for (const [index, [start, end]] of list.entries()) {
      const before = list[index - 1];
      if (before && minutesOfDay(before[1]) > minutesOfDay(start)) {
        context.addIssue({ code: 'custom', message: `${start}-${end} overlaps ${before[0]}-${before[1]}` });
      }
    }
  });

const date = z.string().superRefine((text, context) => {
  const day = dateToDay(text);
  if (day === null) {
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is not a date like "2026-12-25"` });
  } else if (text < '1970-01-01' || text > '2199-12-31') {
    context.addIssue({ code: 'custom', message: `${text} is outside 1970-01-01 to 2199-12-31` });
  }
});

const timezone = z.string().refine((name) => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name), {
  error: ({ input }) => `${JSON.stringify(input)} is not an IANA time zone like "Europe/Berlin"`,
});

const hours = z.strictObject({
  mon: intervals.default([]),
  tue: intervals.default([]),
  wed: intervals.default([]),
  thu: intervals.default([]),
  fri: intervals.default([]),
  sat: intervals.default([]),
  sun: intervals.default([]),
} satisfies Record<(typeof WEEKDAYS)[number], unknown>);

/** The parts of it, for calendars that are shared: their holidays may also come from a country's list. */
export const calendarParts = {
  timezone,
  hours,
  holidays: z.array(date).max(MAX_DATES).default([]),
  exceptions: z.record(date, intervals).default({}),
};

/**
 * When the desk is open. A day that `exceptions` names has those hours and no others (a half-day, an
 * extra Saturday; `[]` is closed), even if it is a holiday too: the exception is the more exact word.
 * A day in `holidays` is closed. Parsing is idempotent, so what is stored can be parsed again.
 */
export const calendarSchema = z
  .strictObject({
    ...calendarParts,
    /** What people call it, and its holidays: for explanations only. */
    name: z.string().max(200).optional(),
    holidayNames: z.record(date, z.string().max(200)).optional(),
  })
  .superRefine((calendar, context) => {
    if (Object.keys(calendar.exceptions).length > MAX_DATES) {
      context.addIssue({ code: 'custom', path: ['exceptions'], message: `more than ${MAX_DATES} days` });
      return;
    }
    const closedFrom = closedForAYear(calendar);
    if (closedFrom === 'always') {
      context.addIssue({ code: 'custom', path: ['hours'], message: 'has no open hours: nothing would ever come due' });
    } else if (closedFrom !== null) {
      const first = new Date(closedFrom * DAY_MS).toISOString().slice(0, 10);
      context.addIssue({
        code: 'custom',
        path: ['holidays'],
        message: `leave no open hours for a year from ${first}: nothing would come due in it`,
      });
    }
  });

export type Calendar = z.output<typeof calendarSchema>;
