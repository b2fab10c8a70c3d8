import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { ActivityRead, ActivityRow } from './activity.view.js';

const ADD = statement(
  'activities.add',
  `INSERT INTO activities (org_id, id, ticket_id, type, actor_kind, actor_id, actor_name, surface, old_value, new_value, at)
   SELECT $1, x.id, x.ticket_id, x.type, x.actor_kind, x.actor_id, x.actor_name, x.surface,
     x.old_value, x.new_value, x.at
   FROM jsonb_to_recordset($2::jsonb) AS x(
     id uuid, ticket_id uuid, type text, actor_kind text, actor_id uuid, actor_name text, surface text,
     old_value jsonb, new_value jsonb, at timestamptz)`,
);
const COLUMNS = 'id, ticket_id, type, actor_kind, actor_id, actor_name, surface, old_value, new_value, at';
const HISTORY = statement(
  'activities.history',
  `SELECT ${COLUMNS} FROM activities WHERE org_id = (SELECT current_org()) AND ticket_id = $1 ORDER BY at, id`,
);
const HISTORIES = statement(
  'activities.histories',
  `SELECT ${COLUMNS} FROM activities WHERE org_id = (SELECT current_org()) AND ticket_id = ANY($1::uuid[]) ORDER BY ticket_id, at, id`,
);
const PAGE = statement(
  'activities.page',
  `SELECT ${COLUMNS} FROM activities WHERE org_id = (SELECT current_org()) AND ticket_id = $1
     AND ($2::timestamptz IS NULL OR (at, id) > ($2::timestamptz, $3::uuid)) ORDER BY at, id LIMIT $4`,
);

@Injectable()
export class ActivityRepository {
  async add(tx: Tx, orgId: string, rows: ActivityRow[]): Promise<void> {
    if (rows.length > 0) await tx.query(ADD, [orgId, jsonb(rows)]);
  }

  history(tx: Tx, ticketId: string): Promise<ActivityRead[]> {
    return tx.query<ActivityRead>(HISTORY, [ticketId]);
  }

  histories(tx: Tx, ticketIds: readonly string[]): Promise<ActivityRead[]> {
    return tx.query<ActivityRead>(HISTORIES, [ticketIds]);
  }

  page(tx: Tx, ticketId: string, after: { at: string; id: string } | null, limit: number): Promise<ActivityRead[]> {
    return tx.query<ActivityRead>(PAGE, [ticketId, after?.at ?? null, after?.id ?? null, limit]);
  }
}
