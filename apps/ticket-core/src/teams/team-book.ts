import { Injectable } from '@nestjs/common';
import type { TeamView } from '#shared/contracts/teams.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { TeamRepository, type TeamRow } from './team.repository.js';
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

const problem = (pointer: string, message: string) =>
  new DeskError('BAD_REQUEST', `${pointer.slice(1).replaceAll('/', '.')}: ${message}`, [{ pointer, message }]);
