/** Who a text names, in lower case and NFC, each once. */
export interface Mentions {
  /** `@bea`, `@billing-team`: the part of an agent's address before the @, or a team's handle. */
  handles: string[];
  /** `@[Bea Miller]`: an agent's whole name. */
  names: string[];
}

/** More than anybody means: who pastes a list of a thousand names tells nobody. */
const MAX_MENTIONS = 50;

/**
 * Not after a letter or anything that an address is made of (casey@customer.example, https://social.example/@bea, \@bea),
 * and not before `@` or `/` (@scope/package, @bea@social.example).
 */
const MENTION =
  /(?<![\p{L}\p{N}\p{M}.+\-/@\\=&#%$^])@(?:\[([^\]\n]{1,200})\]|([\p{L}\p{N}][\p{L}\p{N}\p{M}._+-]{0,62})(?![\p{L}\p{N}\p{M}@]|\/[\p{L}\p{N}]))/gu;

/**
 * The people and teams that a Markdown text names on purpose: not in code, and not in what is quoted of others. Pure; its
 * cost is linear in the text.
 */
export function mentionsIn(markdown: string): Mentions {
  const handles = new Set<string>();
  const names = new Set<string>();
  for (const [, name, handle] of withoutCode(ownWords(markdown.normalize('NFC'))).matchAll(MENTION)) {
    if (name !== undefined) names.add(name.trim().replaceAll(/\s+/g, ' ').toLowerCase());
    // The dot after "ask @bea." ends the sentence.
    else if (handle !== undefined) handles.add(handle.replace(/[._+-]+$/, '').toLowerCase());
    if (handles.size + names.size >= MAX_MENTIONS) break;
  }
  names.delete('');
  return { handles: [...handles], names: [...names] };
}

/** Without quoted lines and blocks of code, fenced (CommonMark 4.5) or indented (4.4). Their lines stay, as empty ones. */
function ownWords(markdown: string): string {
  let fence: { mark: string; length: number } | null = null;
  let blankBefore = true;
  return markdown
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const run = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence) {
        const ends = run?.[0] === fence.mark && run.length >= fence.length && line.trim() === run;
        if (ends) fence = null;
        return '';
      }
      // What follows opening backticks has none, or it is code within a line.
      if (run && !(run.startsWith('`') && line.slice(line.indexOf(run) + run.length).includes('`'))) {
        fence = { mark: run[0]!, length: run.length };
        return '';
      }
      if (/^ {0,3}>/.test(line)) {
        blankBefore = true;
        return '';
      }
      if (line.trim() === '') {
        blankBefore = true;
        return '';
      }
      if (blankBefore && /^(?: {4}|\t)/.test(line)) return '';
      blankBefore = false;
      return line;
    })
    .join('\n');
}

/** Code within lines (CommonMark 6.1): a run of backticks up to the next of the same length. */
function withoutCode(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(({ 0: run, index }) => ({ at: index, length: run.length }));
  // From the end: the next run of each length, seen from where we are.
  const next = new Map<number, number>();
  const partner = runs.map(() => -1);
  for (let place = runs.length - 1; place >= 0; place -= 1) {
    const { length } = runs[place]!;
    partner[place] = next.get(length) ?? -1;
    next.set(length, place);
  }
  let kept = '';
  let from = 0;
  for (let place = 0; place < runs.length; place += 1) {
    const end = partner[place]!;
    if (end < 0) continue;
    kept += `${text.slice(from, runs[place]!.at)}\``;
    from = runs[end]!.at + runs[end]!.length;
    place = end;
  }
  return kept + text.slice(from);
}
