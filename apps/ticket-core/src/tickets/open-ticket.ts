import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { openTicketInput, OpenedTicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { FillFromTemplate } from '../templates/fill-from-template.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import { OpenTickets } from './open-tickets.js';
import { TicketPeople } from './ticket-people.js';
import { demand } from './ticket.policy.js';
import { ticketViewFor } from './ticket.view.js';

/** One ticket, by an agent, a contact or a service. */
@Injectable()
export class OpenTicket {
  constructor(
    private readonly database: Database,
    private readonly contacts: EnsureContacts,
    private readonly people: TicketPeople,
    private readonly openTickets: OpenTickets,
    private readonly templates: FillFromTemplate,
    private readonly vocabulary: DeskVocabulary,
  ) {}

  execute(actor: Actor, input: z.output<typeof openTicketInput>): Promise<OpenedTicketView> {
    demand(actor, 'open', null);
    return this.database.tenant(actor.orgId, async (tx) => {
      const contact = await this.contactFor(tx, actor, input);
      const { fields, warnings } = await this.templates.execute(tx, actor, input);
      const words = await this.vocabulary.checkOpen(tx, actor, fields);
      const nowMs = Date.now();
      const toOpen = {
        actor,
        subject: words.subject ?? needsSubject(),
        description: words.description ?? '',
        status: input.status,
        priority: words.priority ?? 'medium',
        category: words.category,
        kind: words.kind ?? null,
        source: words.source,
        team: (await this.people.team(tx, words.teamId)) ?? null,
        assignee: (await this.people.assignee(tx, words.assigneeId)) ?? null,
        contact,
        entity: words.entity ?? null,
        tags: words.tags,
        customFields: words.customFields,
        cc: [],
        messageCount: 0,
        followUpOf: null,
        openedAtMs: nowMs,
      };
      const [row] = await this.openTickets.execute(tx, actor.orgId, [toOpen], nowMs);
      await this.templates.used(tx, input.templateId);
      return { ...ticketViewFor(actor, row!, 0), ...(warnings.length > 0 && { warnings }) };
    });
  }

  /** Who it is for: whom an agent names; contacts open tickets for themselves only, and give them to nobody. */
  private async contactFor(tx: Tx, actor: Actor, input: z.output<typeof openTicketInput>) {
    const { contactEmail, contactName, status, assigneeId = null, teamId = null } = input;
    if (actor.kind === 'contact') {
      const themselves = await this.contacts.themselves(tx, actor);
      const forOthers = contactEmail !== null && contactEmail !== themselves.email;
      if (forOthers || assigneeId !== null || teamId !== null || status !== 'open')
        throw new DeskError('FORBIDDEN', 'You may open tickets for yourself only, as open ones, and not assign them');
      return themselves;
    }
    return (await this.people.contact(tx, actor.orgId, contactEmail, contactName)) ?? null;
  }
}

/** The template has none either. */
function needsSubject(): never {
  throw DeskError.at('BAD_REQUEST', '/subject', 'is missing: must be text');
}
