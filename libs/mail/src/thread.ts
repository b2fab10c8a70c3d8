// To which ticket a mail belongs. A pure decision: the caller brings what the core knows, this says which and why.
import { normaliseMessageId } from './mail-headers.js';
import type { ReadMail } from './mail.js';
import { parseReplyAddress, verifyReplyAddress } from './reply-address.js';

/** What of a mail speaks for a ticket. */
export interface ThreadFacts {
  /** Every address it was sent to: envelope, To, Cc, Delivered-To, X-Original-To. */
  recipients: string[];
  /** Lower-cased; '' when the mail names no sender. */
  senderAddress: string;
  /** In-Reply-To first, then References from last to first: the order in which they are believed. */
  messageIds: string[];
  /** Ticket numbers in the subject, `[#42]`, in order. */
  subjectNumbers: number[];
  /** From mail-auth.ts. */
  authenticated: boolean;
  /** Why (not), for the notes: `DMARC pass (example.org)`. */
  authenticationWhy: string;
  /** Two From headers and the like: nobody is the sender then. */
  fromIsAmbiguous: boolean;
}

/** A ticket that one of the facts points to, as the core found it (of any organisation that the address serves). */
export interface TicketCandidate {
  orgId: string;
  ticketId: string;
  number: number;
  /** Message-IDs sent or received on it; at least those that the facts name. */
  messageIds: string[];
  /** Contacts on the ticket (creator, CCs), and agents who may answer by mail. */
  participants: { contactId: string; addresses: string[] }[];
}

export type ThreadRule = 'signed_address' | 'references' | 'subject_number' | 'new';

export interface RefusedTicket {
  ticketId: string;
  rule: Exclude<ThreadRule, 'new'>;
  why: string;
}

export interface ThreadDecision {
  rule: ThreadRule;
  ticketId: string | null;
  orgId: string | null;
  /** The participant who wrote, where the rule proves it. */
  contactId: string | null;
  /** What was seen, in words for an agent. */
  evidence: string;
  /** Tickets that the mail pointed to and may not touch; a new ticket gets a note on them. */
  refused: RefusedTicket[];
}

export interface ThreadPolicy {
  /**
   * Believe headers (rule 2) only from an authenticated sender. mail.md asks for participation alone, design.md rule 6
   * for both; a signed address does not need either. Default: participation alone.
   */
  headersNeedAuthentication?: boolean;
}

export function threadFacts(
  mail: ReadMail,
  around: { envelopeRecipients: string[]; authenticated: boolean; authenticationWhy: string },
): ThreadFacts {
  const recipients = [
    ...around.envelopeRecipients,
    ...mail.to.map((a) => a.address),
    ...mail.cc.map((a) => a.address),
    ...mail.deliveredTo,
  ];
  return {
    recipients: [...new Set(recipients.map((address) => address.toLowerCase()))],
    senderAddress: mail.from?.address ?? '',
    messageIds: [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])],
    subjectNumbers: subjectNumbers(mail.subject),
    authenticated: around.authenticated && !mail.fromIsAmbiguous,
    authenticationWhy: mail.fromIsAmbiguous ? 'the From header is ambiguous' : around.authenticationWhy,
    fromIsAmbiguous: mail.fromIsAmbiguous,
  };
}

/** What to ask the core for before chooseTicket: tickets by id, by Message-ID, by number. */
export function threadQuestions(facts: ThreadFacts): { ticketIds: string[]; messageIds: string[]; numbers: number[] } {
  const claims = facts.recipients.map(parseReplyAddress).filter((claim) => claim !== null);
  return {
    ticketIds: [...new Set(claims.map((claim) => claim.ticketId))],
    messageIds: facts.messageIds,
    numbers: facts.subjectNumbers,
  };
}

