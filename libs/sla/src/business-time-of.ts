import { ROUND_THE_CLOCK, type BusinessTime } from './business-time.js';
import type { Calendar } from './calendar.schema.js';
import { openHours } from './open-hours.js';

const CACHED_CALENDARS = 200;
const byObject = new WeakMap<Calendar, BusinessTime>();
const byContent = new Map<string, BusinessTime>();

/**
 * The business time of a calendar (null: round the clock). Tables are built a year at a time when first
 * needed and kept, by object and by content, because a service reads the same calendar anew for each ticket.
 * The calendar must not be changed afterwards.
 */
export function businessTimeOf(calendar: Calendar | null): BusinessTime {
  if (!calendar) return ROUND_THE_CLOCK;
  let time = byObject.get(calendar);
  if (time) return time;
  const content = JSON.stringify(calendar);
  time = byContent.get(content) ?? openHours(calendar);
  // Least recently used goes first: a Map keeps the order of insertion.
  byContent.delete(content);
  byContent.set(content, time);
  const oldest = byContent.keys().next();
  if (byContent.size > CACHED_CALENDARS && !oldest.done) byContent.delete(oldest.value);
  byObject.set(calendar, time);
  return time;
}
