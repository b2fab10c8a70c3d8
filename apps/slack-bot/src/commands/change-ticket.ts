import { Injectable } from '@nestjs/common';
import { type AgentView } from '#shared/contracts/agents.js';
import { getTicket, type TicketView, updateTicket } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { PRIORITY_WORDS, STATUS_WORDS } from '../cards/ticket-words.view.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { oneLine } from '../slack/mrkdwn.js';
import { agentActor } from './agent-actor.js';
import type { Asked, Told } from './asked.js';

/** The verbs that change a field of a ticket. Each tells what is now. */
@Injectable()
export class ChangeTicket {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
  ) {}

  /** Nobody loses a ticket by somebody else's click on a card that was out of date. */
  async take({ person, values }: Asked): Promise<Told> {
    const actor = agentActor(person);
    const ticket = await this.desk.as(actor, getTicket, { ticket: values.ticket! });
    if (ticket.assigneeId === actor.id) return told(`#${ticket.number} is yours already.`);
    if (ticket.assignee) {
      throw new DeskError(
        'CONFLICT',
        `${ticket.assignee.name} has #${ticket.number} already. To take it over, assign it to yourself.`,
      );
    }
    const taken = await this.desk.as(actor, updateTicket, {
      ticket: ticket.id,
      assigneeId: actor.id,
      version: ticket.version,
    });
    return told(`${title(taken)} is yours now.`);
  }

  async assign(asked: Asked): Promise<Told> {
    const { person, values } = asked;
    const actor = agentActor(person);
    const agent = await this.agentFor(values.person ?? '', asked);
    const ticket = await this.desk.as(actor, updateTicket, { ticket: values.ticket!, assigneeId: agent.id });
    return told(`${title(ticket)} is ${agent.id === actor.id ? 'yours' : `${oneLine(agent.name, 200)}’s`} now.`);
  }

  async unassign({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, { ticket: values.ticket!, assigneeId: null });
    return told(`${title(ticket)} is free for anybody to take.`);
  }

  async status({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, {
      ticket: values.ticket!,
      status: values.status as never,
    });
    return told(`${title(ticket)}: ${STATUS_WORDS[ticket.status].toLowerCase()}.`);
  }

  async resolve({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, {
      ticket: values.ticket!,
      status: 'resolved',
      ...(values.text !== undefined && { note: values.text }),
    });
    return told(`${title(ticket)} is resolved.`);
  }

  async reopen({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, { ticket: values.ticket!, status: 'open' });
    return told(`${title(ticket)} is open again.`);
  }

  async priority({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, {
      ticket: values.ticket!,
      priority: values.priority as never,
    });
    return told(`${title(ticket)}: priority ${PRIORITY_WORDS[ticket.priority].toLowerCase()}.`);
  }

  async category({ person, values }: Asked): Promise<Told> {
    const ticket = await this.desk.as(agentActor(person), updateTicket, {
      ticket: values.ticket!,
      category: values.category!,
    });
    return told(`${title(ticket)}: category ${oneLine(ticket.category, 100)}.`);
  }

  private async agentFor(typed: string, { person }: Asked): Promise<AgentView> {
    if (typed.toLowerCase() === 'me' && person.agent) return person.agent;
    // A select in a modal gives the bare Slack id.
    const agent = /^[UW][A-Z0-9]{5,}$/.test(typed)
      ? (await this.people.person(typed)).agent
      : await this.people.agentCalled(typed);
    if (agent) return agent;
    throw new DeskError(
      'BAD_REQUEST',
      'That person is not an agent, or the name fits several: try the e-mail address',
      [{ pointer: '/assigneeId', message: 'is not an agent' }],
    );
  }
}

const told = (text: string): Told => ({ text });
const title = ({ number, subject }: TicketView): string => `*#${number}* ${oneLine(subject, 300)}`;
