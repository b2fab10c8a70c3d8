/** An SQL statement with a name: Postgres parses and plans it once a connection. */
export interface Statement {
  name: string;
  text: string;
}

export const statement = (name: string, text: string): Statement => ({ name, text });

/** A value for a `jsonb` parameter. Postgres keeps neither NUL nor half a surrogate pair, and mails have both. */
export const jsonb = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'string') return plainText(item);
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item;
    const keys = Object.keys(item);
    if (keys.every((key) => plainText(key) === key)) return item;
    return Object.fromEntries(keys.map((key) => [plainText(key), (item as Record<string, unknown>)[key]]));
  });

/** The same for any other parameter: a text from outside, or a list of them. */
export const plainValue = (value: unknown): unknown => {
  if (typeof value === 'string') return plainText(value);
  return Array.isArray(value) ? value.map(plainValue) : value;
};

export const plainText = (text: string): string =>
  (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
