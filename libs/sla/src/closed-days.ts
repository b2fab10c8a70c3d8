import { DateTime } from 'luxon';
import type { Calendar } from './calendar.schema.js';
import { dateToDay, weekdayOf } from './opening-days.js';

/** A day on which the desk would be open by its weekday but is not; `name` is the holiday's, where it is known. */
export type ClosedDay = { date: string; startsAt: number; name: string | null };

/** Holidays (and exceptions without hours) whose day overlaps `from` to `to`, in order. For people; costs a look at each. */
export function closedDaysBetween(calendar: Calendar | null, from: number, to: number): ClosedDay[] {
  if (!calendar || to <= from) return [];
  const { timezone: zone, holidays, exceptions, hours, holidayNames } = calendar;
  const first = DateTime.fromMillis(from, { zone }).toISODate()!;
  const last = DateTime.fromMillis(to, { zone }).toISODate()!;
  const closed = Object.entries(exceptions).flatMap(([date, open]) => (open.length === 0 ? [date] : []));
  const dates = [...holidays.filter((date) => !exceptions[date]), ...closed];
  return [...new Set(dates)]
    .filter((date) => date >= first && date <= last && hours[weekdayOf(dateToDay(date)!)].length > 0)
    .toSorted()
    .map((date) => {
      const startsAt = DateTime.fromISO(date, { zone }).startOf('day').toMillis();
      return { date, startsAt, name: holidayNames?.[date] ?? null };
    });
}

/** `2026-12-25 Christmas Day`. */
export const sayClosedDay = ({ date, name }: ClosedDay): string => (name ? `${date} ${name}` : date);
