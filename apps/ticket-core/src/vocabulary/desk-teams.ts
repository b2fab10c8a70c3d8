import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { DeskTeamRepository } from './desk-team.repository.js';

/** What the vocabulary needs to know of teams: whether there is such a one, and who belongs to it. */
@Injectable()
export class DeskTeams {
  constructor(private readonly teams: DeskTeamRepository) {}

  /** BAD_REQUEST at the pointer when there is no such team; null and undefined name none. */
  async demand(tx: Tx, id: string | null | undefined, pointer = '/teamId'): Promise<void> {
    if (id === null || id === undefined || (await this.teams.exists(tx, id))) return;
    const message = 'is not a team of this organisation';
    throw new DeskError('BAD_REQUEST', `${pointer.slice(1).replaceAll('/', '.')}: ${message}`, [{ pointer, message }]);
  }

  /** The teams that this agent belongs to. */
  async of(tx: Tx, actor: Actor): Promise<string[]> {
    return actor.kind === 'agent' && actor.id !== null ? this.teams.ofAgent(tx, actor.id) : [];
  }
}
