import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { OpenTicket } from './open-ticket.js';
import { ReadTickets } from './read-tickets.js';
import { UpdateTicket } from './update-ticket.js';

@Controller()
export class TicketsNats {
  constructor(
    private readonly openOne: OpenTicket,
    private readonly read: ReadTickets,
    private readonly updateOne: UpdateTicket,
  ) {}

  @Answers(openTicket)
  open(@Input(openTicket) input: InputOf<typeof openTicket>, @ActorOf() actor: Actor) {
    return this.openOne.execute(actor, input);
  }

  @Answers(getTicket)
  get(@Input(getTicket) input: InputOf<typeof getTicket>, @ActorOf() actor: Actor) {
    return this.read.one(actor, input.ticket, input.deleted);
  }

  @Answers(listTickets)
  list(@Input(listTickets) input: InputOf<typeof listTickets>, @ActorOf() actor: Actor) {
    return this.read.page(actor, input);
  }

  @Answers(updateTicket)
  update(@Input(updateTicket) { ticket, ...fields }: InputOf<typeof updateTicket>, @ActorOf() actor: Actor) {
    return this.updateOne.execute(actor, ticket, fields);
  }
}
