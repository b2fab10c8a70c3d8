// HTML of a mail to text, in one pass over its tokens: no tree is built, so unclosed or deeply nested elements cost
// nothing extra (html-to-text needs 7 s for 1 MB of unclosed <div>). This file imports nothing of ours, because the
// worker loads it by itself (html-worker.ts); for the same reason it uses no syntax that Node cannot strip.
import { Tokenizer } from 'htmlparser2';

/** More than this is cut: no person wrote it, and what they newly wrote stands at the top. */
export const MAX_HTML_CHARACTERS = 5 * 1024 * 1024;
const MAX_TEXT_CHARACTERS = 1024 * 1024;
/** Elements nested deeper than this are read, but no longer told apart. */
const MAX_DEPTH = 500;

export interface HtmlText {
  /** Everything that is shown; quotations are marked with "> ". */
  text: string;
  /** The same without what the client itself marked as quotation, forwarded headers or signature. */
  unquoted: string;
  /** Input or output was too long and was cut. */
  cut: boolean;
}

interface Frame {
  name: string;
  quotes: number;
  hidden: boolean;
  old: boolean;
  pre: boolean;
}

const BLOCKS = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 ul ol pre table blockquote'.split(' '));
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const READ_ATTRIBUTES = new Set('class id style href alt type cite'.split(' '));
const SILENT = new Set('head style script title noscript template object svg select textarea'.split(' '));

/** Class or id by which a client marks the old mail inside the element. */
const OLD_CONTAINER =
  /(?:^|[\s_-])(?:gmail_quote(?:_container)?|gmail_extra|yahoo_quoted|yahooquoted|moz-cite-prefix|moz-forward-container|protonmail_quote|tutanota_quote|zmail_extra|zmail_extra_hr|outlookmessageheader|replyforwardmessage|qm_original|isreplycontent|cite-wrapper|quoted-text|mail-quote|airmail_on|front-blockquote|wrote-on|reply-new-signature|ntes_not_fresh|ms-outlook-mobile-reference-message)(?:$|[\s_-])|mail-editor-reference-message|email-quote|history_container|oriMsgHtmlSeperator|imail_reply/i;
/** Class or id of a signature. */
const SIGNATURE_CONTAINER =
  /(?:^|[\s_-])(?:gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature|applemailsignature|signature_old|bloop_sign|zimbra-signature|yahoo-signature)(?:$|[\s_-])/i;
/** From here on, to the end of the mail, all is old. */
const OLD_FROM_HERE =
  /^(?:x_)*(?:divRplyFwdMsg|appendonsend|stopSpelling|ms-outlook-mobile-body-separator-line|reply-intro|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION)$/i;

/** Never throws. Time is linear in the input's length. */
export function htmlToText(html: string): HtmlText {
  const source = html.length > MAX_HTML_CHARACTERS ? html.slice(0, MAX_HTML_CHARACTERS) : html;
  const writer = new TextWriter();
  const reader = new Reader(source, writer);
  const tokenizer = new Tokenizer({ decodeEntities: true }, reader);
  tokenizer.write(source);
  tokenizer.end();
  const { all, fresh } = writer.finish();
  return { text: all, unquoted: fresh, cut: source.length < html.length || writer.full };
}

/** Follows the open elements and tells the writer what to write. */
class Reader {
  private readonly open: Frame[] = [];
  private deeper = 0;
  private now: Frame = { name: '', quotes: 0, hidden: false, old: false, pre: false };
  private oldFromHere = false;
  private tag = '';
  private attribute = '';
  private value = '';
  private attributes: Record<string, string> = {};
  private attributeCount = 0;
  private link: { href: string; from: number } | null = null;

  private readonly source: string;
  private readonly out: TextWriter;

  constructor(source: string, out: TextWriter) {
    this.source = source;
    this.out = out;
  }

