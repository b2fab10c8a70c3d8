import {
  resolveCalendar,
  type ResolvedCalendar,
  sharedCalendarSchema,
  throughLaterYears,
} from '#sla/shared-calendar.schema.js';
import { publicHolidays } from './public-holidays.js';

const yearOf = (nowMs: number): number => new Date(nowMs).getUTCFullYear();

/**
 * A shared calendar as clocks use it at `nowMs`: public holidays from the year before to the year after next. What is due
 * later than that learns of its holidays as the years come.
 */
export function calendarInForce(stored: unknown, nowMs: number): ResolvedCalendar {
  const year = yearOf(nowMs);
  return resolveCalendar(sharedCalendarSchema.parse(stored), [year - 1, year, year + 1, year + 2], publicHolidays);
}

/** One that a ticket has kept, for a ticket that is old by now. */
export const calendarByNow = <C extends ResolvedCalendar>(calendar: C | null, nowMs: number): C | null =>
  calendar && throughLaterYears(calendar, yearOf(nowMs) + 2, publicHolidays);
