import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface ClaimedFile {
  id: string;
  name: string;
  content_type: string;
  size_bytes: number;
  content_id: string | null;
  blob_key: string;
}

export interface ClaimedOutgoing {
  id: string;
  org_id: string;
  kind: 'reply' | 'acknowledgement';
  recipients: string[];
  cc: string[];
  mail_id: string;
  attempts: number;
  ticket_id: string;
  organisation_name: string;
  support_address: string;
  agent_name: string | null;
  number: number;
  subject: string;
  contact_id: string | null;
  body: string;
  files: ClaimedFile[] | null;
  thread: string[] | null;
}

export interface QueuedRow {
  id: string;
  org_id: string;
  ticket_id: string;
  message_id: string | null;
  number: number;
  version: number;
  attempts: number;
  queued_at: Date;
}

/**
 * Queues mails and makes their Message-IDs known in the same statement: the answer may come before we have noted that
 * it was sent. The domain is that of the address it is sent from.
 */
const QUEUE = statement(
  'outbound.queue',
  `WITH input AS (
     SELECT x.*, '<' || x.id || '@' || split_part(m.address, '@', 2) || '>' AS mail_id
     FROM jsonb_to_recordset($2::jsonb) AS x(
       id uuid, ticket_id uuid, message_id uuid, kind text, recipients text[], cc text[], due_at timestamptz, queued_at timestamptz),
     (SELECT address FROM mailboxes WHERE org_id = $1 ORDER BY created_at, address LIMIT 1) AS m
   ), known AS (
     INSERT INTO mail_message_ids (org_id, mail_id, ticket_id, message_id) SELECT $1, mail_id, ticket_id, message_id FROM input
   )
   INSERT INTO outbound_mails (org_id, id, ticket_id, message_id, kind, recipients, cc, mail_id, due_at, queued_at)
   SELECT $1, id, ticket_id, message_id, kind, recipients, cc, mail_id, due_at, queued_at FROM input RETURNING id`,
);
/** The primary key lets one acknowledgement a sender and day through, whatever arrives at once. */
const ACKNOWLEDGE_ONCE = statement(
  'outbound.acknowledge-once',
  `INSERT INTO acknowledgements (org_id, address, day)
   SELECT $1, x.address, ($3::timestamptz AT TIME ZONE 'UTC')::date FROM unnest($2::text[]) AS x(address) ORDER BY x.address
   ON CONFLICT DO NOTHING RETURNING address`,
);
const CANCEL = statement(
  'outbound.cancel',
  `UPDATE outbound_mails SET state = 'cancelled', settled_at = now()
   WHERE org_id = (SELECT current_org()) AND message_id = $1 AND state = 'queued' AND lease_owner IS NULL RETURNING id`,
);

const HOLD = statement(
  'outbound.hold',
  `SELECT id FROM outbound_mails
   WHERE org_id = (SELECT current_org()) AND message_id = $1 AND state = 'queued' AND lease_owner IS NULL FOR UPDATE`,
);

/**
 * Claims mails that are due. The claim moves due_at to the end of its lease, so a sender that dies gives it back by
 * itself. What leaves the house is read here and only here: a message that is internal or deleted is never returned,
 * whatever was queued (design.md, rule 3); its row is closed on the spot, so that nobody meets it again. Cut where the
 * texts would not fit into one NATS message; the first always goes.
 */
