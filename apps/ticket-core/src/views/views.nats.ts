import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listViews, viewTickets } from '#shared/contracts/views.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadViews } from './read-views.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class ViewsNats {
  constructor(private readonly views: ReadViews) {}

  @Answers(listViews)
  list(@Input(listViews) input: In<typeof listViews>, @ActorOf() actor: Actor) {
    return this.views.list(actor, input);
  }

  @Answers(viewTickets)
  tickets(@Input(viewTickets) { view, ...page }: In<typeof viewTickets>, @ActorOf() actor: Actor) {
    return this.views.ticketsOf(actor, view, page);
  }
}
