import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { splitTicketInput, splitTickets } from '#shared/contracts/merges.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { Outbox } from '../outbox/outbox.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { OpenTickets } from '../tickets/open-tickets.js';
import { type TicketRow, ticketViewOf } from '../tickets/ticket.view.js';
import { BelongingsRepository } from './belongings.repository.js';
import { FollowMerged } from './follow-merged.js';
import { authorOf, firstAnswerOf, linesOf, type SplitPlan, splitPlan } from './split-plan.js';
import { SplitRepository, type SplitRow } from './split.repository.js';

const MAX_MOVED = 1_000;

/** Moves messages into a new ticket: a second question in one conversation gets an answer, and a clock, of its own. */
@Injectable()
export class SplitTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly split: SplitRepository,
    private readonly belongings: BelongingsRepository,
    private readonly follow: FollowMerged,
    private readonly openTickets: OpenTickets,
    private readonly change: ChangeTicket,
    private readonly addMessage: AddMessage,
    private readonly outbox: Outbox,
  ) {}

  execute(
    actor: Actor,
    ref: TicketRef,
    input: z.output<typeof splitTicketInput>,
  ): Promise<z.output<typeof splitTickets>> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const original = await this.find.toChange(tx, actor, ref, 'update');
      const moved = await this.toMove(tx, original, input);
      const nowMs = Date.now();
      const plan = splitPlan(moved, nowMs);
      const opened = await this.open(tx, actor, original, moved, plan, input.subject, nowMs);
      const family = (await this.follow.family(tx, original.id)).map(({ id }) => id);
      const ids = moved.map(({ id }) => id);
      await this.split.move(tx, { id: original.id, family }, opened.id, ids);
      await this.split.link(tx, uuidv7(), original.id, opened.id, new Date(nowMs));

      const here = activity(actor, opened.id, 'split', nowMs, {
        from: { id: original.id, number: original.number, subject: original.subject },
        to: { messages: ids.length },
      });
      const answered = { ...opened, first_response_at: firstAnswerOf(moved, plan, opened) };
      const lines = [...linesOf(actor.orgId, opened.id, moved, plan), here];
      const ticket = await this.change.execute(tx, actor, answered, {}, nowMs, lines);
      if (input.note?.trim())
        await this.addMessage.execute(tx, actor, ticket, {
          content: input.note,
          isInternal: true,
          source: actor.surface,
        });

      const there = activity(actor, original.id, 'split', nowMs, {
        to: { into: { id: opened.id, number: opened.number }, messageIds: ids },
      });
      const counted = { ...original, message_count: await this.belongings.messageCount(tx, original.id) };
      const { version } = await this.change.execute(tx, actor, counted, {}, nowMs, [there]);
      const who = { kind: actor.kind, id: actor.id, name: actor.name };
      const changes = [{ field: 'split', from: null, to: `#${opened.number}` }];
      const payload = { ticketId: original.id, number: original.number, version, actor: who, changes };
      await this.outbox.add(tx, actor.orgId, ticketUpdated, payload, nowMs);
      const read = async (id: string) =>
        ticketViewOf(await this.find.execute(tx, systemActor(actor.orgId), id, 'read'));
      return { ticket: await read(opened.id), original: await read(original.id) };
    });
  }

  private async toMove(
    tx: Tx,
    original: TicketRow,
    { messageIds, andLater }: z.output<typeof splitTicketInput>,
  ): Promise<SplitRow[]> {
    const rows = await this.split.messages(tx, original.id, messageIds, andLater, MAX_MOVED + 1);
    const found = new Set(rows.map(({ id }) => id));
    const problems = messageIds.flatMap((id, place) =>
      found.has(id)
        ? []
        : [{ pointer: `/messageIds/${place}`, message: `is not a message of #${original.number} (any more)` }],
    );
    if (rows.length > MAX_MOVED)
      throw new DeskError('UNPROCESSABLE', `At most ${MAX_MOVED.toLocaleString('en-GB')} messages can be split off`);
    const [first] = problems;
    if (first) throw new DeskError('UNPROCESSABLE', `${first.pointer.slice(1)}: ${first.message}`, problems);
    if (rows.length >= original.message_count && original.description.trim() === '') {
      const why = `nothing would be left of #${original.number}: it has no description, and no other message`;
      throw new DeskError('UNPROCESSABLE', `They cannot all be split off: ${why}`, [
        { pointer: '/messageIds', message: why },
      ]);
    }
    return rows;
  }

  private async open(
    tx: Tx,
    actor: Actor,
    original: TicketRow,
    moved: readonly SplitRow[],
    plan: SplitPlan,
    subject: string | undefined,
    nowMs: number,
  ): Promise<TicketRow> {
    const { assignee_id, assignee_name, assignee_email, team_id, team_name, team_handle } = original;
    const { contact_id, contact_name, contact_email } = original;
    const theirs = contact_id ? { id: contact_id, name: contact_name ?? '', email: contact_email ?? '' } : null;
    const contact = plan.customer ?? theirs;
    const [row] = await this.openTickets.execute(
      tx,
      actor.orgId,
      [
        {
          // The customer opened it by writing; the history says under `split` who made it a ticket.
          actor: plan.customer ? authorOf(actor.orgId, plan.first) : actor,
          subject: subject ?? original.subject,
          description: plan.first.content,
          priority: original.priority,
          category: original.category,
          kind: original.kind,
          source: original.source,
          team: team_id ? { id: team_id, name: team_name ?? '', handle: team_handle ?? '' } : null,
          assignee: assignee_id ? { id: assignee_id, name: assignee_name ?? '', email: assignee_email ?? '' } : null,
          contact,
          entity: original.entity,
          // What the old matter was called is not what the new one is.
          tags: [],
          customFields: {},
          // Whom one customer put in copy is not another's to write to.
          cc: contact?.id === contact_id ? original.cc : [],
          messageCount: moved.length,
          followUpOf: null,
          openedAtMs: plan.openedAtMs,
        },
      ],
      nowMs,
    );
    return row!;
  }
}
