import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { ticketFactsOf } from '../tickets/ticket-facts.js';

/** An open ticket with what conditions may ask of it, and the policy it has. */
export type OpenTicketRow = Parameters<typeof ticketFactsOf>[0] & {
  id: string;
  number: number;
  /** Null: it has no clocks at all. */
  tracking_id: string | null;
  policy_id: string | null;
  policy_version: number | null;
};

/**
 * By id, which is their age (uuid v7): one walk meets each ticket once, and new ones come at its end. The page is cut
 * first, from the index alone: joined before, the planner would read every tracking up to it again for each page; and only
 * statuses that are named (not others left out) are looked up there.
 */
const BATCH = statement(
  'sla.open-tickets',
  `WITH page AS MATERIALIZED (
     SELECT t.id FROM tickets t
     WHERE t.org_id = (SELECT current_org()) AND t.id > $1 AND t.status = ANY('{open,in_progress,pending,on_hold}'::text[]) AND t.deleted_at IS NULL
     ORDER BY t.id LIMIT $2)
   SELECT t.id, t.number, t.status, t.priority, t.category, t.kind, t.source, t.subject, t.description, t.team_id,
     t.assignee_id, t.creator_id, t.tags, c.email AS contact_email, c.name AS contact_name, o.name AS company_name, t.entity, t.custom_fields,
     k.id AS tracking_id, k.policy_id, k.policy_version
   FROM page JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = page.id
   LEFT JOIN sla_trackings k ON k.org_id = t.org_id AND k.ticket_id = t.id
   LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
   LEFT JOIN companies o ON o.org_id = c.org_id AND o.id = c.company_id
   ORDER BY t.id`,
);
/** Locked first, so that what is read after it stays true until the commit. */
const LOCK = statement(
  'sla.lock-ticket',
  'SELECT id FROM tickets WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
/** A ticket whose clocks moved by themselves: readers of its version see that it changed. */
const DEADLINE = statement(
  'sla.set-deadline',
  `UPDATE tickets SET sla_deadline = $2, version = version + 1, updated_at = greatest(updated_at, $3)
   WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING version`,
);

@Injectable()
export class OpenTicketRepository {
  batch(tx: Tx, after: string, limit: number): Promise<OpenTicketRow[]> {
    return tx.query<OpenTicketRow>(BATCH, [after, limit]);
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(LOCK, [id]);
  }

  /** Returns the ticket's new version. */
  async setDeadline(tx: Tx, id: string, deadline: string | null, at: Date): Promise<number> {
    const [row] = await tx.query<{ version: number }>(DEADLINE, [id, deadline, at]);
    return row!.version;
  }
}
