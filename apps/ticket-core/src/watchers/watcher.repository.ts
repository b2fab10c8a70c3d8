import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface WatcherRow {
  agent_id: string;
  name: string;
  email: string;
  created_at: Date;
}

const OF = statement(
  'watchers.of',
  `SELECT w.agent_id, a.name, a.email, w.created_at FROM ticket_watchers w
   JOIN agents a ON a.org_id = w.org_id AND a.id = w.agent_id
   WHERE w.org_id = (SELECT current_org()) AND w.ticket_id = $1 AND w.watching AND a.disabled_at IS NULL
   ORDER BY w.created_at, w.agent_id LIMIT 500`,
);
/** By what they do themselves: who once said no is left alone. */
const BY_ACT = statement(
  'watchers.by-act',
  `INSERT INTO ticket_watchers (org_id, ticket_id, agent_id, created_at)
   SELECT $1, $2, agent_id, $4 FROM unnest($3::uuid[]) AS x(agent_id) ON CONFLICT DO NOTHING`,
);
/** A row comes back only when it says something new. */
const TURN = statement(
  'watchers.turn',
  `INSERT INTO ticket_watchers AS w (org_id, ticket_id, agent_id, created_at, watching) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (org_id, ticket_id, agent_id) DO UPDATE SET watching = excluded.watching, created_at = excluded.created_at
     WHERE w.watching <> excluded.watching
   RETURNING agent_id`,
);
const IS = statement(
  'watchers.is',
  'SELECT watching FROM ticket_watchers WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND agent_id = $2',
);

@Injectable()
export class WatcherRepository {
  of(tx: Tx, ticketId: string): Promise<WatcherRow[]> {
    return tx.query<WatcherRow>(OF, [ticketId]);
  }

  async byAct(tx: Tx, orgId: string, ticketId: string, agentIds: readonly string[], at: Date): Promise<void> {
    await tx.query(BY_ACT, [orgId, ticketId, agentIds, at]);
  }

  async isWatching(tx: Tx, ticketId: string, agentId: string): Promise<boolean> {
    return (await tx.query<{ watching: boolean }>(IS, [ticketId, agentId]))[0]?.watching ?? false;
  }

  /** True when that is new. */
  async turn(tx: Tx, orgId: string, ticketId: string, agentId: string, watching: boolean, at: Date): Promise<boolean> {
    return (await tx.query(TURN, [orgId, ticketId, agentId, at, watching])).length > 0;
  }
}
