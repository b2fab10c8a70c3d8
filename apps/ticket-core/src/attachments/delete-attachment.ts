import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { mayDelete } from './attachment.policy.js';
import { AttachmentRepository } from './attachment.repository.js';
import { FindAttachment, subjectOf } from './find-attachment.js';

/** Takes a file away. Its row stays; of one that was a message's the history tells. What was mailed cannot be taken back. */
@Injectable()
export class DeleteAttachment {
  constructor(
    private readonly database: Database,
    private readonly find: FindAttachment,
    private readonly tickets: FindTicket,
    private readonly attachments: AttachmentRepository,
    private readonly change: ChangeTicket,
  ) {}

  execute(actor: Actor, id: string, ref?: TicketRef): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const { ticket_id: ticketId } = await this.find.execute(tx, actor, id, ref);
      const ticket = await this.tickets.toChange(tx, actor, ticketId, actor.kind === 'contact' ? 'reply' : 'note');
      // Read again behind the ticket's lock: it may have been posted, or deleted, meanwhile.
      const file = await this.find.execute(tx, actor, id, ref);
      if (!mayDelete(actor, subjectOf(file)))
        throw new DeskError('FORBIDDEN', 'Only who uploaded it, or a manager, may delete an attachment');
      if (file.is_mailed)
        throw new DeskError('CONFLICT', 'It goes out, or went out, by mail with its message and cannot be deleted');
      const nowMs = Date.now();
      await this.attachments.remove(tx, id, new Date(nowMs));
      if (file.message_id !== null) {
        const from = { attachmentId: id, messageId: file.message_id, name: file.name, sha256: file.sha256 };
        await this.change.execute(tx, actor, ticket, {}, nowMs, [
          activity(actor, ticket.id, 'attachment_deleted', nowMs, { from }),
        ]);
      }
      return { success: true };
    });
  }
}
