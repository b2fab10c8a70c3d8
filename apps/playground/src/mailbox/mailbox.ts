import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { Subject } from 'rxjs';
import { newId } from '../workspace/ids.js';

export interface MailAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  readonly inline: boolean;
  readonly contentId?: string;
  readonly content: Buffer;
}

export interface Mail {
  readonly id: string;
  readonly direction: 'received' | 'sent';
  readonly at: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: Buffer;
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: string | undefined;
  readonly messageId: string | undefined;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly MailAttachment[];
  /** Set when the mail could not be parsed; its raw text is kept all the same. */
  readonly unreadable?: string;
}

const KEPT = 500;

/** Customers' mail, in memory: what the help desk sent them, and what they wrote. */
export class Mailbox {
  readonly arrivals = new Subject<Mail>();
  private mails: Mail[] = [];

  async keep(direction: Mail['direction'], envelope: Mail['envelope'], raw: Buffer): Promise<Mail> {
    const mail = await read(direction, envelope, raw);
    this.mails = [...this.mails.slice(1 - KEPT), mail];
    this.arrivals.next(mail);
    return mail;
  }

  /** Newest first; of one address, what it received and what it wrote. */
  list(address?: string): Mail[] {
    const wanted = address?.toLowerCase();
    const concerns = (mail: Mail): boolean => {
      const whose = mail.direction === 'received' ? mail.envelope.to : [mail.envelope.from];
      return wanted === undefined || whose.some((one) => one.toLowerCase() === wanted);
    };
    return this.mails.filter(concerns).toReversed();
  }

  find(id: string): Mail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }

  empty(): void {
    this.mails = [];
  }
}

async function read(direction: Mail['direction'], envelope: Mail['envelope'], raw: Buffer): Promise<Mail> {
  const known = { id: newId('M'), direction, at: new Date().toISOString(), envelope, raw };
  try {
    return { ...known, ...contentOf(await simpleParser(raw, SAFE)) };
  } catch (error) {
    const unreadable = error instanceof Error ? error.message : String(error);
    const text = raw.toString('utf8').slice(0, 100_000);
    return { ...known, ...NOTHING, from: envelope.from, to: envelope.to, text, unreadable };
  }
}

// Without these, a megabyte of unclosed tags blocks the process for seconds.
const SAFE = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true };

const NOTHING = {
  subject: '',
  cc: [],
  replyTo: undefined,
  messageId: undefined,
  inReplyTo: undefined,
  references: [],
  html: undefined,
  headers: [],
  attachments: [],
} as const;

function contentOf(parsed: ParsedMail): Omit<Mail, 'id' | 'direction' | 'at' | 'envelope' | 'raw' | 'unreadable'> {
  const references = parsed.references ?? [];
  return {
    subject: parsed.subject ?? '',
    from: parsed.from?.text ?? '',
    to: addresses(parsed.to),
    cc: addresses(parsed.cc),
    replyTo: parsed.replyTo?.text,
    messageId: parsed.messageId,
    inReplyTo: parsed.inReplyTo,
    references: Array.isArray(references) ? references : references.split(/\s+/).filter(Boolean),
    text: parsed.text,
    html: parsed.html === false ? undefined : parsed.html,
    headers: parsed.headerLines.map(({ key, line }) => ({
      name: key,
      value: line.slice(line.indexOf(':') + 1).trim(),
    })),
    attachments: parsed.attachments.map((one) => ({
      filename: one.filename ?? 'attachment',
      contentType: one.contentType,
      size: one.size,
      inline: one.contentDisposition === 'inline' || one.related,
      ...(one.cid ? { contentId: one.cid } : {}),
      content: one.content,
    })),
  };
}

function addresses(given: AddressObject | AddressObject[] | undefined): string[] {
  const lists = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return lists.flatMap(({ value }) =>
    value.map(({ name, address }) => (name ? `${name} <${address ?? ''}>` : (address ?? ''))),
  );
}
