import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { messageDelivery } from '#shared/contracts/events.js';
import type { MessageView, postMessage, replyRecipients } from '#shared/contracts/messages.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { PostAttachments } from '../attachments/post-attachments.js';
import { Database } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { QueueMail } from '../mail/queue-mail.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { AddMessage } from './add-message.js';
import { MessageRepository } from './message.repository.js';
import { messageViewFor, messageViewOf } from './message.view.js';

type PostInput = z.output<(typeof postMessage)['request']>;

/** A public reply, which goes to the customer by mail, or an internal note, which never does. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly add: AddMessage,
    private readonly change: ChangeTicket,
    private readonly messages: MessageRepository,
    private readonly files: PostAttachments,
    private readonly mails: QueueMail,
    private readonly outbox: Outbox,
  ) {}

  execute(actor: Actor, input: PostInput): Promise<MessageView> {
    const isInternal = input.isInternalNote;
    if (actor.kind === 'contact' && isInternal)
      throw new DeskError('FORBIDDEN', 'Internal notes are for the people of the organisation');
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.toChange(tx, actor, input.ticket, isInternal ? 'note' : 'reply');
      if (!isInternal && ticket.status === 'closed') {
        throw new DeskError(
          'UNPROCESSABLE',
          `Ticket #${ticket.number} is closed: open a new one, or leave an internal note`,
        );
      }
      const added = await this.add.execute(tx, actor, ticket, {
        content: input.content,
        isInternal,
        source: actor.surface,
        externalRef: input.externalRef ?? null,
        cc: isInternal ? [] : input.cc,
      });
      if (added.messageId === null) {
        const before = (await this.messages.byExternalRef(tx, input.externalRef!))!;
        // The same post again gets the same answer; whoever uses its reference for another one is not shown it.
        if (before.ticket_id !== ticket.id || before.is_internal !== isInternal || before.author_id !== actor.id) {
          const message = 'was used for another message';
          throw new DeskError('CONFLICT', `externalRef: ${message}`, [{ pointer: '/externalRef', message }]);
        }
        return messageViewFor(actor, before);
      }
      const { contact_email: to } = added.ticket;
      if (!isInternal && actor.kind !== 'contact' && to) {
        const cc = added.ticket.cc.filter((address) => address !== to);
        await this.mails.reply(tx, actor.orgId, {
          ticketId: ticket.id,
          messageId: added.messageId,
          to: [to],
          cc,
          waitMs: input.undoMs,
        });
      }
      return messageViewFor(actor, (await this.messages.byId(tx, added.messageId))!);
    });
  }

  /** Who a public reply would go to. */
  recipients(
    actor: Actor,
    ref: z.output<(typeof replyRecipients)['request']>['ticket'],
  ): Promise<{ to: string[]; cc: string[] }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { contact_email: to, cc } = await this.find.execute(tx, actor, ref, 'reply');
      return { to: to ? [to] : [], cc: to ? cc.filter((address) => address !== to) : [] };
    });
  }

  /** Takes a public reply back while its mail still waits. It stays in the history that there was one. */
  undo(actor: Actor, messageId: string): Promise<MessageView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const message = await this.messages.byId(tx, messageId);
      if (!message || message.deleted_at) throw new DeskError('NOT_FOUND', 'There is no such message');
      const ticket = await this.find.toChange(tx, actor, message.ticket_id, 'reply');
      if (message.author_id !== actor.id) throw new DeskError('FORBIDDEN', 'Only its author may take a reply back');
      if (!(await this.mails.cancel(tx, messageId)))
        throw new DeskError('CONFLICT', 'Too late: the reply has been sent');
      await this.messages.edit(tx, messageId, null, new Date());
      await this.change.takeBack(tx, actor, ticket, message);
      const { number, version } = ticket;
      const detail = `${actor.name} took it back in time`;
      await this.outbox.add(
        tx,
        actor.orgId,
        messageDelivery,
        { ticketId: ticket.id, number, version: version + 1, messageId, state: 'cancelled', detail },
        Date.now(),
      );
      return messageViewOf({ ...message, mail_state: 'cancelled' });
    });
  }
}
