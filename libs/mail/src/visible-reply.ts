// What the sender newly wrote: their text without quotations, client headers, signatures and disclaimers.
// Works line by line, each line looked at a bounded number of times, so that no text can stall the service
// (the library `email-reply-parser` runs patterns such as `[\s\S]+` over the whole text, and some forty more a line).
import {
  ANY_LABEL,
  ATTRIBUTION_END,
  BARE_SEPARATOR_LINE,
  BARE_VERBS,
  DATED_START,
  DISCLAIMER,
  FORWARD_WORDS,
  FROM_LABEL,
  NAMED_START,
  OTHER_LABELS,
  REPLY_ABOVE,
  SENT_FROM,
  SEPARATOR_LINE,
  SIGN_OFF,
} from './quote-words.js';

/** Beyond this, text is taken as it is: nobody types that much, and it bounds the work. */
const MAX_CHARACTERS = 256 * 1024;
const MAX_LINE = 1000;
/** An attribution may be wrapped: "On Monday … Ann\n<ann@…>\nwrote:". */
const MAX_ATTRIBUTION_LINES = 7;
const MAX_ATTRIBUTION_CHARACTERS = 400;

const QUOTED = /^ {0,3}(?:>|&gt;|\|\s)/;
const EMAIL = /[^\s<>"(),:;@]+@[^\s<>"(),:;@]+\.[^\s<>"(),:;@]+/u;
const YEAR_OR_TIME =
  /(?:\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d年|\d시)/u;

/** Where the old text begins. `from` is the first line to hide, `to` the first line after the introduction. */
interface Cut {
  from: number;
  to: number;
  how: 'attribution' | 'headers' | 'separator' | 'forward' | 'quote';
}

/**
 * @param text whole plain text of a mail, any line endings
 * @returns what is new, trimmed; the whole text (trimmed) if nothing would be left
 */
export function visibleReply(text: string): string {
  const all = tidy(text);
  if (all.length === 0) return '';
  const whole = all.join('\n');
  const lines = whole.length > MAX_CHARACTERS ? whole.slice(0, MAX_CHARACTERS).split('\n') : all;
  const cut = findCut(lines);
  let kept = cut ? lines.slice(0, cut.from) : lines;
  if (cut && isEmpty(kept)) kept = afterLeadingQuotation(lines, cut);
  else if (cut && isGreeting(kept)) kept = withInlineAnswers(lines, kept, cut);
  else if (!cut && whole.length > MAX_CHARACTERS) return whole;
  return trimEmptyLines(stripSignature(kept)).join('\n') || whole;
}

// No-break spaces, zero-width and direction marks, and the "read tracker" dots that add-ons leave behind.
const ODD = /[\u00a0\u202f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u1427]/;

/** Lines without odd characters, empty lines at either end, or white space at the very end. */
function tidy(text: string): string[] {
  let clean = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (ODD.test(clean)) {
    clean = clean.replace(/[\u00a0\u202f]/g, ' ').replace(new RegExp(ODD.source, 'g'), '');
  }
  return trimEmptyLines(clean.split('\n'));
}

/** Leading and trailing empty lines go, indentation of the first line stays. */
function trimEmptyLines(lines: readonly string[]): string[] {
  let first = 0;
  let last = lines.length;
  while (first < last && lines[first]!.trim() === '') first++;
  while (last > first && lines[last - 1]!.trim() === '') last--;
  const kept = lines.slice(first, last);
  if (kept.length > 0) kept.push(kept.pop()!.trimEnd());
  return kept;
}

function findCut(lines: readonly string[]): Cut | null {
  // For each line, how far it is to the next on which an attribution could end.
  const ends = new Uint8Array(lines.length);
  for (let i = lines.length - 1, away = 255; i >= 0; i--) {
    away = mayEndAttribution(lines[i]!) ? 0 : Math.min(away + 1, 255);
    ends[i] = away;
  }
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || line.length > MAX_LINE) continue;
    const quoted = QUOTED.test(line);
    if (quoted) {
      const end = trailingQuoteEnd(lines, i, ends);
      if (end) return { from: i, to: i, how: 'quote' };
      // A quotation with text after it: its inner attributions are part of it.
      while (i + 1 < lines.length && QUOTED.test(lines[i + 1]!)) i++;
      continue;
    }
    // Most lines can be none of these: no colon, no rule, and nothing near that could end an attribution.
    const colon = line.includes(':') || line.includes('：');
    const found =
      (colon || /^[\s>*_=]{0,8}[-–—_]/u.test(line) ? separatorAt(lines, i) : null) ??
      (colon ? headersAt(lines, i) : null) ??
      (ends[i]! < MAX_ATTRIBUTION_LINES ? attributionAt(lines, i, ends) : null);
    if (found) return { ...found, from: withRuleAbove(lines, found.from) };
    if (mayAskForReplyAbove(line) && REPLY_ABOVE.test(line)) return { from: i, to: i + 1, how: 'separator' };
  }
  return null;
}

