import type { MessageView } from '#shared/contracts/messages.js';

export interface AttachmentJson {
  id: string;
  name: string;
  content_type: string;
  size_bytes: number;
  sha256: string;
  content_id: string | null;
  inline: boolean;
}

/** A message as the repository reads it, with its attachments and how far its mail has come. */
export interface MessageRow {
  id: string;
  ticket_id: string;
  is_internal: boolean;
  content: string;
  whole_text: string | null;
  author_kind: 'agent' | 'contact' | 'system';
  author_id: string | null;
  author_name: string;
  source: string;
  external_ref: string | null;
  threading: MessageView['threading'];
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  attachments: AttachmentJson[] | null;
  mail_state: NonNullable<MessageView['delivery']>['state'] | null;
  mail_to: string[] | null;
  mail_detail: string | null;
  mail_due_at: Date | null;
}

/** For people of the organisation. */
export const messageViewOf = (row: MessageRow): MessageView => ({
  id: row.id,
  ticketId: row.ticket_id,
  isInternalNote: row.is_internal,
  content: row.content,
  wholeText: row.whole_text,
  author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
  source: row.source,
  delivery: row.mail_state && {
    state: row.mail_state,
    to: row.mail_to ?? [],
    detail: row.mail_detail,
    notBefore: row.mail_state === 'queued' && row.mail_due_at ? row.mail_due_at.toISOString() : null,
  },
  threading: row.threading,
  attachments: (row.attachments ?? []).map((file) => ({
    id: file.id,
    name: file.name,
    contentType: file.content_type,
    sizeBytes: file.size_bytes,
    sha256: file.sha256,
    contentId: file.content_id,
    inline: file.inline,
  })),
  createdAt: row.created_at.toISOString(),
  editedAt: row.edited_at?.toISOString() ?? null,
});

/**
 * The one view from which anything that a customer sees is built (design.md, rule 3): public messages only, without how
 * they were threaded, delivered or quoted. An internal note gives null, whoever asks.
 */
export const customerViewOf = (
  row: MessageRow,
): { id: string; content: string; author: string; createdAt: string } | null =>
  row.is_internal || row.deleted_at
    ? null
    : { id: row.id, content: row.content, author: row.author_name, createdAt: row.created_at.toISOString() };
