import { z } from 'zod';
import { contract } from './contract.js';
import { ticketView } from './tickets.js';
import { instant, tagName, ticketRef } from './values.js';

/** `#rrggbb`, in lower case; `#rgb` is its short form. */
export const tagColor = z
  .string()
  .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as #ef4444')
  .transform((text) => {
    const digits = text.slice(1).toLowerCase();
    return digits.length === 6 ? `#${digits}` : `#${digits.replaceAll(/./g, '$&$&')}`;
  });

/** How far the tickets have followed a change of name, or a deletion. */
export const rewordingView = z
  .object({
    from: z.string(),
    to: z.string().nullable(),
    ticketsChanged: z.int().nonnegative(),
    startedAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Rewording' });
export type RewordingView = z.output<typeof rewordingView>;

export const tagView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    color: z.string(),
    teamId: z.uuid().nullable(),
    /** Tickets that are not resolved or closed; only when counts were asked for. */
    openTicketCount: z.int().nonnegative().optional(),
    /** The last change of its name; null: it has always been called so. */
    rewording: rewordingView.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Tag' });
export type TagView = z.output<typeof tagView>;

export const createTagInput = z
  .strictObject({ name: tagName, color: tagColor.optional(), teamId: z.uuid().nullable().default(null) })
  .meta({ example: { name: 'regression', color: '#ef4444' } });

/** `merge`: a name that another tag has makes the two one; without it that is CONFLICT. */
export const updateTagInput = z
  .strictObject({
    name: tagName.optional(),
    color: tagColor.optional(),
    teamId: z.uuid().nullable().optional(),
    merge: z.boolean().default(false),
  })
  .meta({ example: { name: 'regression-1.5', color: '#f97316' } });

/** `true` and `1` in a query mean yes. */
export const flag = z.preprocess(
  (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
  z.boolean(),
);

export const vocabularyPage = {
  q: z.string().trim().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(400).optional(),
};

export const listTagsInput = z.strictObject({
  ...vocabularyPage,
  /** The team's tags beside those of everybody. */
  teamId: z.uuid().optional(),
  counts: flag.default(false),
});
export const tagPage = z.object({ items: z.array(tagView), nextCursor: z.string().nullable() });
export const listTags = contract('tags.list', { request: listTagsInput, reply: tagPage });

export const addTagsInput = z
  .strictObject({ tag: tagName.optional(), tags: z.array(tagName).min(1).max(50).optional() })
  .refine(({ tag, tags }) => tag !== undefined || tags !== undefined, {
    path: ['tags'],
    message: 'is missing: must be a list of names',
  })
  .meta({ example: { tags: ['regression', 'enterprise-customer'] } });

export const addTicketTags = contract('tickets.add-tags', {
  request: z.strictObject({ ticket: ticketRef, tags: z.array(tagName).min(1).max(50) }),
  reply: ticketView,
});
export const removeTicketTag = contract('tickets.remove-tag', {
  request: z.strictObject({ ticket: ticketRef, tag: tagName }),
  reply: ticketView,
});
