import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { addTicketTags, listTags, removeTicketTag } from '#shared/contracts/tags.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadTags } from './read-tags.js';
import { TagTicket } from './tag-ticket.js';

@Controller()
export class TagsNats {
  constructor(
    private readonly tags: ReadTags,
    private readonly tagTicket: TagTicket,
  ) {}

  @Answers(listTags)
  list(@Input(listTags) input: InputOf<typeof listTags>, @ActorOf() actor: Actor) {
    return this.tags.page(actor, input);
  }

  @Answers(addTicketTags)
  add(@Input(addTicketTags) input: InputOf<typeof addTicketTags>, @ActorOf() actor: Actor) {
    return this.tagTicket.add(actor, input.ticket, input.tags);
  }

  @Answers(removeTicketTag)
  remove(@Input(removeTicketTag) input: InputOf<typeof removeTicketTag>, @ActorOf() actor: Actor) {
    return this.tagTicket.remove(actor, input.ticket, input.tag);
  }
}
