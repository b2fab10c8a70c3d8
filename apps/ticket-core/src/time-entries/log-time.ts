import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { logTimeInput, TimeEntryView } from '#shared/contracts/time-entries.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { AgentBook } from '../agents/agent-book.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { TimeEntryRepository } from './time-entry.repository.js';
import { timeEntryViewOf } from './time-entry.view.js';
import { demand } from './time.policy.js';

export interface TimeWorked {
  agentId: string;
  minutes: number;
  description: string;
  billable: boolean;
  workedAt: Date;
  contractId: string | null;
}

/** Working time on a ticket, one's own or, for managers, somebody else's. */
@Injectable()
export class LogTime {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly agents: AgentBook,
    private readonly entries: TimeEntryRepository,
    private readonly activities: ActivityLog,
  ) {}

  execute(actor: Actor, ref: TicketRef, input: z.output<typeof logTimeInput>): Promise<TimeEntryView> {
    const { agentId = actor.id, workedAt, ...worked } = input;
    const forSomebodyElse = agentId !== actor.id;
    demand(actor, forSomebodyElse ? 'log_for_others' : 'log');
    const nowMs = Date.now();
    const at = workedAt === undefined ? new Date(nowMs) : pastInstant(workedAt, nowMs);
    return this.database.tenant(actor.orgId, async (tx) => {
      // Locked: a merge that is under way must find the entry, or the entry the merged ticket.
      const ticket = await this.find.toChange(tx, actor, ref, 'read');
      if (forSomebodyElse) await this.agents.assignable(tx, agentId!, '/agentId');
      return this.write(tx, actor, ticket.id, { ...worked, agentId: agentId!, workedAt: at }, nowMs);
    });
  }

  /** On a ticket that the caller has found and locked. */
  async write(tx: Tx, actor: Actor, ticketId: string, worked: TimeWorked, nowMs: number): Promise<TimeEntryView> {
    const id = uuidv7();
    await this.entries.add(tx, actor.orgId, {
      id,
      ticket_id: ticketId,
      agent_id: worked.agentId,
      minutes: worked.minutes,
      description: worked.description,
      billable: worked.billable,
      worked_at: worked.workedAt.toISOString(),
      contract_id: worked.contractId,
      created_at: new Date(nowMs).toISOString(),
    });
    const row = (await this.entries.byId(tx, id))!;
    const to = {
      timeEntryId: id,
      minutes: row.minutes,
      description: row.description,
      billable: row.billable,
      agentId: row.agent_id,
      agentName: row.agent_name,
      workedAt: row.worked_at.toISOString(),
    };
    await this.activities.add(tx, actor.orgId, [activity(actor, ticketId, 'time_logged', nowMs, { to })]);
    return timeEntryViewOf(row);
  }
}

/** Clocks of two machines differ a little; that is no future. */
const SKEW_MS = 60_000;

/** BAD_REQUEST for an instant that has not come yet. */
export function pastInstant(text: string, nowMs: number): Date {
  const atMs = Date.parse(text);
  if (atMs <= nowMs + SKEW_MS) return new Date(atMs);
  throw DeskError.at('BAD_REQUEST', '/workedAt', 'must not be in the future');
}
