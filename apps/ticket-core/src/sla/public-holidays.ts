import { createRequire } from 'node:module';
import type Holidays from 'date-holidays';
import type { PublicHolidays } from '#sla/shared-calendar.schema.js';

const DAY_MS = 86_400_000;
const MAX_KEPT = 5_000;

/** Loaded when the first calendar names a country: the tables of the whole world take 30 MB and half a second. */
const require = createRequire(import.meta.url);
let loaded: typeof Holidays | undefined;
const holidays = (): typeof Holidays => (loaded ??= require('date-holidays') as typeof Holidays);

const known = new Map<string, { date: string; name: string }[]>();

/**
 * Public holidays of a country or a region of it (`BY`, `BY/A`), in English where the package has the name in it. Whole days
 * only: one that begins at noon does not close the desk. The package's own rules may change; what a ticket keeps does not.
 */
export const publicHolidays: PublicHolidays = (country, region, year) => {
  const key = `${country} ${region ?? ''} ${year}`;
  let days = known.get(key);
  if (!days) {
    const found = calendarOf(country, region).getHolidays(year, 'en');
    days = found.filter(({ type }) => type === 'public').flatMap(wholeDays);
    if (known.size > MAX_KEPT) known.clear();
    known.set(key, days);
  }
  return days;
};

/** Null when there is such a region; else what is wrong, and where. */
export function unknownRegion(
  country: string,
  region: string | null,
): { field: 'country' | 'region'; why: string } | null {
  const world = new (holidays())();
  if (!Object.hasOwn(world.getCountries('en') ?? {}, country)) {
    return {
      field: 'country',
      why: `no public holidays are known of ${country}: use two letters such as DE, or list holidays`,
    };
  }
  if (region === null) return null;
  const [state, part] = region.split('/');
  const states = world.getStates(country, 'en') ?? {};
  if (!Object.hasOwn(states, state!)) {
    const some = Object.keys(states).join(', ') || 'none';
    return { field: 'region', why: `${state} is not a region of ${country}; known are: ${some}` };
  }
  const parts = world.getRegions(country, state!, 'en') ?? {};
  if (part === undefined || Object.hasOwn(parts, part)) return null;
  return {
    field: 'region',
    why: `${part} is not a part of ${state}; known are: ${Object.keys(parts).join(', ') || 'none'}`,
  };
}

function calendarOf(country: string, region: string | null): Holidays {
  const [state, part] = region?.split('/') ?? [];
  const Calendar = holidays();
  if (state === undefined) return new Calendar(country);
  return part === undefined ? new Calendar(country, state) : new Calendar(country, state, part);
}

/** `date` is local: `2026-03-20 00:00:00 -0600`; some last several days. */
function wholeDays({ date, name, start, end }: { date: string; name: string; start: Date; end: Date }) {
  if (date.slice(11, 19) !== '00:00:00') return [];
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
  return Array.from({ length: count }, (_, day) => ({
    date: new Date(first + day * DAY_MS).toISOString().slice(0, 10),
    name,
  }));
}
