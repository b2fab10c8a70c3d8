// One mail to a customer, ready for nodemailer: headers as mail.md "Out" wants them, text and HTML from templates.
import type { Readable } from 'node:stream';
import { isPlainAddress, normaliseMessageId } from './mail-headers.js';
import { markdownToHtml, markdownToText } from './markdown.js';
import { renderTemplate, type MailTemplates } from './mail-templates.js';

export interface OutgoingAddress {
  address: string;
  name?: string | undefined;
}

/** A file that goes along. Its content is read once, when the mail is written to the wire. */
export interface OutgoingFile {
  id: string;
  name: string;
  contentType: string;
  /** Set for what came with one; others get one of their own when the text shows them. */
  contentId: string | null;
  content: Readable | Buffer;
}

export interface OutgoingMail {
  /** The organisation's name, as customers know it. */
  organisation: string;
  /** Who writes; null for mail by the desk itself (acknowledgements). */
  agentName: string | null;
  supportAddress: string;
  /** From signReplyAddress. */
  replyAddress: string;
  to: readonly OutgoingAddress[];
  cc: readonly OutgoingAddress[];
  /** The ticket's subject, in whatever state; prefixes and the number are put right. */
  subject: string;
  ticketNumber: number;
  bodyMarkdown: string;
  /** The text shows a picture among them where it says `![words](attachment:<id>)` or `![words](cid:<content id>)`. */
  files?: readonly OutgoingFile[] | undefined;
  /** Derived from the message, so that a second try bears the same one. */
  messageId: string;
  /** The customer's mail that this answers, if there is one. */
  inReplyTo: string | null;
  /** Of the whole ticket, oldest first. */
  references: readonly string[];
  /** Nobody wrote it: acknowledgements, notifications. RFC 3834 3.1.7, 5. */
  automatic: boolean;
  /** Stands for the installation and ticket, so that we know our own mail when it comes back. */
  loopMark: string;
  /** What the customer wrote, below an acknowledgement; '' for none. */
  quotedText?: string | undefined;
  templates?: MailTemplates | undefined;
}

/** As nodemailer takes it: those with `cid` become parts of the HTML (multipart/related, RFC 2387), the others follow. */
export interface ComposedFile {
  filename: string;
  contentType: string;
  contentDisposition: 'attachment' | 'inline';
  content: Readable | Buffer;
  cid?: string;
}

/** The subset of nodemailer's `Mail.Options` that is filled. */
export interface ComposedMail {
  from: { name: string; address: string };
  replyTo: { name: string; address: string };
  to: { name: string; address: string }[];
  cc: { name: string; address: string }[];
  subject: string;
  messageId: string;
  inReplyTo?: string;
  references?: string[];
  headers: Record<string, string>;
  text: string;
  html: string;
  attachments: ComposedFile[];
  /** Only these recipients get it, whatever the headers say. For automatic mail the sender is the null path. */
  envelope: { from: string; to: string[] };
  /** nodemailer must not fetch anything on behalf of what a customer or agent wrote. */
  disableFileAccess: true;
  disableUrlAccess: true;
}

/** The first id and the last ones: RFC 5322 3.6.4 sets no limit, but lines grow and servers refuse them. */
export const MAX_REFERENCES = 20;
const MAX_SUBJECT = 200;

/**
 * @throws TypeError that names the field: an address that is not one plain mailbox, an unusable Message-ID, nobody to
 *   send to. (nodemailer would send `b@x\r\nRCPT TO:<c@y>` to c@y.)
 */
