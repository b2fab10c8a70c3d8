import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.js';
import { contract } from './contract.js';
import { updateShape, withoutAliases } from './tickets.js';
import { markdown, ticketRef } from './values.js';

export const BULK_MAX_TICKETS = 500;

const tagList = z.array(z.string().trim().min(1).max(50)).max(50);

const changes = updateShape
  .omit({ version: true, note: true })
  .extend({
    addTags: tagList.optional().describe('Beside those that each ticket has.'),
    removeTags: tagList.optional().describe('From those that have them.'),
  })
  .transform((input, context) => {
    const { addTags, removeTags, ...fields } = input;
    if (fields.tags !== undefined && (addTags ?? removeTags) !== undefined) {
      const path = [addTags === undefined ? 'removeTags' : 'addTags'];
      context.addIssue({ code: 'custom', path, message: 'cannot go with tags, which replaces them all', input });
    }
    return { ...withoutAliases(fields, context), addTags, removeTags };
  });

/** Up to 500 tickets, each for itself: changed as by PATCH, or deleted. */
export const bulkInput = z
  .strictObject({
    tickets: z
      .array(ticketRef)
      .min(1)
      .max(BULK_MAX_TICKETS, `must be at most ${BULK_MAX_TICKETS} tickets`)
      .describe('Ids or numbers; one that is named twice is changed once.'),
    action: z.enum(['update', 'delete']).default('update'),
    changes: changes.optional(),
    note: markdown.optional().describe('An internal note on each of them.'),
  })
  .superRefine(({ action, changes: wanted, note }, context) => {
    // What is wrong with the changes themselves has been said.
    if (context.issues.length > 0) return;
    const given = wanted !== undefined && Object.values(wanted).some((value) => value !== undefined);
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, input: undefined });
    if (action === 'delete' && wanted !== undefined) issue('changes', 'cannot go with the action delete');
    if (action === 'delete' && note !== undefined) issue('note', 'cannot go with the action delete');
    if (action === 'update' && !given && !note?.trim()) issue('changes', 'is missing: must say what to change');
  })
  .meta({
    example: { tickets: [41, 42, 43], changes: { status: 'resolved', addTags: ['outage'] }, note: 'Fixed by restart.' },
  });

const told = z.object({
  /** As it was named in the request. */
  ticket: z.string(),
});
const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];
const bulkResult = z.discriminatedUnion('ok', [
  told.extend({
    ok: z.literal(true),
    id: z.uuid(),
    number: z.int().positive(),
    version: z.int().positive().nullable(),
  }),
  told.extend({
    ok: z.literal(false),
    error: z.object({
      code: z.enum(codes),
      detail: z.string(),
      errors: z.array(z.object({ pointer: z.string(), message: z.string() })),
    }),
  }),
]);
export type BulkResult = z.output<typeof bulkResult>;

/** In the order of the request. `version` is null of a ticket that was deleted. */
export const bulkResults = z.object({
  results: z.array(bulkResult),
  updated: z.int().nonnegative(),
  failed: z.int().nonnegative(),
});

export const bulkUpdate = contract('tickets.bulk', { request: bulkInput, reply: bulkResults, timeoutMs: 60_000 });
