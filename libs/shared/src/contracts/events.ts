import { z } from 'zod';
import { event } from './event.js';
import { instant, priority, status } from './values.js';

const ticket = { ticketId: z.uuid(), number: z.int().positive(), version: z.int().positive() };
const actor = z.object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable(), name: z.string() });

export const ticketOpened = event({
  name: 'ticket.opened',
  version: 1,
  payload: z.object({ ...ticket, status, priority, source: z.string(), actor }),
  when: 'A ticket was opened, by mail, by an agent or through the API.',
});

export const ticketUpdated = event({
  name: 'ticket.updated',
  version: 1,
  payload: z.object({
    ...ticket,
    actor,
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
  }),
  when: 'Fields of a ticket changed: status, priority, assignee, subject and so on.',
});

export const messagePosted = event({
  name: 'message.posted',
  version: 1,
  payload: z.object({
    ...ticket,
    messageId: z.uuid(),
    isInternalNote: z.boolean(),
    source: z.string(),
    actor,
    externalRef: z.string().nullable(),
  }),
  when: 'A public message or an internal note was added to a ticket.',
});

export const messageDelivery = event({
  name: 'message.delivery',
  version: 1,
  payload: z.object({ ...ticket, messageId: z.uuid(), state: z.string(), detail: z.string() }),
  when: 'A public message left by mail, bounced, failed for good, or was taken back in time.',
});

export const agentNotified = event({
  name: 'agent.notified',
  version: 1,
  payload: z.object({
    notificationId: z.uuid(),
    agentId: z.uuid(),
    ticketId: z.uuid(),
    number: z.int().positive(),
    kind: z.enum(['mentioned', 'assigned', 'watched']),
    messageId: z.uuid().nullable(),
    actor,
  }),
  when: 'Something concerns an agent: they were mentioned, given a ticket, or a customer wrote on one that they watch or have.',
});

const clock = z.object({
  ticketId: z.uuid(),
  number: z.int().positive(),
  target: z.enum(['first_response', 'next_response', 'resolution']),
  cycle: z.int().positive(),
  at: instant,
  dueAt: instant,
});

export const slaWarning = event({
  name: 'sla.warning',
  version: 1,
  payload: clock,
  when: 'A clock reached its warning threshold.',
});
export const slaBreached = event({
  name: 'sla.breached',
  version: 1,
  payload: clock,
  when: 'A clock still ran after its due instant.',
});

export const slaEscalated = event({
  name: 'sla.escalated',
  version: 1,
  payload: z.object({
    ...ticket,
    target: z.enum(['first_response', 'next_response', 'resolution']),
    cycle: z.int().positive(),
    step: z.int().positive(),
    at: instant,
    /** What the policy says: `{ alert }`, `{ assignTeam }`, `{ assignAgent }` or `{ raisePriority }`. */
    do: z.unknown(),
    /** Why it could not be done. */
    problem: z.string().optional(),
  }),
  when: 'A step of an escalation was taken: what its policy does about a clock that nobody stops.',
});

export const EVENTS = [
  ticketOpened,
  ticketUpdated,
  messagePosted,
  messageDelivery,
  agentNotified,
  slaWarning,
  slaBreached,
  slaEscalated,
] as const;
