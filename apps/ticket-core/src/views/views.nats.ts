import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { listViews, viewTickets } from '#shared/contracts/views.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadViews } from './read-views.js';

@Controller()
export class ViewsNats {
  constructor(private readonly views: ReadViews) {}

  @Answers(listViews)
  list(@Input(listViews) input: InputOf<typeof listViews>, @ActorOf() actor: Actor) {
    return this.views.list(actor, input);
  }

  @Answers(viewTickets)
  tickets(@Input(viewTickets) { view, ...page }: InputOf<typeof viewTickets>, @ActorOf() actor: Actor) {
    return this.views.ticketsOf(actor, view, page);
  }
}
