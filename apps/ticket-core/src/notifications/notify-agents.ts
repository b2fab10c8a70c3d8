import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { agentNotified } from '#shared/contracts/events.js';
import type { NotificationView } from '#shared/contracts/notifications.js';
import type { Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { can, subjectOf } from '../tickets/ticket.policy.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { AutoWatch } from '../watchers/auto-watch.js';
import { mentionsIn } from './mentions.js';
import { NotificationRepository, type ReaderRow } from './notification.repository.js';

type Ticket = Pick<TicketRow, 'id' | 'number' | 'contact_id' | 'team_id' | 'assignee_id'>;

interface SaidMessage {
  id: string;
  content: string;
  isInternal: boolean;
  /** Out of office and the like: nobody needs to look. */
  automatic?: boolean | undefined;
}

/**
 * Tells agents what concerns them, in the transaction of what happened: a row that they find in their list, and an event
 * for the surfaces. Nobody is told of what they did themselves, nor of a ticket that they may not see.
 */
@Injectable()
export class NotifyAgents {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly autoWatch: AutoWatch,
    private readonly outbox: Outbox,
  ) {}

  /** Agents mention one another; a customer's words name nobody, but who watches the ticket, or has it, hears of them. */
  async ofMessage(tx: Tx, actor: Actor, ticket: Ticket, message: SaidMessage): Promise<void> {
    if (actor.kind === 'contact') {
      if (message.isInternal || message.automatic) return;
      const readers = await this.notifications.watching(tx, ticket.id, ticket.assignee_id);
      await this.tell(tx, actor, ticket, 'watched', message.id, readers);
    } else if (actor.kind === 'agent') {
      const told = await this.ofMentions(tx, actor, ticket, message);
      const watching = actor.id === null ? told : [actor.id, ...told];
      await this.autoWatch.execute(tx, actor.orgId, ticket.id, watching);
    }
  }

  /** Also for an edit: those who were told of this message before are not told again. */
  async ofMentions(tx: Tx, actor: Actor, ticket: Ticket, message: SaidMessage): Promise<string[]> {
    const { handles, names } = mentionsIn(message.content);
    if (handles.length + names.length === 0) return [];
    const readers = await this.notifications.called(tx, handles, names);
    return this.tell(tx, actor, ticket, 'mentioned', message.id, readers);
  }

  /** Somebody was given the ticket that they have now. */
  async ofAssignment(tx: Tx, actor: Actor, ticket: Ticket): Promise<void> {
    if (ticket.assignee_id === null || ticket.assignee_id === actor.id) return;
    const reader = await this.notifications.reader(tx, ticket.assignee_id);
    if (reader) await this.tell(tx, actor, ticket, 'assigned', null, [reader]);
  }

  /** Returns who was told. */
  private async tell(
    tx: Tx,
    actor: Actor,
    ticket: Ticket,
    kind: NotificationView['kind'],
    messageId: string | null,
    readers: readonly ReaderRow[],
  ): Promise<string[]> {
    const atMs = Date.now();
    const rows = readers
      .filter((reader) => reader.id !== actor.id && can(asActor(actor.orgId, reader), 'read', subjectOf(ticket)))
      .map((reader) => ({
        id: uuidv7(),
        agent_id: reader.id,
        ticket_id: ticket.id,
        kind,
        message_id: messageId,
        actor_name: actor.name,
        at: new Date(atMs).toISOString(),
      }));
    if (rows.length === 0) return [];
    const written = await this.notifications.add(tx, actor.orgId, rows);
    const fresh = rows.filter(({ id }) => written.has(id));
    const { id: ticketId, number } = ticket;
    const who = { kind: actor.kind, id: actor.id, name: actor.name };
    const events = fresh.map(({ id: notificationId, agent_id: agentId }) => ({
      notificationId,
      agentId,
      ticketId,
      number,
      kind,
      messageId,
      actor: who,
    }));
    await this.outbox.addAll(tx, actor.orgId, agentNotified, events, atMs);
    return fresh.map(({ agent_id }) => agent_id);
  }
}

/** Them, as they would look themselves. */
export const asActor = (orgId: string, { id, name, role, team_ids }: ReaderRow): Actor => ({
  orgId,
  kind: 'agent',
  id,
  name,
  role,
  teamIds: team_ids,
  surface: 'system',
});
