import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import {
  assignTicket,
  closeTicket,
  deleteTicket,
  reopenTicket,
  resolveTicket,
  restoreTicket,
  startTicket,
} from '#shared/contracts/tickets.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { DeleteTicket } from './delete-ticket.js';
import { StepTicket } from './step-ticket.js';
import { UpdateTicket } from './update-ticket.js';

@Controller()
export class TicketStepsNats {
  constructor(
    private readonly updateTicket: UpdateTicket,
    private readonly steps: StepTicket,
    private readonly deleting: DeleteTicket,
  ) {}

  @Answers(assignTicket)
  assign(@Input(assignTicket) { ticket, ...fields }: InputOf<typeof assignTicket>, @ActorOf() actor: Actor) {
    return this.updateTicket.execute(actor, ticket, fields);
  }

  @Answers(startTicket)
  start(@Input(startTicket) { ticket, note }: InputOf<typeof startTicket>, @ActorOf() actor: Actor) {
    return this.steps.start(actor, ticket, note);
  }

  @Answers(resolveTicket)
  resolve(@Input(resolveTicket) { ticket, note }: InputOf<typeof resolveTicket>, @ActorOf() actor: Actor) {
    return this.steps.resolve(actor, ticket, note);
  }

  @Answers(closeTicket)
  close(@Input(closeTicket) { ticket, note }: InputOf<typeof closeTicket>, @ActorOf() actor: Actor) {
    return this.steps.close(actor, ticket, note);
  }

  @Answers(reopenTicket)
  reopen(@Input(reopenTicket) { ticket, note }: InputOf<typeof reopenTicket>, @ActorOf() actor: Actor) {
    return this.steps.reopen(actor, ticket, note);
  }

  @Answers(deleteTicket)
  delete(@Input(deleteTicket) { ticket }: InputOf<typeof deleteTicket>, @ActorOf() actor: Actor) {
    return this.deleting.execute(actor, ticket);
  }

  @Answers(restoreTicket)
  restore(@Input(restoreTicket) { ticket }: InputOf<typeof restoreTicket>, @ActorOf() actor: Actor) {
    return this.deleting.restore(actor, ticket);
  }
}
