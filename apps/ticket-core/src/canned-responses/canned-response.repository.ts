import { Injectable } from '@nestjs/common';
import type { WordCursor } from '../database/cursor.js';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { CannedRow } from './canned-response.view.js';

const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';
const COLUMNS = 'id, title, shortcut, content, team_id, usage_count, last_used_at, created_at, updated_at';
const BY_ID = statement('canned.by-id', `SELECT ${COLUMNS} FROM canned_responses WHERE ${LIVE} AND id = $1`);
const BY_SHORTCUT = statement(
  'canned.by-shortcut',
  `SELECT ${COLUMNS} FROM canned_responses WHERE ${LIVE} AND shortcut = $1`,
);
const TO_CHANGE = statement(
  'canned.to-change',
  `SELECT ${COLUMNS} FROM canned_responses WHERE ${LIVE} AND id = $1 FOR UPDATE`,
);
const ADD = statement(
  'canned.add',
  `INSERT INTO canned_responses (org_id, id, title, shortcut, content, team_id, created_by, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, now(), now()) RETURNING ${COLUMNS}`,
);
const UPDATE = statement(
  'canned.update',
  `UPDATE canned_responses SET title = $2, shortcut = $3, content = $4, team_id = $5, updated_at = now()
   WHERE ${LIVE} AND id = $1 RETURNING ${COLUMNS}`,
);
const USED = statement(
  'canned.used',
  `UPDATE canned_responses SET usage_count = usage_count + 1, last_used_at = now() WHERE ${LIVE} AND id = $1`,
);
const REMOVE = statement('canned.remove', `UPDATE canned_responses SET deleted_at = now() WHERE ${LIVE} AND id = $1`);
/** $2: the teams whose responses are seen; null: all. The most used first, or by title; the key says which. */
const pageBy = (key: string) =>
  `SELECT * FROM (SELECT ${COLUMNS}, ${key} AS key FROM canned_responses
     WHERE ${LIVE} AND ($1::text IS NULL OR strpos(lower(title || ' ' || (CASE WHEN shortcut IS NULL THEN '' ELSE shortcut END) || ' ' || content), lower($1)) > 0)
       AND ($2::uuid[] IS NULL OR team_id IS NULL OR team_id = ANY($2))
       AND ($3::uuid IS NULL OR team_id IS NULL OR team_id = $3)) AS found
   WHERE $4::text IS NULL OR (key, id) > ($4, $5::uuid) ORDER BY key, id LIMIT $6`;
const PAGES = {
  title: statement('canned.page-by-title', pageBy('lower(title)')),
  used: statement('canned.page-by-use', pageBy(`lpad((2147483647 - usage_count)::text, 10, '0')`)),
};
const VALUES = statement(
  'canned.values',
  `SELECT (SELECT name FROM organisations WHERE id = (SELECT current_org())) AS organisation,
     (SELECT email FROM agents WHERE org_id = (SELECT current_org()) AND id = $1) AS agent_email,
     (SELECT p.name FROM contacts c JOIN companies p ON p.org_id = c.org_id AND p.id = c.company_id
      WHERE c.org_id = (SELECT current_org()) AND c.id = $2 AND p.deleted_at IS NULL) AS company`,
);

export interface CannedFilter {
  q: string | null;
  teams: readonly string[] | null;
  teamId: string | null;
  sort: 'title' | 'used';
  after: WordCursor | null;
  limit: number;
}
export type CannedWords = Pick<CannedRow, 'id' | 'title' | 'shortcut' | 'content' | 'team_id'>;

@Injectable()
export class CannedResponseRepository {
  async byId(tx: Tx, id: string): Promise<CannedRow | null> {
    return (await tx.query<CannedRow>(BY_ID, [id]))[0] ?? null;
  }

  async byShortcut(tx: Tx, shortcut: string): Promise<CannedRow | null> {
    return (await tx.query<CannedRow>(BY_SHORTCUT, [shortcut]))[0] ?? null;
  }

  async toChange(tx: Tx, id: string): Promise<CannedRow | null> {
    return (await tx.query<CannedRow>(TO_CHANGE, [id]))[0] ?? null;
  }

  async add(tx: Tx, orgId: string, row: CannedWords, createdBy: string | null): Promise<CannedRow> {
    const values = [orgId, row.id, row.title, row.shortcut, row.content, row.team_id, createdBy];
    return (await tx.query<CannedRow>(ADD, values))[0]!;
  }

  async update(tx: Tx, row: CannedWords): Promise<CannedRow> {
    return (await tx.query<CannedRow>(UPDATE, [row.id, row.title, row.shortcut, row.content, row.team_id]))[0]!;
  }

  async used(tx: Tx, id: string): Promise<void> {
    await tx.query(USED, [id]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  page(tx: Tx, { q, teams, teamId, sort, after, limit }: CannedFilter): Promise<(CannedRow & { key: string })[]> {
    return tx.query(PAGES[sort], [q, teams, teamId, after?.word ?? null, after?.id ?? null, limit]);
  }

  async values(
    tx: Tx,
    agentId: string | null,
    contactId: string | null,
  ): Promise<{ organisation: string; agent_email: string | null; company: string | null }> {
    return (
      await tx.query<{ organisation: string; agent_email: string | null; company: string | null }>(VALUES, [
        agentId,
        contactId,
      ])
    )[0]!;
  }
}