/** `-----Original Message-----`, `Begin forwarded message:`, with the headers that follow. */
function separatorAt(lines: readonly string[], i: number): Cut | null {
  const line = lines[i]!;
  // The tables of words are long: a line is held against them only if its shape allows.
  const dashed = /^[\s>*_=]{0,8}[-–—_]/u.test(line) && SEPARATOR_LINE.test(line);
  if (!dashed && (line.length > 80 || !introduces(lines, i))) return null;
  if (!dashed && !BARE_SEPARATOR_LINE.test(line)) return null;
  const how = FORWARD_WORDS.test(line) ? 'forward' : 'separator';
  let to = i + 1;
  while (to < lines.length && lines[to]!.trim() === '') to++;
  if (to < lines.length && isLabel(lines[to]!)) to = endOfHeaders(lines, to);
  return { from: i, to, how };
}

/** Without dashes it is a sentence, unless headers or a quotation follow. */
function introduces(lines: readonly string[], i: number): boolean {
  let next = i + 1;
  while (next < lines.length && lines[next]!.trim() === '') next++;
  return next < lines.length && (QUOTED.test(lines[next]!) || isLabel(lines[next]!));
}

function isLabel(line: string): boolean {
  const colon = line.search(/[:：]/u);
  return colon > 0 && colon <= 40 && ANY_LABEL.test(line);
}

/** Outlook: "From: …" with at least two more labels in the next lines; or "Date, From, To" in any order. */
function headersAt(lines: readonly string[], i: number): Cut | null {
  if (!isLabel(lines[i]!)) return null;
  const to = endOfHeaders(lines, i);
  const block = lines.slice(i, Math.min(to, i + 12));
  const kinds = OTHER_LABELS.filter((label) => block.some((line) => label.test(line))).length;
  const from = block.some((line) => FROM_LABEL.test(line));
  // "À : ann@… Objet : …" puts two on one line.
  const address = block.some((line) => EMAIL.test(line));
  const enough = from && (kinds >= 2 || (kinds >= 1 && address && YEAR_OR_TIME.test(block.join(' '))));
  return enough ? { from: i, to, how: 'headers' } : null;
}

/** First line after a header block: labels, their continuation lines, single empty lines between labels. */
function endOfHeaders(lines: readonly string[], start: number): number {
  let i = start;
  while (i < lines.length && i < start + 24) {
    const line = lines[i]!;
    if (isLabel(line)) i++;
    else if (line.trim() === '') {
      if (i + 1 < lines.length && isLabel(lines[i + 1]!)) i++;
      else break;
    } else if (i > start && (/^[^:]{0,200}$/u.test(line) || EMAIL.test(line))) i++;
    else break;
  }
  return i;
}

function mayAskForReplyAbove(line: string): boolean {
  return (
    line.length < 200 &&
    (line.includes('bove') ||
      line.includes('over') ||
      line.includes('dessus') ||
      line.includes('ber dieser') ||
      line.includes('ncima'))
  );
}

/** Could an attribution end on this line? With a colon, a rule, or the bare verb: all others are skipped fast. */
function mayEndAttribution(line: string): boolean {
  if (line.length > MAX_LINE) return false;
  const trimmed = line.trimEnd();
  const last = trimmed.at(-1);
  if (last === ':' || last === '：' || last === '-' || last === '*') return true;
  return last !== undefined && BARE_VERBS.has(trimmed.slice(trimmed.lastIndexOf(' ') + 1));
}

