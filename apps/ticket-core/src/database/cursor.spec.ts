import { describe, expect, it } from '@jest/globals';
import { readCursor, readWordCursor, writeCursor, writeWordCursor } from './cursor.js';

const ID = '019a0000-0000-7000-8000-000000000001';
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

describe('cursors', () => {
  it('come back as they were written', () => {
    const at = new Date('2026-11-21T21:00:00.123Z');
    expect(readCursor(writeCursor(at, ID))).toEqual({ at: at.toISOString(), id: ID });
    for (const word of ['', 'zoë & co', '訴え — ok', `${ID} again`])
      expect(readWordCursor(writeWordCursor({ word, id: ID }))).toEqual({ word, id: ID });
  });

  it('are none at the first page', () => {
    expect(readCursor(undefined)).toBeNull();
    expect(readWordCursor(undefined)).toBeNull();
  });

  it.each([
    '',
    'x',
    encoded('yesterday 019a'),
    encoded(`2026-02-30T99:00:00.000Z ${ID}`),
    encoded(`2026-02-30T00:00:00.000Z ${ID}`),
    encoded(`2026-02-28T24:00:00.000Z ${ID}`),
    encoded(`0000-01-01T00:00:00.000Z ${ID}`),
    encoded('2026-11-21T21:00:00.123Z me'),
  ])('that no page of instants gave name the field: %j', (cursor) => {
    expect(() => readCursor(cursor)).toThrow('cursor: is not one that a page gave');
  });

  it.each(['', 'x', encoded(ID), encoded(`me ${ID}`)])('that no page of words gave name the field: %j', (cursor) => {
    expect(() => readWordCursor(cursor)).toThrow('cursor: is not one that a page gave');
  });
});
