import type { CannedValues, CannedVariable } from './canned-variables.js';
import type { CannedPart } from './parse-canned.js';

const MAX_VALUE = 500;
/** As long as a message may be. */
export const MAX_RENDERED = 200_000;

/**
 * The text for one ticket. A variable without a value is shown as `[contact.firstName?]` and told in `missing`; in a
 * condition it is simply absent. Null when the text would be longer than a message may be.
 */
export function renderText(
  parts: readonly CannedPart[],
  values: CannedValues,
): { content: string; missing: CannedVariable[] } | null {
  const missing = new Set<CannedVariable>();
  const pieces: string[] = [];
  let length = 0;
  const valueOf = (name: CannedVariable): string => inert(values[name] ?? '');
  const write = (some: readonly CannedPart[]): void => {
    for (const part of some) {
      if (length > MAX_RENDERED) return;
      if ('when' in part) write((valueOf(part.when) !== '') === part.present ? part.parts : part.otherwise);
      else {
        const piece = 'text' in part ? part.text : valueOf(part.variable) || absent(part.variable);
        pieces.push(piece);
        length += piece.length;
      }
    }
  };
  const absent = (name: CannedVariable): string => {
    missing.add(name);
    return `[${name}?]`;
  };
  write(parts);
  return length > MAX_RENDERED ? null : { content: pieces.join(''), missing: [...missing] };
}

/**
 * A value that a customer may have chosen, as text and nothing else: one line, no Markdown, no mention. The backslash is
 * CommonMark 2.4; what cannot begin anything stays as it is, so that names and addresses read as they are.
 */
export function inert(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MAX_VALUE)
    .toWellFormed()
    .replaceAll(/[\\`*_[\]<>{}|~]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])@/gu, String.raw`\@`)
    .replaceAll('!\\[', String.raw`\!\[`)
    .replaceAll(/&(?=[#\p{L}])/gu, String.raw`\&`)
    .replaceAll(/(?<![\p{L}\p{N}])(?:https?:|www\.)/giu, (scheme) => scheme.replace(/[:.]/, String.raw`\$&`))
    .replace(/^(?:#|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](?:\s|$)))/, (first) => (/^\d/.test(first) ? first : `\\${first}`))
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, String.raw`$1\$2`);
}
