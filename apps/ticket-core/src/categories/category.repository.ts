import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { CategoryRow } from './category.view.js';

const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';
const COLUMNS = 'id, name, position, created_at, updated_at';
const LIST = statement(
  'categories.list',
  `SELECT ${COLUMNS} FROM ticket_categories WHERE ${LIVE} ORDER BY position, id`,
);
/** Changes of one desk's list go one after the other: positions are of the whole list. */
const LOCK = statement('categories.lock', `SELECT pg_advisory_xact_lock(731002, hashtext($1))`);
/** FOR SHARE: it keeps its name until the commit of the ticket that gets it. */
const KNOWN = statement(
  'categories.known',
  `SELECT name FROM ticket_categories WHERE ${LIVE} AND lower(name) = lower($1) FOR SHARE`,
);
const WRITE = statement(
  'categories.write',
  `INSERT INTO ticket_categories AS c (org_id, id, name, position, created_at, updated_at)
   SELECT $1, x.id, x.name, x.position, now(), now() FROM jsonb_to_recordset($2::jsonb) AS x(id uuid, name text, position integer)
   ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, position = excluded.position, updated_at = now(), deleted_at = NULL
     WHERE (c.name, c.position) IS DISTINCT FROM (excluded.name, excluded.position) OR c.deleted_at IS NOT NULL`,
);
const REMOVE = statement(
  'categories.remove',
  `UPDATE ticket_categories SET deleted_at = now() WHERE ${LIVE} AND id = $1`,
);
const USED = statement(
  'categories.used',
  // Deleted ones too, as they may come back. Said in two parts, since each kind has indexes of its own.
  `SELECT EXISTS (SELECT 1 FROM tickets WHERE org_id = (SELECT current_org()) AND category = $1 AND deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM tickets WHERE org_id = (SELECT current_org()) AND category = $1 AND deleted_at IS NOT NULL) AS used`,
);

@Injectable()
export class CategoryRepository {
  /** In order; empty while the desk has the defaults. */
  list(tx: Tx): Promise<CategoryRow[]> {
    return tx.query<CategoryRow>(LIST);
  }

  async lock(tx: Tx, orgId: string): Promise<void> {
    await tx.query(LOCK, [orgId]);
  }

  /** Its spelling here, which stays until the commit. */
  async known(tx: Tx, name: string): Promise<string | null> {
    return (await tx.query<{ name: string }>(KNOWN, [name]))[0]?.name ?? null;
  }

  /** The whole list, each at its place. */
  async write(tx: Tx, orgId: string, rows: readonly Pick<CategoryRow, 'id' | 'name'>[]): Promise<void> {
    const placed = rows.map(({ id, name }, position) => ({ id, name, position }));
    await tx.query(WRITE, [orgId, jsonb(placed)]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  async used(tx: Tx, name: string): Promise<boolean> {
    return (await tx.query<{ used: boolean }>(USED, [name]))[0]!.used;
  }
}
