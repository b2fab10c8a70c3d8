import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { listCanned, renderCanned } from '#shared/contracts/canned-responses.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { CannedResponses } from './canned-responses.js';
import { UseCanned } from './use-canned.js';

@Controller()
export class CannedResponsesNats {
  constructor(
    private readonly canned: CannedResponses,
    private readonly use: UseCanned,
  ) {}

  @Answers(listCanned)
  list(@Input(listCanned) input: InputOf<typeof listCanned>, @ActorOf() actor: Actor) {
    return this.canned.page(actor, input);
  }

  @Answers(renderCanned)
  render(@Input(renderCanned) { canned, ...input }: InputOf<typeof renderCanned>, @ActorOf() actor: Actor) {
    return this.use.execute(actor, canned, input);
  }
}
