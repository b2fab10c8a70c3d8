import { describe, expect, it } from '@jest/globals';
import { withinTime } from './within-time.js';

describe('work within a time', () => {
  it('gives what it makes, and throws what it throws', () => {
    expect(withinTime(60_000, () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(() =>
      withinTime(60_000, () => {
        throw new TypeError('no');
      }),
    ).toThrow(TypeError);
  });

  it('is stopped when it takes longer, in a loop and in a regular expression', () => {
    const forEver = () => {
      for (;;);
    };
    expect(withinTime(20, forEver)).toBeNull();
    expect(withinTime(20, () => /^(a+)+$/.test(`${'a'.repeat(40)}!`))).toBeNull();
    expect(withinTime(60_000, () => 'the next is not')).toBe('the next is not');
  });
});
