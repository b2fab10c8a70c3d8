import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { businessTimeOf } from './business-time-of.js';
import { calendarSchema } from './calendar.schema.js';
import { HORIZON_MS } from './open-hours.js';
import { isOpen } from './testing/minute-by-minute.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const ALL_DAY = [['00:00', '24:00']];
const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function desk(timezone: string, hours: Record<string, string[][]>, rest: Record<string, unknown> = {}) {
  return businessTimeOf(calendarSchema.parse({ timezone, hours, ...rest }));
}

function daily(timezone: string, intervals: string[][], rest: Record<string, unknown> = {}) {
  return desk(timezone, Object.fromEntries(EVERY_DAY.map((day) => [day, intervals])), rest);
}

const utc = (text: string): number => Date.parse(text);

describe('round the clock', () => {
  it('counts every millisecond', () => {
    const time = businessTimeOf(null);
    expect(time.openMsBetween(5, 12)).toBe(7);
    expect(time.openMsBetween(12, 5)).toBe(0);
    expect(time.addOpenMs(5, 7)).toBe(12);
    expect(time.isOpenAt(0)).toBe(true);
  });
});

describe('office hours with a lunch break', () => {
  const office = [
    ['09:00', '12:30'],
    ['13:30', '18:00'],
  ];
  const hours = { mon: office, tue: office, wed: office, thu: office, fri: office };
  const time = desk('Europe/Berlin', hours, {
    holidays: ['2026-12-25'],
    exceptions: { '2026-12-24': [['09:00', '12:00']] },
  });

  it('counts neither lunch nor night nor weekend', () => {
    expect(time.openMsBetween(utc('2026-11-02T12:00+01:00'), utc('2026-11-02T14:00+01:00'))).toBe(HOUR);
    expect(time.openMsBetween(utc('2026-11-06T17:00+01:00'), utc('2026-11-09T10:00+01:00'))).toBe(2 * HOUR);
    expect(time.openMsBetween(utc('2026-11-07T00:00+01:00'), utc('2026-11-08T23:00+01:00'))).toBe(0);
  });

  it('is open at opening time and closed at closing time', () => {
    expect(time.isOpenAt(utc('2026-11-02T08:59:59.999+01:00'))).toBe(false);
    expect(time.isOpenAt(utc('2026-11-02T09:00+01:00'))).toBe(true);
    expect(time.isOpenAt(utc('2026-11-02T12:30+01:00'))).toBe(false);
    expect(time.isOpenAt(utc('2026-11-02T17:59:59.999+01:00'))).toBe(true);
  });

  it('reaches a target at the first instant: closing time, not the next opening', () => {
    expect(time.addOpenMs(utc('2026-11-06T17:00+01:00'), HOUR)).toBe(utc('2026-11-06T18:00+01:00'));
    expect(time.addOpenMs(utc('2026-11-06T17:00+01:00'), HOUR + 1)).toBe(utc('2026-11-09T09:00:00.001+01:00'));
    expect(time.addOpenMs(utc('2026-11-07T11:00+01:00'), 30 * MINUTE)).toBe(utc('2026-11-09T09:30+01:00'));
    expect(time.addOpenMs(utc('2026-11-07T11:00+01:00'), 0)).toBe(utc('2026-11-07T11:00+01:00'));
  });

  it('takes holidays out and half-days as they are', () => {
    expect(time.openMsBetween(utc('2026-12-24T00:00+01:00'), utc('2026-12-26T00:00+01:00'))).toBe(3 * HOUR);
    expect(time.addOpenMs(utc('2026-12-24T11:00+01:00'), 2 * HOUR)).toBe(utc('2026-12-28T10:00+01:00'));
  });

  it('lets an exception open a holiday or a Sunday', () => {
    const special = desk('Europe/Berlin', hours, {
      holidays: ['2026-12-25'],
      exceptions: { '2026-12-25': [['10:00', '11:00']], '2026-12-27': [['10:00', '12:00']] },
    });
    expect(special.openMsBetween(utc('2026-12-25T00:00+01:00'), utc('2026-12-28T00:00+01:00'))).toBe(3 * HOUR);
  });

  it('counts over New Year and over many years, both ways alike', () => {
    const from = utc('2026-11-02T09:00+01:00');
    const due = time.addOpenMs(from, 20_000 * HOUR);
    expect(new Date(due).getUTCFullYear()).toBe(2036);
    expect(time.openMsBetween(from, due)).toBe(20_000 * HOUR);
  });
});

describe('hours past midnight', () => {
  it('are two intervals that run into each other', () => {
    const time = desk('Europe/Berlin', { fri: [['22:00', '24:00']], sat: [['00:00', '06:00']] });
    const from = utc('2026-11-06T23:00+01:00');
    expect(time.addOpenMs(from, 2 * HOUR)).toBe(utc('2026-11-07T01:00+01:00'));
    expect(time.isOpenAt(utc('2026-11-07T00:00+01:00'))).toBe(true);
    expect(time.openMsBetween(from, utc('2026-11-08T00:00+01:00'))).toBe(7 * HOUR);
  });
});

