import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { Database, type Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { AttachmentRow } from './attachment.view.js';

export interface NewUpload {
  id: string;
  name: string;
  content_type: string;
  size_bytes: number;
  sha256: string;
  blob_key: string;
}

const FIELDS = `a.id, a.name, a.content_type, a.size_bytes, a.sha256, a.content_id, a.inline, a.blob_key, a.message_id,
  a.uploaded_by_kind, a.uploaded_by`;
/** What is the customer's to see: `apart_of` marks what belongs to somebody whose ticket was merged into this one. */
const IS_PUBLIC = 'NOT m.is_internal AND m.apart_of IS NULL';
const IS_MAILED = `EXISTS (SELECT 1 FROM outbound_mails o WHERE o.org_id = a.org_id AND o.message_id = a.message_id AND o.state <> 'cancelled')`;
const UPLOAD = statement(
  'attachments.upload',
  `INSERT INTO attachments (org_id, id, ticket_id, name, content_type, size_bytes, sha256, content_id, inline, blob_key,
     uploaded_at, uploaded_by_kind, uploaded_by)
   SELECT $1, x.id, $3, x.name, x.content_type, x.size_bytes, x.sha256, NULL, false, x.blob_key, $4, $5, $6
   FROM jsonb_to_recordset($2::jsonb) AS x(
     id uuid, name text, content_type text, size_bytes bigint, sha256 text, blob_key text)`,
);
/** Nothing of a deleted message. */
const BY_IDS = statement(
  'attachments.by-ids',
  `SELECT ${FIELDS}, CASE WHEN a.message_id IS NULL THEN a.ticket_id ELSE m.ticket_id END AS ticket_id,
     m.id IS NOT NULL AND ${IS_PUBLIC} AS is_public, ${IS_MAILED} AS is_mailed,
     CASE WHEN a.uploaded_at IS NULL THEN m.created_at ELSE a.uploaded_at END AS at
   FROM attachments a LEFT JOIN messages m ON m.org_id = a.org_id AND m.id = a.message_id
   WHERE a.org_id = (SELECT current_org()) AND a.id = ANY($1::uuid[]) AND a.deleted_at IS NULL AND m.deleted_at IS NULL`,
);
/** Those of its messages, and those that wait. For a contact ($5) of public messages only, and of their own. */
const PAGE = statement(
  'attachments.page',
  `SELECT * FROM (
     SELECT ${FIELDS}, m.ticket_id, ${IS_PUBLIC} AS is_public, false AS is_mailed,
       CASE WHEN a.uploaded_at IS NULL THEN m.created_at ELSE a.uploaded_at END AS at
     FROM messages m JOIN attachments a ON a.org_id = m.org_id AND a.message_id = m.id
     WHERE m.org_id = (SELECT current_org()) AND m.ticket_id = $1 AND m.deleted_at IS NULL AND a.deleted_at IS NULL
       AND ($5::uuid IS NULL OR (${IS_PUBLIC}))
     UNION ALL
     SELECT ${FIELDS}, a.ticket_id, false, false, a.uploaded_at
     FROM attachments a
     WHERE a.org_id = (SELECT current_org()) AND a.ticket_id = $1 AND a.message_id IS NULL AND a.deleted_at IS NULL
       AND ($5::uuid IS NULL OR (a.uploaded_by_kind = 'contact' AND a.uploaded_by = $5))
   ) AS f
   WHERE $2::timestamptz IS NULL OR (f.at, f.id) > ($2::timestamptz, $3::uuid)
   ORDER BY f.at, f.id LIMIT $4`,
);
const TOTAL = statement(
  'attachments.total',
  `SELECT (SELECT coalesce(sum(a.size_bytes), 0) FROM messages m JOIN attachments a ON a.org_id = m.org_id AND a.message_id = m.id
       WHERE m.org_id = (SELECT current_org()) AND m.ticket_id = $1 AND a.deleted_at IS NULL)
     + (SELECT coalesce(sum(a.size_bytes), 0) FROM attachments a
       WHERE a.org_id = (SELECT current_org()) AND a.ticket_id = $1 AND a.message_id IS NULL AND a.deleted_at IS NULL) AS bytes`,
);
/** What is a message's belongs to that message's ticket, wherever that goes; so it forgets where it was uploaded to. */
const POST = statement(
  'attachments.post',
  `UPDATE attachments SET message_id = $2, ticket_id = NULL
   WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND ticket_id = $3 AND message_id IS NULL AND deleted_at IS NULL
   RETURNING id`,
);
const REMOVE = statement(
  'attachments.remove',
  'UPDATE attachments SET deleted_at = $2 WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL',
);
/** Across tenants, a bounded number: uploads that nobody posted in a day. The row stays; the sweeper takes its blob. */
const EXPIRE = statement(
  'attachments.expire',
  `UPDATE attachments SET deleted_at = now()
   WHERE (org_id, id) IN (SELECT org_id, id FROM attachments
     WHERE message_id IS NULL AND deleted_at IS NULL AND uploaded_at < now() - make_interval(hours => $1) LIMIT $2)
     AND message_id IS NULL RETURNING id`,
);
/** Across tenants: which of these nobody refers to. What was deleted lately may still be on its way to a reader. */
const UNREFERENCED = statement(
  'attachments.unreferenced',
  `SELECT k.key FROM unnest($1::text[]) AS k(key)
   WHERE NOT EXISTS (SELECT 1 FROM attachments a
       WHERE a.blob_key = k.key AND (a.deleted_at IS NULL OR a.deleted_at > now() - make_interval(hours => $2)))
     AND NOT EXISTS (SELECT 1 FROM inbound_mails i WHERE i.blob_key = k.key)`,
);

@Injectable()
export class AttachmentRepository {
  constructor(private readonly database: Database) {}

  async upload(tx: Tx, actor: Actor, ticketId: string, files: NewUpload[], at: Date): Promise<void> {
    await tx.query(UPLOAD, [actor.orgId, jsonb(files), ticketId, at, actor.kind, actor.id]);
  }

  /** In no order; what is not there is left out. */
  byIds(tx: Tx, ids: readonly string[]): Promise<AttachmentRow[]> {
    return tx.query<AttachmentRow>(BY_IDS, [ids]);
  }

  /** Oldest first. `contactId`: as this contact may see them. */
  page(
    tx: Tx,
    ticketId: string,
    after: { at: string; id: string } | null,
    limit: number,
    contactId: string | null,
  ): Promise<AttachmentRow[]> {
    return tx.query<AttachmentRow>(PAGE, [ticketId, after?.at ?? null, after?.id ?? null, limit, contactId]);
  }

  async totalBytes(tx: Tx, ticketId: string): Promise<number> {
    const [row] = await tx.query<{ bytes: string }>(TOTAL, [ticketId]);
    return Number(row?.bytes ?? 0);
  }

  /** How many were still waiting, and are the message's now. */
  async post(tx: Tx, ids: readonly string[], messageId: string, ticketId: string): Promise<number> {
    return (await tx.query(POST, [ids, messageId, ticketId])).length;
  }

  async remove(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(REMOVE, [id, at]);
  }

  async expire(afterHours: number, limit: number): Promise<number> {
    return (await this.database.acrossOnce(EXPIRE, [afterHours, limit])).length;
  }

  async unreferenced(keys: readonly string[], forHours: number): Promise<string[]> {
    const rows = await this.database.acrossOnce<{ key: string }>(UNREFERENCED, [keys, forHours]);
    return rows.map(({ key }) => key);
  }
}
