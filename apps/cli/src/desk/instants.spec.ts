import { describe, expect, it } from '@jest/globals';
import { orAgo, orDayAt } from './instants.js';

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

  it('takes a day where an instant is wanted', () => {
    expect(orDayAt('12:00', '2026-11-20', now)).toBe('2026-11-20T12:00:00Z');
    expect(orDayAt('12:00', '1d', now)).toBe('2026-11-21T12:00:00.000Z');
  });
});