/** "On Monday, Ann <ann@…> wrote:", wrapped or not, in any language. */
function attributionAt(lines: readonly string[], i: number, ends: Uint8Array): Cut | null {
  const dated = DATED_START.test(lines[i]!);
  if (!dated && !NAMED_START.test(lines[i]!)) return null;
  // Begun by a name it is wrapped once at most; otherwise a sentence above it would be taken for the name.
  const limit = Math.min(lines.length, i + (dated ? MAX_ATTRIBUTION_LINES : 2));
  let joined = '';
  for (let n = i; n < limit; n++) {
    const line = lines[n]!;
    if (n > i && QUOTED.test(line) && !/^>\s?\S{0,24}\s?\S{0,24}[:：]\s*$/u.test(line)) return null;
    // An empty line ends it, unless the address stands open ("Ann\n\n<\nann@…\n> wrote:").
    if (n > i && line.trim() === '' && !/^\s*<|^\s*$/.test(lines[n + 1] ?? 'x')) return null;
    // A better beginning further down: that line will have its own turn.
    if (n > i && !dated && DATED_START.test(line)) return null;
    joined = joined === '' ? line.trim() : `${joined} ${line.trim()}`;
    if (joined.length > MAX_ATTRIBUTION_CHARACTERS) return null;
    if (ends[n] === 0 && isAttribution(joined, dated, lines, n + 1)) {
      return { from: laterStart(lines, i, n), to: n + 1, how: 'attribution' };
    }
  }
  return null;
}

/** "We met at 3.\nOn May 3, 2024 Ann wrote:": the sentence above is not part of it if the lower line says it all. */
function laterStart(lines: readonly string[], first: number, last: number): number {
  for (let k = last; k > first; k--) {
    if (!/^[\s>]*\p{L}/u.test(lines[k]!) || !DATED_START.test(lines[k]!)) continue;
    const text = lines
      .slice(k, last + 1)
      .map((line) => line.trim())
      .join(' ');
    if (isAttribution(text, true, lines, last + 1)) return k;
  }
  return first;
}

function isAttribution(text: string, datedStart: boolean, lines: readonly string[], next: number): boolean {
  if (!ATTRIBUTION_END.test(text)) return false;
  const dated = YEAR_OR_TIME.test(text);
  const address = EMAIL.test(text);
  if (datedStart && dated) return true;
  // "Ann <ann@example.org> wrote on May 3, 2024 at 10:32:", or nothing but name, address and verb before a quotation.
  if (dated && address && text.length < 250) return true;
  if (!dated && !address) return false;
  let after = next;
  while (after < lines.length && lines[after]!.trim() === '') after++;
  return after < lines.length && QUOTED.test(lines[after]!);
}

/** Rules (`____`, `----`, `====`) right above the introduction belong to it. */
function withRuleAbove(lines: readonly string[], from: number): number {
  let i = from;
  while (i > 0 && /^\s*(?:[-_=*]{2,}|<?hr>?)?\s*$/.test(lines[i - 1]!)) i--;
  return i;
}

/** True if from here to the end there is nothing but quotation, empty lines and a signature. */
function trailingQuoteEnd(lines: readonly string[], start: number, ends: Uint8Array): boolean {
  let i = start;
  let wrapped = 0;
  for (; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '') wrapped = 0;
    else if (QUOTED.test(line)) wrapped = 0;
    else if (isSignatureDelimiter(line)) return true;
    // Broken wrapping leaves the tail of a long quoted line unquoted, right below it.
    else if (i > start && QUOTED.test(lines[i - 1]!) && lines[i - 1]!.length > 65 && line.length < 65 && wrapped++ < 1)
      continue;
    else return separatorAt(lines, i) !== null || attributionAt(lines, i, ends) !== null;
  }
  return true;
}

/** The quotation came first: what stands below it, or for a forward what was forwarded. */
function afterLeadingQuotation(lines: readonly string[], cut: Cut): string[] {
  const rest = lines.slice(cut.to);
  const blocks = countAnswerBlocks(rest);
  if (cut.how === 'quote' || rest.every((line) => line.trim() === '')) return [];
  if (blocks.quotes === 0) return stripNested(rest);
  // Answers between several quotations make no sense without them.
  if (blocks.answers > 1) return rest;
  return rest.filter((line) => !QUOTED.test(line));
}

