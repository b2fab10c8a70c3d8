// Bounces without a report: qmail, Exim, sendmail, Exchange 5.5, Notes, DragonFly, carriers. Each names the address in
// one of a few ways, with the server's words on the same line or below.
import type { RecipientReport } from './recipient-report.js';
import type { MailHeaders } from './mail-headers.js';

const ADDRESS = /[^\s<>()[\]{},;:"'=|]+@[^\s<>()[\]{},;:"'=|]+[^\s<>()[\]{},;:"'=|.]/;

/** Lines after which what is quoted is the returned mail, not the answer. */
const END =
  /^\W*(?:below this line is a copy|this is a copy of|(?:the )?(?:original|unsent|returned|undelivered|failed|enclosed) (?:message|mail|headers?|e-?mail)|message headers? follow|a copy of the (?:original|message)|the header of the original|included is a copy|your message (?:follows|reads)|message (?:text|contents?) follows?|return-path:|received: )/i;

/** The ways to name an address, from the clearest on; those of one group are believed together. */
const SHAPES: readonly (readonly RegExp[])[] = [
  [new RegExp(`^\\s{0,8}["']?<?(${ADDRESS.source})>?["']?\\s*:`)],
  [new RegExp(`^\\s{0,12}<?(${ADDRESS.source})>?\\s*(?:\\(.{0,120}\\))?\\s*$`)],
  [new RegExp(`^\\s{0,12}<?(${ADDRESS.source})>?\\s*(?:\\.\\.\\.|-{1,3}|,|\\s)\\s?\\S`)],
  [
    new RegExp(
      `\\b(?:to|for|recipient|address|user|rcpt to:?|recipient address:?|mailbox)\\s*:?\\s*['"]?<(${ADDRESS.source})>`,
      'i',
    ),
    new RegExp(
      `^\\W{0,6}(?:to|recipients?|original recipient|rcpt to|failed recipient|intended recipient|recipient address|address|user)\\s*:\\s*<?(${ADDRESS.source})`,
      'i',
    ),
    new RegExp(`[45]\\d\\d[ -].{0,60}?<(${ADDRESS.source})>`),
  ],
];

/** Never throws; empty when no address is named. */
export function proseRecipients(headers: MailHeaders, text: string): RecipientReport[] {
  const lines = ownLines(text);
  const named = headers
    .all('x-failed-recipients')
    .flatMap((value) => value.split(','))
    .map((piece) => ADDRESS.exec(piece)?.[0]?.toLowerCase() ?? '')
    .filter((address) => address !== '');
  if (named.length > 0) return named.map((address) => report(address, lines));
  const self = new Set(
    ['from', 'to', 'return-path'].map((name) => ADDRESS.exec(headers.first(name))?.[0]?.toLowerCase() ?? ''),
  );
  for (const shapes of SHAPES) {
    const found = new Set<string>();
    for (const line of lines) {
      if (line.length > 1000) continue;
      for (const shape of shapes) {
        const address = shape.exec(line)?.[1]?.toLowerCase();
        if (address && !self.has(address)) found.add(address);
      }
    }
    if (found.size > 0) return [...found].map((address) => report(address, lines));
  }
  return [];
}

function report(address: string, lines: readonly string[]): RecipientReport {
  return { address, status: '', diagnostic: wordsAbout(lines, address), action: '' };
}

function ownLines(text: string): string[] {
  const lines = text.split('\n').slice(0, 400);
  const end = lines.findIndex((line, i) => i > 1 && END.test(line));
  return end < 0 ? lines : lines.slice(0, end);
}

/** The lines around each mention of the address, up to the next address or two empty lines. */
function wordsAbout(lines: readonly string[], address: string): string {
  const words: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]!.toLowerCase().includes(address)) continue;
    for (let n = i; n < Math.min(lines.length, i + 14); n++) {
      const line = lines[n]!;
      const other =
        n > i && /^\s{0,8}<?[^\s<>@]+@[^\s<>@]+>?\s*:?\s*$/.test(line) && !line.toLowerCase().includes(address);
      if (other || (line.trim() === '' && (lines[n + 1] ?? '').trim() === '')) break;
      words.push(line.trim());
    }
  }
  return [...new Set(words)].join('\n').slice(0, 2000);
}
