import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { mergedTickets, mergeTicketsInput, MergeView } from '#shared/contracts/merges.js';
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
import { FollowMerged } from './follow-merged.js';
import { type MergeLedger, newTo } from './merge-ledger.js';
import { type CannotMerge, whyNot } from './merge.policy.js';
import { MergeRepository } from './merge.repository.js';
import { mergeViewOf } from './merge.view.js';

/** The ticket that the address of the request names. */
const PATH = '/ticket';
/** As many as a ticket may have in copy by mail (add-message.ts). */
const MAX_CC = 50;

interface Named {
  ref: TicketRef;
  pointer: string;
}

/**
 * Makes tickets one: what was said on the sources, who watches them and what was worked on them goes to the survivor, and
 * so does later mail. Everything or nothing; undone by UndoMerge for a day. docs/adr/0021 says who is told what.
 */
@Injectable()
export class MergeTickets {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly follow: FollowMerged,
    private readonly merges: MergeRepository,
    private readonly belongings: BelongingsRepository,
    private readonly change: ChangeTicket,
    private readonly time: MoveTimeEntries,
    private readonly outbox: Outbox,
  ) {}

  /** @throws DeskError NOT_FOUND or UNPROCESSABLE that points to the ticket that it is about */
  execute(
    actor: Actor,
    ref: TicketRef,
    input: z.output<typeof mergeTicketsInput>,
  ): Promise<z.output<typeof mergedTickets>> {
    const { into, tickets = [], shareWithCustomers } = input;
    const path = { ref, pointer: PATH };
    const [survivorNamed, sourcesNamed]: [Named, Named[]] =
      into === undefined
        ? [path, tickets.map((one, place) => ({ ref: one, pointer: `/tickets/${place}` }))]
        : [{ ref: into, pointer: '/into' }, [path]];
    return this.database.tenant(actor.orgId, async (tx) => {
      const { survivor: before, sources } = await this.lockAll(tx, actor, survivorNamed, sourcesNamed);
      let survivor = before;
      const merges: MergeView[] = [];
      for (const { row, pointer } of sources) {
        const cannot = whyNot(row, survivor, await this.mergedInto(tx, row, survivor));
        if (cannot) throw refusal(cannot, pointer, survivorNamed.pointer);
        const merged = await this.merge(tx, actor, row, survivor, shareWithCustomers);
        survivor = merged.survivor;
        merges.push(merged.view);
      }
      const row = await this.find.execute(tx, systemActor(actor.orgId), survivor.id, 'read');
      return { ticket: ticketViewOf(row), merges };
    });
  }

  /** In the order of their ids, as everybody who locks several: two merges the other way round wait, they do not block. */
  private async lockAll(tx: Tx, actor: Actor, survivorNamed: Named, sourcesNamed: readonly Named[]) {
    const idOf = async ({ ref, pointer }: Named) => (await at(pointer, this.find.execute(tx, actor, ref, 'update'))).id;
    const survivorId = await idOf(survivorNamed);
    // A ticket that is named twice is merged once.
    const sources = new Map<string, string>();
    for (const named of sourcesNamed) {
      const id = await idOf(named);
      if (!sources.has(id)) sources.set(id, named.pointer);
    }
    const pointers = new Map([...sources, [survivorId, survivorNamed.pointer]]);
    const rows = new Map<string, TicketRow>();
    for (const [id, pointer] of [...pointers].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      rows.set(id, await at(pointer, this.find.locked(tx, actor, id, 'update')));
    return {
      survivor: rows.get(survivorId)!,
      sources: [...sources].map(([id, pointer]) => ({ row: rows.get(id)!, pointer })),
    };
  }

  private async mergedInto(tx: Tx, source: TicketRow, survivor: TicketRow): Promise<number | null> {
    const merged = [survivor, source].find(({ duplicate_of }) => duplicate_of !== null);
    return merged ? (await this.follow.way(tx, merged.id)).at(-1)!.number : null;
  }

  private async merge(
    tx: Tx,
    actor: Actor,
    source: TicketRow,
    survivor: TicketRow,
    share: boolean | undefined,
  ): Promise<{ survivor: TicketRow; view: MergeView }> {
    const atMs = Date.now();
    const id = uuidv7();
    const apart = !(await this.together(tx, source, survivor, share));
    const ledger = await this.move(tx, source, survivor, apart);
    const { added } = ledger;
    await this.merges.mark(tx, source.id, survivor.id);
    await this.merges.add(tx, {
      id,
      sourceId: source.id,
      survivorId: survivor.id,
      moved: ledger,
      mergedAt: new Date(atMs),
      mergedBy: actor.kind === 'agent' ? actor.id : null,
      apart,
    });

    const messages = ledger.messages.length;
    const gone = activity(actor, source.id, 'merged', atMs, {
      from: { status: source.status },
      to: { into: { id: survivor.id, number: survivor.number }, mergeId: id, status: 'closed', messages },
    });
    const came = activity(actor, survivor.id, 'merged', atMs, {
      to: { from: { id: source.id, number: source.number, subject: source.subject }, mergeId: id, messages, apart },
    });
    const closed: TicketRow = {
      ...source,
      status: 'closed',
      closed_at: source.closed_at ?? new Date(atMs),
      duplicate_of: survivor.id,
      message_count: await this.belongings.messageCount(tx, source.id),
    };
    const nextSource = await this.change.execute(tx, actor, closed, {}, atMs, [gone]);
    const counted = { ...survivor, message_count: await this.belongings.messageCount(tx, survivor.id) };
    const wanted = {
      ...(added.tags.length > 0 && { tags: [...survivor.tags, ...added.tags] }),
      ...(added.cc.length > 0 && { cc: [...survivor.cc, ...added.cc] }),
    };
    const nextSurvivor = await this.change.execute(tx, actor, counted, wanted, atMs, [came]);
    await this.tell(tx, actor, nextSource, atMs, [
      { field: 'status', from: source.status, to: 'closed' },
      { field: 'mergedInto', from: null, to: `#${survivor.number}` },
    ]);
    await this.tell(tx, actor, nextSurvivor, atMs, [{ field: 'merged', from: null, to: `#${source.number}` }]);
    const [view] = (await this.merges.page(tx, source.id, null, 1)).map(mergeViewOf);
    return { survivor: nextSurvivor, view: view! };
  }

  /**
   * Whether the customers of both read what is written on the survivor. By itself only when they are one and the same, or
   * of one company: what one customer writes is not another's to read (ADR 0021).
   */
  private async together(tx: Tx, source: TicketRow, survivor: TicketRow, share: boolean | undefined): Promise<boolean> {
    if (source.contact_id === survivor.contact_id) return true;
    if (share !== undefined) return share;
    const { contact_id: one } = source;
    const { contact_id: other } = survivor;
    return one !== null && other !== null && this.merges.sameCompany(tx, one, other);
  }

  private async move(tx: Tx, source: TicketRow, survivor: TicketRow, apart: boolean): Promise<MergeLedger> {
    const messages = await this.belongings.moveMessages(tx, source.id, survivor.id, apart);
    const attachments = await this.belongings.moveFiles(tx, source.id, survivor.id);
    const time = await this.time.execute(tx, source.id, survivor.id);
    const links = await this.belongings.moveLinks(tx, source.id, survivor.id);
    const watchers = await this.belongings.moveWatchers(tx, source.id, survivor.id);
    const cc = apart ? [] : [...(source.contact_email ? [source.contact_email] : []), ...source.cc];
    const had = {
      tags: source.tags,
      cc: cc.filter((address) => address !== survivor.contact_email),
      watchers: watchers.map(({ agent_id }) => agent_id),
    };
    const fresh = newTo({ tags: survivor.tags, cc: survivor.cc, watchers: [] }, had);
    return {
      before: { status: source.status, closedAt: source.closed_at?.toISOString() ?? null },
      messages,
      attachments,
      time,
      links,
      watchers: watchers.map(({ agent_id, created_at }) => ({ agentId: agent_id, at: created_at.toISOString() })),
      had,
      added: {
        tags: fresh.tags,
        cc: fresh.cc.slice(0, Math.max(0, MAX_CC - survivor.cc.length)),
        watchers: watchers.filter(({ added }) => added).map(({ agent_id }) => agent_id),
      },
    };
  }

  private tell(
    tx: Tx,
    actor: Actor,
    { id, number, version }: TicketRow,
    atMs: number,
    changes: { field: string; from: unknown; to: unknown }[],
  ): Promise<void> {
    const who = { kind: actor.kind, id: actor.id, name: actor.name };
    return this.outbox.add(
      tx,
      actor.orgId,
      ticketUpdated,
      { ticketId: id, number, version, actor: who, changes },
      atMs,
    );
  }
}

/** It points to where the ticket was named that is to blame. Of one that was named twice not to the path: that stands. */
function refusal({ why, about }: CannotMerge, source: string, survivor: string): DeskError {
  const pointer = about === 'survivor' || (about === 'both' && source === PATH) ? survivor : source;
  return new DeskError('UNPROCESSABLE', why, [{ pointer, message: why }]);
}

/** What is wrong with a ticket is told of where it was named. */
async function at<T>(pointer: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DeskError) || error.problems.length > 0) throw error;
    throw new DeskError(error.code, error.message, [{ pointer, message: error.message }], { cause: error });
  }
}
