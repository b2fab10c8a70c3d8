// Markdown of agents to HTML that mail clients show alike, and to plain text that is pleasant to read.
import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import { withinTime } from './within-time.js';

/** What people write takes some milliseconds. */
const LIMIT_MS = 1_000;

/** Null for a hundred thousand brackets, which take minutes, and for thousands of quotes in each other: they go as written. */
function readable<T>(read: () => T): T | null {
  try {
    return withinTime(LIMIT_MS, read);
  } catch (error) {
    if ((error as Error).name === 'RangeError') return null; // the stack is full
    throw error;
  }
}

const marked = new Marked({ gfm: true, breaks: true, async: false });

const LINK = 'color:#2457c5;text-decoration:underline';
/** Mail clients drop style sheets: every element carries its own. */
const STYLES: Record<string, string> = {
  p: 'margin:0 0 14px',
  ul: 'margin:0 0 14px;padding-left:24px',
  ol: 'margin:0 0 14px;padding-left:24px',
  li: 'margin:0 0 4px',
  h1: 'margin:0 0 12px;font-size:20px;line-height:1.3',
  h2: 'margin:0 0 12px;font-size:18px;line-height:1.3',
  h3: 'margin:0 0 10px;font-size:16px;line-height:1.3',
  blockquote: 'margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid #d5d9e0;color:#5a6270',
  pre: 'margin:0 0 14px;padding:10px 12px;background:#f4f5f7;border-radius:4px;overflow:auto;font:13px/1.5 Menlo,Consolas,monospace;white-space:pre-wrap',
  code: 'font:13px/1.5 Menlo,Consolas,monospace;background:#f4f5f7;border-radius:3px;padding:1px 4px',
  table: 'border-collapse:collapse;margin:0 0 14px',
  th: 'border:1px solid #d5d9e0;padding:6px 10px;text-align:left;background:#f4f5f7',
  td: 'border:1px solid #d5d9e0;padding:6px 10px;vertical-align:top',
  hr: 'border:0;border-top:1px solid #d5d9e0;margin:16px 0',
};

/** Of pictures alone; they are no element of their own without `images`. */
const PICTURE = 'max-width:100%;height:auto';

/**
 * Safe to send and to show: no script, no remote content, no raw HTML beyond what Markdown makes.
 * @param images pictures that travel along: what the text calls them (`attachment:<id>`, `cid:<id>`) and the `cid:` of their
 *   part (RFC 2392). All other pictures are left out.
 */
export function markdownToHtml(markdown: string, images: ReadonlyMap<string, string> = new Map()): string {
  return readable(() => safeHtmlOf(markdown, images)) ?? asWritten(markdown);
}

function safeHtmlOf(markdown: string, images: ReadonlyMap<string, string>): string {
  const html = marked.parse(markdown, { async: false });
  return sanitizeHtml(html, {
    allowedTags: [
      ...Object.keys(STYLES),
      ...(images.size > 0 ? ['img'] : []),
      'a',
      'br',
      'em',
      'strong',
      'del',
      'h4',
      'h5',
      'h6',
      'thead',
      'tbody',
      'tr',
    ],
    allowedAttributes: { a: ['href', 'style'], img: ['src', 'alt', 'style'], '*': ['style'], ol: ['start', 'style'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid'] },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src'],
    // `style` is ours alone: whatever was written is replaced.
    transformTags: {
      '*': (tagName, { href, start, src, alt }) => ({
        tagName,
        attribs: {
          ...(tagName === 'img' && src && images.has(src)
            ? { src: images.get(src)!, alt: alt ?? '', style: PICTURE }
            : {}),
          ...(tagName === 'a' && href ? { href, style: LINK } : {}),
          ...(tagName === 'ol' && start ? { start } : {}),
          ...(STYLES[tagName] ? { style: STYLES[tagName] } : {}),
        },
      }),
    },
    parseStyleAttributes: false,
    nestingLimit: 50,
  }).trim();
}

const asWritten = (text: string): string =>
  `<p style="${STYLES['p']}">${escapeText(text.trim()).replace(/\r\n?|\n/g, '<br />')}</p>`;
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Markdown is readable as it is; only what exists for the machine goes (escapes, link syntax, raw HTML). */
export function markdownToText(markdown: string): string {
  return readable(() => plainTextOf(markdown)) ?? markdown.trim();
}

function plainTextOf(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .split(/(^```[^\n]*\n[\s\S]*?^```[^\n]*$)/m)
    .map((piece, i) => (i % 2 === 1 ? piece.replace(/^```[^\n]*\n?/gm, '') : plainProse(piece)))
    .join('')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function plainProse(text: string): string {
  return text
    .replace(/!\[([^\]\n]{0,300})\]\([^()\s]{1,2000}\)/g, '$1')
    .replace(
      /\[([^\]\n]{1,300})\]\((?:<([^<>\s]{1,2000})>|([^()\s]{1,2000}))\)/g,
      (_, words: string, a?: string, b?: string) => {
        const url = (a ?? b ?? '').replace(/^mailto:/, '');
        return words === url ? words : `${words} <${url}>`;
      },
    )
    .replace(/(\*\*|__)(?=\S)([^\n]{1,500}?\S)\1/g, '$2')
    .replace(/^#{1,6}\s+(.*)$/gm, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!>~|])/g, '$1');
}
