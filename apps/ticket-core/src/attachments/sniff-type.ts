import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';
import { extensionOf } from './safe-name.js';

/** So much of a file's beginning is looked at. */
export const SNIFFED_BYTES = 64 * 1024;
const UNKNOWN = 'application/octet-stream';

export interface SniffedType {
  contentType: string;
  /** What files of these bytes are called; null when the bytes do not say. */
  extension: string | null;
}

/**
 * What a file is, by its bytes. The declared type is believed only if it agrees with them: it is one of the containers'
 * many kinds, or a kind of text, or nothing that the bytes would have shown.
 * @param isWhole whether `head` is all there is
 */
export async function sniffType(
  head: Buffer,
  isWhole: boolean,
  declared: string | null,
  name: string,
): Promise<SniffedType> {
  const claimed = bareType(declared);
  // A file that breaks the sniffer is one that it does not know.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found) {
    const contentType = claimed && mayBe(found.mime, claimed) ? claimed : found.mime;
    return { contentType, extension: found.ext };
  }
  const byName = TEXT_BY_EXTENSION[extensionOf(name).toLowerCase()];
  if (isText(head, isWhole, (claimed !== null && TEXTUAL.test(claimed)) || byName !== undefined)) {
    const contentType = claimed && TEXTUAL.test(claimed) ? claimed : (byName ?? 'text/plain');
    return { contentType, extension: null };
  }
  const plausible = claimed !== null && !TEXTUAL.test(claimed) && !supportedMimeTypes.has(claimed);
  return { contentType: plausible ? claimed : UNKNOWN, extension: null };
}

/** Without parameters; null when it is no type at all (RFC 6838 4.2), or says nothing. */
function bareType(declared: string | null): string | null {
  const type = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][\w!#$&^.+-]{0,63}\/[a-z0-9][\w!#$&^.+-]{0,126}$/.test(type) && type !== UNKNOWN ? type : null;
}

const TEXTUAL =
  /^(?:text\/.+|message\/rfc822|.+\+(?:json|xml|yaml)|application\/(?:json|xml|javascript|yaml|x-yaml|toml|sql|x-ndjson|x-sh|x-httpd-php|pgp-\w+|x-subrip|x-pem-file))$/;

/** Kinds of text that have no letters of their own to be known by. */
const TEXT_BY_EXTENSION: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  json: 'application/json',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  svg: 'image/svg+xml',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  eml: 'message/rfc822',
};

/** Containers are of many kinds that their first bytes do not tell; audio and video have several names each. */
const KINDS_OF: Readonly<Record<string, RegExp>> = {
  'application/zip': /^application\/(?:x-zip(?:-compressed)?|vnd\..+|epub\+zip|java-archive)$/,
  'application/x-cfb': /^application\/(?:msword|vnd\.ms-.+|vnd\.visio)$/,
  'application/xml': /^(?:text\/xml|.+\+xml)$/,
};

function mayBe(found: string, claimed: string): boolean {
  if (found === claimed || KINDS_OF[found]?.test(claimed)) return true;
  const [family] = found.split('/');
  return (family === 'audio' || family === 'video') && claimed.startsWith(`${family}/`);
}

/** UTF-8 or UTF-16; where a text is expected any single-byte charset too, as old spreadsheets write it. */
function isText(head: Buffer, isWhole: boolean, expected: boolean): boolean {
  if (head.length >= 2 && [0xfeff, 0xfffe].includes(head.readUInt16BE(0))) return head.length % 2 === 0 || !isWhole;
  for (const byte of head) if (byte < 0x20 && !PRINTER_CONTROLS.has(byte)) return false;
  if (expected) return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

/** Backspace, tab, line feed, vertical tab, form feed, carriage return, escape: logs and listings have them. */
const PRINTER_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

/** The entry of the list that forbids this file, by its name or by its bytes; null when it may be taken. */
export function refusedKind(refused: ReadonlySet<string>, name: string, sniffed: string | null): string | null {
  const byName = extensionOf(name).toLowerCase();
  if (refused.has(byName)) return byName;
  return sniffed !== null && refused.has(sniffed) ? sniffed : null;
}

/** What a browser may show by itself: pictures that are no documents, PDF, plain text. Never HTML or SVG. */
export const isShownInline = (contentType: string): boolean =>
  /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|apng)|application\/pdf|text\/plain)$/.test(contentType.toLowerCase());
