import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, plainText, statement } from '../database/statement.js';
import type { MessageRow } from './message.view.js';

export interface NewMessage {
  id: string;
  ticket_id: string;
  is_internal: boolean;
  content: string;
  whole_text: string | null;
  author_kind: string;
  author_id: string | null;
  author_name: string;
  source: string;
  external_ref: string | null;
  threading: unknown;
  inbound_mail_id: string | null;
  created_at: string;
  /** The merged ticket whose customer alone may see it, on a ticket of somebody else (docs/adr/0021). */
  apart_of?: string | null;
}

export interface NewAttachment {
  id: string;
  message_id: string;
  name: string;
  content_type: string;
  size_bytes: number;
  sha256: string;
  content_id: string | null;
  inline: boolean;
  blob_key: string;
}

/** Any number at once; a message whose external reference was posted already is left out. */
const ADD = statement(
  'messages.add',
  `INSERT INTO messages (org_id, id, ticket_id, is_internal, content, whole_text, author_kind, author_id, author_name, source,
     external_ref, threading, inbound_mail_id, created_at, apart_of)
   SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(
     id uuid, ticket_id uuid, is_internal boolean, content text, whole_text text, author_kind text, author_id uuid,
     author_name text, source text, external_ref text, threading jsonb, inbound_mail_id uuid, created_at timestamptz, apart_of uuid)
   ON CONFLICT (org_id, external_ref) DO NOTHING
   RETURNING id`,
);
const ATTACH = statement(
  'messages.attach',
  `INSERT INTO attachments (org_id, id, message_id, name, content_type, size_bytes, sha256, content_id, inline, blob_key)
   SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(
     id uuid, message_id uuid, name text, content_type text, size_bytes bigint, sha256 text, content_id text,
     inline boolean, blob_key text)`,
);
const COLUMNS = `
  m.id, m.ticket_id, m.is_internal, m.content, m.whole_text, m.author_kind, m.author_id, m.author_name, m.source,
  m.external_ref, m.threading, m.created_at, m.edited_at, m.deleted_at,
  o.state AS mail_state, o.recipients AS mail_to, o.detail AS mail_detail, o.due_at AS mail_due_at,
  (SELECT jsonb_agg(to_jsonb(f) - 'org_id' - 'blob_key' ORDER BY f.id) FROM attachments f
    WHERE f.org_id = m.org_id AND f.message_id = m.id AND f.deleted_at IS NULL) AS attachments`;
const MAIL = `LEFT JOIN outbound_mails o ON o.org_id = m.org_id AND o.message_id = m.id AND o.kind = 'reply'`;
const FROM = `FROM messages m ${MAIL}`;
const BY_ID = statement(
  'messages.by-id',
  `SELECT ${COLUMNS} ${FROM} WHERE m.org_id = (SELECT current_org()) AND m.id = $1`,
);
const BY_REF = statement(
  'messages.by-ref',
  `SELECT ${COLUMNS} ${FROM} WHERE m.org_id = (SELECT current_org()) AND m.external_ref = $1`,
);
/** Without a cursor from before all: then the index is read from there on, whatever the plan. */
const AFTER = '(m.created_at, m.id) > ($2::timestamptz, $3::uuid)';
const BEFORE_ALL = ['-infinity', '00000000-0000-0000-0000-000000000000'];
const PAGE = statement(
  'messages.page',
  `SELECT ${COLUMNS} ${FROM} WHERE m.org_id = (SELECT current_org()) AND m.ticket_id = $1 AND m.deleted_at IS NULL AND ${AFTER}
   ORDER BY m.created_at, m.id LIMIT $4`,
);
const first = (which: string) =>
  `SELECT m.id, m.created_at FROM messages m WHERE m.org_id = (SELECT current_org()) AND ${which}
     AND m.deleted_at IS NULL AND NOT m.is_internal AND ${AFTER} ORDER BY m.created_at, m.id LIMIT $4`;
/**
 * What is public, and said to the customer of this very ticket: wherever it stands now (docs/adr/0021). Two ranges, cut before
 * they are dressed: a ticket may have ten thousand messages.
 */
const PAGE_FOR_CUSTOMER = statement(
  'messages.page-for-customer',
  `WITH page AS MATERIALIZED (
     SELECT id FROM ((${first('m.ticket_id = $1 AND m.apart_of IS NULL')}) UNION ALL (${first('m.apart_of = $1')})) found
     ORDER BY created_at, id LIMIT $4)
   SELECT ${COLUMNS} FROM page JOIN messages m ON m.org_id = (SELECT current_org()) AND m.id = page.id
   ${MAIL} ORDER BY m.created_at, m.id`,
);
/** As PAGE_FOR_CUSTOMER reads them. */
const COUNT_FOR_CUSTOMER = statement(
  'messages.count-for-customer',
  `SELECT x.id AS ticket_id, (
     SELECT count(*)::integer FROM messages m
     WHERE m.org_id = (SELECT current_org()) AND ((m.ticket_id = x.id AND m.apart_of IS NULL) OR m.apart_of = x.id)
       AND m.deleted_at IS NULL AND NOT m.is_internal) AS messages
   FROM unnest($1::uuid[]) AS x(id)`,
);
const EDIT = statement(
  'messages.edit',
  `UPDATE messages SET content = coalesce($2, content), edited_at = $3, deleted_at = CASE WHEN $2 IS NULL THEN $3::timestamptz ELSE deleted_at END
   WHERE org_id = (SELECT current_org()) AND id = $1`,
);

@Injectable()
export class MessageRepository {
  /** Returns the ids that were written. */
  async add(tx: Tx, orgId: string, messages: NewMessage[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(ADD, [orgId, jsonb(messages)]);
    return new Set(rows.map(({ id }) => id));
  }

  async attach(tx: Tx, orgId: string, files: NewAttachment[]): Promise<void> {
    if (files.length > 0) await tx.query(ATTACH, [orgId, jsonb(files)]);
  }

  async byId(tx: Tx, id: string): Promise<MessageRow | null> {
    const [row] = await tx.query<MessageRow>(BY_ID, [id]);
    return row ?? null;
  }

  async byExternalRef(tx: Tx, ref: string): Promise<MessageRow | null> {
    const [row] = await tx.query<MessageRow>(BY_REF, [ref]);
    return row ?? null;
  }

  /** Oldest first. */
  page(
    tx: Tx,
    ticketId: string,
    after: { at: string; id: string } | null,
    limit: number,
    forCustomer: boolean,
  ): Promise<MessageRow[]> {
    const page = forCustomer ? PAGE_FOR_CUSTOMER : PAGE;
    return tx.query<MessageRow>(page, [ticketId, ...(after ? [after.at, after.id] : BEFORE_ALL), limit]);
  }

  /** How many messages its customer can read, of each ticket. */
  async countForCustomer(tx: Tx, ticketIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ ticket_id: string; messages: number }>(COUNT_FOR_CUSTOMER, [ticketIds]);
    return new Map(rows.map(({ ticket_id, messages }) => [ticket_id, messages]));
  }

  /** `content` null deletes it: the row stays for the history, nobody is shown it. */
  async edit(tx: Tx, id: string, content: string | null, at: Date): Promise<void> {
    await tx.query(EDIT, [id, content === null ? null : plainText(content), at]);
  }
}
