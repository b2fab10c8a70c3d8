import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listTeamsInput, TeamDetails, teamPage } from '#shared/contracts/teams.js';
import { readWordCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageByWord } from '../database/page.js';
import { demand } from '../organisations/people.policy.js';
import { TeamBook } from './team-book.js';
import { TeamRepository } from './team.repository.js';
import { teamDetailsOf, teamViewOf } from './team.view.js';

@Injectable()
export class ReadTeams {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamRepository,
    private readonly book: TeamBook,
  ) {}

  /** By name. */
  page(actor: Actor, { q, limit, cursor }: z.output<typeof listTeamsInput>): Promise<z.output<typeof teamPage>> {
    demand(actor, 'read_people');
    const after = readWordCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) =>
      pageByWord(
        await this.teams.list(tx, { q: q ?? null, after, limit: limit + 1 }),
        limit,
        teamViewOf,
        ({ sort_name }) => sort_name,
      ),
    );
  }

  /** By id, handle or name, with its members. */
  one(actor: Actor, ref: string): Promise<TeamDetails> {
    demand(actor, 'read_people');
    return this.database.tenant(actor.orgId, async (tx) => {
      const { id } = await this.book.named(tx, ref);
      return teamDetailsOf((await this.teams.byId(tx, id))!, await this.teams.members(tx, id));
    });
  }
}
