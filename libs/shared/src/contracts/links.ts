import { z } from 'zod';
import { contract } from './contract.js';
import { success } from './tickets.js';
import { instant, priority, status, ticketRef } from './values.js';

/** What can be said of two tickets, and the same said from the other end. */
export const LINK_KINDS = {
  relates_to: 'relates_to',
  blocks: 'is_blocked_by',
  causes: 'is_caused_by',
  parent_of: 'child_of',
} as const;
/** Made by what happened, and not by hand. */
export const OTHER_LINK_KINDS = [
  'split_into',
  'split_from',
  'follow_up_of',
  'followed_up_by',
  'duplicate_of',
  'duplicated_by',
] as const;
const words = [...new Set([...Object.keys(LINK_KINDS), ...Object.values(LINK_KINDS)])] as [LinkWord, ...LinkWord[]];
export type LinkKind = keyof typeof LINK_KINDS;
export type LinkWord = LinkKind | (typeof LINK_KINDS)[LinkKind];

export const linkView = z
  .object({
    /** Null for what cannot be removed: a follow-up, a duplicate. */
    id: z.uuid().nullable(),
    /** As seen from the ticket that was asked for: it `blocks` the other, or `is_blocked_by` it. */
    kind: z.enum([...words, ...OTHER_LINK_KINDS]),
    ticket: z.object({ id: z.uuid(), number: z.int().positive(), subject: z.string(), status, priority }),
    createdAt: instant,
  })
  .meta({ id: 'Link' });
export type LinkView = z.output<typeof linkView>;
export const linkPage = z.object({ items: z.array(linkView), nextCursor: z.string().nullable() });

export const linkTicketsInput = z
  .strictObject({
    /** The other ticket, by id or number. */
    to: ticketRef,
    kind: z.enum(words, { error: `must be one of ${words.join(', ')}` }).default('relates_to'),
  })
  .meta({ example: { to: 42, kind: 'blocks' } });

export const listLinksInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export const listLinks = contract('links.list', {
  request: listLinksInput.extend({ ticket: ticketRef }),
  reply: linkPage,
});
export const linkTickets = contract('links.add', {
  request: linkTicketsInput.extend({ ticket: ticketRef }),
  reply: linkView,
});
export const unlinkTickets = contract('links.remove', {
  request: z.strictObject({ ticket: ticketRef, link: z.uuid() }),
  reply: success,
});
