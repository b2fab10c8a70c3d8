import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketView, updateTicketFields } from '#shared/contracts/tickets.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { FindAgent } from '../organisations/find-agent.js';
import { ChangeTicket } from './change-ticket.js';
import { FindTicket } from './find-ticket.js';
import { ticketViewOf } from './ticket.view.js';

@Injectable()
export class UpdateTicket {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly agents: FindAgent,
    private readonly change: ChangeTicket,
    private readonly addMessage: AddMessage,
  ) {}

  execute(actor: Actor, ref: TicketRef, input: z.output<typeof updateTicketFields>): Promise<TicketView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      let row = await this.find.toChange(tx, actor, ref, 'update');
      if (input.version !== undefined && input.version !== row.version) {
        const why = `the ticket is at version ${row.version} now, not ${input.version}`;
        throw new DeskError('CONFLICT', `Somebody else changed it first: ${why}`, [
          { pointer: '/version', message: why },
        ]);
      }
      const { assigneeId, version: _version, note, ...fields } = input;
      const assignee =
        typeof assigneeId === 'string' ? await this.agents.assignable(tx, assigneeId, '/assigneeId') : assigneeId;
      if (note?.trim())
        ({ ticket: row } = await this.addMessage.execute(tx, actor, row, {
          content: note,
          isInternal: true,
          source: actor.surface,
        }));
      row = await this.change.execute(tx, actor, row, { ...fields, assignee }, Date.now());
      return ticketViewOf(await this.find.execute(tx, actor, row.id, 'read'));
    });
  }
}
