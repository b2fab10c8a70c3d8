import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { linkTickets, listLinks, unlinkTickets } from '#shared/contracts/links.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { LinkTickets } from './link-tickets.js';

@Controller()
export class LinksNats {
  constructor(private readonly links: LinkTickets) {}

  @Answers(listLinks)
  list(@Input(listLinks) input: InputOf<typeof listLinks>, @ActorOf() actor: Actor) {
    return this.links.list(actor, input);
  }

  @Answers(linkTickets)
  add(@Input(linkTickets) { ticket, to, kind }: InputOf<typeof linkTickets>, @ActorOf() actor: Actor) {
    return this.links.add(actor, ticket, to, kind);
  }

  @Answers(unlinkTickets)
  remove(@Input(unlinkTickets) { ticket, link }: InputOf<typeof unlinkTickets>, @ActorOf() actor: Actor) {
    return this.links.remove(actor, ticket, link);
  }
}
