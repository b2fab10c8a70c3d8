import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { QueueMail } from '../mail/queue-mail.js';
import { NotifyAgents } from '../notifications/notify-agents.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { MessageRepository } from './message.repository.js';
import { type MessageRow, messageViewOf } from './message.view.js';
import { TakeBackReply } from './take-back-reply.js';

/** The author's edit or deletion of a message. The history keeps what it said before, and so does a mail that is out. */
@Injectable()
export class EditMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageRepository,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
    private readonly mails: QueueMail,
    private readonly takeBack: TakeBackReply,
    private readonly notify: NotifyAgents,
  ) {}

  /**
   * A note, by the reference of the surface where it was written. `content` null deletes it. Null when nothing has this
   * reference: most messages of a channel are not ours.
   */
  execute(actor: Actor, externalRef: string, content: string | null): Promise<MessageView | null> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const found = await this.messages.byExternalRef(tx, externalRef);
      if (!found || found.deleted_at) return null;
      const ticket = await this.find.toChange(tx, actor, found.ticket_id, 'note');
      // Read again behind the ticket's lock: two edits at once go one after the other.
      const message = (await this.messages.byId(tx, found.id))!;
      if (message.deleted_at) return null;
      // What is changed where it was typed, by the way, is a note: a reply is changed on purpose, by its id.
      if (!message.is_internal && message.author_id === actor.id)
        throw new DeskError('UNPROCESSABLE', 'A public reply is not changed by the way: change it by its id');
      return messageViewOf(await this.edit(tx, actor, ticket, message, content));
    });
  }

  /** A message of this ticket, by its id. `content` null deletes it. What was mailed is changed here only. */
  byId(actor: Actor, ref: TicketRef, messageId: string, content: string | null): Promise<MessageView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.toChange(tx, actor, ref, 'note');
      const message = await this.messages.byId(tx, messageId);
      if (!message || message.deleted_at || message.ticket_id !== ticket.id)
        throw new DeskError('NOT_FOUND', 'This ticket has no such message');
      return messageViewOf(await this.edit(tx, actor, ticket, message, content));
    });
  }

  private async edit(
    tx: Tx,
    actor: Actor,
    ticket: TicketRow,
    message: MessageRow,
    content: string | null,
  ): Promise<MessageRow> {
    if (message.author_id !== actor.id && actor.kind !== 'system')
      throw new DeskError('FORBIDDEN', 'Only its author may change a message');
    if (content === message.content) return message;
    if (!message.is_internal && message.mail_state !== null) {
      // Locked while it waits, so that it does not leave with the old words in this very moment.
      const waits = message.mail_state === 'queued' && (await this.mails.hold(tx, message.id));
      // What nobody outside has read answered nobody; what they have did, whatever becomes of it here.
      if (waits && content === null) return this.takeBack.execute(tx, actor, ticket, message);
    }
    const nowMs = Date.now();
    await this.messages.edit(tx, message.id, content, new Date(nowMs));
    const type = content === null ? 'message_deleted' : 'message_edited';
    const from = { messageId: message.id, content: message.content };
    const line = activity(actor, ticket.id, type, nowMs, { from, to: content === null ? null : { content } });
    await this.change.execute(tx, actor, ticket, { addMessages: content === null ? -1 : 0 }, nowMs, [line]);
    if (content !== null && actor.kind === 'agent') {
      const edited = { id: message.id, content, isInternal: message.is_internal };
      await this.notify.ofMentions(tx, actor, ticket, edited);
    }
    return (await this.messages.byId(tx, message.id))!;
  }
}
