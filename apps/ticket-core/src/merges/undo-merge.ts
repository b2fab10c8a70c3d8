import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { unmergedTickets } from '#shared/contracts/merges.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { type TicketRow, ticketViewOf } from '../tickets/ticket.view.js';
import { MoveTimeEntries } from '../time-entries/move-time-entries.js';
import { BelongingsRepository } from './belongings.repository.js';
import { takeBack } from './merge-ledger.js';
import { demandUndo } from './merge.policy.js';
import { MergeRepository } from './merge.repository.js';
import { type MergeRow, mergeViewOf } from './merge.view.js';

/**
 * Takes a merge back within a day: what it moved goes back, by the ids it noted; what came since stays with the survivor.
 * The source is again as it was, and its clocks are as if it had never been merged.
 */
@Injectable()
export class UndoMerge {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly merges: MergeRepository,
    private readonly belongings: BelongingsRepository,
    private readonly change: ChangeTicket,
    private readonly time: MoveTimeEntries,
    private readonly outbox: Outbox,
  ) {}

  /** `ref` is the ticket that became part of another. */
  execute(actor: Actor, ref: TicketRef): Promise<z.output<typeof unmergedTickets>> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { id } = await this.find.execute(tx, actor, ref, 'update');
      const { merge, source, survivor } = await this.lockBoth(tx, actor, id);
      demandUndo(actor, merge, Date.now());
      if (survivor.duplicate_of !== null) {
        const why = `#${survivor.number} was merged itself since: take that back first`;
        throw new DeskError('UNPROCESSABLE', `#${source.number} is part of #${survivor.number}, and ${why}`);
      }
      await this.undo(tx, actor, merge, source, survivor);
      const [undone] = await this.merges.page(tx, id, null, 1);
      const read = async (one: string) =>
        ticketViewOf(await this.find.execute(tx, systemActor(actor.orgId), one, 'read'));
      return { ticket: await read(source.id), survivor: await read(survivor.id), merge: mergeViewOf(undone!) };
    });
  }

  private async lockBoth(
    tx: Tx,
    actor: Actor,
    id: string,
  ): Promise<{ merge: MergeRow; source: TicketRow; survivor: TicketRow }> {
    const found = await this.inForce(tx, actor, id);
    const rows = new Map<string, TicketRow>();
    for (const one of [id, found.survivor_id].toSorted()) {
      try {
        rows.set(one, await this.find.locked(tx, actor, one, 'update'));
      } catch (error) {
        if (!(error instanceof DeskError && error.code === 'NOT_FOUND' && one !== id)) throw error;
        const why = `#${found.survivor_number}, which it is part of, is not there for you: it was deleted, or is another team’s`;
        throw new DeskError('UNPROCESSABLE', `This merge cannot be taken back: ${why}`, [], { cause: error });
      }
    }
    // Read again behind the locks: two who take it back at once go one after the other, and the second is told.
    const merge = await this.inForce(tx, actor, id);
    // Taken back and merged again meanwhile: behind the lock on the source it does not change once more.
    if (merge.id !== found.id) return this.lockBoth(tx, actor, id);
    return { merge, source: rows.get(id)!, survivor: rows.get(merge.survivor_id)! };
  }

  private async inForce(tx: Tx, actor: Actor, id: string): Promise<MergeRow> {
    const merge = await this.merges.inForce(tx, id);
    if (merge) return merge;
    const { number } = await this.find.execute(tx, actor, id, 'update');
    throw new DeskError('UNPROCESSABLE', `#${number} is not part of another ticket: there is nothing to take back`);
  }

  private async undo(tx: Tx, actor: Actor, merge: MergeRow, source: TicketRow, survivor: TicketRow): Promise<void> {
    const atMs = Date.now();
    const { moved } = merge;
    const back = new Set(await this.belongings.messagesBack(tx, moved.messages, source.id, survivor.id));
    await this.belongings.filesBack(tx, moved.attachments, source.id, survivor.id);
    await this.time.back(tx, moved.time, source.id);
    await this.belongings.linksBack(tx, moved.links, source.id, survivor.id);
    const others = (await this.merges.into(tx, survivor.id))
      .filter(({ id }) => id !== merge.id)
      .map(({ id, moved: ledger }) => ({ ...ledger, id }));
    const { remove, heirs } = takeBack(moved, others);
    await this.belongings.watchersBack(tx, survivor.id, remove.watchers, source.id, moved.watchers);
    for (const { id, ...ledger } of heirs) await this.merges.rewrite(tx, id, ledger);
    await this.merges.mark(tx, source.id, null);
    await this.merges.undone(tx, merge.id, new Date(atMs), actor.kind === 'agent' ? actor.id : null);

    // What was split off meanwhile has its clocks where it is now.
    const elsewhere = moved.messages.filter((id) => !back.has(id));
    const { status, closedAt } = moved.before;
    const messages = back.size;
    const stands = activity(actor, source.id, 'unmerged', atMs, {
      from: { into: { id: survivor.id, number: survivor.number }, status: 'closed' },
      to: { mergeId: merge.id, status, messages, ...(elsewhere.length > 0 && { elsewhere }) },
    });
    const went = activity(actor, survivor.id, 'unmerged', atMs, {
      from: { from: { id: source.id, number: source.number, subject: source.subject } },
      to: { mergeId: merge.id, messages },
    });
    const again: TicketRow = {
      ...source,
      status: status as TicketRow['status'],
      closed_at: closedAt === null ? null : new Date(closedAt),
      duplicate_of: null,
      message_count: await this.belongings.messageCount(tx, source.id),
    };
    const nextSource = await this.change.execute(tx, actor, again, {}, atMs, [stands]);
    const counted = { ...survivor, message_count: await this.belongings.messageCount(tx, survivor.id) };
    const wanted = {
      ...(remove.tags.length > 0 && { tags: survivor.tags.filter((tag) => !remove.tags.includes(tag)) }),
      ...(remove.cc.length > 0 && { cc: survivor.cc.filter((address) => !remove.cc.includes(address)) }),
    };
    const nextSurvivor = await this.change.execute(tx, actor, counted, wanted, atMs, [went]);
    const who = { kind: actor.kind, id: actor.id, name: actor.name };
    for (const [{ id: ticketId, number, version }, changes] of [
      [
        nextSource,
        [
          { field: 'status', from: 'closed', to: status },
          { field: 'mergedInto', from: `#${survivor.number}`, to: null },
        ],
      ],
      [nextSurvivor, [{ field: 'merged', from: `#${source.number}`, to: null }]],
    ] as const) {
      const payload = { ticketId, number, version, actor: who, changes: [...changes] };
      await this.outbox.add(tx, actor.orgId, ticketUpdated, payload, atMs);
    }
  }
}
