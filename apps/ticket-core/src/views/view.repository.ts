import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { ViewRow } from './view.view.js';

const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';
const COLUMNS = 'id, name, agent_id, team_id, query, position, created_at, updated_at';
/** $2: the teams whose views are seen; null: all. */
const LIST = statement(
  'views.list',
  `SELECT ${COLUMNS} FROM saved_views
   WHERE ${LIVE} AND (agent_id = $1 OR (agent_id IS NULL AND (team_id IS NULL OR $2::uuid[] IS NULL OR team_id = ANY($2))))
   ORDER BY position, id LIMIT 500`,
);
const BY_ID = statement('views.by-id', `SELECT ${COLUMNS} FROM saved_views WHERE ${LIVE} AND id = $1`);
const TO_CHANGE = statement(
  'views.to-change',
  `SELECT ${COLUMNS} FROM saved_views WHERE ${LIVE} AND id = $1 FOR UPDATE`,
);
const COUNT = statement(
  'views.count',
  `SELECT count(*)::integer AS count FROM saved_views
   WHERE ${LIVE} AND agent_id IS NOT DISTINCT FROM $1::uuid AND team_id IS NOT DISTINCT FROM $2::uuid`,
);
const ADD = statement(
  'views.add',
  `INSERT INTO saved_views (org_id, id, name, agent_id, team_id, query, position, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, now(), now()) RETURNING ${COLUMNS}`,
);
const UPDATE = statement(
  'views.update',
  `UPDATE saved_views SET name = $2, agent_id = $3, team_id = $4, query = $5::jsonb, position = $6, updated_at = now()
   WHERE ${LIVE} AND id = $1 RETURNING ${COLUMNS}`,
);
const PLACE = statement(
  'views.place',
  `UPDATE saved_views v SET position = x.place - 1 FROM unnest($1::uuid[]) WITH ORDINALITY AS x(id, place)
   WHERE v.org_id = (SELECT current_org()) AND v.id = x.id AND v.position <> x.place - 1`,
);
const REMOVE = statement('views.remove', `UPDATE saved_views SET deleted_at = now() WHERE ${LIVE} AND id = $1`);

export type ViewWords = Omit<ViewRow, 'created_at' | 'updated_at'>;

@Injectable()
export class ViewRepository {
  list(tx: Tx, agentId: string | null, teams: readonly string[] | null): Promise<ViewRow[]> {
    return tx.query<ViewRow>(LIST, [agentId, teams]);
  }

  async byId(tx: Tx, id: string): Promise<ViewRow | null> {
    return (await tx.query<ViewRow>(BY_ID, [id]))[0] ?? null;
  }

  async toChange(tx: Tx, id: string): Promise<ViewRow | null> {
    return (await tx.query<ViewRow>(TO_CHANGE, [id]))[0] ?? null;
  }

  /** How many the same owner has. */
  async count(tx: Tx, { agent_id, team_id }: Pick<ViewRow, 'agent_id' | 'team_id'>): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [agent_id, team_id]))[0]!.count;
  }

  async add(tx: Tx, orgId: string, row: ViewWords): Promise<ViewRow> {
    const { id, name, agent_id, team_id, query, position } = row;
    return (await tx.query<ViewRow>(ADD, [orgId, id, name, agent_id, team_id, jsonb(query), position]))[0]!;
  }

  async update(tx: Tx, { id, name, agent_id, team_id, query, position }: ViewWords): Promise<ViewRow> {
    return (await tx.query<ViewRow>(UPDATE, [id, name, agent_id, team_id, jsonb(query), position]))[0]!;
  }

  async place(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query(PLACE, [ids]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }
}
