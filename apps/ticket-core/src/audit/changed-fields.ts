/** The fields that differ, before and after, as the audit keeps them; null when nothing does. */
export function changedFields<T extends object>(
  before: T,
  after: T,
): { from: Record<string, unknown>; to: Record<string, unknown> } | null {
  const [from, to]: Record<string, unknown>[] = [{}, {}];
  for (const key of Object.keys(after) as (keyof T & string)[]) {
    if (JSON.stringify(before[key] ?? null) === JSON.stringify(after[key] ?? null)) continue;
    from![key] = before[key] ?? null;
    to![key] = after[key] ?? null;
  }
  return Object.keys(to!).length === 0 ? null : { from: from!, to: to! };
}
