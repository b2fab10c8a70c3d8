import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { badRequestFrom, DeskError } from '#shared/errors/desk-error.js';
import { policySchema, type SlaPolicy } from '#sla/policy.schema.js';
import { Database, type Tx } from '../database/database.js';
import { PolicyBook } from './policy-book.js';
import type { PolicyChanges } from './policy-input.js';
import { movesClocks, policyDifference } from './policy.view.js';
import { ReckoningRepository } from './reckoning.repository.js';
import { demand } from './sla.policy.js';
import { SlaPolicyRepository, type StoredPolicyRow } from './sla-policy.repository.js';

/** Makes, changes and deletes policies: admins only. Each change is a version with its author, and open tickets follow it. */
@Injectable()
export class ChangePolicies {
  constructor(
    private readonly database: Database,
    private readonly policies: SlaPolicyRepository,
    private readonly reckonings: ReckoningRepository,
    private readonly book: PolicyBook,
  ) {}

  create(actor: Actor, policy: SlaPolicy): Promise<StoredPolicyRow> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.policies.add(tx, actor.orgId, uuidv7(), policy, new Date());
      await this.note(tx, actor, row, null, policy);
      return row;
    });
  }

  /** What is absent stays. Changes that change nothing make no version. */
  async update(
    actor: Actor,
    id: string,
    wanted: PolicyChanges | ((now: SlaPolicy) => PolicyChanges),
  ): Promise<StoredPolicyRow> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.policies.toChange(tx, id)) ?? notFound();
      const before = policySchema.parse(row.policy);
      const changes = typeof wanted === 'function' ? wanted(before) : wanted;
      const read = policySchema.safeParse({ ...before, ...changes });
      if (!read.success) throw badRequestFrom(read.error.issues);
      const after = read.data;
      if (policyDifference(before, after).length === 0) return row;
      const next = await this.policies.change(tx, id, after, new Date());
      await this.note(tx, actor, next, before, after);
      return next;
    });
  }

  /** Tickets that have it keep it, with all that is known of their clocks; new ones do not get it. */
  async remove(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.policies.toChange(tx, id)) ?? notFound();
      const gone = await this.policies.remove(tx, id, new Date());
      await this.note(tx, actor, gone, policySchema.parse(row.policy), null);
      return { success: true };
    });
  }

  private async note(
    tx: Tx,
    actor: Actor,
    row: StoredPolicyRow,
    from: SlaPolicy | null,
    to: SlaPolicy | null,
  ): Promise<void> {
    await this.policies.record(tx, actor, row, from, to);
    const follow = to !== null && movesClocks(from, to);
    if (follow || to === null) await this.reckonings.replace(tx, row.id);
    if (follow) await this.reckonings.add(tx, actor.orgId, row.id, row.version);
    tx.afterCommit(() => this.book.forget(actor.orgId));
  }
}

export function notFound(): never {
  throw new DeskError('NOT_FOUND', 'There is no such SLA policy');
}
