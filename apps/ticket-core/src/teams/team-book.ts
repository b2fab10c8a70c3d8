import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TeamView } from '#shared/contracts/teams.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { type TeamRef, TeamRepository, type TeamRow } from './team.repository.js';
import { teamViewOf } from './team.view.js';

/** Finds teams as people call them: id, handle or whole name. Deleted ones are not found. */
@Injectable()
export class TeamBook {
  constructor(private readonly teams: TeamRepository) {}

  /** BAD_REQUEST at `pointer` for none, and for several, which are named. */
  async resolve(tx: Tx, text: string, pointer: string): Promise<TeamView> {
    const found = mostPrecise(await this.teams.called(tx, text), text);
    if (found.length === 0) throw problem(pointer, 'is not a team of this organisation');
    if (found.length > 1) throw problem(pointer, several(text, found));
    return teamViewOf(found[0]!);
  }

  /** By id: null and undefined name none and stay what they are. BAD_REQUEST at `pointer` when there is no such team. */
  async byId(tx: Tx, id: string | null | undefined, pointer = '/teamId'): Promise<TeamRef | null | undefined> {
    if (id === null || id === undefined) return id;
    const team = await this.teams.ref(tx, id);
    if (!team) throw problem(pointer, 'is not a team of this organisation');
    return team;
  }

  /** The ids of the teams that this agent belongs to. */
  async of(tx: Tx, actor: Actor): Promise<string[]> {
    return actor.kind === 'agent' && actor.id !== null ? this.teams.ofAgent(tx, actor.id) : [];
  }

  /** For an address such as /teams/billing: NOT_FOUND for none. */
  async named(tx: Tx, text: string): Promise<TeamView> {
    const found = mostPrecise(await this.teams.called(tx, text), text);
    if (found.length === 0) throw new DeskError('NOT_FOUND', 'There is no such team');
    if (found.length > 1) throw problem('/team', several(text, found));
    return teamViewOf(found[0]!);
  }
}

/** An id or a handle means one only; a name may be two teams’. */
function mostPrecise(rows: readonly TeamRow[], text: string): readonly TeamRow[] {
  const wanted = text.replace(/^@/, '').toLowerCase();
  const exact = rows.filter(({ id, handle }) => id === wanted || handle === wanted);
  return exact.length > 0 ? exact : rows;
}

const several = (text: string, rows: readonly TeamRow[]): string =>
  `“${text}” may be ${rows
    .slice(0, 5)
    .map(({ name, handle }) => `${name} (${handle})`)
    .join(' or ')}: say which by handle`;

const problem = (pointer: string, message: string) => DeskError.at('BAD_REQUEST', pointer, message);
