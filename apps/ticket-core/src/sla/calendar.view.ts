import { DateTime } from 'luxon';
import type { SlaCalendarView } from '#shared/contracts/sla-calendars.js';
import { businessTimeOf } from '#sla/business-time-of.js';
import { closedDaysBetween } from '#sla/closed-days.js';
import { type ResolvedCalendar, sharedCalendarSchema } from '#sla/shared-calendar.schema.js';
import type { CalendarPolicyRow, CalendarRow } from './calendar.repository.js';
import { progressOf } from './policy.view.js';

export function calendarViewOf(row: CalendarRow, policies: readonly CalendarPolicyRow[]): SlaCalendarView {
  const { holidays, ...calendar } = sharedCalendarSchema.parse(row.calendar);
  return {
    id: row.id,
    ...calendar,
    holidays: holidays.map((day) => (typeof day === 'string' ? { date: day, name: null } : day)),
    version: row.version,
    policies: policies
      .filter(({ calendar_id }) => calendar_id === row.id)
      .map(({ id, name, version, reckoning }) => ({ id, name, version, openTickets: progressOf(reckoning) })),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Open hours between two instants, by day of the calendar's own zone; closed days say of what holiday, where that is known. */
export function openHoursOf(calendar: ResolvedCalendar, fromMs: number, toMs: number) {
  const { timezone: zone } = calendar;
  const time = businessTimeOf(calendar);
  const names = new Map(closedDaysBetween(calendar, fromMs, toMs).map(({ date, name }) => [date, name]));
  const days = [];
  for (
    let day: DateTime = DateTime.fromMillis(fromMs, { zone }).startOf('day');
    day.toMillis() < toMs;
    day = startOfNext(day)
  ) {
    const from = Math.max(fromMs, day.toMillis());
    const to = Math.min(toMs, startOfNext(day).toMillis());
    const date = day.toISODate()!;
    days.push({
      date,
      weekday: day.setLocale('en').toFormat('ccc').toLowerCase(),
      open: time.openSpansBetween(from, to).map((span) => ({ from: iso(span.from), to: iso(span.to) })),
      openMs: time.openMsBetween(from, to),
      /** A day off: by which holiday, if it has a name. */
      isHoliday: names.has(date) || calendar.holidays.includes(date),
      holiday: names.get(date) ?? calendar.holidayNames?.[date] ?? null,
    });
  }
  return { timezone: zone, from: iso(fromMs), to: iso(toMs), openMs: time.openMsBetween(fromMs, toMs), days };
}

/** Where a day begins at 01:00, because the clocks went forward at midnight, it is that. */
const startOfNext = (day: DateTime): DateTime => day.plus({ days: 1 }).startOf('day');
