import { Injectable } from '@nestjs/common';
import type { Envelope } from '#shared/contracts/mail-in.js';
import { Database, type Tx } from '../database/database.js';
import { composed, jsonb, statement, type Statement } from '../database/statement.js';

export interface AcceptedMail {
  orgId: string;
  id: string;
  sender: string;
  envelope: Envelope;
  raw: Buffer | null;
  blobKey: string | null;
  sha256: string;
  sizeBytes: number;
  trace: string | null;
}

export interface ClaimedRow {
  id: string;
  org_id: string;
  envelope: Envelope;
  raw: Buffer | null;
  blob_key: string | null;
  sha256: string;
  size_bytes: string;
  attempts: number;
}

export interface HeldRow {
  id: string;
  received_at: Date;
  trace: string | null;
}

export interface FiledRow {
  id: string;
  disposition: string;
  reason: string | null;
  ticket_id: string | null;
  message_id: string | null;
}

const MAILBOX = statement('mailboxes.resolve', 'SELECT org_id, address FROM mailboxes WHERE address = $1');

/** Raw bytes go as binary parameters; an array of them would travel as hexadecimal text. One statement a batch size. */
const accepts = new Map<number, Statement>();
const acceptOf = (rows: number): Statement => {
  const known = accepts.get(rows);
  if (known) return known;
  const tuples = Array.from({ length: rows }, (_, row) => {
    const p = (column: number) => `$${row * 10 + column}`;
    return `(${p(1)}::uuid, ${p(2)}::uuid, ${p(3)}::text, ${p(4)}::jsonb, ${p(5)}::bytea, ${p(6)}::text, ${p(7)}::text, ${p(8)}::bigint, ${p(9)}::timestamptz, ${p(10)}::text)`;
  });
  const made = composed(
    'inbound.accept',
    `INSERT INTO inbound_mails (org_id, id, sender, envelope, raw, blob_key, sha256, size_bytes, received_at, trace) VALUES ${tuples.join(', ')}`,
  );
  accepts.set(rows, made);
  return made;
};

/** Claims go one after the other (each takes about a millisecond), so that the order of one sender's mails can be kept. */
const CLAIM_TURN = statement('inbound.claim-turn', 'SELECT pg_advisory_xact_lock(7345003)');
/**
 * The oldest mails that nobody holds, each sender's in order: a mail waits while another worker holds an earlier one of the
 * same sender. That is counted for each candidate, by index: as NOT EXISTS the planner may make it a join, which took 15 s
 * for 2,500 waiting mails when its statistics were old. Cut where raw bytes and envelopes would not fit into one NATS
 * message (the first always goes: it came in one). A lease that ran out is simply free again.
 */
const CLAIM = statement(
  'inbound.claim',
  `WITH free AS (
     SELECT m.org_id, m.id, m.seq, 
       CASE WHEN m.raw IS NULL THEN 0 ELSE m.size_bytes END + octet_length(m.envelope::text) + 500 AS bytes
     FROM inbound_mails m
     WHERE m.state = 'accepted' AND (m.lease_until IS NULL OR m.lease_until < now())
       AND (
         SELECT count(*) FROM inbound_mails e
         WHERE e.org_id = m.org_id AND e.sender = m.sender AND e.state = 'accepted' AND e.seq < m.seq
           AND e.lease_until > now() AND e.lease_owner <> $1) = 0
     ORDER BY m.seq LIMIT $2
   ), fitting AS (
     SELECT org_id, id, sum(bytes) OVER (ORDER BY seq) - bytes AS bytes_before, bytes, row_number() OVER (ORDER BY seq) AS place FROM free
   )
   UPDATE inbound_mails m SET lease_owner = $1, lease_until = now() + make_interval(secs => $3::double precision / 1000), attempts = attempts + 1
   FROM fitting f
   WHERE m.org_id = f.org_id AND m.id = f.id AND m.state = 'accepted' AND (f.place = 1 OR f.bytes_before + f.bytes <= $4)
   RETURNING m.id, m.org_id, m.seq, m.envelope, m.raw, m.blob_key, m.sha256, m.size_bytes, m.attempts`,
);
/** Those of the mails that this worker still holds, locked until they are filed. */
const HELD = statement(
  'inbound.held',
  `SELECT id, received_at, trace FROM inbound_mails
   WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND state = 'accepted' AND lease_owner = $2
   ORDER BY seq FOR UPDATE`,
);
const TAKE_KEYS = statement(
  'inbound.take-keys',
  `INSERT INTO filed_mails (org_id, duplicate_key, inbound_mail_id)
   SELECT $1, x.key, x.id FROM jsonb_to_recordset($2::jsonb) AS x(key text, id uuid) ORDER BY x.key, x.id
   ON CONFLICT DO NOTHING RETURNING inbound_mail_id AS id`,
);
const FILE = statement(
  'inbound.file',
  `UPDATE inbound_mails m SET state = 'filed', filed_at = now(), lease_owner = NULL, lease_until = NULL,
     disposition = x.disposition, reason = x.reason, ticket_id = x.ticket_id, message_id = x.message_id
   FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, disposition text, reason text, ticket_id uuid, message_id uuid)
   WHERE m.org_id = (SELECT current_org()) AND m.id = x.id`,
);
const FAILED = statement(
  'inbound.failed',
  `UPDATE inbound_mails SET last_error = $2, lease_until = now() + interval '5 seconds'
   WHERE org_id = (SELECT current_org()) AND id = $1 AND state = 'accepted' AND lease_owner = $3`,
);
const KNOW = statement(
  'inbound.know-message-ids',
  `INSERT INTO mail_message_ids (org_id, mail_id, ticket_id, message_id)
   SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(mail_id text, ticket_id uuid, message_id uuid)
   ON CONFLICT DO NOTHING`,
);
const THREADS = statement(
  'inbound.threads',
  `WITH meant AS (
     SELECT ticket_id AS id, mail_id FROM mail_message_ids WHERE org_id = (SELECT current_org()) AND mail_id = ANY($1::text[])
     UNION ALL SELECT id, NULL FROM tickets WHERE org_id = (SELECT current_org()) AND id = ANY($2::uuid[])
     UNION ALL SELECT id, NULL FROM tickets WHERE org_id = (SELECT current_org()) AND number = ANY($3::integer[])
   )
   SELECT t.id, t.number, t.status, t.contact_id, c.email, t.cc, array_remove(array_agg(DISTINCT meant.mail_id), NULL) AS mail_ids,
     t.duplicate_of IS NOT NULL
       OR EXISTS (SELECT 1 FROM tickets s WHERE s.org_id = (SELECT current_org()) AND s.duplicate_of = t.id) AS is_merged
   FROM meant JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = meant.id AND t.deleted_at IS NULL
   LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
   GROUP BY t.org_id, t.id, c.email`,
);

