import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { LinkRow } from './link.view.js';

const OTHER = 't.id AS other_id, t.number, t.subject, t.status, t.priority, t.team_id, t.assignee_id, t.contact_id';
const THERE = 't.deleted_at IS NULL';

/** How a kind is told from the others between the same tickets, said in the same instant. */
const RANK = `array_position('{relates_to,blocks,causes,parent_of,split_into}'::text[], l.kind)`;
const FIELDS = `id, kind, outward, other_id, number, subject, status, priority, team_id, assignee_id, contact_id, created_at`;

/**
 * From both ends, and what the tickets' own rows say: whom this one follows or doubles, and who follows or doubles it. $2:
 * the teams whose tickets are seen, beside those of the agent $3; null: all. $4 to $6: where the page before ended.
 */
const PAGE = statement(
  'links.page',
  `SELECT ${FIELDS}, 
     ARRAY[to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00', number::text, place::text] AS sort_keys
   FROM (
   SELECT l.id, l.kind, true AS outward, ${OTHER}, l.created_at, ${RANK} AS place FROM ticket_links l
     JOIN tickets t ON t.org_id = l.org_id AND t.id = l.to_id
     WHERE l.org_id = (SELECT current_org()) AND l.from_id = $1 AND ${THERE}
   UNION ALL
   SELECT l.id, l.kind, false, ${OTHER}, l.created_at, 10 + ${RANK} FROM ticket_links l
     JOIN tickets t ON t.org_id = l.org_id AND t.id = l.from_id
     WHERE l.org_id = (SELECT current_org()) AND l.to_id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'follow_up', true, ${OTHER}, s.created_at, 20 FROM tickets s
     JOIN tickets t ON t.org_id = s.org_id AND t.id = s.follow_up_of
     WHERE s.org_id = (SELECT current_org()) AND s.id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'follow_up', false, ${OTHER}, t.created_at, 21 FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.follow_up_of = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'duplicate', true, ${OTHER}, s.created_at, 22 FROM tickets s
     JOIN tickets t ON t.org_id = s.org_id AND t.id = s.duplicate_of
     WHERE s.org_id = (SELECT current_org()) AND s.id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'duplicate', false, ${OTHER}, t.created_at, 23 FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.duplicate_of = $1 AND ${THERE}) links
   WHERE ($2::uuid[] IS NULL OR team_id = ANY($2) OR assignee_id = $3::uuid)
     AND ($4::timestamptz IS NULL OR (created_at, number, place) > ($4, $5::integer, $6::integer))
   ORDER BY created_at, number, place LIMIT $7`,
);
/** One that was said, from either of its ends ($1). */
const ONE = statement(
  'links.one',
  `SELECT l.id, l.kind, l.from_id = $1 AS outward, ${OTHER}, l.created_at FROM ticket_links l
   JOIN tickets t ON t.org_id = l.org_id AND t.id = CASE WHEN l.from_id = $1 THEN l.to_id ELSE l.from_id END
   WHERE l.org_id = (SELECT current_org()) AND l.id = $2 AND (l.from_id = $1 OR l.to_id = $1) AND ${THERE}`,
);
/** Said before: nothing is returned. */
const ADD = statement(
  'links.add',
  `INSERT INTO ticket_links (org_id, id, from_id, to_id, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (from_id, to_id, kind, org_id) DO NOTHING RETURNING id`,
);
const BETWEEN = statement(
  'links.between',
  `SELECT id, created_at FROM ticket_links
   WHERE org_id = (SELECT current_org()) AND from_id = $1 AND to_id = $2 AND kind = $3`,
);
const REMOVE = statement(
  'links.remove',
  `DELETE FROM ticket_links WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING id`,
);

@Injectable()
export class LinkRepository {
  /** Oldest first; `after` are the `sort_keys` of the last row before. */
  page(
    tx: Tx,
    ticketId: string,
    { onlyTeams, agentId }: { onlyTeams: string[] | null; agentId: string | null },
    after: string[] | null,
    limit: number,
  ): Promise<(LinkRow & { sort_keys: string[] })[]> {
    const keys = after ?? [null, null, null];
    return tx.query<LinkRow & { sort_keys: string[] }>(PAGE, [ticketId, onlyTeams, agentId, ...keys, limit]);
  }

  async one(tx: Tx, ticketId: string, id: string): Promise<LinkRow | null> {
    return (await tx.query<LinkRow>(ONE, [ticketId, id]))[0] ?? null;
  }

  /** False when it was there. */
  async add(
    tx: Tx,
    orgId: string,
    link: { id: string; from: string; to: string; kind: string; at: Date },
  ): Promise<boolean> {
    return (await tx.query(ADD, [orgId, link.id, link.from, link.to, link.kind, link.at])).length > 0;
  }

  async between(tx: Tx, from: string, to: string, kind: string): Promise<{ id: string; created_at: Date } | null> {
    return (await tx.query<{ id: string; created_at: Date }>(BETWEEN, [from, to, kind]))[0] ?? null;
  }

  /** False when it was gone. */
  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.query(REMOVE, [id])).length > 0;
  }
}
