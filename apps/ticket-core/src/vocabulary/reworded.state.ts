export interface NameChange {
  kind: 'tag' | 'category';
  from: string;
  /** Null: it went. */
  to: string | null;
}

/**
 * Fields of a template, or the query of a view, after a tag or category got another name; the same object when they do not
 * speak of it. A view keeps what merely went: closed tickets still have the tag.
 */
export function reworded(
  words: Record<string, unknown>,
  where: 'template' | 'view',
  { kind, from, to }: NameChange,
): Record<string, unknown> {
  const keys = kind === 'category' ? ['category'] : ['tags', 'tag', 'tagAll'];
  let next = words;
  for (const key of keys) {
    const value = words[key];
    const has = Array.isArray(value) ? value.includes(from) : value === from;
    if (!has || (to === null && where === 'view')) continue;
    next = { ...next };
    if (Array.isArray(value))
      next[key] = [...new Set(value.flatMap((one: unknown) => (one !== from ? [one] : to === null ? [] : [to])))];
    else if (to === null) delete next[key];
    else next[key] = to;
  }
  return next;
}