/** The last ticket that followed this one up and was deleted. */
const DELETED_FOLLOW_UP = statement(
  'inbound.deleted-follow-up',
  `SELECT id, number FROM tickets WHERE org_id = (SELECT current_org()) AND follow_up_of = $1 AND deleted_at IS NOT NULL
   ORDER BY number DESC LIMIT 1`,
);

export interface ThreadRow {
  id: string;
  number: number;
  status: string;
  contact_id: string | null;
  email: string | null;
  cc: string[];
  mail_ids: string[];
  /** It is part of another, or others are part of it. */
  is_merged: boolean;
}

@Injectable()
export class InboundMailRepository {
  constructor(private readonly database: Database) {}

  async resolve(address: string): Promise<{ org_id: string; address: string } | null> {
    const [row] = await this.database.acrossOnce<{ org_id: string; address: string }>(MAILBOX, [address]);
    return row ?? null;
  }

  /** One INSERT and one commit for all that wait together; durable when it returns. */
  async accept(mails: readonly AcceptedMail[]): Promise<void> {
    const values = mails.flatMap((mail) => [
      mail.orgId,
      mail.id,
      mail.sender,
      jsonb(mail.envelope),
      mail.raw,
      mail.blobKey,
      mail.sha256,
      mail.sizeBytes,
      mail.envelope.receivedAt,
      mail.trace,
    ]);
    await this.database.acrossOnce(acceptOf(mails.length), values);
  }

  claim(worker: string, limit: number, leaseMs: number, maxBytes: number): Promise<ClaimedRow[]> {
    return this.database.across(async (tx) => {
      await tx.query(CLAIM_TURN);
      const rows = await tx.query<ClaimedRow & { seq: string }>(CLAIM, [worker, limit, leaseMs, maxBytes]);
      return rows.sort((a, b) => Number(a.seq) - Number(b.seq));
    });
  }

  held(tx: Tx, ids: readonly string[], worker: string): Promise<HeldRow[]> {
    return tx.query<HeldRow>(HELD, [ids, worker]);
  }

  /** Returns the mails whose key nobody had: all others have been filed before. */
  async takeKeys(tx: Tx, orgId: string, keys: { key: string; id: string }[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(TAKE_KEYS, [orgId, jsonb(keys)]);
    return new Set(rows.map(({ id }) => id));
  }

  async file(tx: Tx, rows: readonly FiledRow[]): Promise<void> {
    await tx.query(FILE, [jsonb(rows)]);
  }

  async failed(tx: Tx, id: string, error: string, worker: string): Promise<void> {
    await tx.query(FAILED, [id, error, worker]);
  }

  async knowMessageIds(
    tx: Tx,
    orgId: string,
    ids: { mail_id: string; ticket_id: string; message_id: string | null }[],
  ): Promise<void> {
    if (ids.length > 0) await tx.query(KNOW, [orgId, jsonb(ids)]);
  }

  async deletedFollowUpOf(tx: Tx, ticketId: string): Promise<{ id: string; number: number } | null> {
    return (await tx.query<{ id: string; number: number }>(DELETED_FOLLOW_UP, [ticketId]))[0] ?? null;
  }

  threads(tx: Tx, messageIds: string[], ticketIds: string[], numbers: number[]): Promise<ThreadRow[]> {
    return tx.query<ThreadRow>(THREADS, [messageIds, ticketIds, numbers]);
  }
}
