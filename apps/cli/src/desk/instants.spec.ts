import { describe, expect, it } from '@jest/globals';
import { orAgo, orDayAt, orWithinDay } from './instants.js';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('instants as people say them', () => {
  it.each([
    ['30m', '2026-11-22T11:30:00.000Z'],
    ['12h', '2026-11-22T00:00:00.000Z'],
    ['7D', '2026-11-15T12:00:00.000Z'],
    ['2w', '2026-11-08T12:00:00.000Z'],
  ])('%s ago is %s', (text, instant) => expect(orAgo(text, now)).toBe(instant));

  it.each(['2026-11-22', '2026-11-22T10:00:00Z', 'soon', '', '-7d', '7'])('leaves “%s” to the desk', (text) =>
    expect(orAgo(text, now)).toBe(text),
  );

  it.each(['Pacific/Honolulu', 'America/New_York', 'UTC', 'Asia/Tokyo', 'Pacific/Auckland'])(
    'takes a day for an instant that is in it in %s, summer and winter',
    (timeZone) => {
      for (const day of ['2026-01-15', '2026-07-15']) {
        const instant = new Date(orWithinDay(day, now));
        expect(new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant)).toBe(day);
      }
      expect(orWithinDay('1d', now)).toBe('2026-11-21T12:00:00.000Z');
    },
  );

  it('takes a day where an instant is wanted', () => {
    expect(orDayAt('12:00', '2026-11-20', now)).toBe('2026-11-20T12:00:00Z');
    expect(orDayAt('12:00', '1d', now)).toBe('2026-11-21T12:00:00.000Z');
  });
});
