import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { changeTimeInput, TimeEntryView } from '#shared/contracts/time-entries.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { Database, type Tx } from '../database/database.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { pastInstant } from './log-time.js';
import { TimeEntryRepository } from './time-entry.repository.js';
import { type TimeEntryRow, timeEntryViewOf } from './time-entry.view.js';
import { demand } from './time.policy.js';

/** Corrects or takes away an entry: one's own or, for managers, anybody's, until it is on an invoice. */
@Injectable()
export class ChangeTimeEntry {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly entries: TimeEntryRepository,
    private readonly activities: ActivityLog,
  ) {}

  one(actor: Actor, id: string): Promise<TimeEntryView> {
    demand(actor, 'read');
    return this.database.tenant(actor.orgId, async (tx) => timeEntryViewOf(await this.seen(tx, actor, id)));
  }

  /** Changes that change nothing leave no trace. */
  update(actor: Actor, id: string, input: z.output<typeof changeTimeInput>): Promise<TimeEntryView> {
    demand(actor, 'read');
    const nowMs = Date.now();
    const workedAt = input.workedAt === undefined ? undefined : pastInstant(input.workedAt, nowMs);
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, id);
      const next: TimeEntryRow = {
        ...row,
        minutes: input.minutes ?? row.minutes,
        description: input.description ?? row.description,
        billable: input.billable ?? row.billable,
        worked_at: workedAt ?? row.worked_at,
        contract_id: input.contractId === undefined ? row.contract_id : input.contractId,
      };
      const [before, after] = [saidOf(row), saidOf(next)];
      const changed = Object.keys(after).filter((field) => before[field] !== after[field]);
      if (changed.length === 0) return timeEntryViewOf(row);
      await this.entries.update(tx, next, new Date(nowMs));
      const only = (values: Said) => Object.fromEntries(changed.map((field) => [field, values[field]]));
      const who = { timeEntryId: id, agentId: row.agent_id, agentName: row.agent_name };
      await this.activities.add(tx, actor.orgId, [
        activity(actor, row.ticket_id, 'time_edited', nowMs, {
          from: { ...who, ...only(before) },
          to: { ...who, ...only(after) },
        }),
      ]);
      return timeEntryViewOf((await this.entries.byId(tx, id))!);
    });
  }

  remove(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'read');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, id);
      const nowMs = Date.now();
      await this.entries.remove(tx, id, new Date(nowMs));
      const from = { timeEntryId: id, agentId: row.agent_id, agentName: row.agent_name, ...saidOf(row) };
      await this.activities.add(tx, actor.orgId, [activity(actor, row.ticket_id, 'time_deleted', nowMs, { from })]);
      return { success: true };
    });
  }

  /** Whoever does not see the ticket does not see its time. */
  private async seen(tx: Tx, actor: Actor, id: string): Promise<TimeEntryRow> {
    const row = await this.entries.byId(tx, id);
    const ticket = row && (await this.find.execute(tx, actor, row.ticket_id, 'read').catch(absent));
    if (!row || !ticket) throw new DeskError('NOT_FOUND', 'There is no such time entry');
    return row;
  }

  private async toChange(tx: Tx, actor: Actor, id: string): Promise<TimeEntryRow> {
    await this.entries.lock(tx, id);
    const row = await this.seen(tx, actor, id);
    demand(actor, 'change', { agentId: row.agent_id });
    if (row.invoiced_at) {
      const when = row.invoiced_at.toISOString();
      throw new DeskError('UNPROCESSABLE', `It was invoiced at ${when} and does not change any more`);
    }
    return row;
  }
}

type Said = Record<string, string | number | boolean | null>;

const saidOf = (row: TimeEntryRow): Said => ({
  minutes: row.minutes,
  description: row.description,
  billable: row.billable,
  workedAt: row.worked_at.toISOString(),
  contractId: row.contract_id,
});

const absent = (error: unknown): null => {
  if (error instanceof DeskError && error.code === 'NOT_FOUND') return null;
  throw error;
};
