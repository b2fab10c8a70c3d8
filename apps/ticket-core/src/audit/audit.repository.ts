import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { composed, jsonb, statement } from '../database/statement.js';
import { AUDIT_ACTIONS, type AuditAction, type AuditRead } from './audit.view.js';

export interface AuditRow {
  id: string;
  action: AuditAction;
  subject_type: string;
  subject_id: string | null;
  subject_name: string;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string;
  surface: string;
  old_value: unknown;
  new_value: unknown;
  at: string;
}

const ADD = statement(
  'audit.add',
  `INSERT INTO audit_entries (org_id, id, action, subject_type, subject_id, subject_name, actor_kind, actor_id, actor_name,
     surface, old_value, new_value, at)
   SELECT $1, x.* FROM jsonb_to_record($2::jsonb) AS x(
     id uuid, action text, subject_type text, subject_id uuid, subject_name text, actor_kind text, actor_id uuid,
     actor_name text, surface text, old_value jsonb, new_value jsonb, at timestamptz)`,
);

export interface AuditFilter {
  subjectType?: string | undefined;
  subjectId?: string | undefined;
  actorId?: string | undefined;
  action?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  before: { at: string; id: string } | null;
  limit: number;
}

/** Only what was asked for becomes part of the statement, so that each finds its index. */
const FILTERS: { key: keyof AuditFilter; sql: (parameter: string) => string }[] = [
  { key: 'subjectType', sql: (p) => `subject_type = ${p}` },
  { key: 'subjectId', sql: (p) => `subject_id = ${p}::uuid` },
  { key: 'actorId', sql: (p) => `actor_id = ${p}::uuid` },
  { key: 'action', sql: (p) => `action = ${p}` },
  { key: 'since', sql: (p) => `at >= ${p}::timestamptz` },
  { key: 'until', sql: (p) => `at < ${p}::timestamptz` },
];
const COLUMNS = `id, action, subject_type, subject_id, subject_name, actor_kind, actor_id, actor_name, surface,
  old_value, new_value, at`;

@Injectable()
export class AuditRepository {
  async add(tx: Tx, orgId: string, row: AuditRow): Promise<void> {
    await tx.query(ADD, [orgId, jsonb(row)]);
  }

  /** Newest first. Indexes by type and by actor go on with the action, so without one each action is a range of its own. */
  list(tx: Tx, filter: AuditFilter): Promise<AuditRead[]> {
    const asked = FILTERS.filter(({ key }) => filter[key] !== undefined);
    const values: unknown[] = asked.map(({ key }) => filter[key]);
    const where = asked.map(({ sql }, at) => `AND ${sql(`$${at + 1}`)}`);
    if (filter.before) {
      where.push(
        `AND (at, id) < ($${values.push(filter.before.at)}::timestamptz, $${values.push(filter.before.id)}::uuid)`,
      );
    }
    const limit = `$${values.push(filter.limit)}`;
    const newest = (action = '') => `SELECT ${COLUMNS} FROM audit_entries
      WHERE org_id = (SELECT current_org()) ${where.join(' ')} ${action} ORDER BY at DESC, id DESC LIMIT ${limit}`;
    const byAction = !filter.action && !filter.subjectId && (filter.subjectType ?? filter.actorId) !== undefined;
    const ranges = AUDIT_ACTIONS.map((action) => `(${newest(`AND action = '${action}'`)})`);
    const text = byAction
      ? `SELECT * FROM (${ranges.join(' UNION ALL ')}) found ORDER BY at DESC, id DESC LIMIT ${limit}`
      : newest();
    return tx.query<AuditRead>(composed('audit.list', text), values);
  }
}
