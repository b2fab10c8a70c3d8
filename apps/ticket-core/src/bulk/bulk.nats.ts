import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { bulkUpdate } from '#shared/contracts/bulk.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { BulkUpdate } from './bulk-update.js';

@Controller()
export class BulkNats {
  constructor(private readonly bulk: BulkUpdate) {}

  @Answers(bulkUpdate)
  update(@Input(bulkUpdate) input: z.output<typeof bulkUpdate.request>, @ActorOf() actor: Actor) {
    return this.bulk.execute(actor, input);
  }
}
