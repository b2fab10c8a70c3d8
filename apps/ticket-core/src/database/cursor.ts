import { DeskError } from '#shared/errors/desk-error.js';

export interface Cursor {
  at: string;
  id: string;
}

/** Where a page ended: instant and id of its last row. Opaque to clients. */
export const writeCursor = (at: Date, id: string): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readCursor(cursor: string | undefined): Cursor | null {
  if (cursor === undefined) return null;
  const [at, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  if (!at || !id || !INSTANT.test(at) || Number.isNaN(Date.parse(at)) || !UUID.test(id)) {
    throw new DeskError('BAD_REQUEST', 'cursor: is not one that a page gave', [
      { pointer: '/cursor', message: 'is not one that a page gave' },
    ]);
  }
  return { at, id };
}