const CLAIM = statement(
  'outbound.claim',
  `WITH due AS (
     SELECT o.org_id, o.id, o.ticket_id, o.message_id, o.kind, o.due_at FROM outbound_mails o
     WHERE o.state = 'queued' AND o.due_at <= now() ORDER BY o.due_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ), judged AS (
     SELECT due.*, coalesce(octet_length(m.content), 0) + 16000 AS bytes,
       coalesce((due.kind = 'acknowledgement' AND due.message_id IS NULL)
         OR (due.kind = 'reply' AND (m.ticket_id = due.ticket_id OR s.duplicate_of IS NOT NULL)
           AND NOT m.is_internal AND m.deleted_at IS NULL), false) AS may_leave
     FROM due LEFT JOIN messages m ON m.org_id = due.org_id AND m.id = due.message_id
     -- A message goes with its ticket when that becomes part of another. Its mail leaves as it was written: by the number and
     -- the subject that its customer knows.
     LEFT JOIN tickets s ON s.org_id = due.org_id AND s.id = due.ticket_id
   ), refused AS (
     UPDATE outbound_mails o SET state = 'cancelled', settled_at = now(), detail = 'It is not for customers: nothing was sent'
     FROM judged WHERE o.org_id = judged.org_id AND o.id = judged.id AND NOT judged.may_leave
   ), fitting AS (
     SELECT org_id, id, sum(bytes) OVER (ORDER BY due_at, id) AS bytes_to, row_number() OVER (ORDER BY due_at, id) AS place
     FROM judged WHERE may_leave
   ), claimed AS (
     UPDATE outbound_mails o SET lease_owner = $1, due_at = now() + make_interval(secs => $3::double precision / 1000), attempts = o.attempts + 1
     FROM fitting f WHERE o.org_id = f.org_id AND o.id = f.id AND (f.place = 1 OR f.bytes_to <= 600 * 1024) RETURNING o.*
   )
   SELECT c.id, c.org_id, c.kind, c.recipients, c.cc, c.mail_id, c.attempts, c.ticket_id, g.name AS organisation_name,
     (SELECT address FROM mailboxes b WHERE b.org_id = c.org_id ORDER BY b.created_at, b.address LIMIT 1) AS support_address,
     CASE WHEN m.author_kind = 'agent' THEN m.author_name END AS agent_name,
     t.number, t.subject, t.contact_id, coalesce(m.content, '') AS body,
     (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'content_type', f.content_type, 'size_bytes', f.size_bytes,
         'content_id', f.content_id, 'blob_key', f.blob_key) ORDER BY f.id)
       FROM attachments f WHERE f.org_id = c.org_id AND f.message_id = m.id AND f.deleted_at IS NULL) AS files,
     (SELECT array_agg(k.mail_id ORDER BY k.created_at) FROM (
       SELECT i.mail_id, i.created_at FROM mail_message_ids i
       WHERE i.org_id = c.org_id AND i.ticket_id = c.ticket_id AND i.mail_id <> c.mail_id AND i.message_id IS NOT NULL
         AND i.created_at < c.queued_at + interval '1 second'
       ORDER BY i.created_at DESC LIMIT 50) AS k) AS thread
   FROM claimed c
   JOIN organisations g ON g.id = c.org_id
   JOIN tickets t ON t.org_id = c.org_id AND t.id = c.ticket_id
   LEFT JOIN messages m ON m.org_id = c.org_id AND m.id = c.message_id AND NOT m.is_internal AND m.deleted_at IS NULL
   ORDER BY c.queued_at, c.id`,
);
const NEXT = statement('outbound.next', `SELECT min(due_at) AS due_at FROM outbound_mails WHERE state = 'queued'`);
const ORG_OF = statement('outbound.org-of', 'SELECT org_id FROM outbound_mails WHERE id = $1');
const HELD = statement(
  'outbound.held',
  `SELECT o.id, o.org_id, t.id AS ticket_id, o.message_id, o.attempts, o.queued_at, t.number, t.version
   FROM outbound_mails o
   LEFT JOIN messages m ON m.org_id = o.org_id AND m.id = o.message_id
   -- Where the message is now: its ticket may have become part of another.
   JOIN tickets t ON t.org_id = o.org_id AND t.id = CASE WHEN m.id IS NULL THEN o.ticket_id ELSE m.ticket_id END
   WHERE o.org_id = (SELECT current_org()) AND o.id = $1 AND o.state = 'queued' AND o.lease_owner = $2 FOR UPDATE OF o`,
);
const SETTLE = statement(
  'outbound.settle',
  `UPDATE outbound_mails SET state = $2, detail = $3, settled_at = now(), lease_owner = NULL
   WHERE org_id = (SELECT current_org()) AND id = $1`,
);
const DEFER = statement(
  'outbound.defer',
  `UPDATE outbound_mails SET detail = $2, due_at = now() + make_interval(secs => $3::double precision / 1000), lease_owner = NULL
   WHERE org_id = (SELECT current_org()) AND id = $1`,
);
/**
 * By the Message-ID that bounced, which holds the mail's own id (QUEUE), or, where the report names none, the last mail of that
 * ticket to that address. A bounce may overtake the settling of its mail, so one that is just being sent counts too.
 */
