import { describe, expect, it } from '@jest/globals';
import { reworded } from './reworded.state.js';

describe('what is written down beside tickets, after a change of name', () => {
  it.each([
    ['template', { tags: ['a', 'b'] }, 'tag', 'a', 'c', { tags: ['c', 'b'] }],
    ['template', { tags: ['a', 'b'] }, 'tag', 'a', 'b', { tags: ['b'] }],
    ['template', { tags: ['a', 'b'] }, 'tag', 'a', null, { tags: ['b'] }],
    ['template', { category: 'a', tags: ['a'] }, 'category', 'a', 'b', { category: 'b', tags: ['a'] }],
    ['template', { category: 'a', subject: 'x' }, 'category', 'a', null, { subject: 'x' }],
    ['view', { tag: ['a', 'b'], tagAll: ['a'] }, 'tag', 'a', 'c', { tag: ['c', 'b'], tagAll: ['c'] }],
    ['view', { category: ['a', 'b'] }, 'category', 'a', 'c', { category: ['c', 'b'] }],
  ] as const)('%s %j: the %s %s is now %s', (where, words, kind, from, to, expected) => {
    expect(reworded(words, where, { kind, from, to })).toEqual(expected);
  });

  it('stays the same object when it does not speak of it, and in a view when the name merely went', () => {
    const words = { tag: ['a'], tags: ['a'], category: 'b' };
    expect(reworded(words, 'template', { kind: 'tag', from: 'x', to: 'y' })).toBe(words);
    expect(reworded(words, 'view', { kind: 'tag', from: 'a', to: null })).toBe(words);
  });
});
