/** Readable under white text as well as on white (WCAG 2.2, contrast of at least 4.5 with either half of the palette's use). */
export const PALETTE = [
  '#b91c1c',
  '#c2410c',
  '#b45309',
  '#4d7c0f',
  '#15803d',
  '#0f766e',
  '#0e7490',
  '#0369a1',
  '#1d4ed8',
  '#6d28d9',
  '#a21caf',
  '#be185d',
] as const;

/** The same name has the same colour in every organisation, and after it was deleted and made again. */
export function colorOf(name: string): string {
  let hash = 2_166_136_261; // FNV-1a
  for (const byte of Buffer.from(name.toLowerCase())) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  return PALETTE[hash % PALETTE.length]!;
}
