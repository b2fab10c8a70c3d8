import { z } from 'zod';
import { contract } from './contract.js';
import { ticketView } from './tickets.js';
import { instant, markdown, subjectLine, ticketRef } from './values.js';

/** How long a merge can be undone. */
export const UNDO_MERGE_WITHIN_MS = 24 * 60 * 60 * 1_000;

const mergeShape = z.strictObject({
  into: ticketRef.optional().describe('The ticket that stays; the one in the path becomes part of it.'),
  tickets: z
    .array(ticketRef)
    .min(1)
    .max(20)
    .optional()
    .describe('Tickets that become part of the one in the path, all of them or none.'),
  shareWithCustomers: z
    .boolean()
    .optional()
    .describe(
      'Whether the customers of all of them read what is written on the surviving ticket. Left out: only customers of one company do.',
    ),
});
type MergeShape = z.output<typeof mergeShape>;

function oneDirection(input: MergeShape, context: z.RefinementCtx): void {
  const { into, tickets } = input;
  if ((into === undefined) === (tickets === undefined)) {
    const message =
      into === undefined ? 'is missing: must be the ticket that stays (or give `tickets`)' : 'cannot go with `tickets`';
    context.addIssue({ code: 'custom', path: ['into'], message, input: into });
  }
}

/** `{ into }`: the ticket of the path becomes part of another. `{ tickets }`: those become part of the ticket of the path. */
export const mergeTicketsInput = mergeShape.meta({ example: { into: 42 } }).superRefine(oneDirection);

const ticketNamed = z.object({ id: z.uuid(), number: z.int().positive(), subject: z.string() });

export const mergeView = z
  .object({
    id: z.uuid(),
    /** What became part of the survivor. */
    source: ticketNamed,
    survivor: ticketNamed,
    /** True: the source's customer is told nothing of the survivor, and sees only their own part of it (and the other way round). */
    keptApart: z.boolean(),
    moved: z.object({
      messages: z.int().nonnegative(),
      timeEntries: z.int().nonnegative(),
      watchers: z.int().nonnegative(),
      links: z.int().nonnegative(),
    }),
    mergedBy: z.uuid().nullable(),
    mergedAt: instant,
    undoUntil: instant,
    undoneAt: instant.nullable(),
  })
  .meta({ id: 'Merge' });
export type MergeView = z.output<typeof mergeView>;

/** The surviving ticket, and each merge with until when it can be undone. */
export const mergedTickets = z.object({ ticket: ticketView, merges: z.array(mergeView) });

export const mergeTickets = contract('tickets.merge', {
  request: mergeShape.extend({ ticket: ticketRef }).superRefine(oneDirection),
  reply: mergedTickets,
  timeoutMs: 20_000,
});

/** The source as it is again, and the ticket that it had become part of. */
export const unmergedTickets = z.object({ ticket: ticketView, survivor: ticketView, merge: mergeView });
export const unmergeTicket = contract('tickets.unmerge', {
  request: z.strictObject({ ticket: ticketRef }),
  reply: unmergedTickets,
  timeoutMs: 20_000,
});

export const listMergesInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export const mergePage = z.object({ items: z.array(mergeView), nextCursor: z.string().nullable() });
export const listMerges = contract('tickets.merges', {
  request: listMergesInput.extend({ ticket: ticketRef }),
  reply: mergePage,
});

export const splitTicketInput = z
  .strictObject({
    messageIds: z.array(z.uuid()).min(1).max(500),
    andLater: z
      .boolean()
      .default(false)
      .describe('Also everything that was written on the ticket after the first of them.'),
    subject: subjectLine.optional().describe('Of the new ticket; left out, it has the same.'),
    note: markdown.optional().describe('An internal note on the new ticket, such as why.'),
  })
  .meta({ example: { messageIds: ['019a0000-0000-7000-8000-000000000001'], subject: 'Invoice of October' } });

/** The new ticket, and the one that the messages were on. */
export const splitTickets = z.object({ ticket: ticketView, original: ticketView });
export const splitTicket = contract('tickets.split', {
  request: splitTicketInput.extend({ ticket: ticketRef }),
  reply: splitTickets,
  timeoutMs: 20_000,
});
