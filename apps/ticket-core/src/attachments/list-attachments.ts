import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { attachmentPage, listAttachments } from '#shared/contracts/attachments.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { AttachmentRepository } from './attachment.repository.js';
import { ticketAttachmentViewOf } from './attachment.view.js';

@Injectable()
export class ListAttachments {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly attachments: AttachmentRepository,
  ) {}

  /** All files of a ticket, oldest first. A contact gets those of public messages, and their own that wait. */
  execute(
    actor: Actor,
    input: z.output<(typeof listAttachments)['request']>,
  ): Promise<z.output<typeof attachmentPage>> {
    const after = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, input.ticket, 'read');
      const contactId = actor.kind === 'contact' ? actor.id : null;
      const rows = await this.attachments.page(tx, ticket.id, after, input.limit + 1, contactId);
      return pageOf(rows, input.limit, ticketAttachmentViewOf, ({ at, id }) => ({ at, id }));
    });
  }
}
