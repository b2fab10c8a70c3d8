import { describe, expect, it } from '@jest/globals';
import { tagsAfter } from './bulk-tags.js';

describe('tags after a bulk change', () => {
  it.each([
    ['nothing said', ['a'], undefined, undefined, undefined],
    ['added behind those there', ['a'], ['b', 'a', 'b'], undefined, ['a', 'b']],
    ['removed, whether there or not', ['a', 'b'], undefined, ['b', 'c'], ['a']],
    ['added and removed at once: removed', ['a'], ['b'], ['b', 'a'], []],
    ['an empty list says something and changes nothing', ['a'], [], undefined, ['a']],
  ])('%s', (_what, tags, add, remove, after) => {
    expect(tagsAfter(tags, add, remove)).toEqual(after);
  });
});
