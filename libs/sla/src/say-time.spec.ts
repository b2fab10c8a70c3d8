import { describe, expect, it } from '@jest/globals';
import { sayDuration, sayInstant, sayShort } from './say-time.js';

const at = Date.parse('2026-11-02T08:00:00Z');

describe('times in an explanation', () => {
  it.each([
    [0, '2026-11-02T09:00+01:00', '09:00'],
    [999, '2026-11-02T09:00+01:00', '09:00'],
    [36_115, '2026-11-02T09:00:36+01:00', '09:00:36'],
    [86_400_000, '2026-11-03T09:00+01:00', '2026-11-03 09:00'],
  ])('are as a clock shows them: %d ms later', (ms, instant, short) => {
    expect(sayInstant(at + ms, 'Europe/Berlin')).toBe(instant);
    expect(sayShort(at + ms, at, 'Europe/Berlin')).toBe(short);
  });

  it.each([
    [0, '0 min'],
    [1, '0.001 s'],
    [59_885, '59 s'],
    [60_000, '1 min'],
    [725_721, '12 min 5 s'],
    [4_800_000, '1 h 20 min'],
    [2_029_003_885, '563 h 36 min'],
  ])('last as exactly as it matters: %d ms', (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });
});
