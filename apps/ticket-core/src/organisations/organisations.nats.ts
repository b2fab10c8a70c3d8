import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { findAgent, findOrganisation, listAgents } from '#shared/contracts/organisations.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { FindAgent } from './find-agent.js';
import { FindOrganisation } from './find-organisation.js';

@Controller()
export class OrganisationsNats {
  constructor(
    private readonly organisations: FindOrganisation,
    private readonly agents: FindAgent,
  ) {}

  @Answers(findOrganisation)
  find(@Input(findOrganisation) input: z.output<(typeof findOrganisation)['request']>) {
    return this.organisations.execute(input.slug);
  }

  @Answers(findAgent)
  agent(@Input(findAgent) input: z.output<(typeof findAgent)['request']>, @ActorOf() actor: Actor) {
    return this.agents.byEmail(actor, input.email);
  }

  @Answers(listAgents)
  async all(@ActorOf() actor: Actor) {
    return { items: await this.agents.all(actor) };
  }
}
