import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface RewordingRow {
  org_id: string;
  id: string;
  kind: 'tag' | 'category';
  subject_id: string;
  from_name: string;
  to_name: string | null;
  actor: Actor;
  after_ticket: string | null;
  changed: number;
  created_at: Date;
  finished_at: Date | null;
}

const COLUMNS =
  'org_id, id, kind, subject_id, from_name, to_name, actor, after_ticket, changed, created_at, finished_at';
const ADD = statement(
  'rewordings.add',
  `INSERT INTO ticket_rewordings (org_id, id, kind, subject_id, from_name, to_name, actor, next_at, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, now() + make_interval(secs => $8::double precision / 1000), now())`,
);
/** Moving next_at is the claim. An organisation's walks go one after the other: a second change of a name follows the first. */
const CLAIM = statement(
  'rewordings.claim',
  `UPDATE ticket_rewordings r SET next_at = now() + make_interval(secs => $1::double precision / 1000)
   WHERE (r.org_id, r.id) = (
     SELECT w.org_id, w.id FROM ticket_rewordings w WHERE w.finished_at IS NULL AND w.next_at <= now()
       AND NOT EXISTS (SELECT 1 FROM ticket_rewordings b WHERE b.org_id = w.org_id AND b.finished_at IS NULL AND b.id < w.id)
     ORDER BY w.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING ${COLUMNS}`,
);
/** The same for whoever asked for it and waits a moment: also before it is due in the background, $3 ms from when it began. */
const CLAIM_ONE = statement(
  'rewordings.claim-one',
  `UPDATE ticket_rewordings r SET next_at = now() + make_interval(secs => $2::double precision / 1000)
   WHERE r.org_id = (SELECT current_org()) AND r.id = $1 AND r.finished_at IS NULL
     AND r.next_at <= now() + make_interval(secs => $3::double precision / 1000)
     AND NOT EXISTS (SELECT 1 FROM ticket_rewordings b WHERE b.org_id = r.org_id AND b.finished_at IS NULL AND b.id < r.id)
   RETURNING ${COLUMNS}`,
);
/** In the transaction of the batch, and only from where it began: if the lease ran out, the later of two workers rolls back. */
const ADVANCE = statement(
  'rewordings.advance',
  `UPDATE ticket_rewordings SET after_ticket = CASE WHEN $3::uuid IS NULL THEN after_ticket ELSE $3::uuid END, changed = changed + $4,
     next_at = now() + make_interval(secs => $6::double precision / 1000), finished_at = CASE WHEN $5::boolean THEN now() END
   WHERE org_id = (SELECT current_org()) AND id = $1 AND finished_at IS NULL AND after_ticket IS NOT DISTINCT FROM $2::uuid
   RETURNING id`,
);
/** Both walks of one change of name together: they were begun in the same transaction, so at the same now(). */
const LATEST = statement(
  'rewordings.latest',
  `SELECT DISTINCT ON (subject_id) org_id, id, kind, subject_id, from_name, to_name, actor, after_ticket, created_at, finished_at,
     (sum(changed) OVER (PARTITION BY subject_id, created_at))::integer AS changed
   FROM ticket_rewordings WHERE org_id = (SELECT current_org()) AND subject_id = ANY($1::uuid[])
   ORDER BY subject_id, id DESC`,
);

/** Tickets that still say it. Of what merely goes, only those that somebody still works on. */
const batchOf = (has: string) =>
  `SELECT id, deleted_at IS NULL AND status NOT IN ('resolved', 'closed') AS live FROM tickets
   WHERE org_id = (SELECT current_org()) AND id > $1 AND ${has}
     AND ($3 OR (deleted_at IS NULL AND status NOT IN ('resolved', 'closed')))
   ORDER BY id LIMIT $4`;
const BATCHES = {
  tag: statement('rewordings.batch-of-tag', batchOf('$2 = ANY(tags)')),
  category: statement('rewordings.batch-of-category', batchOf('category = $2')),
};
const LOCK = statement(
  'rewordings.lock',
  'SELECT id FROM tickets WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
);
/** Finished tickets: nobody waits for them, so they change quietly, all at once. A tag that is there already is not doubled. */
const REWORD = {
  tag: statement(
    'rewordings.reword-tag',
    `UPDATE tickets SET version = version + 1, updated_at = now(),
       tags = CASE WHEN $3 = ANY(tags) THEN array_remove(tags, $2) ELSE array_replace(tags, $2, $3) END
     WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND $2 = ANY(tags) RETURNING id`,
  ),
  category: statement(
    'rewordings.reword-category',
    `UPDATE tickets SET version = version + 1, updated_at = now(), category = $3
     WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[]) AND category = $2 RETURNING id`,
  ),
};

@Injectable()
export class RewordingRepository {
  async add(
    tx: Tx,
    row: Pick<RewordingRow, 'org_id' | 'id' | 'kind' | 'subject_id' | 'from_name' | 'to_name' | 'actor'>,
    inMs: number,
  ): Promise<void> {
    const { org_id, id, kind, subject_id, from_name, to_name, actor } = row;
    await tx.query(ADD, [org_id, id, kind, subject_id, from_name, to_name, jsonb(actor), inMs]);
  }

  /** Across tenants: the next that waits. */
  async claim(tx: Tx, leaseMs: number): Promise<RewordingRow | null> {
    return (await tx.query<RewordingRow>(CLAIM, [leaseMs]))[0] ?? null;
  }

  async claimOne(tx: Tx, id: string, leaseMs: number, headStartMs: number): Promise<RewordingRow | null> {
    return (await tx.query<RewordingRow>(CLAIM_ONE, [id, leaseMs, headStartMs]))[0] ?? null;
  }

  /** False: somebody else has done this batch. */
  async advance(
    tx: Tx,
    row: RewordingRow,
    by: { to: string | null; changed: number; finished: boolean; leaseMs: number },
  ): Promise<boolean> {
    const values = [row.id, row.after_ticket, by.to, by.changed, by.finished, by.leaseMs];
    return (await tx.query(ADVANCE, values)).length === 1;
  }

  /** The last of each of these tags or categories. */
  async latest(tx: Tx, subjectIds: readonly string[]): Promise<Map<string, RewordingRow>> {
    if (subjectIds.length === 0) return new Map();
    const rows = await tx.query<RewordingRow>(LATEST, [subjectIds]);
    return new Map(rows.map((row) => [row.subject_id, row]));
  }

  batch(tx: Tx, row: RewordingRow, after: string, limit: number): Promise<{ id: string; live: boolean }[]> {
    return tx.query(BATCHES[row.kind], [after, row.from_name, row.to_name !== null, limit]);
  }

  async lock(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await tx.query(LOCK, [ids]);
  }

  /** Ids of those that did say it. */
  async rewordFinished(tx: Tx, row: RewordingRow, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<{ id: string }>(REWORD[row.kind], [ids, row.from_name, row.to_name]);
    return rows.map(({ id }) => id);
  }
}