const BOUNCED = statement(
  'outbound.bounced',
  `UPDATE outbound_mails o SET state = 'bounced', detail = $4, settled_at = now()
   FROM (SELECT id FROM (
           SELECT id, state, attempts, queued_at FROM outbound_mails WHERE org_id = (SELECT current_org())
             AND id = substring($1::text, '^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@')::uuid AND mail_id = $1
           UNION ALL
           SELECT id, state, attempts, queued_at FROM outbound_mails WHERE org_id = (SELECT current_org())
             AND $1::text IS NULL AND ticket_id = $2 AND ($3::text IS NULL OR $3 = ANY(recipients || cc))
         ) AS meant
         WHERE state IN ('sent', 'delivered', 'bounced') OR (state = 'queued' AND attempts > 0)
         ORDER BY queued_at DESC LIMIT 1) AS hit
     JOIN outbound_mails b ON b.org_id = (SELECT current_org()) AND b.id = hit.id
     LEFT JOIN messages m ON m.org_id = b.org_id AND m.id = b.message_id
     JOIN tickets t ON t.org_id = b.org_id AND t.id = CASE WHEN m.id IS NULL THEN b.ticket_id ELSE m.ticket_id END
   WHERE o.org_id = (SELECT current_org()) AND o.id = hit.id
   RETURNING o.id, o.org_id, t.id AS ticket_id, o.message_id, o.attempts, o.queued_at, t.number, t.version`,
);

@Injectable()
export class OutboundMailRepository {
  constructor(private readonly database: Database) {}

  /** How many were queued: none, when the organisation has no address to send from. */
  async queue(tx: Tx, orgId: string, rows: readonly object[]): Promise<number> {
    return rows.length > 0 ? (await tx.query(QUEUE, [orgId, jsonb(rows)])).length : 0;
  }

  async acknowledgeOnce(tx: Tx, orgId: string, addresses: string[], at: Date): Promise<Set<string>> {
    const rows = await tx.query<{ address: string }>(ACKNOWLEDGE_ONCE, [orgId, addresses, at]);
    return new Set(rows.map(({ address }) => address));
  }

  async cancel(tx: Tx, messageId: string): Promise<boolean> {
    return (await tx.query(CANCEL, [messageId])).length > 0;
  }

  /** The claim skips what is locked. */
  async hold(tx: Tx, messageId: string): Promise<boolean> {
    return (await tx.query(HOLD, [messageId])).length > 0;
  }

  claim(worker: string, limit: number, leaseMs: number): Promise<ClaimedOutgoing[]> {
    return this.database.across((tx) => tx.query<ClaimedOutgoing>(CLAIM, [worker, limit, leaseMs]));
  }

  async nextDueAt(): Promise<Date | null> {
    const [row] = await this.database.acrossOnce<{ due_at: Date | null }>(NEXT);
    return row?.due_at ?? null;
  }

  async organisationOf(id: string): Promise<string | null> {
    const [row] = await this.database.acrossOnce<{ org_id: string }>(ORG_OF, [id]);
    return row?.org_id ?? null;
  }

  async held(tx: Tx, id: string, worker: string): Promise<QueuedRow | null> {
    return (await tx.query<QueuedRow>(HELD, [id, worker]))[0] ?? null;
  }

  async settle(tx: Tx, id: string, state: 'sent' | 'failed', detail: string): Promise<void> {
    await tx.query(SETTLE, [id, state, detail]);
  }

  async defer(tx: Tx, id: string, detail: string, waitMs: number): Promise<void> {
    await tx.query(DEFER, [id, detail, waitMs]);
  }

  async bounced(
    tx: Tx,
    mailId: string | null,
    ticketId: string | null,
    address: string | null,
    detail: string,
  ): Promise<QueuedRow | null> {
    return (await tx.query<QueuedRow>(BOUNCED, [mailId, ticketId, address, detail]))[0] ?? null;
  }
}
