/** A ticket's tags after some were added and others removed; undefined: nothing was said of them. Removing wins. */
export function tagsAfter(
  tags: readonly string[],
  add: readonly string[] | undefined,
  remove: readonly string[] | undefined,
): string[] | undefined {
  if (add === undefined && remove === undefined) return undefined;
  const gone = new Set(remove);
  return [...new Set([...tags, ...(add ?? [])])].filter((tag) => !gone.has(tag));
}
