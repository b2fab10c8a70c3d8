import { DateTime } from 'luxon';
import { EARLIEST_MS, LATEST_MS } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The instant that somebody means: that one, or of a day the one in which it begins in `zone`. Pure. */
export function instantOf(text: string, zone: string): Date {
  if (!DAY.test(text)) return new Date(text);
  // The first day of year 1 begins in year 0 east of Greenwich.
  const startMs = DateTime.fromISO(text, { zone }).toMillis();
  return new Date(Math.min(Math.max(startMs, EARLIEST_MS), LATEST_MS));
}

/** The day on which an instant falls in `zone`, such as 2026-01-31. Pure. */
export const dayOf = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toISODate()!;

const DAY_MS = 86_400_000;

/** From one up to and without the other. BAD_REQUEST at /to for what goes backwards, or is longer than `maxDays`. Pure. */
export function spanBetween(
  given: { from: string; to: string },
  zone: string,
  maxDays: number,
): { from: Date; to: Date } {
  const [from, to] = [instantOf(given.from, zone), instantOf(given.to, zone)];
  if (from >= to) throw DeskError.at('BAD_REQUEST', '/to', 'must be later than from');
  // Days of 23 and of 25 hours are days, too.
  if (Math.round((to.getTime() - from.getTime()) / DAY_MS) > maxDays)
    throw DeskError.at('BAD_REQUEST', '/to', `must be at most ${maxDays} days after from`);
  return { from, to };
}
