import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { SlaPolicy } from '#sla/policy.schema.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface StoredPolicyRow {
  org_id: string;
  id: string;
  version: number;
  policy: unknown;
  created_at: Date;
  updated_at: Date;
}

/** A line of a policy's history, with how far its open tickets have been reckoned again (null: that was not needed). */
export interface PolicyChangeRow {
  version: number;
  old_policy: unknown;
  new_policy: unknown;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  actor_name: string;
  at: Date;
  reckoning: {
    looked_at: number;
    changed: number;
    started_at: string | null;
    finished_at: string | null;
    replaced: boolean;
  } | null;
}

const COLUMNS = 'org_id, id, version, policy, created_at, updated_at';
const ALL = statement(
  'sla-policies.all',
  `SELECT ${COLUMNS} FROM sla_policies WHERE org_id = (SELECT current_org()) AND deleted_at IS NULL`,
);
const FIND = statement(
  'sla-policies.find',
  `SELECT ${COLUMNS} FROM sla_policies WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL`,
);
const LOCK = statement('sla-policies.lock', `${FIND.text} FOR UPDATE`);
const ADD = statement(
  'sla-policies.add',
  `INSERT INTO sla_policies (org_id, id, policy, priority, enabled, created_at, updated_at)
   VALUES ($1, $2, $3::jsonb, $4, $5, $6, $6) RETURNING ${COLUMNS}`,
);
/** Its row is locked by whoever changes it, so that versions have no gaps. */
const CHANGE = statement(
  'sla-policies.change',
  `UPDATE sla_policies SET version = version + 1, policy = $2::jsonb, priority = $3, enabled = $4, updated_at = $5
   WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING ${COLUMNS}`,
);
const REMOVE = statement(
  'sla-policies.remove',
  `UPDATE sla_policies SET version = version + 1, deleted_at = $2, updated_at = $2
   WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING ${COLUMNS}`,
);
const RECORD = statement(
  'sla-policies.record',
  `INSERT INTO sla_policy_changes (org_id, policy_id, version, old_policy, new_policy, actor_kind, actor_id, actor_name, surface, at)
   VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, $9, $10)`,
);
const CHANGES = statement(
  'sla-policies.changes',
  `SELECT c.version, c.old_policy, c.new_policy, c.actor_kind, c.actor_id, c.actor_name, c.at,
     CASE WHEN r.version IS NOT NULL THEN jsonb_build_object('looked_at', r.looked_at, 'changed', r.changed,
       'started_at', r.started_at, 'finished_at', r.finished_at, 'replaced', r.replaced) END AS reckoning
   FROM sla_policy_changes c
   LEFT JOIN sla_reckonings r ON r.org_id = c.org_id AND r.policy_id = c.policy_id AND r.version = c.version
   WHERE c.org_id = (SELECT current_org()) AND c.policy_id = $1 ORDER BY c.version DESC LIMIT 100`,
);
const EXISTED = statement(
  'sla-policies.existed',
  'SELECT 1 AS one FROM sla_policies WHERE org_id = (SELECT current_org()) AND id = $1',
);

@Injectable()
export class SlaPolicyRepository {
  all(tx: Tx): Promise<StoredPolicyRow[]> {
    return tx.query<StoredPolicyRow>(ALL);
  }

  async find(tx: Tx, id: string): Promise<StoredPolicyRow | null> {
    return (await tx.query<StoredPolicyRow>(FIND, [id]))[0] ?? null;
  }

  /** Locked until the commit. */
  async toChange(tx: Tx, id: string): Promise<StoredPolicyRow | null> {
    return (await tx.query<StoredPolicyRow>(LOCK, [id]))[0] ?? null;
  }

  async add(tx: Tx, orgId: string, id: string, policy: SlaPolicy, at: Date): Promise<StoredPolicyRow> {
    const values = [orgId, id, jsonb(policy), policy.priority, policy.enabled, at];
    return (await tx.query<StoredPolicyRow>(ADD, values))[0]!;
  }

  async change(tx: Tx, id: string, policy: SlaPolicy, at: Date): Promise<StoredPolicyRow> {
    const values = [id, jsonb(policy), policy.priority, policy.enabled, at];
    return (await tx.query<StoredPolicyRow>(CHANGE, values))[0]!;
  }

  /** It stays where it is, for the tickets that have it; nothing new gets it. */
  async remove(tx: Tx, id: string, at: Date): Promise<StoredPolicyRow> {
    return (await tx.query<StoredPolicyRow>(REMOVE, [id, at]))[0]!;
  }

  async record(
    tx: Tx,
    actor: Actor,
    row: StoredPolicyRow,
    from: SlaPolicy | null,
    to: SlaPolicy | null,
  ): Promise<void> {
    const who = [actor.kind, actor.id, actor.name, actor.surface];
    const values = [actor.orgId, row.id, row.version, from && jsonb(from), to && jsonb(to), ...who, row.updated_at];
    await tx.query(RECORD, values);
  }

  /** Newest first; null for a policy that never was. Those of deleted ones are kept. */
  async changes(tx: Tx, id: string): Promise<PolicyChangeRow[] | null> {
    if ((await tx.query(EXISTED, [id])).length === 0) return null;
    return tx.query<PolicyChangeRow>(CHANGES, [id]);
  }
}
