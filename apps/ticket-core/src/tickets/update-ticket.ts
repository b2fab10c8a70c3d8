import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import type { TicketView, updateTicketFields } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import { ChangeTicket } from './change-ticket.js';
import { FindTicket } from './find-ticket.js';
import { TicketPeople } from './ticket-people.js';
import { type TicketRow, ticketViewOf } from './ticket.view.js';

export type TicketFields = z.output<typeof updateTicketFields>;

@Injectable()
export class UpdateTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly people: TicketPeople,
    private readonly change: ChangeTicket,
    private readonly addMessage: AddMessage,
    private readonly vocabulary: DeskVocabulary,
  ) {}

  execute(actor: Actor, ref: TicketRef, input: TicketFields): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.find.toChange(tx, actor, ref, 'update');
      return this.within(tx, actor, row, input);
    });
  }

  /** The same to a ticket that the caller has locked, in the caller's transaction. */
  async within(tx: Tx, actor: Actor, before: TicketRow, input: TicketFields): Promise<TicketView> {
    if (input.version !== undefined && input.version !== before.version) {
      const why = `the ticket is at version ${before.version} now, not ${input.version}`;
      throw new DeskError('CONFLICT', `Somebody else changed it first: ${why}`, [
        { pointer: '/version', message: why },
      ]);
    }
    const { assigneeId, teamId, contactEmail, contactName, version: _version, note, ...fields } = input;
    const changes = {
      ...(await this.vocabulary.checkUpdate(tx, actor, before, fields)),
      team: await this.people.team(tx, teamId),
      assignee: await this.people.assignee(tx, assigneeId),
      contact: await this.people.contact(tx, actor.orgId, contactEmail, contactName),
    };
    const noted = note?.trim()
      ? (await this.addMessage.execute(tx, actor, before, { content: note, isInternal: true, source: actor.surface }))
          .ticket
      : before;
    const row = await this.change.execute(tx, actor, noted, changes, Date.now());
    // As the service itself: by this very change it may have left the teams that the actor sees.
    return ticketViewOf(await this.find.execute(tx, systemActor(actor.orgId), row.id, 'read'));
  }
}
