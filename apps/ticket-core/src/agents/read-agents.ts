import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { AgentDetails, AgentView, listAgentsInput } from '#shared/contracts/agents.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readWordCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageByWord } from '../database/page.js';
import { demand } from '../organisations/people.policy.js';
import { TeamBook } from '../teams/team-book.js';
import { AgentBook } from './agent-book.js';
import { AgentRepository } from './agent.repository.js';
import { agentDetailsOf, agentViewOf } from './agent.view.js';

/** Who works at this desk. */
@Injectable()
export class ReadAgents {
  constructor(
    private readonly database: Database,
    private readonly agents: AgentRepository,
    private readonly book: AgentBook,
    private readonly teams: TeamBook,
  ) {}

  /** By name, disabled ones only on request. */
  page(
    actor: Actor,
    { q, role, teamId, team = teamId, includeDisabled, limit, cursor }: z.output<typeof listAgentsInput>,
  ): Promise<{ items: AgentDetails[]; nextCursor: string | null }> {
    demand(actor, 'read_people');
    const after = readWordCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.agents.list(tx, {
        q: q ?? null,
        role: role ?? null,
        teamId: team === undefined ? null : (await this.teams.resolve(tx, team, '/team')).id,
        includeDisabled,
        after,
        limit: limit + 1,
      });
      return pageByWord(rows, limit, agentDetailsOf, ({ sort_name }) => sort_name);
    });
  }

  /** By id, e-mail address, handle or name; disabled ones too. */
  one(actor: Actor, ref: string): Promise<AgentDetails> {
    demand(actor, 'read_people');
    return this.database.tenant(actor.orgId, (tx) => this.book.named(tx, ref));
  }

  me(actor: Actor): Promise<AgentDetails> {
    if (actor.kind !== 'agent' || actor.id === null) throw new DeskError('FORBIDDEN', 'You are not an agent');
    return this.one(actor, actor.id);
  }

  /** Null for nobody; disabled agents are not found. */
  byEmail(actor: Actor, email: string): Promise<AgentView | null> {
    demand(actor, 'read_people');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.agents.byEmail(tx, email);
      return row && !row.disabled_at ? agentViewOf(row) : null;
    });
  }

  /** The first thousand, by name. */
  all(actor: Actor): Promise<AgentView[]> {
    demand(actor, 'read_people');
    return this.database.tenant(actor.orgId, async (tx) => (await this.agents.all(tx)).map(agentViewOf));
  }
}
