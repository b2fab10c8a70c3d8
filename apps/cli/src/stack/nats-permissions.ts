import { findAgent, listAgents } from '#shared/contracts/agents.js';
import { listCustomFields } from '#shared/contracts/custom-fields.js';
import type { Contract } from '#shared/contracts/contract.js';
import { listDeadLetters, recordDeadLetter, replayDeadLetter } from '#shared/contracts/dead-letters.js';
import { acceptMails, claimMails, fileMails, findThreads, resolveRecipient } from '#shared/contracts/mail-in.js';
import { claimOutgoing, settleOutgoing } from '#shared/contracts/mail-out.js';
import { editMessage, listMessages, postMessage, replyRecipients, undoMessage } from '#shared/contracts/messages.js';
import { getNotification } from '#shared/contracts/notifications.js';
import { createOrganisation, findOrganisation, listOrganisations } from '#shared/contracts/organisations.js';
import { claimPost, findPost, releasePost, settlePost } from '#shared/contracts/posts.js';
import { claimDueClocks, settleDueClocks, takeEscalationStep } from '#shared/contracts/sla-clocks.js';
import { getSlaReport } from '#shared/contracts/sla-reports.js';
import { getSlaTracking } from '#shared/contracts/sla-tracking.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';

/** Who may say what on the bus. The embedded server and deploy/nats.conf are both written from this one table. */
export interface NatsUser {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const asking = (...contracts: Contract[]): string[] => contracts.map(({ subject }) => subject);
/** Answers to one's own requests and nobody else's (`connectNats` asks for them there). */
const ownInbox = (name: string): string => `_INBOX.${name}.>`;
const HINTS = 'desk.hints.>';
/** Reading the event stream: consumers of one's own, and acknowledging. Nobody but the core may change the stream. */
const READ_EVENTS = [
  '$JS.API.INFO',
  '$JS.API.STREAM.INFO.DESK_EVENTS',
  '$JS.API.CONSUMER.CREATE.DESK_EVENTS.>',
  '$JS.API.CONSUMER.DURABLE.CREATE.DESK_EVENTS.>',
  '$JS.API.CONSUMER.INFO.DESK_EVENTS.>',
  '$JS.API.CONSUMER.MSG.NEXT.DESK_EVENTS.>',
  '$JS.ACK.DESK_EVENTS.>',
];

/**
 * The services and the command line, each with no more than it needs: of the core it may ask what it does ask
 * (docs/adr/0026). `admin` (all of it) is apart.
 */
export const NATS_USERS: readonly NatsUser[] = [
  {
    name: 'ticket-core',
    publish: [
      'desk.events.>',
      HINTS,
      '_INBOX.>',
      '$JS.API.INFO',
      '$JS.API.STREAM.CREATE.DESK_EVENTS',
      '$JS.API.STREAM.UPDATE.DESK_EVENTS',
      '$JS.API.STREAM.INFO.DESK_EVENTS',
    ],
    subscribe: ['desk.core.>', HINTS, ownInbox('ticket-core')],
  },
  {
    name: 'mail-intake',
    publish: asking(resolveRecipient, acceptMails, claimMails, findThreads, fileMails, claimOutgoing, settleOutgoing),
    subscribe: [ownInbox('mail-intake'), HINTS],
  },
  {
    name: 'slack-bot',
    publish: [
      ...asking(findOrganisation, findAgent, listAgents, getNotification, recordDeadLetter),
      ...asking(claimPost, findPost, settlePost, releasePost),
      ...asking(openTicket, getTicket, listTickets, updateTicket, listCustomFields, getSlaTracking, getSlaReport),
      ...asking(listMessages, postMessage, editMessage, undoMessage, replyRecipients),
      ...READ_EVENTS,
    ],
    subscribe: [ownInbox('slack-bot'), HINTS],
  },
  {
    name: 'sla-monitor',
    publish: [...asking(claimDueClocks, settleDueClocks, takeEscalationStep), 'desk.events.sla.>'],
    subscribe: [ownInbox('sla-monitor'), HINTS],
  },
  {
    name: 'cli',
    publish: asking(createOrganisation, listOrganisations, listDeadLetters, replayDeadLetter),
    subscribe: [ownInbox('cli')],
  },
];

export const NATS_ADMIN = 'admin';
export const NATS_USER_NAMES = [NATS_ADMIN, ...NATS_USERS.map(({ name }) => name)];
