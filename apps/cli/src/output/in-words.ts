const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in its two largest units, or one: `45s`, `12m`, `3h20m`, `6d`. */
export function spanOf(ms: number): string {
  const length = Math.abs(ms);
  if (length < MINUTE_MS) return `${Math.round(length / 1_000)}s`;
  if (length < HOUR_MS) return `${Math.floor(length / MINUTE_MS)}m`;
  if (length < DAY_MS) {
    const minutes = Math.floor((length % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(length / HOUR_MS)}h${minutes > 0 ? `${minutes}m` : ''}`;
  }
  return `${Math.floor(length / DAY_MS)}d`;
}

/** `3h20m ago`, `in 12m`; nothing for nothing. */
export function agoOf(instant: string | null | undefined, nowMs: number): string {
  if (!instant) return '';
  const ms = Date.parse(instant) - nowMs;
  return ms <= 0 ? `${spanOf(ms)} ago` : `in ${spanOf(ms)}`;
}

/** Whole minutes as people write them: `1h30m`. */
export function hoursOf(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest}m`;
  return rest === 0 ? `${hours}h` : `${hours}h${rest}m`;
}

/** `90`, `90m`, `1h`, `1h30m`, `1.5h`, `1:30` as whole minutes; null when it is none of these. */
export function minutesOf(text: string): number | null {
  const plain = text.trim().toLowerCase();
  if (/^\d{1,5}m?$/.test(plain)) return Number.parseInt(plain, 10);
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(plain);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const parts = /^(\d{1,3}(?:\.\d{1,2})?)h(?:(\d{1,2})m?)?$/.exec(plain);
  if (!parts || (parts[1]!.includes('.') && parts[2] !== undefined)) return null;
  const minutes = Number(parts[1]) * 60 + Number(parts[2] ?? 0);
  return Number.isInteger(minutes) ? minutes : null;
}
