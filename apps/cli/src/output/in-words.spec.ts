import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agoOf, hoursOf, minutesOf, spanOf } from './in-words.js';

describe('time in words', () => {
  it.each([
    [45_000, '45s'],
    [12 * 60_000, '12m'],
    [3 * 3_600_000 + 20 * 60_000, '3h20m'],
    [2 * 3_600_000, '2h'],
    [6 * 86_400_000 + 3_600_000, '6d'],
  ])('%d ms is %s', (ms, words) => expect(spanOf(ms)).toBe(words));

  it('says before and after', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(agoOf('2026-11-21T08:40:00Z', now)).toBe('3h20m ago');
    expect(agoOf('2026-11-21T12:12:00Z', now)).toBe('in 12m');
    expect(agoOf(null, now)).toBe('');
  });

  it.each([
    ['30', 30],
    ['45m', 45],
    ['1h', 60],
    ['1h30m', 90],
    ['1h30', 90],
    ['1.5h', 90],
    ['1:30', 90],
    [' 2H ', 120],
  ])('reads %s as %d minutes', (text, minutes) => expect(minutesOf(text)).toBe(minutes));

  it.each(['', 'soon', '-5', '1h-3', '1:75', '1.33h', '1.5h30m', '1e3', '123456'])('does not read “%s”', (text) =>
    expect(minutesOf(text)).toBeNull(),
  );

  it('reads what it writes', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }), (minutes) => minutesOf(hoursOf(minutes)) === minutes));
  });
});
