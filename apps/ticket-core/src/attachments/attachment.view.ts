import type { Actor } from '#shared/contracts/actor.js';
import type { AttachmentView, TicketAttachmentView } from '#shared/contracts/attachments.js';

/** A row of `attachments` as JSON, with a message. */
export interface AttachmentJson {
  id: string;
  name: string;
  content_type: string;
  size_bytes: number | string;
  sha256: string;
  content_id: string | null;
  inline: boolean;
}

/** An attachment as its own repository reads it, with the message that it belongs to. */
export interface AttachmentRow extends AttachmentJson {
  blob_key: string;
  /** Of its message; of one that waits to be posted, where it was uploaded to. */
  ticket_id: string;
  message_id: string | null;
  /** False too for what waits. */
  is_public: boolean;
  /** A mail with it is queued, on its way or gone. */
  is_mailed: boolean;
  uploaded_by_kind: Actor['kind'] | null;
  uploaded_by: string | null;
  at: Date;
}

export const attachmentUrl = (id: string): string => `/api/v1/attachments/${id}`;

export const attachmentViewOf = (row: AttachmentJson): AttachmentView => ({
  id: row.id,
  name: row.name,
  contentType: row.content_type,
  sizeBytes: Number(row.size_bytes),
  sha256: row.sha256,
  contentId: row.content_id,
  inline: row.inline,
  url: attachmentUrl(row.id),
});

export const ticketAttachmentViewOf = (row: AttachmentRow): TicketAttachmentView => ({
  ...attachmentViewOf(row),
  ticketId: row.ticket_id,
  messageId: row.message_id,
  uploadedBy: row.uploaded_by_kind && { kind: row.uploaded_by_kind, id: row.uploaded_by },
  createdAt: row.at.toISOString(),
});

/** What a reader puts in the place of `cid:…`: each content id with where its picture is. */
export const inlineImagesOf = (files: readonly AttachmentJson[]): Record<string, string> =>
  Object.fromEntries(
    files.flatMap(({ id, content_id: contentId, content_type: type }) =>
      contentId !== null && /^image\//i.test(type) ? [[contentId, `${attachmentUrl(id)}?inline`]] : [],
    ),
  );
