import { Inject, Injectable } from '@nestjs/common';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { getTicket, type TicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LIST_PAGE_SIZE, listCard, type PageAsked } from '../cards/list.cards.js';
import { slaCard } from '../cards/sla.cards.js';
import { requesterCard, ticketCard } from '../cards/ticket.cards.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { mayDo, type Person } from '../people/person.js';
import type { Asked, Told } from './asked.js';
import { wrongCard } from './help.cards.js';
import { parseFilters, type TicketQuery } from './parse-filters.js';

/** `view`, `list` and `sla`. Who is no agent sees their own tickets, and of these only what a customer may know. */
@Injectable()
export class LookAtTickets {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async view({ person, values }: Asked): Promise<Told> {
    const ticket = await this.ticketFor(person, values.ticket!);
    return person.actor ? ticketCard(ticket, { withActions: mayDo(person, 'agent') }) : requesterCard(ticket);
  }

  async sla({ person, values }: Asked): Promise<Told> {
    return slaCard(await this.ticketFor(person, values.ticket!));
  }

  async list({ person, values }: Asked): Promise<Told> {
    return this.page(person, { filters: values.filters ?? '', cursor: null, page: 1 });
  }

  async page(person: Person, { filters: typed, cursor, page }: PageAsked): Promise<Told> {
    const filters = parseFilters(typed);
    if ('problem' in filters) return wrongCard(this.config.SLACK_COMMAND, filters.problem, filters.meant);
    const query: TicketQuery = { ...filters.query };
    if (person.actor) {
      if (filters.mine) query.assigneeId = person.actor.id!;
      if (filters.assignee !== null) {
        const agent = await this.people.agentCalled(filters.assignee);
        if (!agent)
          return wrongCard(this.config.SLACK_COMMAND, `I know no agent “${filters.assignee.slice(0, 60)}”.`, null);
        query.assigneeId = agent.id;
      }
    } else {
      // Whatever was asked for: only what is theirs.
      delete query.assigneeId;
      query.contactEmail = this.ownEmail(person);
    }
    const actor = person.actor ?? (await this.desk.ownActor());
    const { items, nextCursor } = await this.desk.as(actor, listTickets, {
      ...query,
      limit: LIST_PAGE_SIZE,
      ...(cursor !== null && { cursor }),
    });
    const tickets = person.actor ? items : items.filter((ticket) => isTheirs(ticket, person));
    return listCard({ title: filters.title, tickets, page, nextCursor, filters: typed, forRequester: !person.actor });
  }

  private async ticketFor(person: Person, ref: string): Promise<TicketView> {
    if (person.actor) return this.desk.as(person.actor, getTicket, { ticket: ref });
    this.ownEmail(person);
    const notThere = new DeskError('NOT_FOUND', `You have no ticket ${/^\d/.test(ref) ? `#${ref}` : 'like that'}.`);
    const ticket = await this.desk.ask(getTicket, { ticket: ref }).catch((error: unknown) => {
      throw error instanceof DeskError && error.code === 'NOT_FOUND' ? notThere : error;
    });
    // The same answer for "not yours" and "not there": numbers tell nothing.
    if (!isTheirs(ticket, person)) throw notThere;
    return ticket;
  }

  private ownEmail({ email }: Person): string {
    if (email !== null) return email;
    throw new DeskError(
      'FORBIDDEN',
      'Slack does not show me your e-mail address, so I cannot tell which tickets are yours. Please ask an administrator.',
    );
  }
}

const isTheirs = (ticket: TicketView, { email }: Person): boolean =>
  email !== null && (ticket.contact?.email ?? ticket.contactEmail)?.toLowerCase() === email.toLowerCase();
