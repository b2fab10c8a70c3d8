import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import { FRESH_MS } from './policy-book.js';

export interface ReckoningRow {
  org_id: string;
  policy_id: string;
  version: number;
  after_ticket: string | null;
}

/** By then no replica opens tickets under the policies as they were: it need not look back. */
const BEGIN_AFTER_MS = FRESH_MS + 500;

const ADD = statement(
  'sla-reckonings.add',
  `INSERT INTO sla_reckonings (org_id, policy_id, version, next_at)
   VALUES ($1, $2, $3, now() + make_interval(secs => $4::double precision / 1000))`,
);
/** A worker in the middle of such a walk finds it finished when it writes its progress, and rolls back. */
const REPLACE = statement(
  'sla-reckonings.replace',
  `UPDATE sla_reckonings SET finished_at = now(), replaced = true
   WHERE org_id = (SELECT current_org()) AND policy_id = $1 AND finished_at IS NULL`,
);
/** Moving next_at to the end of the lease is the claim: one worker walks, and if it dies another goes on. */
const CLAIM = statement(
  'sla-reckonings.claim',
  `UPDATE sla_reckonings r SET next_at = now() + make_interval(secs => $1::double precision / 1000), started_at = coalesce(r.started_at, now())
   WHERE (r.org_id, r.policy_id, r.version) = (
     SELECT org_id, policy_id, version FROM sla_reckonings WHERE finished_at IS NULL AND next_at <= now()
     ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING org_id, policy_id, version, after_ticket`,
);
/**
 * In the transaction of the batch. Only from where the batch began: if the lease ran out and another worker took that
 * batch, the later of the two changes nothing (and must roll back).
 */
const ADVANCE = statement(
  'sla-reckonings.advance',
  `UPDATE sla_reckonings SET after_ticket = coalesce($4, after_ticket), looked_at = looked_at + $5, changed = changed + $6,
     next_at = now() + make_interval(secs => $8::double precision / 1000), finished_at = CASE WHEN $7::boolean THEN now() END
   WHERE org_id = (SELECT current_org()) AND policy_id = $1 AND version = $2 AND finished_at IS NULL
     AND after_ticket IS NOT DISTINCT FROM $3::uuid
   RETURNING version`,
);

export interface Advance {
  to: string | null;
  lookedAt: number;
  changed: number;
  finished: boolean;
  leaseMs: number;
}

@Injectable()
export class ReckoningRepository {
  async add(tx: Tx, orgId: string, policyId: string, version: number): Promise<void> {
    await tx.query(ADD, [orgId, policyId, version, BEGIN_AFTER_MS]);
  }

  /** Walks after earlier changes of the policy end here. */
  async replace(tx: Tx, policyId: string): Promise<void> {
    await tx.query(REPLACE, [policyId]);
  }

  async claim(tx: Tx, leaseMs: number): Promise<ReckoningRow | null> {
    return (await tx.query<ReckoningRow>(CLAIM, [leaseMs]))[0] ?? null;
  }

  /** False: somebody else has done this batch. */
  async advance(tx: Tx, row: ReckoningRow, by: Advance): Promise<boolean> {
    const { policy_id, version, after_ticket } = row;
    const values = [policy_id, version, after_ticket, by.to, by.lookedAt, by.changed, by.finished, by.leaseMs];
    return (await tx.query(ADVANCE, values)).length === 1;
  }
}
