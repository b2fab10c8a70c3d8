import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { messagePosted } from '#shared/contracts/events.js';
import type { MessageView } from '#shared/contracts/messages.js';
import { activity, type ActivityRow } from '../activities/activity.view.js';
import type { Tx } from '../database/database.js';
import { NotifyAgents } from '../notifications/notify-agents.js';
import { Outbox } from '../outbox/outbox.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { isAnswer, type TicketChanges } from '../tickets/ticket-changes.js';
import { statusAfterCustomerMessage } from '../tickets/ticket.state.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { MessageRepository, type NewAttachment } from './message.repository.js';

export interface MessageToAdd {
  content: string;
  isInternal: boolean;
  source: string;
  wholeText?: string | null;
  externalRef?: string | null;
  threading?: MessageView['threading'];
  inboundMailId?: string | null;
  attachments?: Omit<NewAttachment, 'id' | 'message_id'>[];
  /** When it was written or, for a mail, arrived. */
  atMs?: number;
  /** Said by a machine of the customer's (out of office): noted, but it reopens nothing and waits for no answer. */
  automatic?: boolean;
  /** Addresses that the customer put in copy. */
  cc?: string[];
  /** The merged ticket whose customer alone this is said to (docs/adr/0021); null: who sees the ticket sees it. */
  apartOf?: string | null;
}

/** Adds a message to a ticket that the caller has locked: row, history, clocks, reopening and event in one transaction. */
@Injectable()
export class AddMessage {
  constructor(
    private readonly messages: MessageRepository,
    private readonly change: ChangeTicket,
    private readonly outbox: Outbox,
    private readonly notify: NotifyAgents,
  ) {}

  /** `messageId` is null when a message with this external reference was there already: nothing was changed then. */
  async execute(
    tx: Tx,
    actor: Actor,
    ticket: TicketRow,
    message: MessageToAdd,
  ): Promise<{ ticket: TicketRow; messageId: string | null }> {
    const id = uuidv7();
    const atMs = message.atMs ?? Date.now();
    const written = await this.messages.add(tx, actor.orgId, [
      {
        id,
        ticket_id: ticket.id,
        is_internal: message.isInternal,
        content: message.content,
        whole_text: message.wholeText ?? null,
        author_kind: actor.kind,
        author_id: actor.id,
        author_name: actor.name,
        source: message.source,
        external_ref: message.externalRef ?? null,
        threading: message.threading ?? null,
        inbound_mail_id: message.inboundMailId ?? null,
        created_at: new Date(atMs).toISOString(),
        apart_of: message.apartOf ?? null,
      },
    ]);
    if (!written.has(id)) return { ticket, messageId: null };
    await this.messages.attach(
      tx,
      actor.orgId,
      (message.attachments ?? []).map((file) => ({ ...file, id: uuidv7(), message_id: id })),
    );

    const changes: TicketChanges = { addMessages: 1 };
    const isPublic = !message.isInternal;
    if (isPublic && isAnswer(actor, ticket)) changes.answeredAtMs = atMs;
    if (isPublic && actor.kind === 'contact' && !message.automatic) {
      const status = statusAfterCustomerMessage(ticket.status);
      if (status) changes.status = status;
    }
    const cc = [...new Set([...ticket.cc, ...(message.cc ?? [])])].slice(0, 50);
    if (cc.length > ticket.cc.length) changes.cc = cc;

    const next = await this.change.execute(tx, actor, ticket, changes, atMs, [
      lineOf(actor, ticket.id, id, message, atMs),
    ]);
    await this.outbox.add(
      tx,
      actor.orgId,
      messagePosted,
      {
        ticketId: ticket.id,
        number: ticket.number,
        version: next.version,
        messageId: id,
        isInternalNote: message.isInternal,
        source: message.source,
        actor: { kind: actor.kind, id: actor.id, name: actor.name },
        externalRef: message.externalRef ?? null,
      },
      atMs,
    );
    await this.notify.ofMessage(tx, actor, next, { id, ...message });
    return { ticket: next, messageId: id };
  }
}

function lineOf(actor: Actor, ticketId: string, messageId: string, message: MessageToAdd, atMs: number): ActivityRow {
  if (message.automatic) return activity(actor, ticketId, 'auto_reply_received', atMs, { to: { messageId } });
  return activity(actor, ticketId, message.isInternal ? 'note_added' : 'message_added', atMs, { to: { messageId } });
}
