import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { ClaimedMail, filedAttachment, ReadMailFacts } from '#shared/contracts/mail-in.js';
import { emailAddress } from '#shared/contracts/values.js';
import { isPlainAddress } from '#mail/mail-headers.js';
import type { Bounce, ReadMail } from '#mail/mail.js';
import { parseReplyAddress } from '#mail/reply-address.js';

export type FiledAttachment = z.output<typeof filedAttachment>;

/** Together they must leave room in one NATS message (1 MiB). The whole mail is kept in any case. */
const MAX_TEXT_BYTES = 240 * 1024;
const MAX_CC = 50;
export const MAX_ATTACHMENTS = 200;

/** What a mail that was read says, within the bounds of the contract. Nothing here can fail for what a sender wrote. */
export function mailFacts(
  claimed: ClaimedMail,
  mail: ReadMail,
  around: { attachments: readonly FiledAttachment[]; authenticated: boolean; isOurOwn: boolean },
): ReadMailFacts {
  const { attachments, authenticated, isOurOwn } = around;
  const problems = [...mail.problems];
  const text = within(MAX_TEXT_BYTES, mail.text, 'the text', problems);
  return {
    messageId: mail.messageId,
    duplicateKey: duplicateKey(claimed, mail),
    from: sender(mail, problems),
    cc: peopleInCopy(claimed, mail),
    subject: clean(mail.subject).slice(0, 500),
    text,
    reply: mail.reply === mail.text ? text : within(MAX_TEXT_BYTES, mail.reply, 'the reply', problems),
    kind: mail.kind,
    isOurOwn,
    bounceOf: mail.bounce && bounceOf(mail.bounce),
    problems: bounded(problems),
    attachments: attachments.slice(0, MAX_ATTACHMENTS),
    authenticated,
  };
}

export const bounded = (problems: readonly string[]): string[] =>
  [...new Set(problems)].slice(0, 50).map((problem) => clean(problem).slice(0, 500));

/** No NUL (Postgres has none in text), one line. */
const clean = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

/**
 * Two deliveries with the same key are one mail. A Message-ID alone proves nothing, anybody may write it: so with the
 * sender and the body; where there is none, the envelope and the hash of all bytes.
 */
export function duplicateKey(claimed: ClaimedMail, mail: ReadMail): string {
  const facts = mail.messageId
    ? [
        'message-id',
        mail.messageId,
        mail.from?.address ?? '',
        mail.text,
        mail.html ?? '',
        ...mail.attachments.map(({ sha256 }) => sha256),
      ]
    : ['bytes', claimed.envelope.mailFrom, claimed.sha256];
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact.length}:${fact}`);
  return `${mail.messageId ? 'm' : 'b'}:${hash.digest('hex')}`;
}

function sender(mail: ReadMail, problems: string[]): ReadMailFacts['from'] {
  if (!mail.from) return null;
  const address = emailAddress.safeParse(mail.from.address);
  if (address.success) return { address: address.data, name: clean(mail.from.name).slice(0, 200) };
  problems.push(`the From address cannot be written to: ${mail.from.address}`);
  return null;
}

/** Whom the sender wrote to besides us: nobody else is ever added. */
function peopleInCopy(claimed: ClaimedMail, mail: ReadMail): string[] {
  const ours = new Set(
    [claimed.supportAddress, ...claimed.envelope.recipients.map(({ address }) => address)].map((one) =>
      one.toLowerCase(),
    ),
  );
  const people = new Set<string>();
  for (const { address } of [...mail.to, ...mail.cc]) {
    const parsed = emailAddress.safeParse(address);
    if (!parsed.success || !isPlainAddress(parsed.data)) continue;
    if (ours.has(parsed.data) || parsed.data === mail.from?.address || isOurs(parsed.data, ours)) continue;
    people.add(parsed.data);
  }
  return [...people].slice(0, MAX_CC);
}

const isOurs = (address: string, ours: ReadonlySet<string>): boolean =>
  ours.has(parseReplyAddress(address)?.supportAddress ?? '');

/** A report may be about several recipients: the one that will never work counts most. */
function bounceOf(bounce: Bounce): ReadMailFacts['bounceOf'] {
  const worst = bounce.recipients.find(({ severity }) => severity === 'hard') ?? bounce.recipients[0];
  return {
    messageId: bounce.originalMessageId,
    address: worst?.address || null,
    status: worst?.status || null,
    hard: worst?.severity === 'hard',
    diagnostic: clean(worst?.diagnostic ?? '').slice(0, 1_000),
  };
}

function within(maxBytes: number, text: string, what: string, problems: string[]): string {
  const whole = text.replaceAll('\0', '');
  // JSON takes at most six bytes for a character.
  if (whole.length * 6 <= maxBytes || Buffer.byteLength(JSON.stringify(whole)) <= maxBytes) return whole;
  problems.push(`${what} is very long: only its beginning is shown, the rest is in the original`);
  // The cut must not part a surrogate pair.
  let end = whole.length;
  while (Buffer.byteLength(JSON.stringify(whole.slice(0, end))) > maxBytes) end = Math.floor(end * 0.8);
  return whole
    .slice(0, end)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
}
