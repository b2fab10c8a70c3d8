// Reads one mail, whatever it is: never throws for what a sender can do. A mail that mailparser refuses is read
// again in simpler ways, until something can be shown, and `problems` says what was broken.
import { createHash, hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { readBounce } from './bounce.js';
import { flattenAddresses, normaliseMessageId, readBareAddresses, readMessageIds } from './mail-headers.js';
import { decodeHeaderText, hasRawBytesInEncodedWord } from './header-text.js';
import { mailKind } from './mail-kind.js';
import type { MailAddress, MailAttachment, ReadMail } from './mail.js';
import { parseMime, type AttachmentSink, type ParsedAttachment, type ParsedMime } from './parse-mime.js';
import { readHtml } from './read-html.js';
import { plainBody, salvageRaw } from './salvage-raw.js';
import { visibleReply } from './visible-reply.js';

export interface ReadMailOptions {
  /** Takes attachments as streams; their `content` stays empty then. Size and hash are there all the same. */
  onAttachment?: AttachmentSink;
  /** MAIL FROM of the envelope; '' is the null path of bounces (RFC 5321 4.5.5). Without it the Return-Path header counts. */
  envelopeFrom?: string | undefined;
  /** For the worker that reads large HTML; 2,000 if not given. */
  htmlTimeoutMs?: number;
}

/** Of a streamed mail this much is kept for a second look, should mailparser refuse it. */
const KEPT_HEAD_BYTES = 2 * 1024 * 1024;

/**
 * @param raw the mail as it came over the wire, whole or as a stream
 * @throws only what `onAttachment` throws, or what the stream fails with
 */
export async function readMail(raw: Buffer | Readable, options: ReadMailOptions = {}): Promise<ReadMail> {
  const source = Buffer.isBuffer(raw) ? wholeSource(raw) : streamSource(raw);
  const problems: string[] = [];
  let sinkError: unknown = null;
  const sink: AttachmentSink | undefined =
    options.onAttachment &&
    (async (part, content) => {
      try {
        await options.onAttachment?.(part, content);
      } catch (error) {
        sinkError = error;
        throw error;
      }
    });
  let parsed = await parseMime(source.input, sink);
  if (sinkError) throw sinkError as Error;
  if (source.streamError()) throw source.streamError()!;
  if (parsed.error) {
    problems.push(`not sound MIME (${parsed.error.message}): read as far as it goes`);
    parsed = await salvage(source.head(), parsed);
  }
  const nothing = parsed.text.trim() === '' && parsed.html === null && parsed.attachments.length === 0;
  if (nothing && !parsed.error) parsed = await rawBody(source.head(), parsed, problems);
  const { sizeBytes, sha256 } = source.facts();
  if (sizeBytes === 0) problems.push('the mail is empty');
  return assemble(parsed, { sizeBytes, sha256, problems, options });
}

interface MailSource {
  input: Buffer | Readable;
  head: () => Buffer;
  facts: () => { sizeBytes: number; sha256: string };
  streamError: () => Error | null;
}

function wholeSource(raw: Buffer): MailSource {
  return {
    input: raw,
    head: () => raw,
    facts: () => ({ sizeBytes: raw.length, sha256: hash('sha256', raw) }),
    streamError: () => null,
  };
}

function streamSource(raw: Readable): MailSource {
  const digest = createHash('sha256');
  const head: Buffer[] = [];
  let sizeBytes = 0;
  let error: Error | null = null;
  async function* pass(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of raw) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string);
        if (sizeBytes < KEPT_HEAD_BYTES) head.push(bytes);
        sizeBytes += bytes.length;
        digest.update(bytes);
        yield bytes;
      }
    } catch (broken) {
      error = broken instanceof Error ? broken : new Error(String(broken));
      throw error;
    }
  }
  return {
    input: Readable.from(pass(), { objectMode: false }),
    head: () => Buffer.concat(head),
    facts: () => ({ sizeBytes, sha256: digest.digest('hex') }),
    streamError: () => error,
  };
}

/** Simpler and simpler readings of the same mail; the first that mailparser takes, with the parts found before. */
async function salvage(head: Buffer, first: ParsedMime): Promise<ParsedMime> {
  for (const simpler of salvageRaw(head)) {
    const again = await parseMime(simpler);
    if (again.error) continue;
    if (again.text.trim() === '' && again.html === null) {
      again.text = first.text;
      again.html = first.html;
    }
    // Attachments of the first reading were whole, or the sink has them already.
    const whole = first.attachments.filter((one) => one.sha256 !== '');
    if (whole.length >= again.attachments.length) again.attachments = whole;
    return again;
  }
  return first;
}

/** No part could be found (a boundary that never comes): the body as it stands is better than nothing. */
async function rawBody(head: Buffer, first: ParsedMime, problems: string[]): Promise<ParsedMime> {
  const again = await parseMime(plainBody(head));
  if (again.text.trim() === '') return first;
  problems.push('no readable part: the raw body is shown');
  return { ...first, text: again.text };
}

