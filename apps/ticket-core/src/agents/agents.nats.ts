import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { findAgent, listAgents } from '#shared/contracts/agents.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadAgents } from './read-agents.js';

@Controller()
export class AgentsNats {
  constructor(private readonly agents: ReadAgents) {}

  @Answers(findAgent)
  agent(@Input(findAgent) input: z.output<(typeof findAgent)['request']>, @ActorOf() actor: Actor) {
    return this.agents.byEmail(actor, input.email);
  }

  @Answers(listAgents)
  async all(@ActorOf() actor: Actor) {
    return { items: await this.agents.all(actor) };
  }
}
