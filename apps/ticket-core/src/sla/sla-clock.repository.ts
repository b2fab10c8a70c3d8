import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { StoredRules } from './stored-rules.js';

/** A clock as it is stored; instants are ISO strings. */
export interface ClockRow {
  ticket_id: string;
  target: string;
  cycle: number;
  state: string;
  started_at: string;
  warn_at: string | null;
  due_at: string;
  stopped_at: string | null;
  breached_at: string | null;
  consumed_ms: number;
  paused_ms: number;
  next_at: string | null;
}

export interface PolicyRow {
  id: string;
  version: number;
  policy: unknown;
  priority: number;
  enabled: boolean;
  created_at: Date;
  /** The shared one that it refers to, as it is now; null without. */
  calendar: unknown;
}

export interface TrackingRow {
  id: string;
  policy_id: string | null;
  policy_version: number | null;
  policy_name: string | null;
  initial_rules: StoredRules | null;
  created_at: Date;
}

const POLICIES = statement(
  'sla.policies',
  `SELECT p.id, p.version, p.policy, p.priority, p.enabled, p.created_at, k.calendar
   FROM sla_policies p
   LEFT JOIN sla_calendars k ON k.org_id = p.org_id AND k.id = (p.policy ->> 'calendarId')::uuid
   WHERE p.org_id = (SELECT current_org()) AND p.enabled AND p.deleted_at IS NULL`,
);
const TRACKING = statement(
  'sla.tracking',
  `SELECT id, policy_id, policy_version, policy_name, initial_rules, created_at FROM sla_trackings
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1`,
);
const RETRACK = statement(
  'sla.retrack',
  `UPDATE sla_trackings SET policy_id = $2, policy_version = $3, policy_name = $4
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1`,
);

/**
 * Stores what evaluateSla gave. What was already told (warned, announced) stays told, so that a level is announced once,
 * and a clock that the history no longer has goes, or is cancelled if somebody was told of it. A breach that nobody has
 * announced is due at once, however it came; one that was announced and then undone (by a longer target) is due again, to be marked.
 */
const STORE = statement(
  'sla.store-clocks',
  `WITH reckoned AS (
     SELECT * FROM jsonb_to_recordset($3::jsonb) AS x(
       target text, cycle integer, state text, started_at timestamptz, warn_at timestamptz, due_at timestamptz,
       stopped_at timestamptz, breached_at timestamptz, consumed_ms bigint, paused_ms bigint, next_at timestamptz)
   ), unknown AS (
     DELETE FROM sla_clocks
     WHERE org_id = $1 AND ticket_id = $2 AND NOT warned AND NOT announced
       AND (target, cycle) NOT IN (SELECT target, cycle FROM reckoned)
   ), gone AS (
     UPDATE sla_clocks SET state = 'cancelled', next_at = NULL, breached_at = NULL
     WHERE org_id = $1 AND ticket_id = $2 AND state <> 'cancelled' AND (warned OR announced)
       AND (target, cycle) NOT IN (SELECT target, cycle FROM reckoned)
   )
   INSERT INTO sla_clocks AS c (org_id, ticket_id, target, cycle, state, started_at, warn_at, due_at, stopped_at, breached_at,
     consumed_ms, paused_ms, next_at)
   SELECT $1, $2, target, cycle, state, started_at, warn_at, due_at, stopped_at, breached_at, consumed_ms, paused_ms, next_at
   FROM reckoned
   ON CONFLICT (org_id, ticket_id, target, cycle) DO UPDATE SET
     state = excluded.state, started_at = excluded.started_at, warn_at = excluded.warn_at, due_at = excluded.due_at,
     stopped_at = excluded.stopped_at, breached_at = excluded.breached_at,
     consumed_ms = excluded.consumed_ms, paused_ms = excluded.paused_ms,
     next_at = CASE
       WHEN c.announced THEN CASE WHEN excluded.state = 'running' THEN excluded.due_at + interval '1 millisecond' END
       WHEN excluded.breached_at IS NOT NULL THEN excluded.breached_at
       WHEN excluded.state <> 'running' THEN NULL
       WHEN c.warned OR excluded.warn_at IS NULL THEN excluded.due_at + interval '1 millisecond'
       ELSE excluded.warn_at END`,
);

/** Nobody waits for this ticket any more. What `store` writes later is what its history says. */
const CANCEL = statement(
  'sla.cancel-clocks',
  `UPDATE sla_clocks SET state = 'cancelled', next_at = NULL, breached_at = NULL
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND state <> 'cancelled'`,
);

export interface DueRow {
  org_id: string;
  ticket_id: string;
  number: number;
  target: 'first_response' | 'next_response' | 'resolution';
  cycle: number;
  level: 'warning' | 'breached';
  at: Date;
  due_at: Date;
}

