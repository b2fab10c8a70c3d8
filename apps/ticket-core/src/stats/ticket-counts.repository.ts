import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface CountRow {
  key: string;
  tickets: number;
}

const OF_ALL_DAYS = statement(
  'stats.of-all-days',
  `SELECT key, tickets::integer AS tickets FROM ticket_counts
   WHERE org_id = (SELECT current_org()) AND day = '-infinity' AND tickets <> 0`,
);
const OF_DAYS = statement(
  'stats.of-days',
  `SELECT key, sum(tickets)::integer AS tickets FROM ticket_counts
   WHERE org_id = (SELECT current_org()) AND day BETWEEN $1 AND $2 GROUP BY key HAVING sum(tickets) <> 0`,
);
const BY_DAY = statement(
  'stats.by-day',
  `SELECT to_char(date_trunc($3, day::timestamp), 'YYYY-MM-DD') AS start, key, sum(tickets)::integer AS tickets FROM ticket_counts
   WHERE org_id = (SELECT current_org()) AND day BETWEEN $1 AND $2 AND key IN ('total', 'resolved', 'breaches') GROUP BY 1, 2`,
);
/** Clocks past their warning, and nothing missed: a few, whatever the number of tickets. */
const WARNED = statement(
  'stats.warned',
  `SELECT count(DISTINCT s.ticket_id)::integer AS tickets FROM sla_clocks s
   JOIN tickets t ON t.org_id = s.org_id AND t.id = s.ticket_id AND t.deleted_at IS NULL
   WHERE s.org_id = (SELECT current_org()) AND s.state IN ('running', 'paused')
     AND CASE WHEN s.warn_at IS NULL THEN s.due_at ELSE s.warn_at END <= now() AND s.state = 'running' AND s.warn_at <= now() AND s.due_at >= now()
     AND NOT EXISTS (SELECT 1 FROM sla_clocks m WHERE m.org_id = s.org_id AND m.ticket_id = s.ticket_id AND m.state <> 'cancelled'
       AND (m.breached_at IS NOT NULL OR (m.state = 'running' AND m.due_at < now())))`,
);

/** Reads what the indexer counted (search/search-index.repository.ts). Days are the organisation's. */
@Injectable()
export class TicketCountsRepository {
  ofAllDays(tx: Tx): Promise<CountRow[]> {
    return tx.query<CountRow>(OF_ALL_DAYS);
  }

  ofDays(tx: Tx, from: string, to: string): Promise<CountRow[]> {
    return tx.query<CountRow>(OF_DAYS, [from, to]);
  }

  byPeriod(tx: Tx, from: string, to: string, period: string): Promise<(CountRow & { start: string })[]> {
    return tx.query<CountRow & { start: string }>(BY_DAY, [from, to, period]);
  }

  async warned(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ tickets: number }>(WARNED);
    return row!.tickets;
  }
}
