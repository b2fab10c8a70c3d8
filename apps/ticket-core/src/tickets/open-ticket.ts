import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { openTicketInput, TicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { OpenTickets } from './open-tickets.js';
import { TicketPeople } from './ticket-people.js';
import { demand } from './ticket.policy.js';
import { ticketViewOf } from './ticket.view.js';

/** One ticket, by an agent, a contact or a service. */
@Injectable()
export class OpenTicket {
  constructor(
    private readonly database: Database,
    private readonly contacts: EnsureContacts,
    private readonly people: TicketPeople,
    private readonly openTickets: OpenTickets,
  ) {}

  execute(actor: Actor, input: z.output<typeof openTicketInput>): Promise<TicketView> {
    demand(actor, 'open', null);
    return this.database.tenant(actor.orgId, async (tx) => {
      const contact = await this.contactFor(tx, actor, input);
      const { teamId, assigneeId, contactEmail: _email, contactName: _name, ...fields } = input;
      const nowMs = Date.now();
      const toOpen = {
        ...fields,
        actor,
        team: (await this.people.team(tx, teamId)) ?? null,
        assignee: (await this.people.assignee(tx, assigneeId)) ?? null,
        contact,
        cc: [],
        messageCount: 0,
        followUpOf: null,
        openedAtMs: nowMs,
      };
      const [row] = await this.openTickets.execute(tx, actor.orgId, [toOpen], nowMs);
      return ticketViewOf(row!);
    });
  }

  /** Who it is for: whom an agent names; contacts open tickets for themselves only, and give them to nobody. */
  private async contactFor(tx: Tx, actor: Actor, input: z.output<typeof openTicketInput>) {
    const { contactEmail, contactName, assigneeId, teamId } = input;
    if (actor.kind === 'contact') {
      const themselves = await this.contacts.themselves(tx, actor);
      const forOthers = contactEmail !== null && contactEmail !== themselves.email;
      if (forOthers || assigneeId !== null || teamId !== null)
        throw new DeskError('FORBIDDEN', 'You may open tickets for yourself only, and not assign them');
      return themselves;
    }
    return (await this.people.contact(tx, actor.orgId, contactEmail, contactName)) ?? null;
  }
}
