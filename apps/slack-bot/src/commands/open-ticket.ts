import { Injectable } from '@nestjs/common';
import { openTicket } from '#shared/contracts/tickets.js';
import { requesterCard, ticketCard } from '../cards/ticket.cards.js';
import { Desk } from '../desk/desk.js';
import { escapeText } from '../slack/mrkdwn.js';
import { unlink } from '../people/people.js';
import type { Asked, Told } from './asked.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { section } from '../slack/blocks.view.js';
import { mayDo } from '../people/person.js';

/** `new`: an agent opens it for a customer, or for nobody; everybody else opens it for themselves. */
@Injectable()
export class OpenTicket {
  constructor(private readonly desk: Desk) {}

  async execute({ person, values, customFields }: Asked): Promise<Told> {
    const isAgent = mayDo(person, 'agent');
    if (!isAgent && person.email === null) {
      throw new DeskError(
        'FORBIDDEN',
        'Slack does not show me your e-mail address, so nobody could answer you. Please ask an administrator.',
      );
    }
    const email = isAgent ? values.email && unlink(values.email) : person.email;
    const actor = isAgent ? person.actor! : await this.desk.ownActor();
    const ticket = await this.desk.as(actor, openTicket, {
      subject: values.subject ?? '',
      description: values.text ?? '',
      source: 'slack',
      ...(values.priority !== undefined && { priority: values.priority as never }),
      ...(values.category !== undefined && { category: values.category }),
      ...(customFields !== undefined && { customFields }),
      ...(email && { contactEmail: email }),
      ...(!isAgent && { contactName: person.name }),
    });
    const card = isAgent ? ticketCard(ticket) : requesterCard(ticket);
    const said = isAgent
      ? `Opened #${ticket.number}.`
      : `Thank you. Your ticket is #${ticket.number}; the answer comes to ${escapeText(person.email!)}.`;
    return { text: `${said} ${card.text}`, blocks: [section(said), ...(card.blocks ?? [])] };
  }
}