/**
 * Claims clocks whose next instant has come: moving next_at to the end of the lease is the claim, so a claim that nobody
 * settles comes back by itself. SKIP LOCKED keeps replicas out of each other's way, and the partial index on next_at makes
 * the cost follow what is due. A clock still running after its due instant is marked breached here, at that exact instant;
 * that is all, if its breach was told before.
 */
const CLAIM = statement(
  'sla.claim-due',
  `WITH due AS (
     SELECT org_id, ticket_id, target, cycle FROM sla_clocks
     WHERE next_at <= $1 ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ), claimed AS (
     UPDATE sla_clocks c SET
       next_at = CASE WHEN NOT c.announced THEN $1::timestamptz + make_interval(secs => $3::double precision / 1000) END,
       state = CASE WHEN c.due_at < $1 AND c.state = 'running' THEN 'breached' ELSE c.state END,
       breached_at = CASE WHEN c.due_at < $1 AND c.state = 'running' THEN c.due_at ELSE c.breached_at END
     FROM due WHERE c.org_id = due.org_id AND c.ticket_id = due.ticket_id AND c.target = due.target AND c.cycle = due.cycle
     RETURNING c.*
   )
   SELECT claimed.org_id, claimed.ticket_id, t.number, claimed.target, claimed.cycle, claimed.due_at,
     CASE WHEN claimed.breached_at IS NOT NULL THEN 'breached' ELSE 'warning' END AS level,
     coalesce(claimed.breached_at, claimed.warn_at, claimed.due_at) AS at
   FROM claimed JOIN tickets t ON t.org_id = claimed.org_id AND t.id = claimed.ticket_id
   WHERE NOT claimed.announced
   ORDER BY at`,
);

/**
 * What was published is not due again: after a warning the due instant is next, after a breach nothing. Only what was not
 * settled before is returned, so that the history tells of each level once.
 */
const SETTLE = statement(
  'sla.settle',
  `UPDATE sla_clocks c SET
     warned = true,
     announced = c.announced OR x.level = 'breached',
     next_at = CASE
       WHEN c.announced OR x.level = 'breached' THEN NULL
       WHEN c.breached_at IS NOT NULL THEN c.breached_at
       WHEN c.state = 'running' THEN c.due_at + interval '1 millisecond' END
   FROM jsonb_to_recordset($1::jsonb) AS x("ticketId" uuid, target text, cycle integer, level text)
   WHERE c.org_id = (SELECT current_org()) AND c.ticket_id = x."ticketId" AND c.target = x.target AND c.cycle = x.cycle
     AND NOT c.announced AND (x.level = 'breached' OR NOT c.warned)
   RETURNING c.ticket_id, c.target, c.cycle, x.level, c.due_at,
     CASE WHEN x.level = 'breached' THEN c.due_at ELSE coalesce(c.warn_at, c.due_at) END AS at`,
);

export interface SettledRow {
  ticket_id: string;
  target: string;
  cycle: number;
  level: string;
  due_at: Date;
  at: Date;
}

const NEXT = statement('sla.next', 'SELECT min(next_at) AS next_at FROM sla_clocks WHERE next_at IS NOT NULL');

@Injectable()
export class SlaClockRepository {
  policies(tx: Tx): Promise<PolicyRow[]> {
    return tx.query<PolicyRow>(POLICIES);
  }

  async tracking(tx: Tx, ticketId: string): Promise<TrackingRow | null> {
    const [row] = await tx.query<TrackingRow>(TRACKING, [ticketId]);
    return row ?? null;
  }

  async retrack(tx: Tx, ticketId: string, policy: { id: string; version: number; name: string } | null): Promise<void> {
    await tx.query(RETRACK, [ticketId, policy?.id ?? null, policy?.version ?? null, policy?.name ?? null]);
  }

  async store(tx: Tx, orgId: string, ticketId: string, clocks: ClockRow[]): Promise<void> {
    await tx.query(STORE, [orgId, ticketId, jsonb(clocks)]);
  }

  async cancel(tx: Tx, ticketId: string): Promise<void> {
    await tx.query(CANCEL, [ticketId]);
  }

  claimDue(tx: Tx, now: Date, limit: number, leaseMs: number): Promise<DueRow[]> {
    return tx.query<DueRow>(CLAIM, [now, limit, leaseMs]);
  }

  /** Those that had not been settled before. */
  settle(tx: Tx, clocks: readonly object[]): Promise<SettledRow[]> {
    return tx.query<SettledRow>(SETTLE, [jsonb(clocks)]);
  }

  async nextAt(tx: Tx): Promise<Date | null> {
    const [row] = await tx.query<{ next_at: Date | null }>(NEXT);
    return row?.next_at ?? null;
  }
}
