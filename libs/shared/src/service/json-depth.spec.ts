import { describe, expect, it } from '@jest/globals';
import { nestsDeeper } from './json-depth.js';

describe('how deep JSON nests', () => {
  it.each([
    ['1', 0, false],
    ['{"a":[1]}', 2, false],
    ['{"a":[1]}', 1, true],
    ['[[],[],[]]', 2, false],
    ['{"a":"[[[[{{{{"}', 1, false],
    [String.raw`{"a":"\"[[[[","b":"\\"}`, 1, false],
    [String.raw`{"a":"\\","b":[[]]}`, 2, true],
  ])('%s beside %d: %s', (text, levels, deeper) => expect(nestsDeeper(text, levels)).toBe(deeper));

  it('takes no longer for what never ends', () => {
    expect(nestsDeeper('['.repeat(1_000_000), 100)).toBe(true);
  });
});
