import { createHash } from 'node:crypto';
import type { ClaimedMail, ReadMailFacts } from '#shared/contracts/mail-in.js';
import { emailAddress } from '#shared/contracts/values.js';
import { normaliseMessageId, readBareAddresses, readHeaderBlock } from '#mail/mail-headers.js';
import { isOwnLoopMark } from '../loop-mark.js';
import { bounded, type FiledAttachment } from './mail-facts.js';

/** Headers are looked for in so much of the beginning. */
export const HEAD_BYTES = 64 * 1024;

/**
 * Facts of a mail that nothing could read: whatever its headers say at a glance, and the raw file for a human.
 * It opens a ticket; nobody's mail disappears because a parser disliked it.
 */
export function unreadableMail(
  claimed: ClaimedMail,
  head: Buffer,
  rawFile: FiledAttachment,
  why: readonly string[],
  secret: string,
): ReadMailFacts {
  const headers = readHeaderBlock(head.toString('utf8'));
  const address = emailAddress.safeParse(readBareAddresses([headers.first('from')])[0] ?? claimed.envelope.mailFrom);
  const subject = headers
    .first('subject')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const text = 'This mail could not be read. It is attached as it came.';
  return {
    messageId: normaliseMessageId(headers.first('message-id')),
    duplicateKey: `b:${createHash('sha256').update(`${claimed.envelope.mailFrom}\n${claimed.sha256}`).digest('hex')}`,
    from: address.success ? { address: address.data, name: '' } : null,
    cc: [],
    subject: subject.slice(0, 500) || 'A mail that could not be read',
    text,
    reply: text,
    kind: automatic(claimed, headers.first('auto-submitted')) ? 'auto-reply' : 'message',
    isOurOwn: isOwnLoopMark(headers.first('x-deskwire'), secret),
    bounceOf: null,
    problems: bounded(why),
    attachments: [rawFile],
    authenticated: false,
  };
}

/** Unread as it is, it must not be acknowledged when it says that a machine sent it (RFC 3834 2). */
const automatic = (claimed: ClaimedMail, autoSubmitted: string): boolean =>
  claimed.envelope.mailFrom === '' || !/^(?:no\b.*)?$/i.test(autoSubmitted.trim());
