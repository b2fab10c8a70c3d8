import { describe, expect, it } from '@jest/globals';
import { refuseNul } from './input.pipe.js';

const pointerOf = (input: unknown): string | null => {
  try {
    refuseNul(input);
    return null;
  } catch (error) {
    return (error as { problems: { pointer: string }[] }).problems[0]?.pointer ?? 'the whole';
  }
};

describe('the character NUL in what comes in', () => {
  it('is told of by its place', () => {
    expect(pointerOf({ subject: 'a\0b' })).toBe('/subject');
    expect(pointerOf({ tags: ['a', '\0'] })).toBe('/tags/1');
    expect(pointerOf({ 'a/b': { '~': '\0' } })).toBe('/a~1b/~0');
    expect(pointerOf({ customFields: { 'a\0': 1 } })).toBe('/customFields');
    expect(pointerOf('\0')).toBe('the whole');
    expect(pointerOf({ 'a\0': 1 })).toBe('the whole');
  });

  it('is not found where there is none', () => {
    for (const input of [undefined, null, '', 0, {}, [], { a: [{ b: null }] }, 'NUL', Buffer.from('\0')])
      expect(pointerOf(input)).toBeNull();
  });

  it('is looked for as deep as JSON goes', () => {
    const nested = (inner: string) => JSON.parse(`${'['.repeat(50_000)}${inner}${']'.repeat(50_000)}`) as unknown;
    expect(pointerOf(nested('"fine"'))).toBeNull();
    expect(pointerOf(nested('"\\u0000"'))).toHaveLength(100_000);
  });
});
