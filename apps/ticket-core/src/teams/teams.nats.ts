import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listTeams } from '#shared/contracts/teams.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadTeams } from './read-teams.js';

@Controller()
export class TeamsNats {
  constructor(private readonly teams: ReadTeams) {}

  @Answers(listTeams)
  list(@Input(listTeams) input: z.output<(typeof listTeams)['request']>, @ActorOf() actor: Actor) {
    return this.teams.page(actor, input);
  }
}
