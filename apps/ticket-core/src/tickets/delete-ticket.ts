import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from './change-ticket.js';
import { FindTicket } from './find-ticket.js';
import { ticketViewOf } from './ticket.view.js';

/**
 * Deleting hides a ticket everywhere and stops its clocks; nothing of it is lost. A mail to it opens a new one. Restored, it
 * is as it was: its clocks are reckoned from its history, in which the customer has waited all the while.
 */
@Injectable()
export class DeleteTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
  ) {}

  execute(actor: Actor, ref: TicketRef): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'delete');
      await this.change.execute(tx, actor, row, { deleted: true }, Date.now());
      return { success: true };
    });
  }

  /** A ticket that is not deleted is answered as it is. */
  restore(actor: Actor, ref: TicketRef): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.deleted(tx, actor, ref);
      if (!row) return ticketViewOf(await this.find.execute(tx, actor, ref, 'delete'));
      await this.change.execute(tx, actor, row, { deleted: false }, Date.now());
      return ticketViewOf(await this.find.execute(tx, systemActor(actor.orgId), row.id, 'read'));
    });
  }
}
