import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { systemActor } from '#shared/contracts/actor.js';
import { slaEscalated } from '#shared/contracts/events.js';
import type { DueStep } from '#shared/contracts/sla-clocks.js';
import { PRIORITIES, type Priority } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import type { EscalationAct } from '#sla/escalation.schema.js';
import { AgentBook } from '../agents/agent-book.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { Outbox } from '../outbox/outbox.js';
import { TeamBook } from '../teams/team-book.js';
import { ChangeTicket } from '../tickets/change-ticket.js';
import { FindTicket } from '../tickets/find-ticket.js';
import type { TicketChanges } from '../tickets/ticket-changes.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { EscalationRepository } from './escalation.repository.js';

/** `<ticket>:<target>:<cycle>:step<n>`: names a step for ever. */
export const stepIdOf = ({ ticketId, target, cycle, step }: Omit<DueStep, 'orgId'>): string =>
  `${ticketId}:${target}:${cycle}:step${step}`;

/**
 * Takes one step of an escalation: the mark that it was taken, what it does to the ticket, its line of history and its event
 * are one transaction. Asked twice, by two monitors or after a crash, the second finds it taken.
 */
@Injectable()
export class TakeEscalationStep {
  constructor(
    private readonly database: Database,
    private readonly steps: EscalationRepository,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
    private readonly agents: AgentBook,
    private readonly teams: TeamBook,
    private readonly outbox: Outbox,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** False: it was taken before, or is not to be taken any more. */
  async execute({ orgId, ticketId, target, cycle, step }: DueStep): Promise<{ taken: boolean }> {
    const actor = systemActor(orgId);
    return this.database.tenant(orgId, async (tx) => {
      const ticket = await this.find.toChange(tx, actor, ticketId, 'update').catch(gone);
      if (!ticket || ticket.duplicate_of !== null) {
        await this.steps.cancel(tx, ticketId);
        return { taken: false };
      }
      const nowMs = Date.now();
      const due = await this.steps.take(tx, { ticket_id: ticketId, target, cycle, step }, new Date(nowMs));
      if (!due) return { taken: false };
      const wanted = await this.changesFor(tx, ticket, due.act);
      if (wanted.problem) this.log.warn({ id: stepIdOf({ ticketId, target, cycle, step }), ...wanted }, 'escalation');
      const told = { target, cycle, step, at: due.at.toISOString(), do: due.act, ...said(wanted) };
      // The line of history bears the step's own instant; what changes by it changes now.
      const line = activity(actor, ticketId, 'escalated', due.at.getTime(), { to: told });
      const next = await this.change.execute(tx, actor, ticket, wanted.changes, nowMs, [line]);
      const { number } = ticket;
      const payload = { ticketId, number, version: next.version, ...told };
      await this.outbox.add(tx, orgId, slaEscalated, payload, due.at.getTime());
      return { taken: true };
    });
  }

  /** What cannot be done (the agent has left, the team is gone) is said so in the history, and the rest goes on. */
  private async changesFor(tx: Tx, ticket: TicketRow, act: EscalationAct): Promise<Wanted> {
    try {
      if ('assignTeam' in act) return { changes: { team: await this.teams.resolve(tx, act.assignTeam, '/team') } };
      if ('assignAgent' in act) {
        return { changes: { assignee: await this.agents.assignable(tx, act.assignAgent, '/agent') } };
      }
      if ('raisePriority' in act) return { changes: { priority: raised(ticket.priority, act.raisePriority) } };
      if ('agentId' in act.alert) await this.agents.resolve(tx, act.alert.agentId, '/agent');
      return { changes: {} };
    } catch (error) {
      if (error instanceof DeskError && error.code === 'BAD_REQUEST') return { changes: {}, problem: error.message };
      throw error;
    }
  }
}

type Wanted = { changes: TicketChanges; problem?: string };

const said = ({ problem }: Wanted) => (problem === undefined ? {} : { problem });

/** Never lower than it is, and never above the highest. */
export function raised(from: Priority, to: Priority | 'by_one'): Priority {
  const at = PRIORITIES.indexOf(from);
  const wanted = to === 'by_one' ? at + 1 : PRIORITIES.indexOf(to);
  return PRIORITIES[Math.min(Math.max(at, wanted), PRIORITIES.length - 1)]!;
}

function gone(error: unknown): null {
  if (error instanceof DeskError && error.code === 'NOT_FOUND') return null;
  throw error;
}