async function assemble(
  parsed: ParsedMime,
  around: { sizeBytes: number; sha256: string; problems: string[]; options: ReadMailOptions },
): Promise<ReadMail> {
  const { headers, decoded } = parsed;
  const { problems } = around;
  const from = addresses(decoded, 'from');
  const { text, reply } = await readBody(parsed, problems, around.options.htmlTimeoutMs);
  const fromIsAmbiguous = isAmbiguous(headers.all('from'), from);
  if (fromIsAmbiguous) problems.push('the From header is ambiguous: the sender counts as unauthenticated');
  if (from.length === 0) problems.push('no From address');
  const messageId = normaliseMessageId(headers.first('message-id'));
  if (messageId === null) problems.push('no Message-ID');
  const date = headers.has('date') ? new Date(headers.first('date')) : null;
  const subject = readSubject(parsed);
  const verdict = mailKind({
    headers,
    text,
    subject,
    attachments: parsed.attachments,
    fromAddress: from[0]?.address ?? '',
    envelopeFrom: around.options.envelopeFrom,
  });
  return {
    messageId,
    inReplyTo: readMessageIds(headers.all('in-reply-to')),
    references: readMessageIds(headers.all('references')),
    date: date && !Number.isNaN(date.getTime()) ? date : null,
    from: from[0] ?? null,
    fromIsAmbiguous,
    sender: addresses(decoded, 'sender')[0] ?? null,
    replyTo: addresses(decoded, 'reply-to'),
    to: addresses(decoded, 'to'),
    cc: addresses(decoded, 'cc'),
    returnPath: headers.has('return-path') ? (readBareAddresses([headers.first('return-path')])[0] ?? '') : null,
    deliveredTo: readBareAddresses(
      ['delivered-to', 'x-original-to', 'x-delivered-to', 'envelope-to'].flatMap((name) => headers.all(name)),
    ),
    subject,
    autoSubmitted: headers.has('auto-submitted') ? headers.first('auto-submitted').toLowerCase() : null,
    loopMark: headers.first('x-deskwire') || null,
    text,
    html: parsed.html,
    reply,
    attachments: parsed.attachments.map(withoutParameters),
    kind: verdict.kind,
    kindRule: verdict.rule,
    kindEvidence: verdict.evidence,
    bounce: verdict.kind === 'bounce' ? readBounce({ headers, text, attachments: parsed.attachments }) : null,
    problems,
    sizeBytes: around.sizeBytes,
    sha256: around.sha256,
  };
}

/** For callers an attachment is what MailAttachment says, no more. */
function withoutParameters(one: ParsedAttachment): MailAttachment {
  const { filename, contentType, sizeBytes, sha256, contentId, inline, content } = one;
  return { filename, contentType, sizeBytes, sha256, contentId, inline, content };
}

async function readBody(
  parsed: ParsedMime,
  problems: string[],
  timeoutMs: number | undefined,
): Promise<{ text: string; reply: string }> {
  if (parsed.text.trim() !== '' || parsed.html === null) {
    return { text: parsed.text, reply: visibleReply(parsed.text) };
  }
  const read = await readHtml(parsed.html, timeoutMs === undefined ? {} : { timeoutMs });
  if (read === null) {
    problems.push('the HTML could not be read in time: see the original');
    return { text: '', reply: '' };
  }
  if (read.cut) problems.push('the HTML is very long: only its beginning was read');
  const marked = read.unquoted === '' ? '' : visibleReply(read.unquoted);
  return { text: read.text, reply: marked || visibleReply(read.text) };
}

/** Of several subjects the first, as mail clients show it; mailparser takes the last. */
function readSubject({ headers, decoded }: ParsedMime): string {
  const raw = headers.first('subject');
  const parsed = decoded.get('subject');
  const own = headers.all('subject').length > 1 || hasRawBytesInEncodedWord(raw) || typeof parsed !== 'string';
  return (own ? decodeHeaderText(raw) : parsed).replace(/\s+/g, ' ').trim();
}

function addresses(decoded: ParsedMime['decoded'], name: string): MailAddress[] {
  const value = decoded.get(name);
  const objects = (Array.isArray(value) ? value : [value]) as unknown[];
  const seen = new Map<string, MailAddress>();
  for (const object of objects) {
    if (typeof object !== 'object' || object === null || !('value' in object)) continue;
    for (const one of flattenAddresses(object.value as Parameters<typeof flattenAddresses>[0])) {
      if (!seen.has(one.address)) seen.set(one.address, one);
    }
  }
  return [...seen.values()];
}

/**
 * RFC 5322 3.6 allows one From header. Two of them, or several authors, let a mail be authenticated for one and shown
 * for another; so does an address of another domain in the display name.
 */
function isAmbiguous(values: readonly string[], from: readonly MailAddress[]): boolean {
  return values.length > 1 || from.length > 1;
}
