import { Injectable } from '@nestjs/common';
import type { Priority, Status } from '#shared/contracts/values.js';
import type { Tx } from '../database/database.js';
import { type Statement, statement } from '../database/statement.js';
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
}
export interface BreachPage {
  rows: BreachTicketRow[];
  /** Of all that there are, not of those listed. */
  total: number;
}

/** Clocks that have not stopped and are past the warning (or, without one, the due instant): what sla_clocks_live holds. */
const LIVE = `s.org_id = (SELECT current_org()) AND s.state IN ('running', 'paused') AND CASE WHEN s.warn_at IS NULL THEN s.due_at ELSE s.warn_at END <= $1`;
/** Fell due a moment ago, and nobody has marked it yet. */
const OVERDUE = `${LIVE} AND s.state = 'running' AND s.due_at < $1 AND s.breached_at IS NULL`;
const OF_TICKET = `FROM tickets t JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id
  WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL AND ($2::uuid IS NULL OR k.policy_id = $2)
    AND ($3::uuid[] IS NULL OR t.team_id = ANY($3) OR t.assignee_id = $4)`;
/** The same of the tickets of clocks that are not cancelled, as those of deleted tickets are: looked up as far as it is asked. */
const fits = (ticketId: string) => `($2::uuid IS NULL OR (SELECT k.policy_id = $2 FROM sla_trackings k
    WHERE k.org_id = (SELECT current_org()) AND k.ticket_id = ${ticketId}))
  AND ($3::uuid[] IS NULL OR (SELECT t.team_id = ANY($3) OR t.assignee_id = $4 FROM tickets t
    WHERE t.org_id = (SELECT current_org()) AND t.id = ${ticketId}))`;
const OPEN = `t.status = ANY('{open,in_progress,pending,on_hold}'::text[])`;

/** So many breaches are looked at, the newest first, for those of open tickets. */
const FAR = 5_000;
/** A ticket has three targets, and rounds of them: enough clocks for a page of tickets. */
const CLOCKS = 5;
/**
 * The newest breaches, each asked of its ticket until the page is full. As a LATERAL with a LIMIT of its own, or the
 * planner, who does not know how large the organisation is, begins with all its tickets.
 */
const newest = (which: string) =>
  `SELECT s.ticket_id, s.at FROM (
     SELECT s.ticket_id, s.breached_at AS at FROM sla_clocks s
     WHERE s.org_id = (SELECT current_org()) AND s.breached_at IS NOT NULL AND s.breached_at <= $1 AND s.state <> 'cancelled'
     ORDER BY s.breached_at DESC LIMIT ${FAR}) s
   CROSS JOIN LATERAL (SELECT 1 ${OF_TICKET} AND t.id = s.ticket_id AND ${which} LIMIT 1) t
   ORDER BY s.at DESC LIMIT $5`;
