import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { searchTickets } from '#shared/contracts/ticket-lists.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { SearchTickets } from '../tickets/search-tickets.js';

@Controller()
export class SearchNats {
  constructor(private readonly tickets: SearchTickets) {}

  @Answers(searchTickets)
  search(@Input(searchTickets) input: z.output<typeof searchTickets.request>, @ActorOf() actor: Actor) {
    return this.tickets.execute(actor, input);
  }
}
