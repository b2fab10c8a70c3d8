import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { LinkRow } from './link.view.js';

const OTHER = 't.id AS other_id, t.number, t.subject, t.status, t.priority, t.team_id, t.assignee_id, t.contact_id';
const THERE = 't.deleted_at IS NULL';

/** From both ends, and what the tickets' own rows say: whom this one follows or doubles, and who follows or doubles it. */
const OF = statement(
  'links.of',
  `SELECT l.id, l.kind, true AS outward, ${OTHER}, l.created_at FROM ticket_links l
     JOIN tickets t ON t.org_id = l.org_id AND t.id = l.to_id
     WHERE l.org_id = (SELECT current_org()) AND l.from_id = $1 AND ${THERE}
   UNION ALL
   SELECT l.id, l.kind, false, ${OTHER}, l.created_at FROM ticket_links l
     JOIN tickets t ON t.org_id = l.org_id AND t.id = l.from_id
     WHERE l.org_id = (SELECT current_org()) AND l.to_id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'follow_up', true, ${OTHER}, s.created_at FROM tickets s
     JOIN tickets t ON t.org_id = s.org_id AND t.id = s.follow_up_of
     WHERE s.org_id = (SELECT current_org()) AND s.id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'follow_up', false, ${OTHER}, t.created_at FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.follow_up_of = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'duplicate', true, ${OTHER}, s.created_at FROM tickets s
     JOIN tickets t ON t.org_id = s.org_id AND t.id = s.duplicate_of
     WHERE s.org_id = (SELECT current_org()) AND s.id = $1 AND ${THERE}
   UNION ALL
   SELECT NULL, 'duplicate', false, ${OTHER}, t.created_at FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.duplicate_of = $1 AND ${THERE}
   ORDER BY created_at, number LIMIT 500`,
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
  of(tx: Tx, ticketId: string): Promise<LinkRow[]> {
    return tx.query<LinkRow>(OF, [ticketId]);
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
