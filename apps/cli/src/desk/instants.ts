const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `30m`, `12h`, `7d`, `2w` ago as an instant; anything else as it is, for the desk to judge. Pure. */
export function orAgo(text: string, nowMs: number): string {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/i.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined) return text;
  return new Date(nowMs - Number(count) * UNIT_MS[unit.toLowerCase()]!).toISOString();
}

/** The same where the desk wants an instant and people say a day: that day at this time of day (UTC). Pure. */
export function orDayAt(time: string, text: string, nowMs: number): string {
  return /^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()}T${time}:00Z` : orAgo(text, nowMs);
}

/** Of a day an instant that is in it from Hawaii (UTC-10) to Auckland's summer (UTC+13): the desk says whose day counts. Pure. */
export const orWithinDay = (text: string, nowMs: number): string => orDayAt('10:30', text, nowMs);

/** The day of an instant where this machine is, such as 2026-01-31. */
export const dayHere = (instant: string): string => new Date(instant).toLocaleDateString('sv-SE');

/** As options read it. */
export const ago = (text: string): string => orAgo(text, Date.now());
export const agoOrDay = (text: string): string => orDayAt('00:00', text, Date.now());
