import { describe, expect, it } from '@jest/globals';
import { calendarSchema } from './calendar.schema.js';

const week = { mon: [['09:00', '17:00']] };

/** Each issue as `path: message`. */
function issuesOf(calendar: unknown): string[] {
  const result = calendarSchema.safeParse(calendar);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a calendar', () => {
  it('is read with its defaults, intervals in order, and can be read again', () => {
    const calendar = calendarSchema.parse({
      timezone: 'Europe/Berlin',
      hours: {
        mon: [
          ['13:30', '24:00'],
          ['09:00', '12:30'],
        ],
      },
    });
    expect(calendar.hours.mon).toEqual([
      ['09:00', '12:30'],
      ['13:30', '24:00'],
    ]);
    expect(calendar).toMatchObject({ holidays: [], exceptions: {}, hours: { sun: [] } });
    expect(calendarSchema.parse(calendar)).toEqual(calendar);
  });

  it.each([
    [{ timezone: 'Mars/Olympus', hours: week }, /^timezone: "Mars\/Olympus" is not an IANA time zone/],
    [{ timezone: '+01:00', hours: week }, /^timezone: /],
    [{ timezone: 'UTC', hours: { mon: [['9:00', '17:00']] } }, /^hours\.mon\.0\.0: must be a time/],
    [{ timezone: 'UTC', hours: { mon: [['09:00', '24:30']] } }, /^hours\.mon\.0\.1: must be a time/],
    [{ timezone: 'UTC', hours: { mon: [['22:00', '06:00']] } }, /^hours\.mon\.0: .*past midnight are two intervals/],
    [{ timezone: 'UTC', hours: { mon: [['09:00', '09:00']] } }, /^hours\.mon\.0: /],
    [
      {
        timezone: 'UTC',
        hours: {
          mon: [
            ['09:00', '12:00'],
            ['11:59', '17:00'],
          ],
        },
      },
      /^hours\.mon: 11:59-17:00 overlaps/,
    ],
    [{ timezone: 'UTC', hours: { monday: [['09:00', '17:00']] } }, /^hours: .*"monday"/],
    [{ timezone: 'UTC', hours: week, holidays: ['2026-02-30'] }, /^holidays\.0: "2026-02-30" is not a date/],
    [{ timezone: 'UTC', hours: week, holidays: ['25.12.2026'] }, /^holidays\.0: /],
    [{ timezone: 'UTC', hours: week, exceptions: { '2026-13-01': [] } }, /^exceptions\.2026-13-01: /],
  ])('that is wrong is refused by the field: %j', (calendar, message) => {
    expect(issuesOf(calendar)[0]).toMatch(message);
  });

  it('takes intervals that touch', () => {
    expect(
      issuesOf({
        timezone: 'UTC',
        hours: {
          mon: [
            ['09:00', '12:00'],
            ['12:00', '13:00'],
          ],
        },
      }),
    ).toEqual([]);
  });

  describe('with no open hours', () => {
    const mondaysOf = (from: string, count: number): string[] =>
      Array.from({ length: count }, (_, week_) =>
        new Date(Date.parse(from) + week_ * 7 * 86_400_000).toISOString().slice(0, 10),
      );

    it('at all is refused', () => {
      expect(issuesOf({ timezone: 'UTC', hours: {} })).toEqual([expect.stringMatching(/^hours: has no open hours/)]);
      expect(
        issuesOf({ timezone: 'UTC', hours: { mon: [] }, exceptions: { '2026-01-01': [['09:00', '10:00']] } }),
      ).toHaveLength(1);
    });

    it('in a year is refused, even when the twelve months lie across New Year', () => {
      expect(issuesOf({ timezone: 'UTC', hours: week, holidays: mondaysOf('2026-07-06', 53) })).toEqual([
        expect.stringMatching(/^holidays: leave no open hours for a year from 2026-06-30/),
      ]);
    });

    it('for less than a year is allowed, and an exception saves it', () => {
      expect(issuesOf({ timezone: 'UTC', hours: week, holidays: mondaysOf('2026-07-06', 50) })).toEqual([]);
      const saved = { '2026-12-30': [['09:00', '10:00']] };
      expect(
        issuesOf({ timezone: 'UTC', hours: week, holidays: mondaysOf('2026-07-06', 53), exceptions: saved }),
      ).toEqual([]);
    });
  });
});
