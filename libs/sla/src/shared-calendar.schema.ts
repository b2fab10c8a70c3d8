import { z } from 'zod';
import { type Calendar, calendarParts } from './calendar.schema.js';

const date = calendarParts.holidays.unwrap().unwrap();

const named = z.strictObject({ date, name: z.string().trim().min(1).max(200) });

const country = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2}$/, 'must be a country’s two letters (ISO 3166-1), such as DE')
  .transform((code) => code.toUpperCase());
const region = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{1,10}(\/[A-Za-z0-9]{1,10})?$/, 'must be a region’s code, such as BY, or one within it: BY/A')
  .transform((code) => code.toUpperCase());

const fields = {
  name: z.string().trim().min(1, 'must be 1 to 200 characters').max(200, 'must be 1 to 200 characters'),
  timezone: calendarParts.timezone,
  hours: calendarParts.hours,
  /** Days off, with or without a name. */
  holidays: z.array(z.union([named, date], { error: 'must be dates like "2026-12-25", or { date, name }' })).max(2_000),
  /** Days with hours of their own: a half-day, an extra Saturday; `[]` is closed. They come before holidays. */
  exceptions: calendarParts.exceptions,
  /** Public holidays of a country, and of a region of it. */
  country: country.nullable(),
  region: region.nullable(),
};

/** A calendar that policies of an organisation share. Its public holidays are looked up when they are needed. */
export const sharedCalendarSchema = z
  .strictObject({
    ...fields,
    holidays: fields.holidays.default([]),
    country: fields.country.default(null),
    region: fields.region.default(null),
  })
  .meta({
    example: {
      name: 'Berlin office',
      timezone: 'Europe/Berlin',
      hours: {
        mon: [['09:00', '17:00']],
        tue: [
          ['09:00', '12:30'],
          ['13:30', '17:00'],
        ],
        fri: [['09:00', '15:00']],
      },
      holidays: [{ date: '2026-12-24', name: 'Christmas Eve' }],
      country: 'DE',
      region: 'BE',
    },
  })
  .superRefine(({ country: of, region: part }, context) => {
    if (part && !of) context.addIssue({ code: 'custom', path: ['country'], message: 'must be given with region' });
  });
export type SharedCalendar = z.output<typeof sharedCalendarSchema>;

/** What may change; what is absent stays. */
export const sharedCalendarChanges = z
  .strictObject({ ...fields, exceptions: fields.exceptions.unwrap() })
  .partial()
  .meta({ example: { exceptions: { '2026-12-31': [['09:00', '12:00']] } } });

/** Public holidays of a country (and region) in a year. */
export type PublicHolidays = (country: string, region: string | null, year: number) => { date: string; name: string }[];

/** A calendar as a ticket keeps it: public holidays as dates through `throughYear`, and whose they are, for the years after. */
export type ResolvedCalendar = Calendar & {
  publicHolidays?: { country: string; region: string | null; throughYear: number };
};

/** The calendar with the public holidays of those years written out. Its own holidays' names come first. */
export function resolveCalendar(
  shared: SharedCalendar,
  years: readonly number[],
  publicHolidays: PublicHolidays,
): ResolvedCalendar {
  const { name, timezone, hours, holidays, exceptions, country: of, region: part } = shared;
  const own = holidays.map((day) => (typeof day === 'string' ? { date: day, name: null } : day));
  const theirs = of ? years.flatMap((year) => publicHolidays(of, part, year)) : [];
  return {
    name,
    timezone,
    hours,
    exceptions,
    ...withDays([], {}, [...theirs, ...own]),
    ...(of && { publicHolidays: { country: of, region: part, throughYear: Math.max(...years) } }),
  };
}

/** The same with later years, where time has gone on; what is written out stays as it was. */
export function throughLaterYears<C extends ResolvedCalendar>(
  calendar: C,
  year: number,
  publicHolidays: PublicHolidays,
): C {
  const known = calendar.publicHolidays;
  if (!known || known.throughYear >= year) return calendar;
  const days = [];
  for (let next = known.throughYear + 1; next <= year; next += 1)
    days.push(...publicHolidays(known.country, known.region, next));
  const more = withDays(calendar.holidays, calendar.holidayNames ?? {}, days);
  return { ...calendar, ...more, publicHolidays: { ...known, throughYear: year } };
}

function withDays(
  dates: readonly string[],
  names: Readonly<Record<string, string>>,
  days: readonly { date: string; name: string | null }[],
): { holidays: string[]; holidayNames: Record<string, string> } {
  const holidayNames = { ...names };
  for (const { date: day, name } of days) if (name) holidayNames[day] = name;
  return { holidays: [...new Set([...dates, ...days.map(({ date: day }) => day)])].toSorted(), holidayNames };
}
