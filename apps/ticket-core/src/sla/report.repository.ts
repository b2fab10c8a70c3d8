import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

/** What the rows of a report are told apart by; null where it is not asked for (or the ticket has none). */
export interface ReportGroup {
  week: string | null;
  policy_id: string | null;
  policy_name: string | null;
  priority: string | null;
  team_id: string | null;
  team_name: string | null;
  agent_id: string | null;
  agent_name: string | null;
  /** 1 for the line over all. */
  is_total: number;
}
export type TicketCountRow = ReportGroup & { tickets: number };
export type TargetRow = ReportGroup & {
  target: 'first_response' | 'next_response' | 'resolution';
  met: number;
  breached: number;
  cancelled: number;
  open: number;
  median_ms: number | null;
  p90_ms: number | null;
};

export interface ReportQuery {
  from: Date;
  to: Date;
  timezone: string;
  by: { week: boolean; policy: boolean; priority: boolean; team: boolean; agent: boolean };
  /** A restricted agent's; null is everybody's tickets. */
  onlyTeams: { teamIds: string[]; agentId: string | null } | null;
  now: Date;
  limit: number;
}

/** Tickets opened in the time, by the index of the newest; what was merged into another is that one's. */
const TICKETS = `
  SELECT t.org_id, t.id,
    CASE WHEN $4::boolean THEN to_char(date_trunc('week', t.created_at AT TIME ZONE $3), 'YYYY-MM-DD') END AS week,
    CASE WHEN $5::boolean THEN k.policy_id END AS policy_id, CASE WHEN $5::boolean THEN k.policy_name END AS policy_name,
    CASE WHEN $6::boolean THEN t.priority END AS priority,
    CASE WHEN $7::boolean THEN t.team_id END AS team_id, CASE WHEN $8::boolean THEN t.assignee_id END AS agent_id
  FROM tickets t
  LEFT JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id AND $5::boolean
  WHERE t.org_id = (SELECT current_org()) AND t.created_at >= $1 AND t.created_at < $2
    AND t.deleted_at IS NULL AND t.duplicate_of IS NULL
    AND ($9::uuid[] IS NULL OR t.team_id = ANY($9) OR t.assignee_id = $10)`;
const GROUP = 'week, policy_id, policy_name, priority, team_id, agent_id';
const NAMED = `
  SELECT g.*, te.name AS team_name, a.name AS agent_name FROM grouped g
  LEFT JOIN teams te ON te.org_id = (SELECT current_org()) AND te.id = g.team_id
  LEFT JOIN agents a ON a.org_id = (SELECT current_org()) AND a.id = g.agent_id
  ORDER BY g.is_total DESC, g.week, g.policy_name, g.priority, te.name, a.name`;

const COUNTS = statement(
  'sla-report.tickets',
  `WITH chosen AS (${TICKETS}), grouped AS (
     SELECT ${GROUP}, grouping(week) AS is_total, count(*)::integer AS tickets
     FROM chosen GROUP BY GROUPING SETS ((${GROUP}), ()) LIMIT $11)
   ${NAMED}`,
);
/**
 * A clock counts by its state; one that ran past its due instant is breached, whether the monitor has been there or not.
 * Percentiles are of the time that was consumed by those that have stopped, in time or late.
 */
const TARGETS = statement(
  'sla-report.targets',
  // MATERIALIZED: else GROUPING SETS keep the join from looking clocks up by ticket, and all of the organisation's are read.
  `WITH chosen AS MATERIALIZED (${TICKETS}), grouped AS (
     SELECT ${GROUP}, c.target, grouping(week) AS is_total,
       count(*) FILTER (WHERE c.state = 'met')::integer AS met,
       count(*) FILTER (WHERE c.state = 'breached' OR (c.state = 'running' AND c.due_at < $12))::integer AS breached,
       count(*) FILTER (WHERE c.state = 'cancelled')::integer AS cancelled,
       count(*) FILTER (WHERE c.state = 'paused' OR (c.state = 'running' AND c.due_at >= $12))::integer AS open,
       (percentile_disc(0.5) WITHIN GROUP (ORDER BY c.consumed_ms) FILTER (WHERE c.state IN ('met', 'breached') AND c.stopped_at IS NOT NULL))::double precision AS median_ms,
       (percentile_disc(0.9) WITHIN GROUP (ORDER BY c.consumed_ms) FILTER (WHERE c.state IN ('met', 'breached') AND c.stopped_at IS NOT NULL))::double precision AS p90_ms
     FROM chosen t JOIN sla_clocks c ON c.org_id = t.org_id AND c.ticket_id = t.id
     GROUP BY GROUPING SETS ((${GROUP}, c.target), (c.target)) LIMIT $11)
   ${NAMED}`,
);

@Injectable()
export class ReportRepository {
  tickets(tx: Tx, query: ReportQuery): Promise<TicketCountRow[]> {
    return tx.query<TicketCountRow>(COUNTS, valuesOf(query));
  }

  targets(tx: Tx, query: ReportQuery): Promise<TargetRow[]> {
    return tx.query<TargetRow>(TARGETS, [...valuesOf(query), query.now]);
  }
}

function valuesOf({ from, to, timezone, by, onlyTeams, limit }: ReportQuery): unknown[] {
  const groups = [by.week, by.policy, by.priority, by.team, by.agent];
  return [from, to, timezone, ...groups, onlyTeams?.teamIds ?? null, onlyTeams?.agentId ?? null, limit];
}
