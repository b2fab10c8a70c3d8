import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { linkTickets, listLinks, unlinkTickets } from '#shared/contracts/links.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { LinkTickets } from './link-tickets.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class LinksNats {
  constructor(private readonly links: LinkTickets) {}

  @Answers(listLinks)
  list(@Input(listLinks) { ticket }: In<typeof listLinks>, @ActorOf() actor: Actor) {
    return this.links.list(actor, ticket);
  }

  @Answers(linkTickets)
  add(@Input(linkTickets) { ticket, to, kind }: In<typeof linkTickets>, @ActorOf() actor: Actor) {
    return this.links.add(actor, ticket, to, kind);
  }

  @Answers(unlinkTickets)
  remove(@Input(unlinkTickets) { ticket, link }: In<typeof unlinkTickets>, @ActorOf() actor: Actor) {
    return this.links.remove(actor, ticket, link);
  }
}
