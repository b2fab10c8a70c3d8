import { z } from 'zod';
import { contract } from './contract.js';
import { flag } from './tags.js';
import { gatherFields, listTicketsInput, ticketFilters, ticketPage } from './ticket-lists.js';
import { instant } from './values.js';

export const VIEW_SCOPES = ['private', 'team', 'organisation'] as const;

/** Filters and order as GET /tickets takes them; `me` is whoever looks. */
export const viewQuery = z
  .preprocess(gatherFields, ticketFilters.extend({ sort: listTicketsInput.shape.sort.optional() }))
  .meta({ example: { status: ['open', 'pending'], assigneeId: ['me'], sort: '-updated' } });

export const savedViewView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scope: z.enum(VIEW_SCOPES),
    teamId: z.uuid().nullable(),
    query: z.record(z.string(), z.unknown()),
    position: z.int(),
    /** Whether the reader may change it. */
    isMine: z.boolean(),
    /** With `counts=true`: how many tickets it shows the reader, up to 1,000. */
    ticketCount: z.int().nonnegative().optional(),
    /** There are more than `ticketCount`. */
    ticketCountIsAtLeast: z.boolean().optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'SavedView' });
export type SavedViewView = z.output<typeof savedViewView>;

const name = z.string().trim().min(1).max(100);
const scope = z.enum(VIEW_SCOPES);
const position = z.int().min(0).max(1_000);
const teamNeeded = { path: ['teamId'], message: 'must name the team whose view it is' };

export const createViewInput = z
  .strictObject({
    name,
    query: viewQuery.default({}),
    scope: scope.default('private'),
    teamId: z.uuid().optional(),
    position: position.optional(),
  })
  .refine(({ scope: whose, teamId }) => whose !== 'team' || teamId !== undefined, teamNeeded)
  .refine(({ scope: whose, teamId }) => whose === 'team' || teamId === undefined, {
    path: ['teamId'],
    message: 'is only for the scope team',
  })
  .meta({
    example: {
      name: 'My open tickets',
      query: { status: ['open', 'in_progress'], assigneeId: ['me'], sort: '-priority' },
    },
  });
/** `query` replaces all of it. */
export const updateViewInput = z
  .strictObject({
    name: name.optional(),
    query: viewQuery.optional(),
    scope: scope.optional(),
    teamId: z.uuid().optional(),
    position: position.optional(),
  })
  .meta({ example: { name: 'Mine, by urgency' } });
/** Those named come first, in this order; the others follow as they were. */
export const orderViewsInput = z
  .strictObject({ views: z.array(z.uuid()).min(1).max(500) })
  .meta({ example: { views: ['019a0000-0000-7000-8000-000000000001'] } });

export const listViewsInput = z.strictObject({ counts: flag.default(false) });
export const viewList = z.object({ items: z.array(savedViewView), nextCursor: z.null() });
export const listViews = contract('views.list', { request: listViewsInput, reply: viewList });

export const viewTicketsInput = z.strictObject({
  limit: listTicketsInput.shape.limit,
  cursor: listTicketsInput.shape.cursor,
  total: flag.default(false),
});
export const viewTickets = contract('views.tickets', {
  request: viewTicketsInput.extend({ view: z.uuid() }),
  reply: ticketPage,
});