/** No row where those are all that there are. */
const BEYOND = statement(
  'sla.breaches-beyond',
  `SELECT 1 FROM sla_clocks s WHERE s.org_id = (SELECT current_org()) AND s.breached_at IS NOT NULL AND s.breached_at <= $1 AND s.state <> 'cancelled'
   ORDER BY s.breached_at DESC OFFSET ${FAR} LIMIT 1`,
);
const NEWEST_OPEN = statement('sla.newest-open-breaches', newest(OPEN));
const NEWEST_ENDED = statement('sla.newest-ended-breaches', newest(`NOT ${OPEN}`));
/** Where those are too few: breaches of all open tickets, however old. */
const ALL_OPEN = statement(
  'sla.all-open-breaches',
  `SELECT s.ticket_id, s.at FROM (SELECT t.id FROM tickets t WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL AND ${OPEN}) o
   CROSS JOIN LATERAL (SELECT s.ticket_id, max(s.breached_at) AS at FROM sla_clocks s
     WHERE s.org_id = (SELECT current_org()) AND s.ticket_id = o.id AND s.breached_at <= $1 AND s.state <> 'cancelled' GROUP BY s.ticket_id) s
   CROSS JOIN LATERAL (SELECT 1 ${OF_TICKET} AND t.id = o.id LIMIT 1) t
   ORDER BY s.at DESC LIMIT $5`,
);
const UNMARKED = statement(
  'sla.unmarked-breaches',
  `SELECT s.ticket_id, s.due_at AS at FROM sla_clocks s
   CROSS JOIN LATERAL (SELECT 1 ${OF_TICKET} AND t.id = s.ticket_id LIMIT 1) t
   WHERE ${OVERDUE} ORDER BY s.due_at DESC LIMIT $5`,
);
/** And the others of those: however old, too. */
const ALL_ENDED = statement(
  'sla.all-ended-breaches',
  `SELECT f.ticket_id, s.at FROM ticket_facets f
   CROSS JOIN LATERAL (SELECT 1 ${OF_TICKET} AND t.id = f.ticket_id AND NOT ${OPEN} LIMIT 1) t
   CROSS JOIN LATERAL (SELECT max(s.breached_at) AS at FROM sla_clocks s
     WHERE s.org_id = (SELECT current_org()) AND s.ticket_id = f.ticket_id AND s.breached_at <= $1 AND s.state <> 'cancelled') s
   WHERE f.org_id = (SELECT current_org()) AND f.facet = 'sla:breached' AND s.at IS NOT NULL ORDER BY s.at DESC LIMIT $5`,
);
/** Each ticket once. Those that fell due and are not marked are few. */
const NOT_MARKED = `(SELECT count(DISTINCT s.ticket_id) FROM sla_clocks s
       WHERE ${OVERDUE} AND ${fits('s.ticket_id')}
         AND NOT EXISTS (SELECT 1 FROM sla_clocks m WHERE m.org_id = s.org_id AND m.ticket_id = s.ticket_id AND m.breached_at IS NOT NULL AND m.state <> 'cancelled'))`;
/**
 * What the indexer has counted (docs/adr/0023), put right for the tickets that wait for it: what each adds now, less what it
 * was counted as.
 */
const TOTAL = statement(
  'sla.breaches-total',
  `SELECT (SELECT coalesce(max(c.tickets), 0) FROM ticket_counts c WHERE c.org_id = (SELECT current_org()) AND c.day = '-infinity'
       AND c.key = CASE WHEN $2::uuid IS NULL THEN 'missed' ELSE 'missed:' || $2::uuid END)::integer
     + (SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM ticket_facets f
             WHERE f.org_id = (SELECT current_org()) AND f.ticket_id = q.ticket_id AND f.facet = 'sla:breached')
           AND ($2::uuid IS NULL OR EXISTS (SELECT 1 FROM sla_trackings k
             WHERE k.org_id = (SELECT current_org()) AND k.ticket_id = q.ticket_id AND k.policy_id = $2)))
         - count(*) FILTER (WHERE EXISTS (SELECT 1 FROM ticket_counted c
             WHERE c.org_id = (SELECT current_org()) AND c.ticket_id = q.ticket_id AND c.breached_day IS NOT NULL
               AND ($2::uuid IS NULL OR c.breach_policy_id = $2)))
       FROM (SELECT DISTINCT w.ticket_id FROM search_queue w WHERE w.org_id = (SELECT current_org())) q)::integer
     + ${NOT_MARKED}::integer AS total`,
);
/** For who sees the tickets of some teams: asked of each (docs/adr/0023). Those that are marked are facets. */
const TOTAL_SEEN = statement(
  'sla.breaches-seen',
  `SELECT (SELECT count(*) FROM ticket_facets f WHERE f.org_id = (SELECT current_org()) AND f.facet = 'sla:breached'
       AND ${fits('f.ticket_id')})::integer + ${NOT_MARKED}::integer AS total`,
);
const DRESSED = statement(
  'sla.breached-tickets',
  `SELECT t.id AS ticket_id, t.number, t.subject, t.priority, t.status, t.first_response_at, t.resolved_at,
     k.id, k.policy_id, k.policy_version, k.policy_name, k.initial_rules, k.created_at
   FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
   JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = asked.id
   JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id
   ORDER BY asked.place`,
);
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

