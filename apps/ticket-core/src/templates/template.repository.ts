import { Injectable } from '@nestjs/common';
import type { WordCursor } from '../database/cursor.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { TemplateRow } from './template.view.js';

const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';
const COLUMNS = 'id, name, description, team_id, fields, usage_count, created_at, updated_at';
const BY_ID = statement('templates.by-id', `SELECT ${COLUMNS} FROM ticket_templates WHERE ${LIVE} AND id = $1`);
const TO_CHANGE = statement(
  'templates.to-change',
  `SELECT ${COLUMNS} FROM ticket_templates WHERE ${LIVE} AND id = $1 FOR UPDATE`,
);
const ADD = statement(
  'templates.add',
  `INSERT INTO ticket_templates (org_id, id, name, description, team_id, fields, created_by, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, now(), now()) RETURNING ${COLUMNS}`,
);
const UPDATE = statement(
  'templates.update',
  `UPDATE ticket_templates SET name = $2, description = $3, team_id = $4, fields = $5::jsonb, updated_at = now()
   WHERE ${LIVE} AND id = $1 RETURNING ${COLUMNS}`,
);
const USED = statement(
  'templates.used',
  `UPDATE ticket_templates SET usage_count = usage_count + 1 WHERE ${LIVE} AND id = $1`,
);
const REMOVE = statement(
  'templates.remove',
  `UPDATE ticket_templates SET deleted_at = now() WHERE ${LIVE} AND id = $1`,
);
/** $2: the teams whose templates are seen; null: all. */
const PAGE = statement(
  'templates.page',
  `SELECT ${COLUMNS}, lower(name) AS key FROM ticket_templates
   WHERE ${LIVE} AND ($1::text IS NULL OR strpos(lower(name || ' ' || description), lower($1)) > 0)
     AND ($2::uuid[] IS NULL OR team_id IS NULL OR team_id = ANY($2))
     AND ($3::uuid IS NULL OR team_id IS NULL OR team_id = $3)
     AND ($4::text IS NULL OR (lower(name), id) > ($4, $5::uuid))
   ORDER BY lower(name), id LIMIT $6`,
);

export interface TemplateFilter {
  q: string | null;
  teams: readonly string[] | null;
  teamId: string | null;
  after: WordCursor | null;
  limit: number;
}

@Injectable()
export class TemplateRepository {
  async byId(tx: Tx, id: string): Promise<TemplateRow | null> {
    return (await tx.query<TemplateRow>(BY_ID, [id]))[0] ?? null;
  }

  async toChange(tx: Tx, id: string): Promise<TemplateRow | null> {
    return (await tx.query<TemplateRow>(TO_CHANGE, [id]))[0] ?? null;
  }

  async add(
    tx: Tx,
    orgId: string,
    row: TemplateWords & { id: string },
    createdBy: string | null,
  ): Promise<TemplateRow> {
    const values = [orgId, row.id, row.name, row.description, row.team_id, jsonb(row.fields), createdBy];
    return (await tx.query<TemplateRow>(ADD, values))[0]!;
  }

  async update(tx: Tx, row: TemplateWords & { id: string }): Promise<TemplateRow> {
    const values = [row.id, row.name, row.description, row.team_id, jsonb(row.fields)];
    return (await tx.query<TemplateRow>(UPDATE, values))[0]!;
  }

  async used(tx: Tx, id: string): Promise<void> {
    await tx.query(USED, [id]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  page(tx: Tx, { q, teams, teamId, after, limit }: TemplateFilter): Promise<(TemplateRow & { key: string })[]> {
    return tx.query(PAGE, [q, teams, teamId, after?.word ?? null, after?.id ?? null, limit]);
  }
}

export type TemplateWords = Pick<TemplateRow, 'name' | 'description' | 'team_id' | 'fields'>;
