import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { messageDelivery } from '#shared/contracts/events.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { QueueMail } from '../mail/queue-mail.js';
import { Outbox } from '../outbox/outbox.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { MessageRepository } from './message.repository.js';
import type { MessageRow } from './message.view.js';

/** Takes a public reply back while its mail still waits. It stays in the history that there was one, and what it said. */
@Injectable()
export class TakeBackReply {
  constructor(
    private readonly messages: MessageRepository,
    private readonly change: ChangeTicket,
    private readonly mails: QueueMail,
    private readonly outbox: Outbox,
  ) {}

  /** The ticket is locked by the caller. CONFLICT when the mail has gone, or is just going. */
  async execute(tx: Tx, actor: Actor, ticket: TicketRow, message: MessageRow): Promise<MessageRow> {
    const { id: messageId } = message;
    if (!(await this.mails.cancel(tx, messageId))) throw new DeskError('CONFLICT', 'Too late: the reply has been sent');
    await this.messages.edit(tx, messageId, null, new Date());
    const { id: ticketId, number, version } = await this.change.takeBack(tx, actor, ticket, message);
    const detail = `${actor.name} took it back in time`;
    const told = { ticketId, number, version, messageId, state: 'cancelled', detail };
    await this.outbox.add(tx, actor.orgId, messageDelivery, told, Date.now());
    return { ...message, mail_state: 'cancelled' };
  }
}