  ontext(start: number, end: number): void {
    if (!this.now.hidden) this.out.text(this.source.slice(start, end), this.now.pre);
  }
  ontextentity(codepoint: number): void {
    if (!this.now.hidden) this.out.text(String.fromCodePoint(codepoint), this.now.pre);
  }
  onopentagname(start: number, end: number): void {
    this.tag = this.source.slice(start, Math.min(end, start + 40)).toLowerCase();
    this.attributes = {};
    this.attributeCount = 0;
  }
  onattribname(start: number, end: number): void {
    this.attribute = this.source.slice(start, Math.min(end, start + 40)).toLowerCase();
    this.value = '';
  }
  onattribdata(start: number, end: number): void {
    if (this.value.length < 2000) this.value += this.source.slice(start, Math.min(end, start + 2000));
  }
  onattribentity(codepoint: number): void {
    if (this.value.length < 2000) this.value += String.fromCodePoint(codepoint);
  }
  onattribend(): void {
    if (READ_ATTRIBUTES.has(this.attribute) && this.attributeCount++ < 50)
      this.attributes[this.attribute] ??= this.value;
  }
  onopentagend(): void {
    this.enter(false);
  }
  onselfclosingtag(): void {
    this.enter(true);
  }
  onclosetag(start: number, end: number): void {
    this.leave(this.source.slice(start, Math.min(end, start + 40)).toLowerCase());
  }
  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  private enter(selfClosing: boolean): void {
    const { tag: name, attributes } = this;
    if (name === 'br') return this.now.hidden ? undefined : this.out.line();
    if (name === 'img') return this.image(attributes);
    if (BLOCKS.has(name) && !this.now.hidden) this.out.block(PARAGRAPHS.has(name));
    if (VOID.has(name) || (selfClosing && !BLOCKS.has(name))) return;
    if (this.open.length >= MAX_DEPTH) {
      this.deeper++;
      return;
    }
    this.open.push(this.now);
    this.now = this.frame(name, attributes);
    this.out.state(this.now.quotes, this.now.old);
    if (this.now.hidden) return;
    if (name === 'li') this.out.text('- ', true);
    else if ((name === 'td' || name === 'th') && !this.out.atLineStart) this.out.text(' ', true);
    else if (name === 'a') this.link = { href: attributes['href'] ?? '', from: this.out.mark() };
  }

  private frame(name: string, attributes: Record<string, string>): Frame {
    const marks = `${attributes['class'] ?? ''} ${attributes['id'] ?? ''}`;
    const style = attributes['style'] ?? '';
    // Outlook for Windows marks the old mail only by the line above it.
    const rule =
      name === 'div' && /border:\s*none;\s*border-top:\s*solid #(?:E1E1E1|B5C4DF|B5C4DF) 1\.0pt/i.test(style);
    if (rule || OLD_FROM_HERE.test((attributes['id'] ?? '').trim())) this.oldFromHere = true;
    const blockquote = name === 'blockquote';
    // Lists that only indent use blockquote too; a cited mail says type=cite, or its container says it.
    const cited = blockquote && (attributes['type'] === 'cite' || attributes['cite'] !== undefined || this.now.old);
    const old = marks !== ' ' && (OLD_CONTAINER.test(marks) || SIGNATURE_CONTAINER.test(marks));
    return {
      name,
      quotes: this.now.quotes + (blockquote ? 1 : 0),
      hidden: this.now.hidden || SILENT.has(name) || (style !== '' && /display:\s*none|mso-hide:\s*all/i.test(style)),
      old: this.now.old || this.oldFromHere || old || cited,
      pre: this.now.pre || name === 'pre' || name === 'xmp',
    };
  }

  private leave(name: string): void {
    if (VOID.has(name)) {
      if (name === 'br' && !this.now.hidden) this.out.line();
      return;
    }
    if (this.deeper > 0) {
      this.deeper--;
      if (BLOCKS.has(name) && !this.now.hidden) this.out.block(false);
      return;
    }
    if (name === 'a') this.endLink();
    // A stray closing tag closes nothing; only so many open ones are looked through.
    let i = this.now.name === name ? this.open.length : -1;
    for (let n = this.open.length - 1; i < 0 && n > 0 && n > this.open.length - 60; n--) {
      if (this.open[n]!.name === name) i = n;
    }
    if (i < 0) return;
    const shown = BLOCKS.has(name) && !this.now.hidden;
    this.now = this.open[i - 1]!;
    this.open.length = i - 1;
    if (this.oldFromHere && !this.now.old) this.now = { ...this.now, old: true };
    this.out.state(this.now.quotes, this.now.old);
    if (shown) this.out.block(PARAGRAPHS.has(name));
  }

