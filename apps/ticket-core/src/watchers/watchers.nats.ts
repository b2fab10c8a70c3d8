import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listWatchers, unwatchTicket, watchTicket } from '#shared/contracts/watchers.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { WatchTicket } from './watch-ticket.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class WatchersNats {
  constructor(private readonly watching: WatchTicket) {}

  @Answers(listWatchers)
  list(@Input(listWatchers) { ticket }: In<typeof listWatchers>, @ActorOf() actor: Actor) {
    return this.watching.list(actor, ticket);
  }

  @Answers(watchTicket)
  watch(@Input(watchTicket) { ticket, agent }: In<typeof watchTicket>, @ActorOf() actor: Actor) {
    return this.watching.watch(actor, ticket, agent);
  }

  @Answers(unwatchTicket)
  unwatch(@Input(unwatchTicket) { ticket, agent }: In<typeof unwatchTicket>, @ActorOf() actor: Actor) {
    return this.watching.unwatch(actor, ticket, agent);
  }
}
