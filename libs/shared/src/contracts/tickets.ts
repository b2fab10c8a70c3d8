import { z } from 'zod';
import { contract } from './contract.js';
import {
  emailAddress,
  instant,
  markdown,
  priority,
  priorityInput,
  source,
  status,
  statusInput,
  subjectLine,
  ticketRef,
} from './values.js';

export const slaClockView = z.object({
  target: z.enum(['first_response', 'next_response', 'resolution']),
  cycle: z.int().positive(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  startedAt: instant,
  warnAt: instant.nullable(),
  dueAt: instant,
  stoppedAt: instant.nullable(),
  breachedAt: instant.nullable(),
});
export type SlaClockView = z.output<typeof slaClockView>;

export const agentRef = z.object({ id: z.uuid(), name: z.string(), email: z.string() });
export const contactRef = z.object({ id: z.uuid(), name: z.string(), email: z.string() });

/** What the ticket is about, beside a customer: a device, an integration, a space, an endpoint. */
export const entity = z.object({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(200),
  name: z.string().max(200).optional(),
});

export const ticketView = z.object({
  id: z.uuid(),
  number: z.int().positive(),
  ticketNumber: z.int().positive(),
  subject: z.string(),
  description: z.string(),
  status,
  priority,
  category: z.string(),
  kind: z.string().nullable(),
  source,
  teamId: z.uuid().nullable(),
  assigneeId: z.uuid().nullable(),
  assignee: agentRef.nullable(),
  creatorId: z.uuid().nullable(),
  contact: contactRef.nullable(),
  contactEmail: z.string().nullable(),
  contactName: z.string().nullable(),
  entity: entity.nullable(),
  tags: z.array(z.string()),
  customFields: z.record(z.string(), z.unknown()),
  version: z.int().positive(),
  messageCount: z.int().nonnegative(),
  slaDeadline: instant.nullable(),
  sla: z.array(slaClockView),
  firstResponseAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  closedAt: instant.nullable(),
  followUpOf: z.uuid().nullable(),
  duplicateOf: z.uuid().nullable(),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant.nullable(),
});
export type TicketView = z.output<typeof ticketView>;

export const openTicketInput = z.strictObject({
  subject: subjectLine,
  description: markdown.default(''),
  priority: priorityInput.default('medium'),
  category: z.string().trim().min(1).max(100).default('general'),
  kind: z.string().trim().min(1).max(200).nullable().default(null),
  source: source.default('api'),
  assigneeId: z.uuid().nullable().default(null),
  contactEmail: emailAddress.nullable().default(null),
  contactName: z.string().trim().max(200).nullable().default(null),
  entity: entity.nullable().default(null),
  tags: z.array(z.string().trim().min(1).max(50)).max(50).default([]),
  customFields: z.record(z.string().max(100), z.unknown()).default({}),
});

/** Fields left out stay as they are. `version` guards against overwriting somebody else's change. */
export const updateTicketFields = z.strictObject({
  subject: subjectLine.optional(),
  description: markdown.optional(),
  status: statusInput.optional(),
  priority: priorityInput.optional(),
  category: z.string().trim().min(1).max(100).optional(),
  kind: z.string().trim().min(1).max(200).nullable().optional(),
  assigneeId: z.uuid().nullable().optional(),
  tags: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
  customFields: z.record(z.string().max(100), z.unknown()).optional(),
  version: z.int().positive().optional(),
  /** An internal note that goes with the change, such as what was done to resolve it. */
  note: markdown.optional(),
});

export const openTicket = contract('tickets.open', { request: openTicketInput, reply: ticketView });
export const getTicket = contract('tickets.get', { request: z.strictObject({ ticket: ticketRef }), reply: ticketView });
export const updateTicket = contract('tickets.update', {
  request: updateTicketFields.extend({ ticket: ticketRef }),
  reply: ticketView,
});
