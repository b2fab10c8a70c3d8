/**
 * Whether JSON nests deeper than that, read off its text without parsing it: what walks a parsed value (a schema,
 * `JSON.stringify`) runs out of stack at some thousand levels, long before a body is too large.
 */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      if (++depth > levels) return true;
    } else if (character === '}' || character === ']') depth--;
  }
  return false;
}
