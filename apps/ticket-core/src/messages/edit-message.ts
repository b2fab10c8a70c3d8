import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { MessageView } from '#shared/contracts/messages.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { MessageRepository } from './message.repository.js';
import { messageViewOf } from './message.view.js';

/** The author's edit or deletion of a note, by the reference of the surface where it was written. */
@Injectable()
export class EditMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageRepository,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
  ) {}

  /** `content` null deletes it. Null when nothing has this reference: most messages of a channel are not ours. */
  execute(actor: Actor, externalRef: string, content: string | null): Promise<MessageView | null> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const found = await this.messages.byExternalRef(tx, externalRef);
      if (!found || found.deleted_at) return null;
      const ticket = await this.find.toChange(tx, actor, found.ticket_id, 'note');
      // Read again behind the ticket's lock: two edits at once go one after the other.
      const message = (await this.messages.byId(tx, found.id))!;
      if (message.deleted_at) return null;
      if (message.author_id !== actor.id && actor.kind !== 'system') {
        throw new DeskError('FORBIDDEN', 'Only its author may change a message');
      }
      if (!message.is_internal)
        throw new DeskError('UNPROCESSABLE', 'A public message has been sent and cannot be changed');
      if (content === message.content) return messageViewOf(message);
      const nowMs = Date.now();
      await this.messages.edit(tx, message.id, content, new Date(nowMs));
      const type = content === null ? 'message_deleted' : 'message_edited';
      const from = { messageId: message.id, content: message.content };
      const line = activity(actor, ticket.id, type, nowMs, { from, to: content === null ? null : { content } });
      await this.change.execute(tx, actor, ticket, { addMessages: content === null ? -1 : 0 }, nowMs, [line]);
      return messageViewOf((await this.messages.byId(tx, message.id))!);
    });
  }
}
