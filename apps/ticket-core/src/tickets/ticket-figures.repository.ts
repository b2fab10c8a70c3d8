import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { composed } from '../database/statement.js';
import { type Known, Parameters, plainConditions } from './ticket-conditions.repository.js';
import type { TicketFilter } from './ticket-filter.js';

export interface Figure {
  key: string;
  tickets: number;
}
export interface Durations {
  tickets: number;
  median_ms: number | null;
  p90_ms: number | null;
}
export interface DayFigure {
  day: string;
  key: 'total' | 'resolved' | 'breaches';
  tickets: number;
}

/** date_part and not extract: its seconds are float8, which are sorted in a third of the time of numeric. */
const durations = (end: string) => `
  SELECT count(ms)::integer AS tickets,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median_ms, percentile_cont(0.9) WITHIN GROUP (ORDER BY ms) AS p90_ms
  FROM (SELECT date_part('epoch', ${end} - created_at) * 1000 AS ms FROM matching WHERE ${end} IS NOT NULL) took`;

/** Statistics of filtered tickets, counted as they are asked for: exact, and as long as it takes to read all that match. */
@Injectable()
export class TicketFiguresRepository {
  async figures(
    tx: Tx,
    filter: TicketFilter,
    known: Known,
    zone: string,
    asksForDays: boolean,
  ): Promise<{ figures: Figure[]; days: DayFigure[]; first: Durations; done: Durations }> {
    const p = new Parameters();
    const where = plainConditions(filter, known, p);
    const inZone = p.add(zone, 'text');
    const text = `
      WITH matching AS MATERIALIZED (
        SELECT t.id, t.status, t.priority, t.category, t.source, t.assignee_id, t.team_id, t.created_at, t.first_response_at, t.resolved_at
        FROM tickets t WHERE ${where.join(' AND ')}
      ), missed AS MATERIALIZED (
        SELECT min(s.breached_at) AS at FROM matching JOIN sla_clocks s ON s.ticket_id = matching.id
        WHERE s.org_id = (SELECT current_org()) AND s.breached_at IS NOT NULL AND s.state <> 'cancelled' GROUP BY s.ticket_id
      ), alike AS (
        SELECT status, priority, category, source, assignee_id, team_id, count(*) AS tickets FROM matching GROUP BY 1, 2, 3, 4, 5, 6
      ), figures AS (
        SELECT CASE
            WHEN grouping(status) = 0 THEN 'status:' || status WHEN grouping(priority) = 0 THEN 'priority:' || priority
            WHEN grouping(category) = 0 THEN 'category:' || category WHEN grouping(source) = 0 THEN 'source:' || source
            WHEN grouping(assignee_id) = 0 THEN 'assignee:' || coalesce(assignee_id::text, '')
            WHEN grouping(team_id) = 0 THEN 'team:' || coalesce(team_id::text, '') ELSE 'total' END AS key,
          coalesce(sum(tickets), 0)::integer AS tickets
        FROM alike GROUP BY GROUPING SETS ((), (status), (priority), (category), (source), (assignee_id), (team_id))
        UNION ALL SELECT 'missed', count(*)::integer FROM missed
      ), days AS (
        SELECT (created_at AT TIME ZONE ${inZone})::date AS day, 'total' AS key, count(*)::integer AS tickets FROM matching GROUP BY 1
        UNION ALL
        SELECT (resolved_at AT TIME ZONE ${inZone})::date, 'resolved', count(*)::integer FROM matching WHERE resolved_at IS NOT NULL GROUP BY 1
        UNION ALL
        SELECT (at AT TIME ZONE ${inZone})::date, 'breaches', count(*)::integer FROM missed GROUP BY 1
      )
      SELECT
        (SELECT jsonb_agg(jsonb_build_object('key', key, 'tickets', tickets)) FROM figures) AS figures,
        ${asksForDays ? `(SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'key', key, 'tickets', tickets)), '[]') FROM days)` : `'[]'::jsonb`} AS days,
        (SELECT to_jsonb(d) FROM (${durations('first_response_at')}) d) AS first,
        (SELECT to_jsonb(d) FROM (${durations('resolved_at')}) d) AS done`;
    const [row] = await tx.query<{ figures: Figure[]; days: DayFigure[]; first: Durations; done: Durations }>(
      composed('tickets.figures', text, false),
      p.values,
    );
    return row!;
  }
}
