import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { listCustomFields } from '#shared/contracts/custom-fields.js';
import { ActorOf, Answers } from '#shared/messaging/contract-handlers.js';
import { CustomFields } from './custom-fields.js';

@Controller()
export class CustomFieldsNats {
  constructor(private readonly fields: CustomFields) {}

  @Answers(listCustomFields)
  list(@ActorOf() actor: Actor) {
    return this.fields.list(actor);
  }
}
