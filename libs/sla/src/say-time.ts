import { DateTime } from 'luxon';

/** `2026-11-02T09:00+01:00` in the zone; with seconds only where there are any. (Milliseconds are in the clocks themselves.) */
export function sayInstant(at: number, timezone: string): string {
  const local = DateTime.fromMillis(at, { zone: timezone });
  return local.toFormat(`yyyy-MM-dd'T'${clockFormat(at)}ZZ`);
}

/** `09:30` on the same day as `seenFrom`, else `2026-11-03 09:30`. */
export function sayShort(at: number, seenFrom: number, timezone: string): string {
  const local = DateTime.fromMillis(at, { zone: timezone });
  const sameDay = local.hasSame(DateTime.fromMillis(seenFrom, { zone: timezone }), 'day');
  return local.toFormat(sameDay ? clockFormat(at) : `yyyy-MM-dd ${clockFormat(at)}`);
}

/**
 * `1 h 20 min`, `12 min 5 s`, `0.25 s`, `0 min`: as exact as it matters for so long a time. Hours are not folded into days:
 * a day of business time has no fixed length.
 */
export function sayDuration(ms: number): string {
  const parts: string[] = [];
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = ms < 1_000 ? ms / 1_000 : Math.floor((ms % 60_000) / 1_000);
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes > 0) parts.push(`${minutes} min`);
  if (seconds > 0 && hours === 0) parts.push(`${seconds} s`);
  return parts.length > 0 ? parts.join(' ') : '0 min';
}

function clockFormat(at: number): string {
  return Math.floor(at / 1_000) % 60 === 0 ? 'HH:mm' : 'HH:mm:ss';
}