export function composeMail(mail: OutgoingMail): ComposedMail {
  if (mail.to.length === 0) throw new TypeError('to: at least one recipient');
  if (!Number.isInteger(mail.ticketNumber) || mail.ticketNumber < 1) {
    throw new TypeError('ticketNumber: must be a positive whole number');
  }
  const desk = mail.agentName ? `${mail.agentName} (${mail.organisation})` : mail.organisation;
  const supportAddress = plainAddress('supportAddress', mail.supportAddress);
  const to = recipients('to', mail.to, []);
  const cc = recipients('cc', mail.cc, to);
  const replies = mail.inReplyTo !== null || mail.references.length > 0;
  const inReplyTo = mail.inReplyTo === null ? null : requiredId('inReplyTo', mail.inReplyTo);
  const references = cappedReferences(mail.references, inReplyTo);
  const name = mail.automatic ? 'acknowledgement' : 'reply';
  const { html, attachments } = bodyWithFiles(mail.bodyMarkdown, mail.files ?? [], supportAddress);
  const view = {
    organisation: oneLine(mail.organisation),
    agentName: mail.agentName ? oneLine(mail.agentName) : null,
    ticketNumber: mail.ticketNumber,
    subject: bareSubject(mail.subject),
    quotedText: (mail.quotedText ?? '').trim(),
  };
  return {
    from: { name: headerText(desk), address: supportAddress },
    replyTo: { name: headerText(mail.organisation), address: plainAddress('replyAddress', mail.replyAddress) },
    to,
    cc,
    subject: ticketSubject(mail.subject, mail.ticketNumber, replies),
    messageId: requiredId('messageId', mail.messageId),
    ...(inReplyTo === null ? {} : { inReplyTo }),
    ...(references.length === 0 ? {} : { references }),
    headers: {
      'X-Deskwire': headerText(mail.loopMark),
      ...(mail.automatic
        ? {
            'Auto-Submitted': replies ? 'auto-replied' : 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            Precedence: 'bulk',
          }
        : {}),
    },
    text: renderTemplate(`${name}.text`, { ...view, body: markdownToText(mail.bodyMarkdown) }, mail.templates),
    html: renderTemplate(`${name}.html`, { ...view, body: html }, mail.templates),
    attachments,
    envelope: {
      // RFC 3834 3.3: an automatic answer has the null path, so that its own bounce answers nobody.
      from: mail.automatic ? '' : supportAddress,
      to: [...to, ...cc].map((one) => one.address),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The pictures that the text shows become parts of the HTML; everything else is attached. */
function bodyWithFiles(
  markdown: string,
  files: readonly OutgoingFile[],
  supportAddress: string,
): { html: string; attachments: ComposedFile[] } {
  const domain = supportAddress.slice(supportAddress.lastIndexOf('@') + 1);
  const named = files.map((file) => ({ file, cid: safeContentId(file.contentId) ?? `${file.id}@${domain}` }));
  const images = new Map<string, string>();
  for (const { file, cid } of named) {
    if (!SHOWN_BY_MAIL_CLIENTS.test(file.contentType)) continue;
    images.set(`attachment:${file.id}`, `cid:${cid}`);
    images.set(`cid:${file.contentId ?? cid}`, `cid:${cid}`);
  }
  const html = markdownToHtml(markdown, images);
  const attachments = named.map(({ file, cid }): ComposedFile => {
    const shown = SHOWN_BY_MAIL_CLIENTS.test(file.contentType) && html.includes(`src="cid:${cid}"`);
    return {
      filename: headerText(file.name),
      contentType: sendableType(file.contentType),
      contentDisposition: shown ? 'inline' : 'attachment',
      content: file.content,
      ...(shown && { cid }),
    };
  });
  return { html, attachments };
}

const SHOWN_BY_MAIL_CLIENTS = /^image\/(?:png|jpeg|gif|webp)$/i;

const safeContentId = (id: string | null): string | null =>
  id !== null && /^[\w.$+-]{1,100}(?:@[\w.-]{1,100})?$/.test(id) ? id : null;

/** Files travel as base64, which message and multipart types may not be in (RFC 2045 6.4). */
function sendableType(type: string): string {
  const plain = type.toLowerCase();
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(plain) && !/^(?:message|multipart)\//.test(plain)
    ? plain
    : 'application/octet-stream';
}

/** `Re: Printer is broken [#42]`: one "Re:" for answers, the number exactly once, at the end, where no client cuts it in. */
export function ticketSubject(subject: string, ticketNumber: number, replies: boolean): string {
  const bare = bareSubject(subject) || 'Your request';
  const short = bare.length > MAX_SUBJECT ? `${bare.slice(0, MAX_SUBJECT - 1).trimEnd()}…` : bare;
  return `${replies ? 'Re: ' : ''}${short} [#${ticketNumber}]`;
}

const REPLY_PREFIX =
  /^\s*(?:(?:re|aw|sv|vs|antw|odp|ref|rif|res|rv|fwd?|wg|tr|vl|doorst|vb|vá|ynt|i|回复|回覆|答复|转发|轉寄|답장|전달)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*)+/iu;

/** Without reply and forward prefixes (in the usual languages) and without ticket numbers. */
export function bareSubject(subject: string): string {
  let bare = oneLine(subject).slice(0, 2000);
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = bare
      .replace(/\[#\d{1,10}\]/g, ' ')
      .replace(REPLY_PREFIX, '')
      .replace(/\s+/g, ' ')
      .trim();
  }
  return bare;
}

/** Anchored on the first id (clients group by it), then the newest; what is answered is last. */
export function cappedReferences(references: readonly string[], inReplyTo: string | null): string[] {
  const ids = new Set(references.map((id) => normaliseMessageId(id)).filter((id) => id !== null));
  if (inReplyTo !== null) {
    ids.delete(inReplyTo);
    ids.add(inReplyTo);
  }
  const all = [...ids].filter(isSafeId);
  return all.length <= MAX_REFERENCES ? all : [all[0]!, ...all.slice(-(MAX_REFERENCES - 1))];
}

function recipients(
  field: string,
  given: readonly OutgoingAddress[],
  before: readonly { address: string }[],
): { name: string; address: string }[] {
  const seen = new Set(before.map((one) => one.address.toLowerCase()));
  const list: { name: string; address: string }[] = [];
  for (const one of given) {
    const address = plainAddress(field, one.address);
    if (seen.has(address.toLowerCase())) continue;
    seen.add(address.toLowerCase());
    list.push({ name: headerText(one.name ?? ''), address });
  }
  return list;
}

function plainAddress(field: string, address: string): string {
  if (!isPlainAddress(address)) throw new TypeError(`${field}: ${JSON.stringify(address)} is not one plain address`);
  return address;
}

function requiredId(field: string, id: string): string {
  const normal = normaliseMessageId(id);
  if (normal === null || !isSafeId(normal)) throw new TypeError(`${field}: ${JSON.stringify(id)} is not a Message-ID`);
  return normal;
}

/** Printable ASCII within the brackets: ids from outside are put into our headers. */
function isSafeId(id: string): boolean {
  return /^<[!-;=?-~]{1,990}>$/.test(id);
}

/** No line ends or control bytes in a header, and no address in a display name that a client might show instead. */
function headerText(text: string): string {
  return oneLine(text).slice(0, 200);
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
