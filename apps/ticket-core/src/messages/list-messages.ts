import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listMessages, messagePage } from '#shared/contracts/messages.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { MessageRepository } from './message.repository.js';
import { type MessageRow, messageViewFor } from './message.view.js';

@Injectable()
export class ListMessages {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly messages: MessageRepository,
  ) {}

  /** Oldest first. A contact gets public messages only, and of a merge only what was said on their own ticket. */
  execute(actor: Actor, input: z.output<(typeof listMessages)['request']>): Promise<z.output<typeof messagePage>> {
    const after = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, input.ticket, 'read');
      const rows = await this.messages.page(tx, ticket.id, after, input.limit + 1, actor.kind === 'contact');
      // To its customer it is said on the ticket that they know, whatever that became part of.
      const viewOf = (row: MessageRow) => messageViewFor(actor, { ...row, ticket_id: ticket.id });
      return pageOf(rows, input.limit, viewOf, ({ created_at: at, id }) => ({ at, id }));
    });
  }
}
