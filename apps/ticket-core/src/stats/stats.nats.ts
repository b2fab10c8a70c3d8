import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { getTicketStats } from '#shared/contracts/stats.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadStats } from './read-stats.js';

@Controller()
export class StatsNats {
  constructor(private readonly stats: ReadStats) {}

  @Answers(getTicketStats)
  read(@Input(getTicketStats) input: z.output<typeof getTicketStats.request>, @ActorOf() actor: Actor) {
    return this.stats.execute(actor, input);
  }
}
