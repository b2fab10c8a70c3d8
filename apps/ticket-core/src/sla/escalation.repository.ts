import { Injectable } from '@nestjs/common';
import type { EscalationAct } from '#sla/escalation.schema.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface EscalationRow {
  ticket_id: string;
  target: 'first_response' | 'next_response' | 'resolution';
  cycle: number;
  step: number;
  /** ISO. */
  at: string;
  act: EscalationAct;
  next_at: string | null;
}

export interface DueStepRow {
  org_id: string;
  ticket_id: string;
  target: EscalationRow['target'];
  cycle: number;
  step: number;
}

/**
 * Stores what evaluateSla gave. A step that was taken stays as it was, for ever: that is what makes it be taken once. One
 * that is not to come any more is not looked at again.
 */
const STORE = statement(
  'sla-escalations.store',
  `WITH reckoned AS (
     SELECT * FROM jsonb_to_recordset($3::jsonb) AS x(
       target text, cycle integer, step integer, at timestamptz, act jsonb, next_at timestamptz)
   ), gone AS (
     UPDATE sla_escalations SET next_at = NULL
     WHERE org_id = $1 AND ticket_id = $2 AND next_at IS NOT NULL
       AND (target, cycle, step) NOT IN (SELECT target, cycle, step FROM reckoned)
   )
   INSERT INTO sla_escalations AS e (org_id, ticket_id, target, cycle, step, at, act, next_at)
   SELECT $1, $2, target, cycle, step, at, act, next_at FROM reckoned
   ON CONFLICT (org_id, ticket_id, target, cycle, step) DO UPDATE SET
     at = excluded.at, act = excluded.act, next_at = excluded.next_at
   WHERE e.taken_at IS NULL`,
);
/** As with clocks: moving next_at to the end of the lease is the claim. Taking the step is what ends it. */
const CLAIM = statement(
  'sla-escalations.claim',
  `WITH due AS (
     SELECT org_id, ticket_id, target, cycle, step FROM sla_escalations
     WHERE next_at <= $1 ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
   )
   UPDATE sla_escalations e SET next_at = $1::timestamptz + make_interval(secs => $3::double precision / 1000)
   FROM due WHERE e.org_id = due.org_id AND e.ticket_id = due.ticket_id AND e.target = due.target
     AND e.cycle = due.cycle AND e.step = due.step
   RETURNING e.org_id, e.ticket_id, e.target, e.cycle, e.step`,
);
const NEXT = statement(
  'sla-escalations.next',
  'SELECT min(next_at) AS next_at FROM sla_escalations WHERE next_at IS NOT NULL',
);
/**
 * The caller has locked the ticket, so nobody reckons it meanwhile; two who take one step wait for each other here, and the
 * later one finds it taken. Not before its instant, and not when it is no longer to come.
 */
const TAKE = statement(
  'sla-escalations.take',
  `UPDATE sla_escalations SET taken_at = $6, next_at = NULL
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND target = $2 AND cycle = $3 AND step = $4
     AND taken_at IS NULL AND next_at IS NOT NULL AND at < $5
   RETURNING ticket_id, target, cycle, step, at, act`,
);
const CANCEL = statement(
  'sla-escalations.cancel',
  'UPDATE sla_escalations SET next_at = NULL WHERE org_id = (SELECT current_org()) AND ticket_id = $1',
);

/** Also of those that are gone: the story tells of the past. */
const NAMES = statement(
  'sla-escalations.names',
  `SELECT id, name FROM teams WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[])
   UNION ALL SELECT id, name FROM agents WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[])`,
);

@Injectable()
export class EscalationRepository {
  async store(tx: Tx, orgId: string, ticketId: string, rows: readonly EscalationRow[]): Promise<void> {
    await tx.query(STORE, [orgId, ticketId, jsonb(rows)]);
  }

  claimDue(tx: Tx, now: Date, limit: number, leaseMs: number): Promise<DueStepRow[]> {
    return tx.query<DueStepRow>(CLAIM, [now, limit, leaseMs]);
  }

  async nextAt(tx: Tx): Promise<Date | null> {
    const [row] = await tx.query<{ next_at: Date | null }>(NEXT);
    return row?.next_at ?? null;
  }

  /** Null when it was taken already, or is not to be taken. */
  async take(tx: Tx, step: Omit<DueStepRow, 'org_id'>, now: Date) {
    const { ticket_id, target, cycle, step: number } = step;
    const [row] = await tx.query<Omit<EscalationRow, 'at' | 'next_at'> & { at: Date }>(TAKE, [
      ticket_id,
      target,
      cycle,
      number,
      now,
      now,
    ]);
    return row ?? null;
  }

  /** What teams and agents are called, by id. */
  async names(tx: Tx, ids: readonly string[]): Promise<Record<string, string>> {
    if (ids.length === 0) return {};
    const rows = await tx.query<{ id: string; name: string }>(NAMES, [ids]);
    return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
  }

  async cancel(tx: Tx, ticketId: string): Promise<void> {
    await tx.query(CANCEL, [ticketId]);
  }
}
