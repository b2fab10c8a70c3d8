import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketUpdated } from '#shared/contracts/events.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity, type ActivityRead, type ActivityRow } from '../activities/activity.view.js';
import type { Tx } from '../database/database.js';
import { NotifyAgents } from '../notifications/notify-agents.js';
import { Outbox } from '../outbox/outbox.js';
import { ReckonClocks } from '../sla/reckon-clocks.js';
import { applied, type Change, isAnswer, MOVES_CLOCKS, type TicketChanges } from './ticket-changes.js';
import { ticketFactsOf } from './ticket-facts.js';
import { TicketRepository } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

/**
 * Changes one locked ticket: row, history, clocks and event together. `alongside` are lines of history that belong to the
 * same act (a message that was added) and move the clocks too.
 */
@Injectable()
export class ChangeTicket {
  constructor(
    private readonly tickets: TicketRepository,
    private readonly activities: ActivityLog,
    private readonly clocks: ReckonClocks,
    private readonly outbox: Outbox,
    private readonly notify: NotifyAgents,
  ) {}

  async execute(
    tx: Tx,
    actor: Actor,
    row: TicketRow,
    wanted: TicketChanges,
    atMs: number,
    alongside: ActivityRow[] = [],
  ): Promise<TicketRow> {
    const changedAtMs = wanted.status === undefined ? atMs : await this.notBeforeItsStatus(tx, row, atMs);
    const { next, changes, lines } = applied(actor, row, wanted, changedAtMs);
    const history = [...alongside, ...lines];
    if (history.length === 0 && !wanted.addMessages) return row;
    next.updated_at = new Date(Math.max(atMs, row.updated_at.getTime()));
    await this.activities.add(tx, actor.orgId, history);
    await this.moveClocks(tx, actor.orgId, next, history, changes);
    next.version = await this.tickets.update(tx, next);
    if (changes.length > 0) {
      const who = { kind: actor.kind, id: actor.id, name: actor.name };
      await this.outbox.add(
        tx,
        actor.orgId,
        ticketUpdated,
        { ticketId: row.id, number: row.number, version: next.version, actor: who, changes: told(changes) },
        atMs,
      );
    }
    if (changes.some(({ field }) => field === 'assignee')) await this.notify.ofAssignment(tx, actor, next);
    return next;
  }

  /** A public reply was undone before it left: it is no answer, neither to the customer nor to the clocks. */
  async takeBack(tx: Tx, actor: Actor, row: TicketRow, message: { id: string; content: string }): Promise<TicketRow> {
    const { id: messageId, content } = message;
    const from = { messageId, content };
    const taken = activity(actor, row.id, 'message_taken_back', Date.now(), { from, to: { messageId } });
    const history = await this.activities.historyOf(tx, row.id);
    const first = publicAnswers(history, row, messageId)[0];
    const next: TicketRow = { ...row, first_response_at: first ?? null };
    return this.execute(tx, actor, next, { addMessages: -1 }, Date.now(), [taken]);
  }

  /**
   * A mail that arrived before somebody resolved the ticket or set it pending, and is filed after it, opens it after that: in any
   * other order the history would say that it is still so, and the clocks, which follow the history, would stand for ever.
   */
  private async notBeforeItsStatus(tx: Tx, row: TicketRow, atMs: number): Promise<number> {
    if (atMs >= row.updated_at.getTime()) return atMs;
    const history = await this.activities.historyOf(tx, row.id);
    const last = history.findLast((line) => (line.new_value as { status?: unknown } | null)?.status !== undefined);
    return Math.max(atMs, last?.at.getTime() ?? 0);
  }

  private async moveClocks(
    tx: Tx,
    orgId: string,
    next: TicketRow,
    history: readonly ActivityRow[],
    changes: readonly Change[],
  ): Promise<void> {
    if (next.deleted_at !== null) {
      // Nobody waits for a ticket that is not there. Its history stays, so they are right again when it comes back.
      await this.clocks.cancel(tx, orgId, next.id);
      next.sla_deadline = null;
    } else if (history.some(({ type }) => MOVES_CLOCKS.has(type))) {
      const facts = ticketFactsOf(next);
      const deadline = await this.clocks.again(tx, orgId, next.id, facts, changes.length > 0, Date.now());
      next.sla_deadline = deadline ? new Date(deadline) : null;
    }
  }
}

const MAX_TOLD = 100;
const MAX_TOLD_CHARS = 1_000;

/** Changes as an event tells of them: no event carries a whole text (NATS ends at 1 MiB); who needs it asks for the ticket. */
const told = (changes: readonly Change[]): Change[] => {
  const short = (value: unknown) => (JSON.stringify(value ?? null).length > MAX_TOLD_CHARS ? null : value);
  return changes.slice(0, MAX_TOLD).map(({ field, from, to }) => ({ field, from: short(from), to: short(to) }));
};

/** When the agents' side answered, in order, but for the message that was taken back. */
const publicAnswers = (history: readonly ActivityRead[], ticket: TicketRow, takenBack: string): Date[] => {
  const gone = new Set([
    takenBack,
    ...history.filter(({ type }) => type === 'message_taken_back').map((line) => messageOf(line)),
  ]);
  return history
    .filter((line) => line.type === 'message_added' && !gone.has(messageOf(line)))
    .filter((line) => isAnswer({ kind: line.actor_kind, id: line.actor_id }, ticket))
    .map(({ at }) => at);
};

const messageOf = (line: ActivityRead): string => String((line.new_value as { messageId?: unknown } | null)?.messageId);
