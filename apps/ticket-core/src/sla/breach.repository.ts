import { Injectable } from '@nestjs/common';
import type { Priority, Status } from '#shared/contracts/values.js';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { StoredRules } from './stored-rules.js';

export interface BreachTicketRow {
  ticket_id: string;
  number: number;
  subject: string;
  priority: Priority;
  status: Status;
  first_response_at: Date | null;
  resolved_at: Date | null;
  id: string;
  policy_id: string | null;
  policy_version: number | null;
  policy_name: string | null;
  initial_rules: StoredRules | null;
  created_at: Date;
  /** Of all that there are, not of those listed. */
  total: number;
}

/** Clocks that have not stopped and are past the warning (or, without one, the due instant): what sla_clocks_live holds. */
const LIVE = `s.org_id = (SELECT current_org()) AND s.state IN ('running', 'paused') AND CASE WHEN s.warn_at IS NULL THEN s.due_at ELSE s.warn_at END <= $1`;
/** Marked as breached; and those that fell due a moment ago, which nobody has claimed yet. Each by an index of its own. */
const MISSED = `
  SELECT s.* FROM sla_clocks s
  WHERE s.org_id = (SELECT current_org()) AND s.breached_at IS NOT NULL AND s.state <> 'cancelled'
  UNION ALL
  SELECT s.* FROM sla_clocks s WHERE ${LIVE} AND s.state = 'running' AND s.due_at < $1 AND s.breached_at IS NULL`;
/**
 * A running clock's thresholds are instants. A paused one shows where they would be if it resumed when it was reckoned, so
 * those that it got to lie within the time that it had been on by then (or the monitor has told of them).
 */
const WARNED = `
  SELECT s.* FROM sla_clocks s
  WHERE ${LIVE} AND s.warn_at <= $1 AND (s.state = 'running' OR s.warned
      OR s.warn_at <= s.started_at + make_interval(secs => (s.consumed_ms + s.paused_ms) / 1000.0))
    AND NOT EXISTS (
      SELECT 1 FROM sla_clocks m WHERE m.org_id = s.org_id AND m.ticket_id = s.ticket_id AND m.state <> 'cancelled'
        AND (m.breached_at IS NOT NULL OR (m.state = 'running' AND m.due_at < $1)))`;

const page = (which: string, order: string) => `
  WITH clocks AS (
    SELECT s.ticket_id, max(coalesce(s.breached_at, s.due_at)) AS latest, min(s.due_at) AS soonest
    FROM (${which}) s GROUP BY s.ticket_id
  )
  SELECT t.id AS ticket_id, t.number, t.subject, t.priority, t.status, t.first_response_at, t.resolved_at,
    k.id, k.policy_id, k.policy_version, k.policy_name, k.initial_rules, k.created_at, count(*) OVER ()::integer AS total
  FROM clocks
  JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = clocks.ticket_id
  JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id
  WHERE t.deleted_at IS NULL AND ($2::uuid IS NULL OR k.policy_id = $2)
    AND ($4::uuid[] IS NULL OR t.team_id = ANY($4) OR t.assignee_id = $5)
  ORDER BY ${order}, t.id LIMIT $3`;

const BREACHED = statement(
  'sla.breached-tickets',
  page(MISSED, `t.status IN ('resolved', 'closed'), clocks.latest DESC`),
);
const WARNINGS = statement('sla.warned-tickets', page(WARNED, 'clocks.soonest'));

export interface BreachesAsked {
  policyId: string | null;
  limit: number;
  /** A restricted agent's; null is all. */
  onlyTeams: { teamIds: string[]; agentId: string | null } | null;
}

const valuesOf = (now: Date, { policyId, limit, onlyTeams }: BreachesAsked): unknown[] => [
  now,
  policyId,
  limit,
  onlyTeams?.teamIds ?? null,
  onlyTeams?.agentId ?? null,
];

@Injectable()
export class BreachRepository {
  breached(tx: Tx, now: Date, asked: BreachesAsked): Promise<BreachTicketRow[]> {
    return tx.query<BreachTicketRow>(BREACHED, valuesOf(now, asked));
  }

  /** Past a threshold of some clock, and nothing missed. */
  warned(tx: Tx, now: Date, asked: BreachesAsked): Promise<BreachTicketRow[]> {
    return tx.query<BreachTicketRow>(WARNINGS, valuesOf(now, asked));
  }
}
