import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { Status, TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { FindTicket } from './find-ticket.js';
import { FollowUps } from './follow-ups.js';
import { ticketViewOf } from './ticket.view.js';
import { UpdateTicket } from './update-ticket.js';

/** The steps of a ticket's life that have a name of their own. Each may leave an internal note. */
@Injectable()
export class StepTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly followUps: FollowUps,
    private readonly addMessage: AddMessage,
    private readonly update: UpdateTicket,
  ) {}

  /** "I am on it." A resolved ticket is reopened instead. */
  start(actor: Actor, ref: TicketRef, note?: string): Promise<TicketView> {
    return this.step(actor, ref, 'in_progress', note, ['resolved']);
  }

  resolve(actor: Actor, ref: TicketRef, note?: string): Promise<TicketView> {
    return this.step(actor, ref, 'resolved', note);
  }

  close(actor: Actor, ref: TicketRef, note?: string): Promise<TicketView> {
    return this.step(actor, ref, 'closed', note);
  }

  /** A resolved ticket becomes open again. A closed one stays closed: its one follow-up is answered, opened if need be. */
  reopen(actor: Actor, ref: TicketRef, reason?: string): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      if (row.status === 'resolved') return this.update.within(tx, actor, row, { status: 'open', note: reason });
      if (row.status !== 'closed') throw refused(row.number, `is ${words(row.status)}: there is nothing to reopen`);
      const { ticket } = await this.followUps.of(tx, actor, row, { description: row.description, messageCount: 0 });
      if (!reason?.trim()) return ticketViewOf(ticket);
      const note = { content: reason, isInternal: true, source: actor.surface };
      return ticketViewOf((await this.addMessage.execute(tx, actor, ticket, note)).ticket);
    });
  }

  private step(
    actor: Actor,
    ref: TicketRef,
    status: Status,
    note: string | undefined,
    notFrom: readonly Status[] = [],
  ): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      if (notFrom.includes(row.status)) throw refused(row.number, `is ${words(row.status)}: reopen it first`);
      return this.update.within(tx, actor, row, { status, note });
    });
  }
}

const words = (status: Status): string => status.replace('_', ' ');

const refused = (number: number, why: string): DeskError =>
  new DeskError('UNPROCESSABLE', `Ticket #${number} ${why}`, [{ pointer: '/status', message: why }]);
