import { z } from 'zod';
import { contract } from './contract.js';

/** A file of a reply: where its bytes lie, and how the mail names it. */
export const outgoingFile = z.object({
  id: z.uuid(),
  name: z.string(),
  contentType: z.string(),
  sizeBytes: z.int().nonnegative(),
  contentId: z.string().nullable(),
  blobKey: z.string(),
});
export type OutgoingFile = z.output<typeof outgoingFile>;

export const outgoingMail = z.object({
  id: z.uuid(),
  orgId: z.uuid(),
  kind: z.enum(['reply', 'acknowledgement']),
  organisationName: z.string(),
  supportAddress: z.string(),
  agentName: z.string().nullable(),
  ticketId: z.uuid(),
  ticketNumber: z.int(),
  contactId: z.uuid().nullable(),
  to: z.array(z.string()).min(1),
  cc: z.array(z.string()),
  subject: z.string(),
  bodyMarkdown: z.string(),
  files: z.array(outgoingFile),
  /** The same on each try, so that a second copy is recognised (RFC 5322 3.6.4). */
  messageId: z.string(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  attempt: z.int().positive(),
});
export type OutgoingMail = z.output<typeof outgoingMail>;

export const claimOutgoing = contract('mail.out.claim', {
  request: z.strictObject({
    worker: z.string().min(1).max(100),
    limit: z.int().min(1).max(50),
    leaseMs: z.int().min(1_000).max(600_000),
  }),
  reply: z.object({
    mails: z.array(outgoingMail),
    /** When the next waiting mail becomes due, in ms from now; null when nothing waits. */
    nextInMs: z.number().nullable(),
  }),
});

export const settleOutgoing = contract('mail.out.settle', {
  bySystem: true,
  request: z.strictObject({
    worker: z.string().min(1).max(100),
    id: z.uuid(),
    outcome: z.discriminatedUnion('state', [
      z.object({ state: z.literal('sent'), detail: z.string().max(1_000) }),
      /** Tried again with back-off for 48 h, then failed. */
      z.object({ state: z.literal('deferred'), detail: z.string().max(1_000) }),
      z.object({ state: z.literal('failed'), detail: z.string().max(1_000) }),
    ]),
  }),
  reply: z.object({ state: z.string() }),
});
