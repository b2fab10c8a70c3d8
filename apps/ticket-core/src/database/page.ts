import { writeCursor, writeWordCursor } from './cursor.js';

/** A reply over NATS holds 1 MiB: a page of long texts ends early, and its cursor says where it goes on. */
const MAX_BYTES = 700 * 1024;

/**
 * Cuts one page from `limit + 1` rows. A page holds at least one row, at most `limit`, and no more text than can travel.
 * `endOf` is what the rows are ordered by.
 */
export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
  endOf: (row: Row) => { at: Date; id: string },
): { items: View[]; nextCursor: string | null } {
  return pageUpTo(rows, limit, viewOf, (row) => {
    const { at, id } = endOf(row);
    return writeCursor(at, id);
  });
}

/** The same for rows that are ordered by a word. */
export const pageByWord = <Row extends { id: string }, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
  wordOf: (row: Row) => string,
): { items: View[]; nextCursor: string | null } =>
  pageUpTo(rows, limit, viewOf, (row) => writeWordCursor({ word: wordOf(row), id: row.id }));

/** The same for any order; `cursorOf` writes where a row is in it. */
export function pageUpTo<Row, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
  cursorOf: (row: Row) => string,
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
  return { items, nextCursor: !last || rows.length === items.length ? null : cursorOf(last) };
}
