import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  type createTeamInput,
  handleFromName,
  type TeamDetails,
  type updateTeamFields,
} from '#shared/contracts/teams.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { counted } from '#shared/words/counted.js';
import { AgentBook } from '../agents/agent-book.js';
import { KnownActors } from '../agents/known-actors.js';
import { type Audited, AuditLog } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { Database, type Tx } from '../database/database.js';
import { nameTaken, unlessTaken } from '../database/name-taken.js';
import { demand } from '../organisations/people.policy.js';
import { JoinTeams } from './join-teams.js';
import { MoveOpenTickets } from './move-open-tickets.js';
import { TeamBook } from './team-book.js';
import { TeamRepository } from './team.repository.js';
import { teamDetailsOf } from './team.view.js';

/** Makes, changes and dissolves teams, and says who is in them: admins only. */
@Injectable()
export class KeepTeams {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamRepository,
    private readonly book: TeamBook,
    private readonly agents: AgentBook,
    private readonly members: JoinTeams,
    private readonly moving: MoveOpenTickets,
    private readonly known: KnownActors,
    private readonly audit: AuditLog,
  ) {}

  /** CONFLICT for a handle that another team has. */
  create(actor: Actor, input: z.output<typeof createTeamInput>): Promise<TeamDetails> {
    demand(actor, 'change_teams');
    const { name, description } = input;
    const handle = input.handle ?? handleFromName(name);
    if (handle === '') throw problem('BAD_REQUEST', '/handle', 'is missing: none can be made of this name');
    return this.database.tenant(actor.orgId, async (tx) => {
      const id = uuidv7();
      if (!(await this.teams.add(tx, actor.orgId, { id, name, handle, description })))
        throw nameTaken('/handle', isTaken(handle));
      for (const [at, text] of input.members.entries()) {
        const agent = await this.agents.resolve(tx, text, `/members/${at}`);
        await this.members.join(tx, actor, id, agent.id);
      }
      const team = await this.details(tx, id);
      await this.note(tx, actor, 'created', team, { to: told(team) });
      return team;
    });
  }

  /** What is absent stays. */
  update(actor: Actor, ref: string, wanted: z.output<typeof updateTeamFields>): Promise<TeamDetails> {
    demand(actor, 'change_teams');
    return this.database.tenant(actor.orgId, async (tx) => {
      const before = await this.toChange(tx, ref);
      const row = (await this.teams.byId(tx, before.id))!;
      const { name = row.name, handle = row.handle, description = row.description } = wanted;
      await unlessTaken(this.teams.update(tx, { ...row, name, handle, description }), '/handle', isTaken(handle));
      return this.noted(tx, actor, before);
    });
  }

  addMember(actor: Actor, ref: string, agentRef: string): Promise<TeamDetails> {
    return this.changeMembers(actor, ref, agentRef, (tx, teamId, agentId) =>
      this.members.join(tx, actor, teamId, agentId),
    );
  }

  async removeMember(actor: Actor, ref: string, agentRef: string): Promise<{ success: true }> {
    await this.changeMembers(actor, ref, agentRef, (tx, teamId, agentId) =>
      this.members.leave(tx, actor, teamId, agentId),
    );
    return { success: true };
  }

  /**
   * CONFLICT while the team has open tickets and nobody said where they go: `moveTo` is another team, or `none`. They are
   * moved some at a time, each with its line of history; the team goes when it has none left.
   */
  async remove(
    actor: Actor,
    ref: string,
    moveTo: string | undefined,
  ): Promise<{ success: true; movedTickets: number }> {
    demand(actor, 'change_teams');
    const movedTickets = moveTo === undefined ? 0 : await this.moving.execute(actor, ref, moveTo);
    return this.database.tenant(actor.orgId, async (tx) => {
      const team = await this.toChange(tx, ref);
      const open = await this.teams.countOpenTickets(tx, team.id);
      if (open > 0) throw hasOpenTickets(team.name, open);
      for (const id of await this.teams.memberIds(tx, team.id))
        tx.afterCommit(() => this.known.forget(actor.orgId, id));
      await this.teams.remove(tx, team.id);
      await this.note(tx, actor, 'deleted', team, { from: told(team) });
      return { success: true, movedTickets };
    });
  }

  private changeMembers(
    actor: Actor,
    ref: string,
    agentRef: string,
    change: (tx: Tx, teamId: string, agentId: string) => Promise<boolean>,
  ): Promise<TeamDetails> {
    demand(actor, 'change_teams');
    return this.database.tenant(actor.orgId, async (tx) => {
      const before = await this.toChange(tx, ref);
      const agent = await this.agents.named(tx, agentRef);
      await change(tx, before.id, agent.id);
      return this.noted(tx, actor, before);
    });
  }

  /** Locked until the commit: what the audit says of before and after is so. */
  private async toChange(tx: Tx, ref: string): Promise<TeamDetails> {
    const { id } = await this.book.named(tx, ref);
    await this.teams.lock(tx, id);
    return this.details(tx, id);
  }

  private async details(tx: Tx, id: string): Promise<TeamDetails> {
    const row = await this.teams.byId(tx, id);
    if (!row) throw new DeskError('NOT_FOUND', 'There is no such team');
    return teamDetailsOf(row, await this.teams.members(tx, id));
  }

  private async noted(tx: Tx, actor: Actor, before: TeamDetails): Promise<TeamDetails> {
    const after = await this.details(tx, before.id);
    const changed = changedFields(told(before), told(after));
    if (changed) await this.note(tx, actor, 'updated', after, changed);
    return after;
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    { id, name }: TeamDetails,
    values: Pick<Audited, 'from' | 'to'>,
  ): Promise<void> {
    return this.audit.add(tx, actor, { action, subjectType: 'team', subjectId: id, subjectName: name, ...values });
  }
}

const told = ({ name, handle, description, members }: TeamDetails) => ({
  name,
  handle,
  description,
  members: members.map(({ email }) => email),
});

const problem = (code: 'BAD_REQUEST' | 'CONFLICT', pointer: string, message: string) =>
  DeskError.at(code, pointer, message);

const isTaken = (handle: string) => `another team is called ${handle}`;

const hasOpenTickets = (name: string, open: number) =>
  problem(
    'CONFLICT',
    '/moveTo',
    `is missing: ${name} has ${counted(open, 'open ticket')}; say where to move them (a team, or none)`,
  );
