import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { MessageView, postMessage, replyRecipients } from '#shared/contracts/messages.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { PostAttachments } from '../attachments/post-attachments.js';
import { UseCanned } from '../canned-responses/use-canned.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { QueueMail } from '../mail/queue-mail.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { FollowUps } from '../tickets/follow-ups.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { AddMessage } from './add-message.js';
import { MessageRepository } from './message.repository.js';
import { messageViewFor, messageViewOf } from './message.view.js';
import { RecordFirstMessages } from './record-first-messages.js';
import { TakeBackReply } from './take-back-reply.js';

type PostInput = z.output<(typeof postMessage)['request']>;

/** A public reply, which goes to the customer by mail, or an internal note, which never does. */
@Injectable()
export class PostMessage {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly contacts: EnsureContacts,
    private readonly add: AddMessage,
    private readonly messages: MessageRepository,
    private readonly files: PostAttachments,
    private readonly mails: QueueMail,
    private readonly takeBack: TakeBackReply,
    private readonly followUps: FollowUps,
    private readonly firstMessages: RecordFirstMessages,
    private readonly canned: UseCanned,
  ) {}

  execute(actor: Actor, input: PostInput): Promise<MessageView> {
    const isInternal = input.isInternalNote;
    if (actor.kind === 'contact' && isInternal)
      throw new DeskError('FORBIDDEN', 'Internal notes are for the people of the organisation');
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.toChange(tx, actor, input.ticket, isInternal ? 'note' : 'reply');
      if (!isInternal && ticket.status === 'closed') {
        if (actor.kind === 'contact') return this.followUp(tx, actor, ticket, input);
        throw new DeskError(
          'UNPROCESSABLE',
          `Ticket #${ticket.number} is closed: reopen it, which opens a follow-up, or leave an internal note`,
        );
      }
      const { content, cannedId } = await this.contentOf(tx, actor, ticket, input);
      const added = await this.add.execute(tx, actor, ticket, {
        content,
        isInternal,
        source: actor.surface,
        externalRef: input.externalRef ?? null,
        cc: isInternal ? [] : input.cc,
      });
      if (added.messageId === null) {
        const before = (await this.messages.byExternalRef(tx, input.externalRef!))!;
        // The same post again gets the same answer; whoever uses its reference for another one is not shown it.
        if (before.ticket_id !== ticket.id || before.is_internal !== isInternal || before.author_id !== actor.id) {
          throw taken();
        }
        return messageViewFor(actor, before);
      }
      if (cannedId !== null) await this.canned.count(tx, cannedId);
      const to = isInternal || actor.kind === 'contact' ? null : await this.contacts.replyAddress(tx, added.ticket);
      const message = { id: added.messageId, ticketId: ticket.id, isMailed: to !== null };
      await this.files.execute(tx, actor, message, input.attachmentIds);
      if (to !== null) {
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

  /** A customer's words on a closed ticket, as those of a mail: they go into its one follow-up, opened when it is needed. */
  private async followUp(tx: Tx, actor: Actor, closed: TicketRow, input: PostInput): Promise<MessageView> {
    const { content, externalRef = null, cc } = input;
    if (content === undefined) needsContent();
    const before = externalRef === null ? null : await this.messages.byExternalRef(tx, externalRef);
    if (before && before.author_id !== actor.id) throw taken();
    if (before) return messageViewFor(actor, before);
    const { ticket, isNew } = await this.followUps.of(tx, actor, closed, { description: content, messageCount: 1 });
    const said = { content, isInternal: false, source: actor.surface, externalRef, cc };
    const id = isNew ? uuidv7() : (await this.add.execute(tx, actor, ticket, said)).messageId;
    if (id === null) throw taken();
    const message = { ...said, atMs: Date.now() };
    if (isNew) await this.firstMessages.execute(tx, actor.orgId, [{ id, ticketId: ticket.id, actor, message }]);
    // They were uploaded to the ticket that the customer still had before them.
    await this.files.execute(tx, actor, { id, ticketId: closed.id, isMailed: false }, input.attachmentIds);
    return messageViewFor(actor, (await this.messages.byId(tx, id))!);
  }

  /** What is said: the words of the request or, where it has none, those of its canned response for this ticket. */
  private async contentOf(
    tx: Tx,
    actor: Actor,
    ticket: TicketRow,
    { content, cannedResponse: ref, isInternalNote }: PostInput,
  ): Promise<{ content: string; cannedId: string | null }> {
    if (ref === undefined) return { content: content ?? needsContent(), cannedId: null };
    const canned = await this.canned.forMessage(tx, actor, ref, ticket, '/cannedResponse');
    if (content !== undefined) return { content, cannedId: canned.id };
    if (canned.missing.length > 0 && !isInternalNote) {
      throw DeskError.at(
        'UNPROCESSABLE',
        '/cannedResponse',
        `has no value for ${canned.missing.join(', ')} here: send it as content, with the gaps filled in`,
      );
    }
    if (canned.content.trim() === '') needsContent();
    return { content: canned.content, cannedId: canned.id };
  }

  /** Who a public reply would go to. */
  recipients(
    actor: Actor,
    ref: z.output<(typeof replyRecipients)['request']>['ticket'],
  ): Promise<{ to: string[]; cc: string[] }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, ref, 'reply');
      const { cc } = ticket;
      const to = await this.contacts.replyAddress(tx, ticket);
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
      return messageViewOf(await this.takeBack.execute(tx, actor, ticket, message));
    });
  }
}

function taken(): DeskError {
  return DeskError.at('CONFLICT', '/externalRef', 'was used for another message');
}

function needsContent(): never {
  throw DeskError.at('BAD_REQUEST', '/content', 'is missing: must be text');
}
