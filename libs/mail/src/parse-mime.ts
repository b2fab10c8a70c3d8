// One pass of mailparser over a mail, as lazily as it goes: no HTML conversion, attachments hashed while they pass.
import { MailParser, type AttachmentStream, type Headers } from 'mailparser';
import { Readable } from 'node:stream';
import { headersFromLines, MailHeaders } from './mail-headers.js';
import type { MailAttachment } from './mail.js';

/** Takes an attachment's bytes as they come (to a blob store); must read the stream to its end. */
export type AttachmentSink = (
  part: Pick<MailAttachment, 'filename' | 'contentType' | 'contentId' | 'inline'>,
  content: Readable,
) => Promise<void>;

export interface ParsedMime {
  headers: MailHeaders;
  /** mailparser's own reading: addresses, decoded subject. */
  decoded: Headers;
  text: string;
  html: string | null;
  attachments: ParsedAttachment[];
  /** mailparser gave up at this point; what came before is above. */
  error: Error | null;
}

export interface ParsedAttachment extends MailAttachment {
  /** The part's own headers, for bounces: report types and the mail that came back. */
  parameters: Record<string, string>;
}

const OPTIONS = {
  // Each of these can block the loop for seconds on a hostile mail (facts.md); HTML is read in html-text.ts.
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  // The machine-readable part of a bounce stays a part.
  keepDeliveryStatus: true,
  checksumAlgo: 'sha256',
  // An enclosed mail stays a part as well: its text is not what this sender wrote (mailsplit's option).
  ignoreEmbedded: true,
};

/** Never rejects: what mailparser refuses is in `error`, with all that it had read. */
export async function parseMime(raw: Buffer | Readable, onAttachment?: AttachmentSink): Promise<ParsedMime> {
  const parsed: ParsedMime = {
    headers: new MailHeaders([]),
    decoded: new Map(),
    text: '',
    html: null,
    attachments: [],
    error: null,
  };
  const parser = new MailParser(OPTIONS);
  await new Promise<void>((resolve) => {
    const fail = (error: unknown): void => {
      parsed.error ??= error instanceof Error ? error : new Error(String(error));
      resolve();
    };
    parser.on('headers', (headers) => {
      parsed.decoded = headers;
    });
    parser.on('headerLines', (lines) => {
      parsed.headers = headersFromLines(lines);
    });
    parser.on('data', (part) => {
      if (part.type === 'text') {
        parsed.text = part.text ?? '';
        parsed.html = typeof part.html === 'string' ? part.html : null;
        return;
      }
      readAttachment(part, parsed.attachments, onAttachment).catch(fail);
    });
    parser.on('error', fail);
    parser.on('end', () => resolve());
    if (Buffer.isBuffer(raw)) parser.end(raw);
    else {
      raw.once('error', fail);
      raw.pipe(parser);
    }
  });
  return parsed;
}

async function readAttachment(
  part: AttachmentStream,
  attachments: ParsedAttachment[],
  onAttachment?: AttachmentSink,
): Promise<void> {
  const contentType = (part.contentType || 'application/octet-stream').toLowerCase();
  const type = part.headers.get('content-type') as { params?: Record<string, string> } | undefined;
  const attachment: ParsedAttachment = {
    filename: fileName(part.filename, contentType, attachments.length + 1),
    contentType,
    sizeBytes: 0,
    sha256: '',
    contentId: part.cid || null,
    inline: part.related === true || (part.contentDisposition === 'inline' && Boolean(part.cid)),
    content: Buffer.alloc(0),
    parameters: type?.params ?? {},
  };
  attachments.push(attachment);
  const stream = part.content as Readable;
  try {
    if (onAttachment) {
      await onAttachment(attachment, stream);
      if (!stream.readableEnded) stream.resume();
    } else {
      attachment.content = await collect(stream);
    }
  } finally {
    attachment.sizeBytes = part.size ?? 0;
    attachment.sha256 = part.checksum ?? '';
    part.release();
  }
}

function collect(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

const EXTENSIONS: Record<string, string> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
};

/** A name that is safe to show and to store: no path, no control or direction marks, at most 200 characters. */
function fileName(given: string | undefined, contentType: string, position: number): string {
  const name = (given ?? '')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .replace(/^.*[\\/]/u, '')
    .trim();
  if (name !== '' && !/^\.+$/.test(name)) return name.length > 200 ? `${name.slice(0, 150)}…${name.slice(-40)}` : name;
  const subtype = /^(?:image|audio|video)\/([a-z0-9]{2,5})$/.exec(contentType)?.[1];
  return `part-${position}.${EXTENSIONS[contentType] ?? subtype ?? 'bin'}`;
}
