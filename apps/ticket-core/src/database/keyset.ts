import { DeskError } from '#shared/errors/desk-error.js';
import { isInstant } from './cursor.js';

/**
 * Where a page of a sorted and filtered list ended: the last row's sort keys as Postgres wrote them (so to the
 * microsecond), and which list it was. Nothing in it is a secret, and nothing in it opens anything: it is only compared
 * with rows that the reader may see anyway.
 */
export interface Keyset {
  /** Sort and filter that the page was of. */
  list: string;
  keys: string[];
}

export const writeKeyset = ({ list, keys }: Keyset): string =>
  Buffer.from([list, ...keys].join('\n')).toString('base64url');

const KEY =
  /^(-?\d{1,10}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00|-?infinity|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Throws BAD_REQUEST unless it is a cursor of this very list. `kinds` says what each key is. */
export function readKeyset(cursor: string | undefined, list: string, kinds: readonly KeyKind[]): string[] | null {
  if (cursor === undefined) return null;
  const [of, ...keys] = Buffer.from(cursor, 'base64url').toString('latin1').split('\n');
  const whole = keys.length === kinds.length && keys.every((key, at) => KEY.test(key) && IS[kinds[at]!](key));
  if (!whole) refuse('is not one that a page gave');
  if (of !== list) refuse('belongs to a list with another sort or other filters');
  return keys;
}

export type KeyKind = 'integer' | 'instant' | 'uuid';
const IS: Readonly<Record<KeyKind, (key: string) => boolean>> = {
  integer: (key) => /^-?\d+$/.test(key) && Math.abs(Number(key)) <= 2_147_483_647,
  instant: (key) => key.endsWith('infinity') || isInstant(toTheMillisecond(key)),
  uuid: (key) => key.length === 36 && key.includes('-') && !key.includes(' '),
};

/** `2026-01-31 12:00:00.123456+00` as JavaScript would write it. */
const toTheMillisecond = (key: string): string =>
  `${key.slice(0, 10)}T${key.slice(11, 19)}.${(/\.(\d+)/.exec(key)?.[1] ?? '').padEnd(3, '0').slice(0, 3)}Z`;

function refuse(message: string): never {
  throw DeskError.at('BAD_REQUEST', '/cursor', message);
}
