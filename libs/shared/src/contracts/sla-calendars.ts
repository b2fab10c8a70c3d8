import { z } from 'zod';
import { openTicketsProgress } from './sla-policies.js';
import { givenMoment, instant } from './values.js';

const hoursView = z.array(z.tuple([z.string(), z.string()]));

/** A calendar that policies share. */
export const slaCalendarView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    timezone: z.string(),
    hours: z.record(z.string(), hoursView),
    holidays: z.array(z.object({ date: z.string(), name: z.string().nullable() })),
    exceptions: z.record(z.string(), hoursView),
    country: z.string().nullable(),
    region: z.string().nullable(),
    version: z.int().positive(),
    /** Who uses it, and how far their open tickets have followed the last change. */
    policies: z.array(
      z.object({ id: z.uuid(), name: z.string(), version: z.int().positive(), openTickets: openTicketsProgress }),
    ),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'SlaCalendar' });
export type SlaCalendarView = z.output<typeof slaCalendarView>;
export const slaCalendarList = z.object({ items: z.array(slaCalendarView), nextCursor: z.null() });

/** When the desk is open, day by day. */
export const openHoursView = z.object({
  timezone: z.string(),
  from: instant,
  to: instant,
  openMs: z.int().nonnegative(),
  days: z.array(
    z.object({
      date: z.iso.date(),
      weekday: z.string(),
      open: z.array(z.object({ from: instant, to: instant })),
      openMs: z.int().nonnegative(),
      isHoliday: z.boolean(),
      holiday: z.string().nullable(),
    }),
  ),
});

/** From `from` up to and without `to`; days are those of the calendar's zone. */
export const openHoursInput = z.strictObject({ from: givenMoment, to: givenMoment });
