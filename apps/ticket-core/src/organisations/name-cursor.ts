import { DeskError } from '#shared/errors/desk-error.js';

/** Where a page of names ended: its last row’s name, as it is sorted by, and id. Opaque to clients. */
export interface NameCursor {
  name: string;
  id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const writeNameCursor = ({ name, id }: NameCursor): string => Buffer.from(`${id} ${name}`).toString('base64url');

export function readNameCursor(cursor: string | undefined): NameCursor | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const id = text.slice(0, 36);
  if (!UUID.test(id) || text[36] !== ' ') {
    const message = 'is not one that a page gave';
    throw new DeskError('BAD_REQUEST', `cursor: ${message}`, [{ pointer: '/cursor', message }]);
  }
  return { id, name: text.slice(37) };
}

/** Cuts one page from `limit + 1` rows that are sorted by name and id. */
export function pageByName<Row extends { sort_name: string; id: string }, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
): { items: View[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last;
  return {
    items: shown.map(viewOf),
    nextCursor: more ? writeNameCursor({ name: last.sort_name, id: last.id }) : null,
  };
}
