import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listTicketsInput, ticketPage } from '#shared/contracts/ticket-lists.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { FindTicket } from './find-ticket.js';
import { demand } from './ticket.policy.js';
import { TicketListRepository } from './ticket-list.repository.js';
import { ticketViewOf } from './ticket.view.js';

@Injectable()
export class ReadTickets {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly tickets: TicketListRepository,
  ) {}

  /** `deleted`: also one that was, for those who may restore it. */
  one(actor: Actor, ref: TicketRef, deleted = false): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const gone = deleted ? await this.find.deleted(tx, actor, ref) : null;
      return ticketViewOf(gone ?? (await this.find.execute(tx, actor, ref, 'read')));
    });
  }

  /** Newest first. The cursor names the last row, so pages stay whole while tickets come and go. */
  page(actor: Actor, input: z.output<typeof listTicketsInput>): Promise<z.output<typeof ticketPage>> {
    demand(actor, 'list', null);
    const { assigneeId, limit, cursor, status, priority, category, contactEmail, tag, sla, text } = input;
    const before = readCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.tickets.list(tx, {
        status: status ?? null,
        priority: priority ?? null,
        category: category ?? null,
        assigneeId: assigneeId === 'none' ? null : (assigneeId ?? null),
        unassigned: assigneeId === 'none',
        contactEmail: contactEmail ?? null,
        contactId: null,
        tag: tag ?? null,
        sla: sla ?? null,
        text: text ?? null,
        before: before && { createdAt: before.at, id: before.id },
        limit: limit + 1,
      });
      return pageOf(rows, limit, ticketViewOf, ({ created_at: at, id }) => ({ at, id }));
    });
  }
}
