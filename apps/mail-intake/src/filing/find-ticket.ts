import { systemActor } from '#shared/contracts/actor.js';
import { findThreads, type ThreadCandidate } from '#shared/contracts/mail-in.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import {
  chooseTicket,
  threadQuestions,
  type ThreadDecision,
  type ThreadPolicy,
  type TicketCandidate,
} from '#mail/thread.js';
import type { MailInHand } from './read-claimed-mail.js';

export type TicketChoice = Pick<ThreadDecision, 'rule' | 'ticketId' | 'evidence' | 'refused'>;

/** Nobody's id: a participant whom the core knows only by address. */
const NO_CONTACT = '00000000-0000-0000-0000-000000000000';

/**
 * To which ticket a mail belongs (mail.md). The core is asked only when the mail points somewhere.
 * @throws DeskError when the core cannot be asked
 */
export async function findTicket(
  mail: MailInHand,
  client: ContractClient,
  secret: string,
  policy: ThreadPolicy,
): Promise<TicketChoice> {
  const { thread } = mail;
  if (!thread) return { rule: 'new', ticketId: null, evidence: 'the mail could not be read', refused: [] };
  const { ticketIds, messageIds, numbers } = threadQuestions(thread);
  const points = ticketIds.length > 0 || messageIds.length > 0 || numbers.length > 0;
  const candidates = points
    ? await ask(client, mail.claimed.orgId, {
        ticketIds: ticketIds.slice(0, 20),
        messageIds: messageIds.filter((id) => id.length <= 1_000).slice(0, 200),
        numbers: numbers.slice(0, 20),
      })
    : [];
  const { rule, ticketId, evidence, refused } = chooseTicket(thread, candidates, secret, policy);
  return { rule, ticketId, evidence, refused };
}

async function ask(
  client: ContractClient,
  orgId: string,
  questions: { ticketIds: string[]; messageIds: string[]; numbers: number[] },
): Promise<TicketCandidate[]> {
  const { candidates } = await client.request(findThreads, questions, { actor: systemActor(orgId) });
  return candidates.map((candidate) => asTicket(orgId, candidate));
}

/** The core tells who takes part and which contacts there are, not which address is whose: each may hold any. */
function asTicket(orgId: string, candidate: ThreadCandidate): TicketCandidate {
  const { ticketId, number, messageIds, participants: addresses, contactIds } = candidate;
  const contacts = contactIds.length > 0 ? contactIds : [NO_CONTACT];
  return { orgId, ticketId, number, messageIds, participants: contacts.map((contactId) => ({ contactId, addresses })) };
}
