import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { ticketFactsOf } from '../tickets/ticket-facts.js';
import type { StoredRules } from './stored-rules.js';

export type PastTicketRow = Parameters<typeof ticketFactsOf>[0] & {
  id: string;
  number: number;
  created_at: Date;
  initial_rules: StoredRules | null;
};

export interface PastTicketsAsked {
  since: Date;
  until: Date;
  after: { at: string; id: string } | null;
  onlyTeams: { teamIds: string[]; agentId: string | null } | null;
}

const OURS = `t.org_id = (SELECT current_org()) AND t.created_at >= $1 AND t.created_at < $2
  AND t.deleted_at IS NULL AND t.duplicate_of IS NULL
  AND ($3::uuid[] IS NULL OR t.team_id = ANY($3) OR t.assignee_id = $4)`;
/** Oldest first, by the index of the newest; cut before the joins. */
const PAGE = statement(
  'sla-backtest.page',
  `WITH page AS MATERIALIZED (
     SELECT t.* FROM tickets t
     WHERE ${OURS} AND ($5::timestamptz IS NULL OR (t.created_at, t.id) > ($5::timestamptz, $6::uuid))
     ORDER BY t.created_at, t.id LIMIT $7)
   SELECT t.id, t.number, t.created_at, t.status, t.priority, t.category, t.kind, t.source, t.subject, t.description,
     t.team_id, t.assignee_id, t.creator_id, t.tags, c.email AS contact_email, c.name AS contact_name, t.entity,
     t.custom_fields, k.initial_rules
   FROM page t
   LEFT JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id
   LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
   ORDER BY t.created_at, t.id`,
);
const COUNT = statement('sla-backtest.count', `SELECT count(*)::integer AS tickets FROM tickets t WHERE ${OURS}`);

@Injectable()
export class PastTicketRepository {
  page(tx: Tx, { since, until, after, onlyTeams }: PastTicketsAsked, limit: number): Promise<PastTicketRow[]> {
    const team = [onlyTeams?.teamIds ?? null, onlyTeams?.agentId ?? null];
    return tx.query<PastTicketRow>(PAGE, [since, until, ...team, after?.at ?? null, after?.id ?? null, limit]);
  }

  async count(tx: Tx, { since, until, onlyTeams }: PastTicketsAsked): Promise<number> {
    const team = [onlyTeams?.teamIds ?? null, onlyTeams?.agentId ?? null];
    const [row] = await tx.query<{ tickets: number }>(COUNT, [since, until, ...team]);
    return row?.tickets ?? 0;
  }
}
