/** An SQL statement with a name: Postgres parses and plans it once a connection. */
export interface Statement {
  name: string;
  text: string;
}

export const statement = (name: string, text: string): Statement => ({ name, text });

/** A value for a `jsonb` parameter. Postgres keeps neither NUL nor half a surrogate pair, and mails have both. */
export const jsonb = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? plainText(item) : item));

export const plainText = (text: string): string =>
  (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
