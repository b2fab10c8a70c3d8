import { z } from 'zod';
import { contract } from './contract.js';
import { threadingView } from './messages.js';
import { emailAddress, instant } from './values.js';

/** Which organisation a recipient's address belongs to; null: nobody here has it (SMTP 550 5.1.1). */
export const resolveRecipient = contract('mail.resolve-recipient', {
  request: z.strictObject({ address: z.string().min(3).max(320) }),
  reply: z.object({ orgId: z.uuid(), address: z.string() }).nullable(),
  timeoutMs: 3_000,
});

/** SMTP envelope (RFC 5321 2.3.1) and what was known of the connection. */
export const envelope = z.object({
  mailFrom: z.string().max(320),
  recipients: z
    .array(z.object({ orgId: z.uuid(), address: z.string().max(320) }))
    .min(1)
    .max(1000),
  receivedAt: instant,
  peer: z.string().max(100),
  helo: z.string().max(255),
  tls: z.boolean(),
});
export type Envelope = z.output<typeof envelope>;

export const mailToAccept = z.strictObject({
  envelope,
  /** Of what the client sent, without our own trace headers. */
  sha256: z.string().length(64),
  /** Of the kept file. */
  sizeBytes: z.int().nonnegative(),
  /** Null: the raw mail travels in the request. Else it was too large for NATS and lies, fsynced, in the blob store. */
  blobKey: z.string().max(200).nullable(),
  /** W3C traceparent of the SMTP conversation. */
  trace: z.string().max(200).nullable(),
});
export type MailToAccept = z.output<typeof mailToAccept>;

/**
 * Accept mails: each durable, or refused with its reason, when the answer comes. A binary request
 * (`messaging/frame.ts`): one part a mail, in the order of `mails`, empty where `blobKey` says where it lies. Mails that
 * wait together travel together, since a message a mail would cost more than the mail.
 */
export const acceptMails = contract('mail.accept', {
  request: z.strictObject({ mails: z.array(mailToAccept).min(1).max(64) }),
  reply: z.object({
    results: z.array(
      z.union([
        z.object({ ids: z.array(z.uuid()).min(1) }),
        z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
      ]),
    ),
  }),
  timeoutMs: 10_000,
});

export const claimedMail = z.object({
  id: z.uuid(),
  orgId: z.uuid(),
  supportAddress: z.string(),
  envelope,
  blobKey: z.string().nullable(),
  sha256: z.string(),
  sizeBytes: z.int(),
  attempt: z.int().positive(),
});
export type ClaimedMail = z.output<typeof claimedMail>;

/**
 * Claim accepted mails for filing, oldest first, each sender's in order. A binary request: the answer's parts are the raw
 * mails in the order of `mails` (an empty part where `blobKey` says where it lies).
 */
export const claimMails = contract('mail.claim', {
  request: z.strictObject({
    worker: z.string().min(1).max(100),
    limit: z.int().min(1).max(256),
    leaseMs: z.int().min(1_000).max(600_000),
  }),
  reply: z.object({ mails: z.array(claimedMail) }),
});

/** What threading needs to know of tickets that a mail points to. Only tickets that it could mean are returned. */
export const threadCandidate = z.object({
  ticketId: z.uuid(),
  number: z.int(),
  status: z.string(),
  /** Lower-case addresses of who takes part: contact and the people in copy. */
  participants: z.array(z.string()),
  contactIds: z.array(z.uuid()),
  /** The Message-IDs asked for that belong to this ticket. */
  messageIds: z.array(z.string()),
});
export type ThreadCandidate = z.output<typeof threadCandidate>;

export const findThreads = contract('mail.find-threads', {
  bySystem: true,
  request: z.strictObject({
    messageIds: z.array(z.string().max(1_000)).max(200).default([]),
    ticketIds: z.array(z.uuid()).max(20).default([]),
    numbers: z.array(z.int().positive()).max(20).default([]),
  }),
  reply: z.object({ candidates: z.array(threadCandidate) }),
});

export const MAIL_KINDS = ['message', 'auto-reply', 'bounce', 'abuse-report', 'calendar', 'list'] as const;

export const filedAttachment = z.object({
  name: z.string().max(500),
  contentType: z.string().max(255),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().length(64),
  contentId: z.string().max(500).nullable(),
  inline: z.boolean(),
  blobKey: z.string().max(200),
});

export const readMailFacts = z.object({
  messageId: z.string().max(1_000).nullable(),
  /** Two deliveries with this key are one mail: Message-ID, sender and body; or envelope and hash where there is no Message-ID. */
  duplicateKey: z.string().max(200),
  from: z.object({ address: emailAddress, name: z.string().max(200) }).nullable(),
  cc: z.array(emailAddress).max(50),
  subject: z.string().max(500),
  text: z.string(),
  reply: z.string(),
  kind: z.enum(MAIL_KINDS),
  /** Came back to us by our own mark: never answered, never filed as new. */
  isOurOwn: z.boolean(),
  bounceOf: z
    .object({
      messageId: z.string().nullable(),
      address: z.string().nullable(),
      status: z.string().nullable(),
      hard: z.boolean(),
      diagnostic: z.string(),
    })
    .nullable(),
  problems: z.array(z.string().max(500)).max(50),
  attachments: z.array(filedAttachment).max(200),
  authenticated: z.boolean(),
});
export type ReadMailFacts = z.output<typeof readMailFacts>;

export const DISPOSITIONS = [
  'ticket_opened',
  'message_added',
  'auto_reply_noted',
  'bounce_recorded',
  'duplicate',
  'dropped_loop',
  'quarantined',
] as const;

/** File claimed mails of one organisation: ticket or message, disposition and events in one transaction; each item's result is told. */
export const fileMails = contract('mail.file', {
  bySystem: true,
  request: z.strictObject({
    worker: z.string().min(1).max(100),
    mails: z
      .array(z.object({ id: z.uuid(), facts: readMailFacts, threading: threadingView, ticketId: z.uuid().nullable() }))
      .min(1)
      .max(256),
  }),
  reply: z.object({
    results: z.array(
      z.object({
        id: z.uuid(),
        disposition: z
          .enum(DISPOSITIONS)
          .nullable()
          .describe('null: not filed; the lease was lost or it failed, see error'),
        ticketId: z.uuid().nullable(),
        ticketNumber: z.int().nullable(),
        error: z.string().nullable(),
      }),
    ),
  }),
  timeoutMs: 20_000,
});