function stripNested(rest: string[]): string[] {
  const inner = findCut(rest);
  return inner && !isEmpty(rest.slice(0, inner.from)) ? rest.slice(0, inner.from) : rest;
}

/** "Hi Ann," on top and the answers between the quotations: both stay. */
function withInlineAnswers(lines: readonly string[], head: string[], cut: Cut): string[] {
  const rest = lines.slice(cut.to);
  const blocks = countAnswerBlocks(rest);
  return cut.how === 'attribution' && blocks.quotes > 0 && blocks.answers > 0 ? [...head, '', ...rest] : head;
}

/** Runs of own text that stand below a quotation and apart from it by an empty line. */
function countAnswerBlocks(lines: readonly string[]): { quotes: number; answers: number } {
  let quotes = 0;
  let answers = 0;
  let previous: 'none' | 'quote' | 'gap' | 'text' = 'none';
  for (const line of lines) {
    if (line.trim() === '') {
      if (previous === 'quote') previous = 'gap';
    } else if (QUOTED.test(line)) {
      if (previous !== 'quote') quotes++;
      previous = 'quote';
    } else {
      if (isSignatureDelimiter(line)) break;
      if (previous === 'gap') answers++;
      previous = 'text';
    }
  }
  return { quotes, answers };
}

function isGreeting(lines: readonly string[]): boolean {
  const words = lines.filter((line) => line.trim() !== '');
  return words.length === 1 && words[0]!.length <= 40 && /[,，!]\s*$/u.test(words[0]!);
}

function isEmpty(lines: readonly string[]): boolean {
  return lines.every((line) => /^\s*(?:[-_=*]{2,})?\s*$/.test(line));
}

/** RFC 3676 4.3 says "-- "; clients and people also write "--", "—" or "__". */
function isSignatureDelimiter(line: string): boolean {
  return /^\s{0,2}(?:--|––?|—|__)\s*$/u.test(line);
}

/** Weaker rules of the same kind: believed only when little follows. */
const WEAK_DELIMITER = /^\s*(?:[-–—]{3,40}|_{3,80}|={2,40}|\+{2,40}|~{3,40}|\*{3,40}|#{4,40})\s*$/u;

function stripSignature(lines: readonly string[]): string[] {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.length > 2 * MAX_LINE || line.trim() === '') continue;
    if (beginsSignature(lines, i)) {
      const before = lines.slice(0, i);
      if (!isEmpty(before) && !insideCode(before)) return DISCLAIMER.test(line) ? stripSignature(before) : before;
    }
  }
  return [...lines];
}

function beginsSignature(lines: readonly string[], i: number): boolean {
  const line = lines[i]!;
  if (line.length <= 6 && isSignatureDelimiter(line)) return true;
  const left = lines.length - i;
  if (left > 200) return false;
  const mark = ',!，！_*#~=+–—-'.includes(line.trimEnd().at(-1) ?? ' ');
  if (mark && (WEAK_DELIMITER.test(line) || SIGN_OFF.test(line))) {
    const rest = nonEmptyAfter(lines, i);
    return rest.length <= 12 && rest.every((one) => one.length <= 120);
  }
  if (left <= 20 && line.length <= 120 && endsParagraph(lines, i) && SENT_FROM.test(line)) {
    return nonEmptyAfter(lines, i).length <= 6;
  }
  const startsParagraph = i === 0 || lines[i - 1]!.trim() === '' || WEAK_DELIMITER.test(lines[i - 1]!);
  return startsParagraph && DISCLAIMER.test(line.slice(0, 300));
}

function nonEmptyAfter(lines: readonly string[], i: number): string[] {
  return lines.slice(i + 1).filter((one) => one.trim() !== '');
}

function endsParagraph(lines: readonly string[], i: number): boolean {
  const previous = lines[i - 1]?.trim() ?? '';
  const next = lines[i + 1]?.trim() ?? '';
  return next === '' || previous === '' || i === lines.length - 1;
}

/** Within a Markdown fence nothing is a delimiter. */
function insideCode(before: readonly string[]): boolean {
  return before.filter((line) => line.startsWith('```')).length % 2 === 1;
}