/** Ticket numbers written as `[#42]`, each once, at most ten. */
export function subjectNumbers(subject: string): number[] {
  const found = [...subject.slice(0, 2000).matchAll(/\[#(\d{1,10})\]/g)].map((match) => Number(match[1]));
  return [...new Set(found)].filter((number) => number > 0 && number <= 2_147_483_647).slice(0, 10);
}

/**
 * mail.md, "To which ticket": the first rule that holds. Never throws.
 * @param secret that signed the reply addresses
 */
export function chooseTicket(
  facts: ThreadFacts,
  candidates: readonly TicketCandidate[],
  secret: string,
  policy: ThreadPolicy = {},
): ThreadDecision {
  const refused: RefusedTicket[] = [];
  return (
    bySignedAddress(facts, candidates, secret, refused) ??
    byReferences(facts, candidates, policy, refused) ??
    bySubjectNumber(facts, candidates, refused) ?? {
      rule: 'new',
      ticketId: null,
      orgId: null,
      contactId: null,
      evidence: refused.length > 0 ? 'every ticket that it points to was refused' : 'it points to no ticket',
      refused,
    }
  );
}

/** Rule 1: who holds the address was given it by us, whatever the From header says. */
function bySignedAddress(
  facts: ThreadFacts,
  candidates: readonly TicketCandidate[],
  secret: string,
  refused: RefusedTicket[],
): ThreadDecision | null {
  for (const recipient of facts.recipients) {
    const claim = parseReplyAddress(recipient);
    if (!claim) continue;
    const owners = candidates
      .filter((ticket) => ticket.ticketId.toLowerCase() === claim.ticketId)
      .flatMap(({ orgId, ticketId, participants }) =>
        participants.map(({ contactId }) => ({ orgId, ticketId, contactId })),
      );
    const owner = verifyReplyAddress(claim, owners, secret);
    if (owner) return { rule: 'signed_address', ...owner, evidence: `sent to ${claim.address}`, refused };
    const why = owners.length === 0 ? 'no such ticket, or nobody on it' : 'the signature does not hold';
    refused.push({ ticketId: claim.ticketId, rule: 'signed_address', why: `${claim.address}: ${why}` });
  }
  return null;
}

/** Rule 2: an id that we sent or received, named by somebody who is on that ticket. */
function byReferences(
  facts: ThreadFacts,
  candidates: readonly TicketCandidate[],
  policy: ThreadPolicy,
  refused: RefusedTicket[],
): ThreadDecision | null {
  for (const messageId of facts.messageIds) {
    for (const ticket of candidates) {
      if (!ticket.messageIds.some((known) => normaliseMessageId(known) === messageId)) continue;
      const contactId = participantId(ticket, facts);
      const why =
        notASender(facts) ??
        (contactId === null ? `${facts.senderAddress} is not on the ticket` : null) ??
        (policy.headersNeedAuthentication && !facts.authenticated
          ? `not authenticated: ${facts.authenticationWhy}`
          : null);
      if (why === null) {
        const { ticketId, orgId } = ticket;
        return { rule: 'references', ticketId, orgId, contactId, evidence: `refers to ${messageId}`, refused };
      }
      refuse(refused, ticket, 'references', `${messageId}: ${why}`);
    }
  }
  return null;
}

/** Rule 3: a number is guessed easily, so it counts only for a participant whose mail is authenticated. */
function bySubjectNumber(
  facts: ThreadFacts,
  candidates: readonly TicketCandidate[],
  refused: RefusedTicket[],
): ThreadDecision | null {
  for (const number of facts.subjectNumbers) {
    for (const ticket of candidates) {
      if (ticket.number !== number) continue;
      const contactId = participantId(ticket, facts);
      const why =
        notASender(facts) ??
        (contactId === null ? `${facts.senderAddress} is not on the ticket` : null) ??
        (facts.authenticated ? null : `not authenticated: ${facts.authenticationWhy}`);
      if (why === null) {
        const { ticketId, orgId } = ticket;
        return { rule: 'subject_number', ticketId, orgId, contactId, evidence: `subject says [#${number}]`, refused };
      }
      refuse(refused, ticket, 'subject_number', `[#${number}]: ${why}`);
    }
  }
  return null;
}

function notASender(facts: ThreadFacts): string | null {
  if (facts.fromIsAmbiguous) return 'the From header is ambiguous';
  return facts.senderAddress === '' ? 'the mail names no sender' : null;
}

function participantId(ticket: TicketCandidate, facts: ThreadFacts): string | null {
  const sender = facts.senderAddress.toLowerCase();
  const on = ticket.participants.find((one) => one.addresses.some((address) => address.toLowerCase() === sender));
  return on?.contactId ?? null;
}

/** Each ticket once a rule: References often names ten mails of the same ticket. */
function refuse(refused: RefusedTicket[], ticket: TicketCandidate, rule: RefusedTicket['rule'], why: string): void {
  const known = refused.some((one) => one.ticketId === ticket.ticketId && one.rule === rule);
  if (!known) refused.push({ ticketId: ticket.ticketId, rule, why });
}
