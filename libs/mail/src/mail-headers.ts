// Headers as they were written, in order: mailparser keeps the last of each, we need all of them.
import type { MailAddress } from './mail.js';

/** Lower-cased name and unfolded, still encoded value. */
export interface HeaderLine {
  name: string;
  value: string;
}

const NAME_AND_VALUE = /^([!-9;-~]+)[ \t]*:[ \t]*([\s\S]*)$/;

/** Raw headers of one mail or one part. Look-ups are by lower-cased name. */
export class MailHeaders {
  private readonly byName = new Map<string, string[]>();

  constructor(readonly lines: readonly HeaderLine[]) {
    for (const { name, value } of lines) {
      const values = this.byName.get(name);
      if (values) values.push(value);
      else this.byName.set(name, [value]);
    }
  }

  /** First value, or ''. */
  first(name: string): string {
    return this.byName.get(name)?.[0] ?? '';
  }

  all(name: string): readonly string[] {
    return this.byName.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  names(): Iterable<string> {
    return this.byName.keys();
  }
}

/** From mailparser's `headerLines` (each line still folded, with its name). */
export function headersFromLines(lines: readonly { key: string; line: string }[]): MailHeaders {
  const read: HeaderLine[] = [];
  for (const { line } of lines) {
    const parts = NAME_AND_VALUE.exec(line);
    if (parts) read.push({ name: parts[1]!.toLowerCase(), value: unfold(parts[2]!) });
  }
  return new MailHeaders(read);
}

/**
 * Reads a header block from text (no parser needed): for mails that the parser refuses, and for mails inside mails.
 * Stops at the first empty line. Lines that are no headers are skipped. RFC 5322 2.2, 2.2.3 (folding).
 */
export function readHeaderBlock(text: string): MailHeaders {
  const read: HeaderLine[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (read.length > 0) break;
      continue; // a mail that begins with empty lines
    }
    const last = read.at(-1);
    if (/^[ \t]/.test(line) && last) {
      if (last.value.length < 64 * 1024) last.value += ` ${line.trim()}`;
      continue;
    }
    const parts = NAME_AND_VALUE.exec(line);
    if (parts) read.push({ name: parts[1]!.toLowerCase(), value: parts[2]!.trim() });
  }
  return new MailHeaders(read);
}

function unfold(value: string): string {
  return value.includes('\n') || value.includes('\r') ? value.replace(/[\r\n]+[ \t]*/g, ' ').trim() : value.trim();
}

/**
 * `<local@domain>` in one spelling: without comments and inner white space, domain lower-cased (the left side is
 * case-sensitive, RFC 5322 3.6.4). Null if there is nothing that could be an id.
 */
export function normaliseMessageId(value: string | null | undefined): string | null {
  if (!value) return null;
  const inner = /<([^<>]{1,995})>/.exec(value)?.[1] ?? value;
  const id = inner.replace(/[\s<>]+/g, '');
  if (id === '' || id.length > 995) return null;
  const at = id.lastIndexOf('@');
  return at < 0 ? `<${id}>` : `<${id.slice(0, at)}@${id.slice(at + 1).toLowerCase()}>`;
}

/** All ids of an In-Reply-To or References header, in order, each once; at most 200 (the last ones matter most). */
export function readMessageIds(values: readonly string[]): string[] {
  const ids = new Set<string>();
  for (const value of values) {
    // Some clients write the words "message of Monday" into In-Reply-To (RFC 822 allowed it): only <…> counts then.
    const found = value.match(/<[^<>]{1,995}>/g) ?? (/^\s*\S+@\S+\s*$/.test(value) ? [value] : []);
    for (const one of found) {
      const id = normaliseMessageId(one);
      if (id) {
        ids.delete(id);
        ids.add(id);
      }
    }
  }
  return [...ids].slice(-200);
}

const PLAIN_ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;

/** True for a mailbox that is safe to write to or to compare: one `local@domain`, no white space, no control bytes. */
export function isPlainAddress(address: string): boolean {
  return address.length <= 254 && PLAIN_ADDRESS.test(address) && !hasControlBytes(address);
}

function hasControlBytes(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

interface ParsedAddress {
  address?: string | undefined;
  name?: string;
  group?: ParsedAddress[] | undefined;
}

/** Flattens mailparser's addresses (groups are opened, empty ones dropped, addresses lower-cased). */
export function flattenAddresses(parsed: readonly ParsedAddress[] | undefined): MailAddress[] {
  const flat: MailAddress[] = [];
  for (const one of parsed ?? []) {
    if (one.group) flat.push(...flattenAddresses(one.group));
    const address = (one.address ?? '').trim().toLowerCase();
    if (address !== '') flat.push({ address, name: (one.name ?? '').trim() });
  }
  return flat;
}

/** Bare addresses out of a header such as Delivered-To, which holds no names. */
export function readBareAddresses(values: readonly string[]): string[] {
  const found = new Set<string>();
  for (const value of values) {
    for (const piece of value.split(',')) {
      const address = (/<([^<>]*)>/.exec(piece)?.[1] ?? piece).trim().toLowerCase();
      if (address.includes('@') && !/\s/.test(address)) found.add(address);
    }
  }
  return [...found];
}
