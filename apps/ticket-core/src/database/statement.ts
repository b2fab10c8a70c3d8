import { createHash } from 'node:crypto';

/** An SQL statement with a name: Postgres parses and plans it once a connection. */
export interface Statement {
  name: string;
  text: string;
}

export const statement = (name: string, text: string): Statement => ({ name, text });

/**
 * One that is put together as it is asked for. Its text becomes part of its name: pg refuses one name for two texts, and Postgres
 * cuts names at 63 bytes. Every connection keeps what it has prepared, so a rare one is not; a comment says its name.
 */
export const composed = (name: string, text: string, frequent = true): Statement =>
  frequent
    ? statement(`${name}.${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`, text)
    : statement('', `/* ${name} */ ${text}`);

/** As JSON.stringify writes them: NUL, and half a surrogate pair. */
const REFUSED_BY_POSTGRES = /\\u(?:0000|d[89a-f])/;

/** A value for a `jsonb` parameter. Postgres keeps neither NUL nor half a surrogate pair, and mails have both. */
export function jsonb(value: unknown): string {
  const text = JSON.stringify(value);
  // Hardly any has one, and a replacer called for every field costs more than the whole of JSON.
  return REFUSED_BY_POSTGRES.test(text) ? JSON.stringify(value, withoutRefused) : text;
}

function withoutRefused(_key: string, item: unknown): unknown {
  if (typeof item === 'string') return plainText(item);
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([key, one]) => [plainText(key), one as unknown]));
}

/** The same for any other parameter: a text from outside, or a list of them. */
export const plainValue = (value: unknown): unknown => {
  if (typeof value === 'string') return plainText(value);
  return Array.isArray(value) ? value.map(plainValue) : value;
};

export const plainText = (text: string): string =>
  (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
