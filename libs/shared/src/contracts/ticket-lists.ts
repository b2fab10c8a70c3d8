import { z } from 'zod';
import { contract } from './contract.js';
import { ticketView } from './tickets.js';
import { emailAddress, priorityInput, statusInput } from './values.js';

const csv = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item).min(1).max(20));

export const listTicketsInput = z.strictObject({
  status: csv(statusInput).optional(),
  priority: csv(priorityInput).optional(),
  category: csv(z.string().max(100)).optional(),
  assigneeId: z.union([z.uuid(), z.literal('none')], { error: 'must be an agent’s id or none' }).optional(),
  contactEmail: emailAddress.optional(),
  tag: z.string().max(50).optional(),
  sla: z.enum(['breached', 'warning']).optional(),
  text: z.string().trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});

export const ticketPage = z.object({ items: z.array(ticketView), nextCursor: z.string().nullable() });
export const listTickets = contract('tickets.list', { request: listTicketsInput, reply: ticketPage });
