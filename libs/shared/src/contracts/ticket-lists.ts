import { z } from 'zod';
import { contract } from './contract.js';
import { ticketView } from './tickets.js';
import { emailAddress, givenDay, givenInstant, priorityInput, source, statusInput } from './values.js';

/** `a,b`, `a` and `b` repeated, or a list: each value is checked for itself. */
const several = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => {
    const parts = Array.isArray(value) ? (value as unknown[]) : [value];
    return parts.flatMap((part) => (typeof part === 'string' ? part.split(',').map((one) => one.trim()) : [part]));
  }, z.array(item).min(1).max(20));

/** Names may hold commas when they are repeated or in a list; a lone text is split. */
const word = (most: number) => z.string().trim().min(1).max(most);
const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean({ error: 'must be true or false' }),
);
/** An id, or one of these words. */
const idOr = (whose: string, words: readonly string[]) => {
  const error = `must be ${whose}’s id or ${words.join(' or ')}`;
  return z.union([z.uuid({ error }), z.literal(words, { error })], { error });
};
/** An instant, or a day in the organisation's time zone (the whole of it, for an end). */
const moment = z.union([givenDay, givenInstant], {
  error: 'must be an instant such as 2026-01-31T12:00:00Z or a day such as 2026-01-31',
});

export const SLA_STATES = ['breached', 'warning', 'paused', 'ok', 'none'] as const;
export const TICKET_SORTS = [
  'created',
  'updated',
  'priority',
  'number',
  'slaDeadline',
  'messageCount',
  'status',
] as const;
export type TicketSort = (typeof TICKET_SORTS)[number];

const A_NUMBER = 'must be a ticket’s number, such as 42';

/** Which tickets. Filters hold together; several values of one filter hold by themselves. */
export const ticketFilters = z.strictObject({
  status: several(statusInput).optional(),
  priority: several(priorityInput).optional(),
  category: several(word(100)).optional(),
  source: several(source).optional(),
  kind: several(word(200)).optional(),
  assigneeId: several(idOr('an agent', ['none', 'me'])).optional(),
  unassigned: flag.optional(),
  teamId: several(idOr('a team', ['none'])).optional(),
  creatorId: several(z.uuid()).optional(),
  contactId: several(z.uuid()).optional(),
  /** Any of a contact's addresses. */
  contactEmail: several(emailAddress).optional(),
  companyId: several(z.uuid()).optional(),
  /** Any of these. */
  tag: several(word(50)).optional(),
  /** All of these. */
  tagAll: several(word(50)).optional(),
  sla: several(z.enum(SLA_STATES)).optional(),
  /** Words, "phrases" and -words without, as in the search. */
  text: z.string().trim().min(1).max(200).optional(),
  /** Another name of text. */
  q: z.string().trim().min(1).max(200).optional(),
  createdFrom: moment.optional(),
  createdTo: moment.optional(),
  updatedFrom: moment.optional(),
  updatedTo: moment.optional(),
  resolvedFrom: moment.optional(),
  resolvedTo: moment.optional(),
  number: several(
    z.union([z.int().positive(), z.string().regex(/^#?\d{1,9}$/, A_NUMBER)], { error: A_NUMBER }),
  ).optional(),
  /** `type:id`, such as device:pump-7. */
  entity: several(z.string().regex(/^[^:]{1,100}:.{1,200}$/, 'must be type:id, such as device:pump-7')).optional(),
  /** Over HTTP customFields.plan=gold; several fields hold together. */
  customFields: z
    .record(z.string().max(100), several(z.coerce.string().min(1).max(500)), {
      error: 'must name its field, as customFields.plan=gold',
    })
    .optional(),
  /** Those that were deleted; for managers. */
  deleted: flag.optional(),
  watching: z.literal('me', { error: 'must be me' }).optional(),
});

export const listTicketsInput = ticketFilters
  .extend({
    /** With - in front: from the largest or latest on. */
    sort: z
      .templateLiteral([z.enum(['', '-']), z.enum(TICKET_SORTS)], {
        error: `must be one of ${TICKET_SORTS.join(', ')}, with - in front for the other way round`,
      })
      .default('-created'),
    limit: z.coerce.number().int().min(1).max(100).default(25),
    cursor: z.string().max(300).optional(),
    /** Counts all that match, too. */
    total: flag.default(false),
  })
  .meta({ example: { status: 'open,pending', priority: 'critical', assigneeId: 'me', sort: '-updated', limit: 25 } });

/** A query string: `customFields.plan=gold` becomes `customFields: { plan: … }`. */
export const gatherFields = (query: unknown): unknown => {
  if (query === null || typeof query !== 'object' || Array.isArray(query)) return query;
  const fields: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    const field = /^customFields(?:\.(.+)|\[(.+)\])$/.exec(name);
    if (field) fields[field[1] ?? field[2]!] = value;
    else rest[name] = value;
  }
  return Object.keys(fields).length === 0 ? query : { ...rest, customFields: fields };
};
export const listTicketsQuery = z.preprocess(gatherFields, listTicketsInput);

/** Up to here all that match are counted; beyond it nobody is told more than that there are so many at least. */
export const MAX_COUNTED = 10_000;

export const ticketPage = z.object({
  items: z.array(ticketView),
  nextCursor: z.string().nullable(),
  /** With `total=true`: how many match, at most 10,000. */
  total: z.int().nonnegative().optional(),
  /** There are more than `total`. */
  totalIsAtLeast: z.boolean().optional(),
});
export const listTickets = contract('tickets.list', { bySystem: true, request: listTicketsInput, reply: ticketPage });

export const searchTicketsInput = ticketFilters
  .omit({ text: true, q: true })
  .extend({
    q: z.string().trim().min(1).max(200),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  })
  .meta({ example: { q: '"paper jam" printer -toner', status: 'open', limit: 20 } });
export const searchTicketsQuery = z.preprocess(gatherFields, searchTicketsInput);

export const searchHit = z.object({
  ticket: ticketView,
  rank: z.number(),
  /** Where it was found, plain text with the words between « and ». */
  snippet: z.string(),
});
export const searchPage = z.object({
  items: z.array(searchHit),
  /** Nothing was written like this: the words that were looked for instead. */
  didYouMean: z.string().nullable(),
  /** More match than were ranked: these are the best of the newest ones. */
  more: z.boolean(),
});
/** Best first: words in the subject count most, then the contact, then what was written. */
export const searchTickets = contract('tickets.search', { request: searchTicketsInput, reply: searchPage });
