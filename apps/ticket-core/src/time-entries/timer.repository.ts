import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { TimerRow } from './timer.view.js';

/** The primary key lets one timer an agent run, whatever is started at once. */
const START = statement(
  'timers.start',
  `INSERT INTO running_timers (org_id, agent_id, ticket_id, description, billable, started_at) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT DO NOTHING RETURNING agent_id`,
);
const OF = statement(
  'timers.of',
  `SELECT r.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject, r.description, r.billable, r.started_at
   FROM running_timers r JOIN tickets t ON t.org_id = r.org_id AND t.id = r.ticket_id
   WHERE r.org_id = (SELECT current_org()) AND r.agent_id = $1`,
);
/** Taking it away is the claim: of two that stop it at once, one gets it. */
const TAKE = statement(
  'timers.take',
  `WITH taken AS (
     DELETE FROM running_timers WHERE org_id = (SELECT current_org()) AND agent_id = $1 RETURNING *)
   SELECT r.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject, r.description, r.billable, r.started_at
   FROM taken r JOIN tickets t ON t.org_id = r.org_id AND t.id = r.ticket_id`,
);
const MOVE = statement(
  'timers.move',
  `UPDATE running_timers SET ticket_id = $2 WHERE org_id = (SELECT current_org()) AND ticket_id = $1 RETURNING agent_id, started_at`,
);
/** Only if it is still the same run: its agent may have stopped it and started another one since. */
const MOVE_ONE = statement(
  'timers.move-one',
  `UPDATE running_timers SET ticket_id = $3
   WHERE org_id = (SELECT current_org()) AND agent_id = $1 AND date_trunc('milliseconds', started_at) = $2::timestamptz`,
);

@Injectable()
export class TimerRepository {
  /** False when one runs already. */
  async start(tx: Tx, orgId: string, agentId: string, row: Omit<TimerRow, 'ticket_number' | 'ticket_subject'>) {
    const values = [orgId, agentId, row.ticket_id, row.description, row.billable, row.started_at];
    return (await tx.query(START, values)).length === 1;
  }

  async of(tx: Tx, agentId: string): Promise<TimerRow | null> {
    return (await tx.query<TimerRow>(OF, [agentId]))[0] ?? null;
  }

  async take(tx: Tx, agentId: string): Promise<TimerRow | null> {
    return (await tx.query<TimerRow>(TAKE, [agentId]))[0] ?? null;
  }

  move(tx: Tx, fromTicketId: string, toTicketId: string): Promise<{ agent_id: string; started_at: Date }[]> {
    return tx.query(MOVE, [fromTicketId, toTicketId]);
  }

  async moveOne(tx: Tx, agentId: string, startedAt: string, toTicketId: string): Promise<void> {
    await tx.query(MOVE_ONE, [agentId, startedAt, toTicketId]);
  }
}
