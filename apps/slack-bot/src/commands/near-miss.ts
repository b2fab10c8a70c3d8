/** Edits from one word to another: insert, delete, replace, swap of neighbours (optimal string alignment). */
export function editsBetween(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j += 1) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = least;
    }
  }
  return rows[a.length]![b.length]!;
}

/** The one of `known` that was probably meant, or null: at most a third of it wrong, or its beginning. */
export function probablyMeant(typed: string, known: readonly string[]): string | null {
  const word = typed.toLowerCase().slice(0, 40);
  if (word.length < 2) return null;
  const ranked = known
    .map((candidate) => ({
      candidate,
      edits: candidate.startsWith(word) ? 0.5 : editsBetween(word, candidate),
    }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate ?? null;
}
