import type { OutgoingMail } from '#shared/contracts/mail-out.js';
import { signReplyAddress } from '#mail/reply-address.js';
import type { Letter } from './relay.js';

/** Provisional: text only, until libs/mail has composeMail. */
export function composeLetter(mail: OutgoingMail, secret: string): Letter {
  const { orgId, ticketId, contactId, supportAddress } = mail;
  const replyTo = contactId ? signReplyAddress({ orgId, ticketId, contactId, secret, supportAddress }) : supportAddress;
  const automatic = mail.kind === 'acknowledgement';
  return {
    envelope: { from: automatic ? '' : supportAddress, to: [...mail.to, ...mail.cc] },
    from: { name: `${mail.agentName ?? 'Support'} (${mail.organisationName})`, address: supportAddress },
    to: mail.to,
    cc: mail.cc,
    replyTo,
    subject: mail.subject,
    text: mail.bodyMarkdown,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo ?? undefined,
    references: mail.references,
    headers: {
      'X-Deskwire': orgId,
      ...(automatic && { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }),
    },
  };
}
