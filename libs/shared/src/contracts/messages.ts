import { z } from 'zod';
import { attachmentView, MAX_FILES } from './attachments.js';
import { cannedRef } from './canned-responses.js';
import { contract } from './contract.js';
import { emailAddress, instant, markdown, ticketRef } from './values.js';

export const DELIVERY_STATES = ['queued', 'sent', 'delivered', 'bounced', 'failed', 'cancelled'] as const;

/** Why a mail came to its ticket: the rule that held, its evidence, and the tickets that were refused. */
export const threadingView = z
  .object({
    rule: z.enum(['signed_address', 'references', 'subject_number', 'new']),
    evidence: z.string(),
    refused: z.array(z.object({ ticketId: z.string(), rule: z.string(), why: z.string() })),
  })
  .meta({ id: 'Threading' });

export const messageView = z
  .object({
    id: z.uuid(),
    ticketId: z.uuid(),
    isInternalNote: z.boolean(),
    content: z.string(),
    /** The whole mail as text, where `content` is only what the sender newly wrote. */
    wholeText: z.string().nullable(),
    author: z.object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable(), name: z.string() }),
    source: z.string(),
    delivery: z
      .object({
        state: z.enum(DELIVERY_STATES),
        to: z.array(z.string()),
        detail: z.string().nullable(),
        notBefore: instant.nullable(),
      })
      .nullable(),
    threading: threadingView.nullable(),
    attachments: z.array(attachmentView),
    /** Where the pictures are that HTML of this message names by `cid:`; by content id. */
    inlineImages: z.record(z.string(), z.string()),
    createdAt: instant,
    editedAt: instant.nullable(),
  })
  .meta({ id: 'Message' });
export type MessageView = z.output<typeof messageView>;

export const postMessageInput = z
  .strictObject({
    /** Left out, it is what the canned response says. */
    content: markdown.refine((text) => text.trim() !== '', 'must not be empty').optional(),
    /** A canned response, by id or shortcut: filled in for the ticket, and counted as used. */
    cannedResponse: cannedRef.optional(),
    isInternalNote: z.boolean().default(false),
    cc: z.array(emailAddress).max(50).default([]),
    /** Files that were uploaded to the ticket before, and become this message's. */
    attachmentIds: z.array(z.uuid()).max(MAX_FILES).default([]),
  })
  .meta({ example: { content: 'Hi! We just shipped a fix in v1.4.3 — please try again.', isInternalNote: false } });

export const postMessage = contract('messages.post', {
  request: postMessageInput.extend({
    ticket: ticketRef,
    /** The same reference posts once, however often it is tried: `slack:C024BE91L:1700000000.000100`. */
    externalRef: z.string().min(1).max(200).optional(),
    /** How long a public reply waits before it is handed over, so that it can be undone. */
    undoMs: z.int().min(0).max(600_000).default(0),
  }),
  reply: messageView,
});

/** Takes a public reply back while it still waits to be handed over; after that it is CONFLICT. */
export const undoMessage = contract('messages.undo', {
  request: z.strictObject({ messageId: z.uuid() }),
  reply: messageView,
});

export const editMessage = contract('messages.edit', {
  request: z.strictObject({
    externalRef: z.string().max(200),
    content: markdown.nullable().describe('null deletes it'),
  }),
  reply: messageView.nullable(),
});

/** By its author. A mail that has left keeps what it said; so does the history. */
export const changeMessageInput = z
  .strictObject({ content: markdown.refine((text) => text.trim() !== '', 'must not be empty') })
  .meta({ example: { content: 'Hi! We just shipped a fix in v1.4.3 — please try again.' } });
export const changeMessage = contract('messages.change', {
  request: z.strictObject({
    ticket: ticketRef,
    messageId: z.uuid(),
    content: changeMessageInput.shape.content.nullable().describe('null deletes it'),
  }),
  reply: messageView,
});

/** A message in other words: `body` and `internal`. */
export const postCommentInput = z
  .strictObject({
    body: markdown.refine((text) => text.trim() !== '', 'must not be empty'),
    internal: z.boolean().default(false),
  })
  .meta({
    example: {
      body: 'Checked the service logs — the crash was caused by a corrupted config file. Replacing with default.',
      internal: true,
    },
  });
export const commentView = z
  .object({
    id: z.uuid(),
    ticketId: z.uuid(),
    body: z.string(),
    internal: z.boolean(),
    author: messageView.shape.author,
    createdAt: instant,
    editedAt: instant.nullable(),
  })
  .meta({ id: 'Comment' });
export type CommentView = z.output<typeof commentView>;
export const commentPage = z.object({ items: z.array(commentView), nextCursor: z.string().nullable() });

export const listMessagesInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export const messagePage = z.object({ items: z.array(messageView), nextCursor: z.string().nullable() });
export const listMessages = contract('messages.list', {
  bySystem: true,
  request: listMessagesInput.extend({ ticket: ticketRef }),
  reply: messagePage,
});

/** Who would receive a public reply, to be shown before it is sent. */
export const replyRecipients = contract('messages.recipients', {
  request: z.strictObject({ ticket: ticketRef }),
  reply: z.object({ to: z.array(z.string()), cc: z.array(z.string()) }),
});

export const activityView = z
  .object({
    id: z.uuid(),
    ticketId: z.uuid(),
    type: z.string(),
    actor: z.object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable(), name: z.string() }),
    oldValue: z.unknown(),
    newValue: z.unknown(),
    at: instant,
  })
  .meta({ id: 'Activity' });
export const activityPage = z.object({ items: z.array(activityView), nextCursor: z.string().nullable() });
export const listActivities = contract('activities.list', {
  request: listMessagesInput.extend({ ticket: ticketRef }),
  reply: activityPage,
});
