import { IANAZone } from 'luxon';
import { DAY_MS } from './opening-days.js';

/** From `from` up to and without `to` (epoch ms) the zone's wall clock is UTC + `offsetMs`. */
export type OffsetStretch = { from: number; to: number; offsetMs: number };

const known = new Map<string, OffsetStretch[]>();

/**
 * The stretches of constant offset that make up one UTC year, in order and without holes.
 * Offsets are sampled once a day and the exact instant of a change is found by halving; no zone changed
 * its clocks twice within a day.
 */
export function offsetsInYear(timezone: string, year: number): readonly OffsetStretch[] {
  const key = `${timezone} ${year}`;
  let stretches = known.get(key);
  if (!stretches) {
    stretches = findStretches(timezone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    known.set(key, stretches);
  }
  return stretches;
}

function findStretches(timezone: string, start: number, end: number): OffsetStretch[] {
  const zone = IANAZone.create(timezone);
  const offsetAt = (instant: number): number => Math.round(zone.offset(instant) * 60_000);
  const stretches: OffsetStretch[] = [];
  let current: OffsetStretch = { from: start, to: end, offsetMs: offsetAt(start) };
  for (let sample = start + DAY_MS; sample <= end; sample += DAY_MS) {
    // The last sample is the year's last millisecond, so a change at New Year belongs to the next year.
    const probe = Math.min(sample, end - 1);
    const offsetMs = offsetAt(probe);
    if (offsetMs === current.offsetMs) continue;
    let before = sample - DAY_MS;
    let after = probe;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === current.offsetMs) before = middle;
      else after = middle;
    }
    stretches.push({ ...current, to: after });
    current = { from: after, to: end, offsetMs };
  }
  stretches.push(current);
  return stretches;
}
