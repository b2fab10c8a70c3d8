import { Injectable } from '@nestjs/common';
import type { WordCursor } from '../database/cursor.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { TagRow } from './tag.view.js';

/** A desk with more has names that a machine makes; what is beyond it is still put on tickets, but not listed here. */
const MAX_TAGS = 5_000;

const COLUMNS = 'id, name, color, team_id, by_use, created_at, updated_at';
const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';

/** FOR SHARE: a name cannot change between now and the commit of the ticket that gets it. */
const KNOWN = statement(
  'tags.known',
  `SELECT x.asked, t.name FROM unnest($1::text[]) AS x(asked)
   JOIN ticket_tags t ON lower(t.name) = lower(x.asked) WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL
   FOR SHARE OF t`,
);
const ADD = statement(
  'tags.add',
  `INSERT INTO ticket_tags (org_id, id, name, color, team_id, by_use, created_at, updated_at)
   SELECT $1, x.id, x.name, x.color, x.team_id, x.by_use, now(), now()
   FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, name text, color text, team_id uuid, by_use boolean)
   WHERE (SELECT count(*) FROM ticket_tags WHERE ${LIVE}) < ${MAX_TAGS}
   ORDER BY x.name
   ON CONFLICT (lower(name), org_id) WHERE deleted_at IS NULL DO NOTHING
   RETURNING ${COLUMNS}`,
);
const BY_ID = statement('tags.by-id', `SELECT ${COLUMNS} FROM ticket_tags WHERE ${LIVE} AND id = $1`);
const TO_CHANGE = statement(
  'tags.to-change',
  `SELECT ${COLUMNS} FROM ticket_tags WHERE ${LIVE} AND id = $1 FOR UPDATE`,
);
const BY_NAME = statement(
  'tags.by-name',
  `SELECT ${COLUMNS} FROM ticket_tags WHERE ${LIVE} AND lower(name) = lower($1) FOR UPDATE`,
);
const UPDATE = statement(
  'tags.update',
  `UPDATE ticket_tags SET name = $2, color = $3, team_id = $4, by_use = false, updated_at = now() WHERE ${LIVE} AND id = $1 RETURNING ${COLUMNS}`,
);
const REMOVE = statement('tags.remove', `UPDATE ticket_tags SET deleted_at = now() WHERE ${LIVE} AND id = $1`);
const PAGE = statement(
  'tags.page',
  `SELECT ${COLUMNS}, lower(name) AS key FROM ticket_tags
   WHERE ${LIVE} AND ($1::text IS NULL OR strpos(lower(name), lower($1)) > 0)
     AND ($2::uuid IS NULL OR team_id IS NULL OR team_id = $2)
     AND ($3::text IS NULL OR (lower(name), id) > ($3, $4::uuid))
   ORDER BY lower(name), id LIMIT $5`,
);
/** Of the tickets that are worked on: the others are found by the list, and may be a million. */
const OPEN_COUNTS = statement(
  'tags.open-counts',
  `SELECT tag, count(*)::integer AS count FROM tickets t, unnest(t.tags) AS tag
   WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL AND t.status = ANY('{open,in_progress,pending,on_hold}'::text[])
   GROUP BY tag`,
);

@Injectable()
export class TagRepository {
  /** The spelling of each that is known; it stays so until the commit. */
  async known(tx: Tx, names: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ asked: string; name: string }>(KNOWN, [names]);
    return new Map(rows.map(({ asked, name }) => [asked, name]));
  }

  /** Those that were not there yet. */
  add(
    tx: Tx,
    orgId: string,
    tags: { id: string; name: string; color: string; team_id: string | null; by_use: boolean }[],
  ): Promise<TagRow[]> {
    return tx.query<TagRow>(ADD, [orgId, jsonb(tags)]);
  }

  async byId(tx: Tx, id: string): Promise<TagRow | null> {
    return (await tx.query<TagRow>(BY_ID, [id]))[0] ?? null;
  }

  async toChange(tx: Tx, id: string): Promise<TagRow | null> {
    return (await tx.query<TagRow>(TO_CHANGE, [id]))[0] ?? null;
  }

  async byName(tx: Tx, name: string): Promise<TagRow | null> {
    return (await tx.query<TagRow>(BY_NAME, [name]))[0] ?? null;
  }

  /** By hand: from now on it is somebody's choice. */
  async update(tx: Tx, row: Pick<TagRow, 'id' | 'name' | 'color' | 'team_id'>): Promise<TagRow> {
    return (await tx.query<TagRow>(UPDATE, [row.id, row.name, row.color, row.team_id]))[0]!;
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  page(
    tx: Tx,
    { q, teamId, after, limit }: { q: string | null; teamId: string | null; after: WordCursor | null; limit: number },
  ): Promise<(TagRow & { key: string })[]> {
    return tx.query(PAGE, [q, teamId, after?.word ?? null, after?.id ?? null, limit]);
  }

  async openCounts(tx: Tx): Promise<Map<string, number>> {
    const rows = await tx.query<{ tag: string; count: number }>(OPEN_COUNTS);
    return new Map(rows.map(({ tag, count }) => [tag, count]));
  }
}
