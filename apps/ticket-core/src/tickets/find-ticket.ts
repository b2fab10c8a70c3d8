import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import type { Tx } from '../database/database.js';
import { FollowMerged } from '../merges/follow-merged.js';
import { MergedElsewhere } from './merged-elsewhere.js';
import { can, demand, mayRestore, subjectOf, type TicketAction } from './ticket.policy.js';
import { TicketRepository } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

/** Postgres’ integer; no counter gets there. */
const MAX_NUMBER = 2_147_483_647;

const keyOf = (ref: TicketRef): { id: string } | { number: number } => {
  const text = String(ref);
  return text.includes('-') ? { id: text } : { number: Number(text.replace('#', '')) };
};

const notThere = (key: { id: string } | { number: number }): DeskError =>
  new DeskError('NOT_FOUND', `There is no ticket ${'id' in key ? 'with this id' : `#${key.number}`}`);

/** A ticket by id or number, for somebody who may do that with it. NOT_FOUND otherwise, as if it were not there. */
@Injectable()
export class FindTicket {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly log: ActivityLog,
    private readonly merged: FollowMerged,
  ) {}

  async execute(tx: Tx, actor: Actor, ref: TicketRef, action: TicketAction): Promise<TicketRow> {
    const key = keyOf(ref);
    const row = 'number' in key && key.number > MAX_NUMBER ? null : await this.tickets.find(tx, key);
    // Somebody else's ticket is not even confirmed to exist: the very same is heard of both.
    const hidden = row && !can(actor, 'read', subjectOf(row));
    if (!row || row.deleted_at || hidden) throw notThere(key);
    demand(actor, action, subjectOf(row));
    return row;
  }

  /** One that was deleted, locked, for somebody who may bring it back; null when it is there as any other. */
  async deleted(tx: Tx, actor: Actor, ref: TicketRef): Promise<TicketRow | null> {
    const key = keyOf(ref);
    const found = 'number' in key && key.number > MAX_NUMBER ? null : await this.tickets.find(tx, key);
    if (!found) throw notThere(key);
    await this.tickets.lock(tx, found.id);
    const row = (await this.tickets.find(tx, { id: found.id }))!;
    if (!row.deleted_at) return null;
    const deletion = (await this.log.historyOf(tx, row.id)).findLast(({ type }) => type === 'deleted');
    const by = { byId: deletion?.actor_id ?? null, atMs: row.deleted_at.getTime() };
    if (!mayRestore(actor, subjectOf(row), by, Date.now())) throw notThere(key);
    return row;
  }

  /** The same, locked until the commit: changes of one ticket go one after the other. One that was merged is only read. */
  async toChange(tx: Tx, actor: Actor, ref: TicketRef, action: TicketAction): Promise<TicketRow> {
    // Asked before it is locked as well, so that who goes on to the survivor holds no lock that a merge waits for.
    const { id } = await this.standing(tx, actor, await this.execute(tx, actor, ref, action));
    return this.standing(tx, actor, await this.locked(tx, actor, id, action));
  }

  /** Locked until the commit, whether it was merged or not: for merging itself. */
  async locked(tx: Tx, actor: Actor, id: string, action: TicketAction): Promise<TicketRow> {
    await this.tickets.lock(tx, id);
    // Read (again): it may have changed while we waited for the lock.
    return this.execute(tx, actor, id, action);
  }

  private async standing(tx: Tx, actor: Actor, row: TicketRow): Promise<TicketRow> {
    if (row.duplicate_of === null) return row;
    const survivor = (await this.merged.way(tx, row.id)).at(-1)!;
    // No act makes a circle. If rows ever form one, each stands for itself: mail must go somewhere.
    if (survivor.duplicate_of !== null) return row;
    const other = await this.tickets.find(tx, { id: survivor.id });
    throw new MergedElsewhere(row, survivor, other !== null && can(actor, 'read', subjectOf(other)));
  }

  /** The ticket that a closed one was continued in, if there is one. */
  followUpOf(tx: Tx, id: string): Promise<string | null> {
    return this.tickets.followUpOf(tx, id);
  }
}
