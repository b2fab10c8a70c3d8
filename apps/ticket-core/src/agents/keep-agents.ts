import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  type AgentDetails,
  type AgentView,
  type createAgentInput,
  handleOf,
  type updateAgentFields,
} from '#shared/contracts/agents.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { type Audited, AuditLog } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { Database, type Tx } from '../database/database.js';
import { unlessTaken } from '../database/name-taken.js';
import { demand } from '../organisations/people.policy.js';
import { JoinTeams } from '../teams/join-teams.js';
import { AgentBook } from './agent-book.js';
import { AgentRepository, type AgentRow } from './agent.repository.js';
import { agentDetailsOf } from './agent.view.js';
import { KnownActors } from './known-actors.js';

const HAS_ADDRESS = 'an agent has this address already';

/** Makes, changes and disables agents: admins only. An organisation never loses its last admin. */
@Injectable()
export class KeepAgents {
  constructor(
    private readonly database: Database,
    private readonly agents: AgentRepository,
    private readonly book: AgentBook,
    private readonly teams: JoinTeams,
    private readonly known: KnownActors,
    private readonly audit: AuditLog,
  ) {}

  /** CONFLICT for an address that an agent has already. */
  create(actor: Actor, input: z.output<typeof createAgentInput>): Promise<AgentDetails> {
    demand(actor, 'change_agents');
    return this.database.tenant(actor.orgId, async (tx) => {
      const id = uuidv7();
      const { email, role, restrictedToTeams } = input;
      const name = input.name ?? handleOf(email);
      const made = await this.agents.add(tx, actor.orgId, {
        id,
        email,
        name,
        role,
        restricted_to_teams: restrictedToTeams,
      });
      if (!made) throw await this.taken(tx, email);
      await this.teams.replace(tx, actor, id, input.teamIds, '/teamIds');
      const agent = agentDetailsOf((await this.agents.byId(tx, id))!);
      await this.note(tx, actor, 'created', agent, { to: told(agent) });
      return agent;
    });
  }

  /** The first of an organisation that is just being made. */
  async addFirst(tx: Tx, orgId: string, { email, name }: { email: string; name: string }): Promise<AgentView> {
    const admin = { id: uuidv7(), email, name, role: 'admin' as const };
    await this.agents.add(tx, orgId, { ...admin, restricted_to_teams: false });
    return admin;
  }

  /** What is absent stays. UNPROCESSABLE for what would leave the organisation without an admin. */
  update(actor: Actor, ref: string, wanted: z.output<typeof updateAgentFields>): Promise<AgentDetails> {
    demand(actor, 'change_agents');
    return this.database.tenant(actor.orgId, async (tx) => {
      const { id } = await this.book.named(tx, ref);
      // All admins are locked before the one who changes, by everybody, so that two who demote one another do not wait for
      // each other.
      const admins = takesAdminAway(wanted) ? await this.agents.lockAdmins(tx) : null;
      await this.agents.lock(tx, id);
      const row = (await this.agents.byId(tx, id))!;
      const next: AgentRow = {
        ...row,
        email: wanted.email ?? row.email,
        name: wanted.name ?? row.name,
        role: wanted.role ?? row.role,
        restricted_to_teams: wanted.restrictedToTeams ?? row.restricted_to_teams,
        disabled_at: disabledAt(row, wanted.disabled),
      };
      if (admins?.length === 1 && admins[0] === id && (next.role !== 'admin' || next.disabled_at))
        throw lastAdmin(actor, row, wanted);
      if (next.email !== row.email && (await this.agents.byEmail(tx, next.email)))
        throw await this.taken(tx, next.email);
      if (wanted.teamIds) await this.teams.replace(tx, actor, id, wanted.teamIds, '/teamIds');
      await unlessTaken(this.agents.update(tx, next), '/email', HAS_ADDRESS);
      const [before, after] = [agentDetailsOf(row), agentDetailsOf((await this.agents.byId(tx, id))!)];
      const changed = changedFields(told(before), told(after));
      if (changed) await this.note(tx, actor, 'updated', after, changed);
      tx.afterCommit(() => this.known.forget(actor.orgId, id));
      return after;
    });
  }

  /** Nothing of what they did is lost; they are out within seconds, with every key of theirs. */
  async disable(actor: Actor, ref: string): Promise<{ success: true }> {
    await this.update(actor, ref, { disabled: true });
    return { success: true };
  }

  private async taken(tx: Tx, email: string): Promise<DeskError> {
    const other = await this.agents.byEmail(tx, email);
    const message = other?.disabled_at
      ? `${other.name} has this address and is disabled: let them in again with {"disabled": false}`
      : HAS_ADDRESS;
    return DeskError.at('CONFLICT', '/email', message);
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    agent: AgentDetails,
    values: Pick<Audited, 'from' | 'to'>,
  ): Promise<void> {
    const subjectName = `${agent.name} <${agent.email}>`;
    return this.audit.add(tx, actor, { action, subjectType: 'agent', subjectId: agent.id, subjectName, ...values });
  }
}

const takesAdminAway = ({ role, disabled }: z.output<typeof updateAgentFields>) =>
  (role !== undefined && role !== 'admin') || disabled === true;

function disabledAt(row: AgentRow, disabled: boolean | undefined): Date | null {
  if (disabled === undefined) return row.disabled_at;
  return disabled ? (row.disabled_at ?? new Date()) : null;
}

function lastAdmin(actor: Actor, row: AgentRow, { role }: z.output<typeof updateAgentFields>): DeskError {
  const who = actor.id === row.id ? 'you are' : `${row.name} is`;
  const message = `${who} the last admin: make somebody else one first`;
  const pointer = role !== undefined && role !== 'admin' ? '/role' : '/disabled';
  return DeskError.at('UNPROCESSABLE', pointer, message);
}

const told = ({ email, name, role, restrictedToTeams, teamIds, disabledAt: disabled }: AgentDetails) => ({
  email,
  name,
  role,
  restrictedToTeams,
  teamIds,
  disabled: disabled !== null,
});
