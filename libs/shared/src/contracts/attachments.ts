import { z } from 'zod';
import { contract } from './contract.js';
import { instant, ticketRef } from './values.js';

export const MAX_FILES = 20;

/** A file of a message. Its content is not here but at `url` (GET, with the same key as any other request). */
export const attachmentView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    contentType: z.string(),
    sizeBytes: z.int().nonnegative(),
    sha256: z.string(),
    contentId: z.string().nullable().describe('What `cid:` in the message’s HTML names it by (RFC 2392)'),
    inline: z.boolean(),
    url: z
      .string()
      .describe('Where its content is; with ?inline pictures, PDF and plain text may be shown in a browser'),
  })
  .meta({ id: 'Attachment' });
export type AttachmentView = z.output<typeof attachmentView>;

/** A file as its ticket lists it. */
export const ticketAttachmentView = attachmentView
  .extend({
    ticketId: z.uuid(),
    messageId: z.uuid().nullable().describe('null: uploaded, and not posted with a message yet'),
    uploadedBy: z
      .object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable() })
      .nullable()
      .describe('null: it came by mail'),
    createdAt: instant,
  })
  .meta({ id: 'TicketAttachment' });
export type TicketAttachmentView = z.output<typeof ticketAttachmentView>;

export const attachmentPage = z.object({ items: z.array(ticketAttachmentView), nextCursor: z.string().nullable() });
/** What an upload became, in the order in which it was sent. */
export const uploadedFiles = z.object({ items: z.array(ticketAttachmentView) });

export const listAttachmentsInput = z
  .strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().max(200).optional(),
  })
  .meta({ example: { limit: 20 } });

export const listAttachments = contract('attachments.list', {
  request: listAttachmentsInput.extend({ ticket: ticketRef }),
  reply: attachmentPage,
});

/** Whoever uploaded it, or a manager; never what has been mailed. */
export const deleteAttachment = contract('attachments.delete', {
  request: z.strictObject({ attachment: z.uuid() }),
  reply: z.object({ success: z.literal(true) }),
});

/** Of a request whose body is the file itself. */
export const uploadQuery = z
  .strictObject({ name: z.string().max(1_000).optional() })
  .meta({ example: { name: 'router.log' } });

/** `?inline` with or without a value. */
export const downloadQuery = z.strictObject({
  inline: z
    .enum(['', '1', 'true', '0', 'false'])
    .optional()
    .transform((value) => value !== undefined && value !== '0' && value !== 'false'),
});
