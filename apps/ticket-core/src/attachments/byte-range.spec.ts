import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedRange, isKnownTag } from './byte-range.js';

describe('a range', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-4', { start: 0, end: 4 }],
    ['bytes=5-', { start: 5, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=9-9', { start: 9, end: 9 }],
    ['bytes=0-9999', { start: 0, end: 9 }],
    ['BYTES=1-2', { start: 1, end: 2 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=4-2', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['pages=1-2', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=99999999999999999999-', 'whole'],
  ])('of ten bytes asked for by %j is %j', (header, asked) => {
    expect(askedRange(header, 10)).toEqual(asked);
  });

  it('of nothing cannot be had', () => {
    expect(askedRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(askedRange('bytes=-1', 0)).toBe('unsatisfiable');
  });

  it('lies within the file, whatever is asked', () => {
    const part = fc.oneof(fc.nat(200).map(String), fc.constant(''));
    fc.assert(
      fc.property(part, part, fc.nat(100), (first, last, size) => {
        const asked = askedRange(`bytes=${first}-${last}`, size);
        if (typeof asked === 'string') return;
        expect(asked.start).toBeGreaterThanOrEqual(0);
        expect(asked.end).toBeGreaterThanOrEqual(asked.start);
        expect(asked.end).toBeLessThan(size);
      }),
    );
  });
});

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
  ])('%s', (header, known) => {
    expect(isKnownTag(header, '"a"')).toBe(known);
  });
});