describe('days on which the clocks change', () => {
  it('are 23 and 25 hours long', () => {
    const time = daily('Europe/Berlin', ALL_DAY);
    expect(time.openMsBetween(utc('2026-03-29T00:00+01:00'), utc('2026-03-30T00:00+02:00'))).toBe(23 * HOUR);
    expect(time.openMsBetween(utc('2026-10-25T00:00+02:00'), utc('2026-10-26T00:00+01:00'))).toBe(25 * HOUR);
  });

  it('keep office hours by the wall clock', () => {
    const time = daily('America/New_York', [['09:00', '17:00']]);
    expect(time.addOpenMs(utc('2026-03-07T16:00-05:00'), 2 * HOUR)).toBe(utc('2026-03-08T10:00-04:00'));
    expect(time.addOpenMs(utc('2026-10-31T16:00-04:00'), 2 * HOUR)).toBe(utc('2026-11-01T10:00-05:00'));
  });

  it('let an interval that begins in the gap begin when the gap ends', () => {
    const time = daily('Europe/Berlin', [['02:30', '04:00']]);
    expect(time.addOpenMs(utc('2026-03-29T00:00+01:00'), 1)).toBe(utc('2026-03-29T03:00:00.001+02:00'));
    expect(time.openMsBetween(utc('2026-03-29T00:00+01:00'), utc('2026-03-30T00:00+02:00'))).toBe(HOUR);
    const inside = daily('Europe/Berlin', [['02:10', '02:50']]);
    expect(inside.openMsBetween(utc('2026-03-29T00:00+01:00'), utc('2026-03-30T00:00+02:00'))).toBe(0);
    const endsInside = daily('Europe/Berlin', [['01:00', '02:30']]);
    expect(endsInside.openMsBetween(utc('2026-03-29T00:00+01:00'), utc('2026-03-30T00:00+02:00'))).toBe(HOUR);
  });

  it('count an hour twice that the wall clock shows twice', () => {
    const time = daily('Europe/Berlin', [['02:00', '02:30']]);
    expect(time.openMsBetween(utc('2026-10-25T00:00+02:00'), utc('2026-10-26T00:00+01:00'))).toBe(HOUR);
    expect(time.isOpenAt(utc('2026-10-25T02:15+02:00'))).toBe(true);
    expect(time.isOpenAt(utc('2026-10-25T02:45+02:00'))).toBe(false);
    expect(time.isOpenAt(utc('2026-10-25T02:15+01:00'))).toBe(true);
  });

  it('may lack a midnight (Santiago), or a whole date (Apia in 2011)', () => {
    const santiago = daily('America/Santiago', [['00:00', '02:00']]);
    expect(santiago.openMsBetween(utc('2026-09-06T03:00Z'), utc('2026-09-07T00:00Z'))).toBe(HOUR);
    const apia = daily('Pacific/Apia', ALL_DAY, { holidays: ['2011-12-29', '2011-12-31'] });
    expect(apia.openMsBetween(utc('2011-12-29T10:00Z'), utc('2011-12-31T10:00Z'))).toBe(0);
  });

  it('may change by half an hour (Lord Howe)', () => {
    const time = daily('Australia/Lord_Howe', ALL_DAY);
    expect(time.openMsBetween(utc('2026-04-05T00:00+11:00'), utc('2026-04-06T00:00+10:30'))).toBe(24.5 * HOUR);
  });
});

describe('zones that are not whole hours from UTC, or know no DST', () => {
  it.each([
    ['Asia/Kolkata', '+05:30'],
    ['Asia/Kathmandu', '+05:45'],
    ['America/St_Johns', '-03:30'],
    ['Asia/Tokyo', '+09:00'],
  ])('%s opens at its own nine o’clock', (zone, offset) => {
    const time = daily(zone, [['09:00', '17:00']]);
    expect(time.isOpenAt(utc(`2026-01-14T09:00${offset}`))).toBe(true);
    expect(time.isOpenAt(utc(`2026-01-14T09:00${offset}`) - 1)).toBe(false);
    expect(time.addOpenMs(utc(`2026-01-14T00:00${offset}`), HOUR)).toBe(utc(`2026-01-14T10:00${offset}`));
  });
});

describe('any instant of 2026 in any zone we try', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'America/Santiago', 'Africa/Casablanca', 'Pacific/Chatham'];
  const calendars = zones.map((timezone) =>
    calendarSchema.parse({
      timezone,
      hours: { mon: [['00:00', '03:10']], wed: [['01:30', '24:00']], thu: ALL_DAY, sun: [['00:20', '02:40']] },
      exceptions: { '2026-06-03': [['02:00', '03:00']] },
    }),
  );

  it('is open exactly when the wall clock shows an open hour', () => {
    fc.assert(
      fc.property(fc.constantFrom(...calendars), fc.integer({ min: 0, max: 525_599 }), (calendar, minute) => {
        const instant = utc('2026-01-01T00:00Z') + minute * MINUTE;
        expect(businessTimeOf(calendar).isOpenAt(instant)).toBe(isOpen(calendar, instant));
      }),
      { numRuns: 2_000 },
    );
  });

  it('adding and measuring are each other’s inverse, and adding finds the first such instant', () => {
    const instants = fc.integer({ min: utc('2025-06-01T00:00Z'), max: utc('2027-06-01T00:00Z') });
    fc.assert(
      fc.property(
        fc.constantFrom(...calendars),
        instants,
        fc.integer({ min: 1, max: 4_000 * HOUR }),
        (calendar, from, ms) => {
          const time = businessTimeOf(calendar);
          const end = time.addOpenMs(from, ms);
          expect(time.openMsBetween(from, end)).toBe(ms);
          expect(time.openMsBetween(from, end - 1)).toBe(ms - 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a target that no calendar can meet', () => {
  it('is a hundred years away, not an endless search', () => {
    const time = desk('UTC', { mon: [['09:00', '09:01']] });
    const from = utc('2026-11-02T00:00Z');
    expect(time.addOpenMs(from, 5_256_000 * MINUTE)).toBe(from + HORIZON_MS);
  });
});

describe('the tables', () => {
  it('are kept by content: the same calendar read again is the same business time', () => {
    const read = () => calendarSchema.parse({ timezone: 'Asia/Tokyo', hours: { mon: [['09:00', '17:00']] } });
    expect(businessTimeOf(read())).toBe(businessTimeOf(read()));
  });
});
