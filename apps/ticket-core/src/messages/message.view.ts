import type { Actor } from '#shared/contracts/actor.js';
import type { MessageView } from '#shared/contracts/messages.js';
import { type AttachmentJson, attachmentViewOf, inlineImagesOf } from '../attachments/attachment.view.js';

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
  attachments: (row.attachments ?? []).map(attachmentViewOf),
  inlineImages: inlineImagesOf(row.attachments ?? []),
  createdAt: row.created_at.toISOString(),
  editedAt: row.edited_at?.toISOString() ?? null,
});

/**
 * What the customer sees of a message (design.md, rule 3): the words, who said them and the files. How it was threaded or
 * delivered, and which other tickets were refused, is the desk's own affair. An internal note or a deleted message is
 * never asked for here; if it is, somebody has a bug, and it stops.
 */
export function customerViewOf(row: MessageRow): MessageView {
  if (row.is_internal || row.deleted_at) throw new Error('This message is not for customers');
  return { ...messageViewOf(row), wholeText: null, threading: null, delivery: null };
}

export const messageViewFor = (actor: Pick<Actor, 'kind'>, row: MessageRow): MessageView =>
  actor.kind === 'contact' ? customerViewOf(row) : messageViewOf(row);
