import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface AuditRow {
  id: string;
  action: string;
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

@Injectable()
export class AuditRepository {
  async add(tx: Tx, orgId: string, row: AuditRow): Promise<void> {
    await tx.query(ADD, [orgId, jsonb(row)]);
  }
}
