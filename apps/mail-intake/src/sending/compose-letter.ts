import type { OutgoingMail } from '#shared/contracts/mail-out.js';
import { composeMail, type ComposedMail, type OutgoingFile } from '#mail/compose-mail.js';
import { signReplyAddress } from '#mail/reply-address.js';
import { loopMark } from '../loop-mark.js';

/**
 * A claimed mail as a letter. @throws TypeError that names what cannot be sent: an address, a Message-ID
 * @param secret signs the reply address and the loop mark
 * @param files with their contents
 */
export function composeLetter(mail: OutgoingMail, secret: string, files: readonly OutgoingFile[]): ComposedMail {
  const { orgId, ticketId, contactId, supportAddress } = mail;
  return composeMail({
    organisation: mail.organisationName,
    agentName: mail.agentName,
    supportAddress,
    replyAddress: contactId ? signReplyAddress({ orgId, ticketId, contactId, secret, supportAddress }) : supportAddress,
    to: mail.to.map((address) => ({ address })),
    cc: mail.cc.map((address) => ({ address })),
    subject: mail.subject,
    ticketNumber: mail.ticketNumber,
    bodyMarkdown: mail.bodyMarkdown,
    files,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    automatic: mail.kind === 'acknowledgement',
    loopMark: loopMark(ticketId, secret),
  });
}
