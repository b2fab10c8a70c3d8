import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { badRequestFrom, DeskError } from '#shared/errors/desk-error.js';
import { policySchema, type SlaPolicy } from '#sla/policy.schema.js';
import { AgentBook } from '../agents/agent-book.js';
import { Database, type Tx } from '../database/database.js';
import { TeamBook } from '../teams/team-book.js';
import { CalendarRepository } from './calendar.repository.js';
import { PolicyBook } from './policy-book.js';
import type { PolicyChanges } from './policy-input.js';
import { movesClocks, policyDifference } from './policy.view.js';
import { ReckoningRepository } from './reckoning.repository.js';
import { demand } from './sla.policy.js';
import { SlaPolicyRepository, type StoredPolicyRow } from './sla-policy.repository.js';

/** Makes, changes and deletes policies: admins only. Each change is a version with its author, and open tickets follow it. */
@Injectable()
export class ChangePolicies {
  constructor(
    private readonly database: Database,
    private readonly policies: SlaPolicyRepository,
    private readonly reckonings: ReckoningRepository,
    private readonly book: PolicyBook,
    private readonly calendars: CalendarRepository,
    private readonly agents: AgentBook,
    private readonly teams: TeamBook,
  ) {}

  /** `teamId` is the team that its conditions say, where the tickets' document's shape names one. */
  create(actor: Actor, policy: SlaPolicy, teamId?: string | null): Promise<StoredPolicyRow> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      await this.teams.byId(tx, teamId);
      await this.checkReferences(tx, policy, null);
      const row = await this.policies.add(tx, actor.orgId, uuidv7(), policy, new Date());
      await this.note(tx, actor, row, null, policy);
      return row;
    });
  }

  /** What is absent stays. Changes that change nothing make no version. */
  async update(
    actor: Actor,
    id: string,
    wanted: PolicyChanges | ((now: SlaPolicy) => PolicyChanges),
    teamId?: string | null,
  ): Promise<StoredPolicyRow> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      // Before the policy, as whoever changes a calendar locks them too: in one order nobody waits for the other for ever.
      if (typeof wanted !== 'function' && wanted.calendarId) await this.calendars.hold(tx, wanted.calendarId);
      const row = (await this.policies.toChange(tx, id)) ?? notFound();
      await this.teams.byId(tx, teamId);
      const before = policySchema.parse(row.policy);
      const changes = typeof wanted === 'function' ? wanted(before) : wanted;
      const read = policySchema.safeParse({ ...before, ...oneSourceOfHours(changes), ...changes });
      if (!read.success) throw badRequestFrom(read.error.issues);
      const after = read.data;
      await this.checkReferences(tx, after, before);
      if (policyDifference(before, after).length === 0) return row;
      const next = await this.policies.change(tx, id, after, new Date());
      await this.note(tx, actor, next, before, after);
      return next;
    });
  }

  /** Tickets that have it keep it, with all that is known of their clocks; new ones do not get it. */
  async remove(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'change_policies');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.policies.toChange(tx, id)) ?? notFound();
      const gone = await this.policies.remove(tx, id, new Date());
      await this.note(tx, actor, gone, policySchema.parse(row.policy), null);
      return { success: true };
    });
  }

  /** A shared calendar that it uses has changed: a new version of the policy, which its open tickets follow. */
  async followCalendar(
    tx: Tx,
    actor: Actor,
    id: string,
    calendar: { from: { name: string; version: number }; to: { name: string; version: number } },
  ): Promise<void> {
    const row = await this.policies.toChange(tx, id);
    if (!row) return;
    const policy = policySchema.parse(row.policy);
    const next = await this.policies.change(tx, id, policy, new Date());
    const [from, to] = [calendar.from, calendar.to].map((sharedCalendar) => ({ ...policy, sharedCalendar }));
    await this.note(tx, actor, next, from!, to!);
  }

  /** BAD_REQUEST for a calendar, a team or an agent that is not there. What stood there before is not asked about again. */
  private async checkReferences(tx: Tx, policy: SlaPolicy, before: SlaPolicy | null): Promise<void> {
    const { calendarId, escalation } = policy;
    if (calendarId && calendarId !== before?.calendarId && !(await this.calendars.hold(tx, calendarId))) {
      throw badRequestFrom([{ path: ['calendarId'], message: 'is not a calendar of this organisation' }]);
    }
    if (JSON.stringify(escalation) === JSON.stringify(before?.escalation)) return;
    for (const [index, { do: act }] of escalation.entries()) {
      const at = `/escalation/${index}/do`;
      if ('assignTeam' in act) await this.teams.resolve(tx, act.assignTeam, `${at}/assignTeam`);
      if ('assignAgent' in act) await this.agents.assignable(tx, act.assignAgent, `${at}/assignAgent`);
      if ('alert' in act && 'agentId' in act.alert) {
        await this.agents.resolve(tx, act.alert.agentId, `${at}/alert/agentId`);
      }
    }
  }

  private async note(
    tx: Tx,
    actor: Actor,
    row: StoredPolicyRow,
    from: SlaPolicy | null,
    to: SlaPolicy | null,
  ): Promise<void> {
    await this.policies.record(tx, actor, row, from, to);
    const follow = to !== null && movesClocks(from, to);
    if (follow || to === null) await this.reckonings.replace(tx, row.id);
    if (follow) await this.reckonings.add(tx, actor.orgId, row.id, row.version);
    tx.afterCommit(() => this.book.forget(actor.orgId));
  }
}

/** Hours of one's own take the place of a shared calendar, and the other way round. */
const oneSourceOfHours = ({ calendar, calendarId }: PolicyChanges): PolicyChanges => ({
  ...(calendar && { calendarId: null }),
  ...(calendarId && { calendar: null }),
});

export function notFound(): never {
  throw new DeskError('NOT_FOUND', 'There is no such SLA policy');
}
