import { DeskError } from '#shared/errors/desk-error.js';

/** Where a page ended that is ordered by a word (or a count) and, among equals, by id. */
export interface WordCursor {
  key: string;
  id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Opaque to clients. */
export const writeWordCursor = ({ key, id }: WordCursor): string =>
  Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** BAD_REQUEST for one that no page gave. */
export function readWordCursor(cursor: string | undefined): WordCursor | null {
  if (cursor === undefined) return null;
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(read) && read.length === 2) {
      const [key, id] = read as [unknown, unknown];
      if (typeof key === 'string' && typeof id === 'string' && UUID.test(id)) return { key, id };
    }
  } catch {
    // Not JSON: answered below.
  }
  const message = 'is not one that a page gave';
  throw new DeskError('BAD_REQUEST', `cursor: ${message}`, [{ pointer: '/cursor', message }]);
}

/** A reply over NATS holds 1 MiB: a page of long texts ends early, and its cursor says where it goes on. */
const MAX_BYTES = 700 * 1024;

/** Cuts one page from `limit + 1` rows: at least one row, at most `limit`, and no more text than can travel. */
export function wordPageOf<Row extends { id: string }, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
  keyOf: (row: Row) => string,
): { items: View[]; nextCursor: string | null } {
  const items: View[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, limit)) {
    const view = viewOf(row);
    bytes += Buffer.byteLength(JSON.stringify(view));
    if (items.length > 0 && bytes > MAX_BYTES) break;
    items.push(view);
  }
  const last = rows[items.length - 1];
  if (!last || rows.length === items.length) return { items, nextCursor: null };
  return { items, nextCursor: writeWordCursor({ key: keyOf(last), id: last.id }) };
}
