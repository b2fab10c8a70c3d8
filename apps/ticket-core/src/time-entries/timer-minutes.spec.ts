import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timerMinutes } from './timer-minutes.js';

const MINUTE_MS = 60_000;

describe('timerMinutes', () => {
  it.each([
    [0, 1],
    [1, 1],
    [MINUTE_MS, 1],
    [MINUTE_MS + 1, 2],
    [30 * MINUTE_MS, 30],
    [1_440 * MINUTE_MS, 1_440],
    [-5 * MINUTE_MS, 1],
  ])('makes of %i ms %i minutes', (ms, minutes) => {
    expect(timerMinutes(1_000_000, 1_000_000 + ms)).toBe(minutes);
  });

  it('is whole, covers the time that passed, and adds less than a minute to it', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
    const passed = fc.integer({ min: 1, max: 10 * 24 * 60 * MINUTE_MS });
    fc.assert(
      fc.property(instant, passed, (startedAtMs, ms) => {
        const minutes = timerMinutes(startedAtMs, startedAtMs + ms);
        expect(Number.isSafeInteger(minutes)).toBe(true);
        expect(minutes * MINUTE_MS).toBeGreaterThanOrEqual(ms);
        expect(minutes * MINUTE_MS - ms).toBeLessThan(MINUTE_MS);
      }),
    );
  });

  it('never shrinks while time goes on', () => {
    const ms = fc.integer({ min: -MINUTE_MS, max: 100 * MINUTE_MS });
    fc.assert(
      fc.property(ms, fc.nat({ max: 100 * MINUTE_MS }), (first, more) => {
        expect(timerMinutes(0, first + more)).toBeGreaterThanOrEqual(timerMinutes(0, first));
      }),
    );
  });
});
