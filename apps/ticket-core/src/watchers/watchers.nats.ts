import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { listWatchers, unwatchTicket, watchTicket } from '#shared/contracts/watchers.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { WatchTicket } from './watch-ticket.js';

@Controller()
export class WatchersNats {
  constructor(private readonly watching: WatchTicket) {}

  @Answers(listWatchers)
  list(@Input(listWatchers) { ticket }: InputOf<typeof listWatchers>, @ActorOf() actor: Actor) {
    return this.watching.list(actor, ticket);
  }

  @Answers(watchTicket)
  watch(@Input(watchTicket) { ticket, agent }: InputOf<typeof watchTicket>, @ActorOf() actor: Actor) {
    return this.watching.watch(actor, ticket, agent);
  }

  @Answers(unwatchTicket)
  unwatch(@Input(unwatchTicket) { ticket, agent }: InputOf<typeof unwatchTicket>, @ActorOf() actor: Actor) {
    return this.watching.unwatch(actor, ticket, agent);
  }
}