const WARNINGS = statement(
  'sla.warned-tickets',
  `WITH clocks AS (SELECT s.ticket_id, min(s.due_at) AS soonest FROM (${WARNED}) s GROUP BY s.ticket_id)
   SELECT clocks.ticket_id, count(*) OVER ()::integer AS total FROM clocks
   WHERE ${fits('clocks.ticket_id')}
   ORDER BY clocks.soonest, clocks.ticket_id LIMIT $5`,
);

export interface BreachesAsked {
  policyId: string | null;
  limit: number;
  /** A restricted agent's; null is all. */
  onlyTeams: { teamIds: string[]; agentId: string | null } | null;
}

const valuesOf = (now: Date, { policyId, limit, onlyTeams }: BreachesAsked): unknown[] => [
  now,
  policyId,
  onlyTeams?.teamIds ?? null,
  onlyTeams?.agentId ?? null,
  limit,
];

interface BreachRow {
  ticket_id: string;
  at: Date;
}

@Injectable()
export class BreachRepository {
  /** Of open tickets first, the latest first. */
  async breached(tx: Tx, now: Date, asked: BreachesAsked): Promise<BreachPage> {
    const clocks = valuesOf(now, { ...asked, limit: asked.limit * CLOCKS });
    const total = await this.total(tx, now, asked);
    const wanted = Math.min(asked.limit, total);
    if (wanted === 0) return { rows: [], total };
    const read = (which: Statement) => tx.query<BreachRow>(which, clocks);
    // Clocks beyond those looked at, be it that there are more, or that a few tickets have most of them.
    const isCut = async (rows: readonly BreachRow[]) =>
      rows.length === asked.limit * CLOCKS || (await tx.query(BEYOND, [now])).length > 0;
    const unmarked = await read(UNMARKED);
    let open = await read(NEWEST_OPEN);
    let ids = latestFirst([...unmarked, ...open]);
    if (ids.length < wanted && (await isCut(open))) {
      open = await read(ALL_OPEN);
      ids = latestFirst([...unmarked, ...open]);
    }
    if (ids.length < wanted) {
      let ended = await read(NEWEST_ENDED);
      if (ids.length + latestFirst(ended).length < wanted && (await isCut(ended))) ended = await read(ALL_ENDED);
      ids = [...new Set([...ids, ...latestFirst(ended)])];
    }
    return { rows: await tx.query<BreachTicketRow>(DRESSED, [ids.slice(0, asked.limit)]), total };
  }

  private async total(tx: Tx, now: Date, asked: BreachesAsked): Promise<number> {
    const which = asked.onlyTeams === null ? TOTAL : TOTAL_SEEN;
    return (await tx.query<{ total: number }>(which, valuesOf(now, asked).slice(0, 4)))[0]!.total;
  }

  /** Past a threshold of some clock, and nothing missed. */
  async warned(tx: Tx, now: Date, asked: BreachesAsked): Promise<BreachPage> {
    const found = await tx.query<{ ticket_id: string; total: number }>(WARNINGS, valuesOf(now, asked));
    const rows = await tx.query<BreachTicketRow>(DRESSED, [found.map(({ ticket_id: id }) => id)]);
    return { rows, total: found[0]?.total ?? 0 };
  }
}

/** Each ticket once, at its latest breach. */
const latestFirst = (rows: readonly BreachRow[]): string[] => [
  ...new Set(
    rows
      .toSorted((a, b) => b.at.getTime() - a.at.getTime() || a.ticket_id.localeCompare(b.ticket_id))
      .map(({ ticket_id: id }) => id),
  ),
];
