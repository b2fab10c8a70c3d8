import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { openTicketInput, TicketView } from '#shared/contracts/tickets.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database } from '../database/database.js';
import { FindAgent } from '../organisations/find-agent.js';
import { OpenTickets } from './open-tickets.js';
import { demand } from './ticket.policy.js';
import { ticketViewOf } from './ticket.view.js';

/** One ticket, by an agent, a contact or a service. */
@Injectable()
export class OpenTicket {
  constructor(
    private readonly database: Database,
    private readonly contacts: EnsureContacts,
    private readonly agents: FindAgent,
    private readonly openTickets: OpenTickets,
  ) {}

  execute(actor: Actor, input: z.output<typeof openTicketInput>): Promise<TicketView> {
    demand(actor, 'open', null);
    return this.database.tenant(actor.orgId, async (tx) => {
      const assignee = input.assigneeId ? await this.agents.assignable(tx, input.assigneeId, '/assigneeId') : null;
      const { contactEmail, contactName } = input;
      const people = contactEmail ? [{ address: contactEmail, name: contactName ?? '' }] : [];
      const contact = (await this.contacts.execute(tx, actor.orgId, people)).get(contactEmail ?? '') ?? null;
      const nowMs = Date.now();
      const toOpen = {
        ...input,
        actor,
        assignee,
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
}