  private image(attributes: Record<string, string>): void {
    const alt = (attributes['alt'] ?? '').trim().slice(0, 200);
    if (!this.now.hidden && alt !== '') this.out.text(/^\[.*\]$/.test(alt) ? alt : `[${alt}]`, false);
  }

  /** Where a link leads is part of what was written, unless its text says it already. */
  private endLink(): void {
    if (!this.link || this.now.hidden) return;
    const { href, from } = this.link;
    this.link = null;
    const words = this.out.since(from).trim();
    if (!/^https?:/i.test(href) || words === '') return;
    const bare = (url: string): string =>
      url
        .replace(/^https?:\/\//i, '')
        .replace(/\/$/, '')
        .toLowerCase();
    if (bare(words) !== bare(href)) this.out.text(` <${href.slice(0, 500)}>`, false);
  }
}

/** Collects lines; knows for each whether it is quoted and whether it is old. */
class TextWriter {
  full = false;
  private readonly all: string[] = [];
  private readonly fresh: string[] = [];
  // The current line in pieces: a string that grows letter by letter would be copied for each look at its end.
  private pieces: string[] = [];
  private words = false;
  private endsInSpace = true;
  private size = 0;
  private quotes = 0;
  private old = false;
  private empties = 2;

  get atLineStart(): boolean {
    return this.pieces.length === 0;
  }

  state(quotes: number, old: boolean): void {
    if ((quotes !== this.quotes || old !== this.old) && this.words) this.line();
    this.quotes = quotes;
    this.old = old;
  }

  text(piece: string, keepSpace: boolean): void {
    if (this.full) return;
    if (!keepSpace) {
      const folded = piece.replace(/[ \t\r\n\f]+/g, ' ');
      return this.add(this.endsInSpace && folded.startsWith(' ') ? folded.slice(1) : folded);
    }
    const [first = '', ...others] = piece.split('\n');
    this.add(first);
    for (const other of others) {
      this.line();
      this.add(other);
    }
  }

  private add(piece: string): void {
    if (piece === '') return;
    this.pieces.push(piece);
    this.size += piece.length;
    if (this.size > MAX_TEXT_CHARACTERS) this.full = true;
    this.endsInSpace = piece.endsWith(' ');
    this.words ||= piece.trim() !== '';
  }

  mark(): number {
    return this.pieces.length;
  }

  /** At most some hundred characters of what was written since the mark. */
  since(mark: number): string {
    return this.pieces.slice(mark, mark + 50).join('');
  }

  /** Ends the line; an empty one stays as an empty line. */
  line(): void {
    const words = this.words ? this.pieces.join('').trimEnd() : '';
    this.pieces = [];
    this.words = false;
    this.endsInSpace = true;
    const empty = words === '';
    if (empty && this.empties >= 2) return;
    this.empties = empty ? this.empties + 1 : 0;
    this.size++;
    const line = this.quotes > 0 ? `${'>'.repeat(Math.min(this.quotes, 20))} ${words}`.trimEnd() : words;
    this.all.push(line);
    if (!this.old) this.fresh.push(line);
  }

  /** A block begins or ends here: a new line, for paragraphs an empty one too. */
  block(paragraph: boolean): void {
    if (this.words) this.line();
    else this.pieces = [];
    this.endsInSpace = true;
    if (paragraph && this.empties === 0) this.line();
  }

  finish(): { all: string; fresh: string } {
    if (this.words) this.line();
    return { all: this.all.join('\n').trim(), fresh: this.fresh.join('\n').trim() };
  }
}
