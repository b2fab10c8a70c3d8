import { z } from 'zod';
import { contract } from './contract.js';
import { flag, vocabularyPage } from './tags.js';
import { instant, ticketRef } from './values.js';

const title = z.string().trim().min(1).max(200);
const content = z
  .string()
  .max(20_000, 'must be at most 20,000 characters')
  .refine((text) => text.trim() !== '', 'must not be empty')
  .transform((text) => text.replaceAll('\0', ''));
export const shortcut = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9-]{1,50}$/, 'must be small letters, digits and hyphens, such as refund-policy');

/** By its id or by its shortcut. */
export const cannedRef = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .transform((text) => text.replace(/^\//, '').toLowerCase());

export const cannedResponseView = z
  .object({
    id: z.uuid(),
    title: z.string(),
    shortcut: z.string().nullable(),
    content: z.string(),
    /** The same as content, by the documents' other name. */
    body: z.string(),
    teamId: z.uuid().nullable(),
    variables: z.array(z.string()),
    usageCount: z.int().nonnegative(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'CannedResponse' });
export type CannedResponseView = z.output<typeof cannedResponseView>;

type Words = { content?: string | undefined; body?: string | undefined };
/** `content`, or `body` as the document calls it; both only when they say the same. What is wrong is told of `textField`. */
const oneText = <Input extends Words>({ body, ...input }: Input, context: z.RefinementCtx) => {
  if (body !== undefined && input.content !== undefined && body !== input.content)
    context.addIssue({ code: 'custom', path: ['body'], message: 'says otherwise than content: give one of them' });
  const text = input.content ?? body;
  const textField = input.content === undefined ? ('body' as const) : ('content' as const);
  return { ...input, ...(text !== undefined && { content: text }), textField };
};

export const createCannedResponseInput = z
  .strictObject({
    title,
    content: content.optional(),
    body: content.optional(),
    shortcut: shortcut.nullable().default(null),
    teamId: z.uuid().nullable().default(null),
  })
  .transform((input, context) => {
    const { content: text, ...rest } = oneText(input, context);
    if (text === undefined) {
      context.addIssue({ code: 'custom', path: ['body'], message: 'is missing: must be text' });
      return z.NEVER;
    }
    return { ...rest, content: text };
  })
  .meta({
    example: {
      title: 'Ask for logs',
      shortcut: 'ask-logs',
      content:
        'Hi {{contact.firstName}},\n\ncould you send us the logs of ticket #{{ticket.number}}?\n\n{{agent.firstName}}',
    },
  });

export const updateCannedResponseInput = z
  .strictObject({
    title: title.optional(),
    content: content.optional(),
    body: content.optional(),
    shortcut: shortcut.nullable().optional(),
    teamId: z.uuid().nullable().optional(),
  })
  .transform(oneText)
  .meta({ example: { title: 'Ask for the logs' } });

export const listCannedInput = z.strictObject({
  ...vocabularyPage,
  teamId: z.uuid().optional(),
  sort: z.enum(['title', 'used']).default('title'),
});
export const cannedPage = z.object({ items: z.array(cannedResponseView), nextCursor: z.string().nullable() });
export const listCanned = contract('canned.list', { request: listCannedInput, reply: cannedPage });

export const renderCannedInput = z
  .strictObject({ ticket: ticketRef.optional(), use: flag.default(false) })
  .meta({ example: { ticket: 42 } });
export const renderedCanned = z
  .object({
    id: z.uuid(),
    title: z.string(),
    content: z.string(),
    /** Variables without a value: they stand in the text as `[contact.firstName?]`. */
    missing: z.array(z.string()),
  })
  .meta({ id: 'RenderedCannedResponse' });
export type RenderedCanned = z.output<typeof renderedCanned>;
export const renderCanned = contract('canned.render', {
  request: z.strictObject({ canned: cannedRef, ticket: ticketRef.optional(), use: z.boolean().default(false) }),
  reply: renderedCanned,
});

export const cannedVariable = z
  .object({ name: z.string(), description: z.string(), example: z.string() })
  .meta({ id: 'CannedVariable' });
export const cannedVariableList = z.object({ items: z.array(cannedVariable), nextCursor: z.null() });
