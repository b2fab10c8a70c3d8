import { DeskError } from '#shared/errors/desk-error.js';

/** Where a page ended that is ordered by instant: that of its last row, and its id. */
export interface Cursor {
  at: string;
  id: string;
}

/** Where a page ended that is ordered by a word, such as a name in lower case, and among equals by id. */
export interface WordCursor {
  word: string;
  id: string;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One that Postgres reads too: a day that there is (not the 30th of February), and no year 0. */
export const isInstant = (text: string): boolean => {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString() === text && !text.startsWith('0000');
};

/** Opaque to clients. */
export const writeCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

/** Opaque to clients. The id stands first: a word may hold anything. */
export const writeWordCursor = ({ word, id }: WordCursor): string => Buffer.from(`${id} ${word}`).toString('base64url');

/** BAD_REQUEST for one that no page gave. */
export function readCursor(cursor: string | undefined): Cursor | null {
  if (cursor === undefined) return null;
  const [at, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  if (!at || !id || !INSTANT.test(at) || !isInstant(at) || !UUID.test(id)) refuse();
  return { at, id };
}

/** BAD_REQUEST for one that no page gave. */
export function readWordCursor(cursor: string | undefined): WordCursor | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const id = text.slice(0, 36);
  if (!UUID.test(id) || text[36] !== ' ') refuse();
  return { id, word: text.slice(37) };
}

function refuse(): never {
  throw DeskError.at('BAD_REQUEST', '/cursor', 'is not one that a page gave');
}
