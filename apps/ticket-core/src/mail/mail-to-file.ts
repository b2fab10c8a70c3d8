import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { DISPOSITIONS, fileMails } from '#shared/contracts/mail-in.js';
import type { MessageToAdd } from '../messages/add-message.js';
import type { TicketToOpen } from '../tickets/open-tickets.js';
import type { TicketRow } from '../tickets/ticket.view.js';

export type FilingRequest = z.output<(typeof fileMails)['request']>;
/** A mail as its reader describes it, with when it arrived and the trace it came by. */
export type MailToFile = FilingRequest['mails'][number] & {
  receivedAtMs: number;
  trace: string | null;
  /** The first address of the contact who wrote it, which tickets name them by. */
  knownAs?: string | undefined;
};
export type FilingResult = z.output<(typeof fileMails)['reply']>['results'][number];
type Disposition = (typeof DISPOSITIONS)[number];

/** What became of a mail. */
export interface Filed {
  mail: MailToFile;
  disposition: Disposition;
  reason: string | null;
  ticket: { id: string; number: number } | null;
  messageId: string | null;
}

/** The ticket that a mail joins, locked. */
export interface Joined {
  joins: TicketRow;
  /** The ticket that the mail points to, where that became part of the one that it joins. */
  via: string | null;
  /** The merged ticket whose customer alone this is said to (docs/adr/0021). */
  apartOf: string | null;
}

/** A mail to a ticket that became part of another: its message says how it came there. */
export const joinedElsewhere = (mail: MailToFile, number: number): MailToFile => ({
  ...mail,
  threading: { ...mail.threading, evidence: `${mail.threading.evidence}; that ticket was merged into #${number}` },
});

export interface Person {
  id: string;
  name: string;
  email: string;
}

/** A mail that the core does not let join its ticket: it opens one of its own, which says why. */
export const notJoined = (mail: MailToFile, why: string): MailToFile => {
  const { rule, refused } = mail.threading;
  return {
    ...mail,
    ticketId: null,
    threading: {
      rule: 'new',
      evidence: 'the ticket that it points to was refused',
      refused: [...refused, { ticketId: mail.ticketId!, rule, why }],
    },
  };
};

/** A mail that opens a follow-up because the one before it was deleted, perhaps by mistake: the new one says so. */
export const afterDeleted = (mail: MailToFile, deleted: { id: string; number: number }): MailToFile => {
  const { rule, refused } = mail.threading;
  const why = `#${deleted.number}, the follow-up before this one, was deleted (it can be restored)`;
  return {
    ...mail,
    threading: { ...mail.threading, refused: [...refused, { ticketId: deleted.id, rule, why }] },
  };
};

/** Filed, and nothing came of it. */
export const without = (mail: MailToFile, disposition: Disposition, reason: string): Filed => ({
  mail,
  disposition,
  reason,
  ticket: null,
  messageId: null,
});

export const resultOf = (id: string, filed: Filed | undefined): FilingResult => ({
  id,
  disposition: filed?.disposition ?? null,
  ticketId: filed?.ticket?.id ?? null,
  ticketNumber: filed?.ticket?.number ?? null,
  error: filed ? null : 'This worker does not hold the mail any more',
});

/** Who writes: the contact, or nobody whom we could answer. */
export const writer = (orgId: string, contact: Person | null): Actor => ({
  orgId,
  kind: contact ? 'contact' : 'system',
  id: contact?.id ?? null,
  name: contact ? contact.name || contact.email : 'Unknown sender',
  role: null,
  teamIds: null,
  surface: 'email',
});

/** What a mail says, as a message. */
export const contentOf = ({ facts, threading, id }: MailToFile): Omit<MessageToAdd, 'isInternal'> => {
  const content = facts.reply.trim() || facts.text.trim() || '(This mail has no text.)';
  return {
    content: content.slice(0, 200_000),
    wholeText: facts.text.trim() === content ? null : facts.text.slice(0, 1_000_000),
    source: 'email',
    threading,
    inboundMailId: id,
    attachments: facts.attachments.map((file) => ({
      name: file.name,
      content_type: file.contentType,
      size_bytes: file.sizeBytes,
      sha256: file.sha256,
      content_id: file.contentId,
      inline: file.inline,
      blob_key: file.blobKey,
    })),
  };
};

/** The ticket that a mail opens. */
export function ticketOf(
  orgId: string,
  mail: MailToFile,
  followUpOf: string | null,
  contact: Person | null,
  category: string,
): TicketToOpen {
  const { facts } = mail;
  return {
    actor: writer(orgId, contact),
    subject: facts.subject.replaceAll(/[\r\n\0]+/g, ' ').trim() || '(no subject)',
    description: contentOf(mail).content,
    priority: 'medium',
    category,
    kind: null,
    source: 'email',
    assignee: null,
    contact,
    entity: null,
    tags: [],
    customFields: {},
    cc: facts.cc,
    messageCount: 1,
    followUpOf,
    openedAtMs: mail.receivedAtMs,
    trace: mail.trace,
  };
}
