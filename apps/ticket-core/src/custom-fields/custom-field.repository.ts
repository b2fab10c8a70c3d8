import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import type { CustomFieldRow } from './custom-field.view.js';

const LIVE = 'org_id = (SELECT current_org()) AND deleted_at IS NULL';
const COLUMNS = 'id, key, label, type, options, required, position, created_at, updated_at';
const LIST = statement(
  'custom-fields.list',
  `SELECT ${COLUMNS} FROM custom_fields WHERE ${LIVE} ORDER BY position, id`,
);
/** By id or by key. */
const FIND = statement(
  'custom-fields.find',
  `SELECT ${COLUMNS} FROM custom_fields WHERE ${LIVE} AND (id::text = $1 OR key = $1) FOR UPDATE`,
);
const ADD = statement(
  'custom-fields.add',
  `INSERT INTO custom_fields (org_id, id, key, label, type, options, required, position, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), now())
   ON CONFLICT (key, org_id) WHERE deleted_at IS NULL DO NOTHING RETURNING ${COLUMNS}`,
);
const UPDATE = statement(
  'custom-fields.update',
  `UPDATE custom_fields SET label = $2, options = $3, required = $4, position = $5, updated_at = now()
   WHERE ${LIVE} AND id = $1 RETURNING ${COLUMNS}`,
);
const REMOVE = statement(
  'custom-fields.remove',
  `UPDATE custom_fields SET deleted_at = now() WHERE ${LIVE} AND id = $1`,
);

@Injectable()
export class CustomFieldRepository {
  list(tx: Tx): Promise<CustomFieldRow[]> {
    return tx.query<CustomFieldRow>(LIST);
  }

  /** Locked until the commit. */
  async find(tx: Tx, ref: string): Promise<CustomFieldRow | null> {
    return (await tx.query<CustomFieldRow>(FIND, [ref]))[0] ?? null;
  }

  /** Null: there is one with this key. */
  async add(
    tx: Tx,
    orgId: string,
    row: Omit<CustomFieldRow, 'created_at' | 'updated_at'>,
  ): Promise<CustomFieldRow | null> {
    const { id, key, label, type, options, required, position } = row;
    const [added] = await tx.query<CustomFieldRow>(ADD, [orgId, id, key, label, type, options, required, position]);
    return added ?? null;
  }

  async update(tx: Tx, { id, label, options, required, position }: CustomFieldRow): Promise<CustomFieldRow> {
    return (await tx.query<CustomFieldRow>(UPDATE, [id, label, options, required, position]))[0]!;
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(REMOVE, [id]);
  }
}
