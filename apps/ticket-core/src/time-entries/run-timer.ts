import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  MAX_MINUTES,
  type startTimerInput,
  type stopTimerInput,
  type TimeEntryView,
  type timerState,
} from '#shared/contracts/time-entries.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { LogTime } from './log-time.js';
import { demand } from './time.policy.js';
import { timerMinutes } from './timer-minutes.js';
import { TimerRepository } from './timer.repository.js';
import { type TimerRow, timerViewOf } from './timer.view.js';

type State = z.output<typeof timerState>;

/** The clock of an agent at work: one at a time; stopped, it is a time entry of the ticket that it ran for. */
@Injectable()
export class RunTimer {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly timers: TimerRepository,
    private readonly log: LogTime,
  ) {}

  /** CONFLICT while another one runs, unless it is to be switched: then that one is stopped and logged first. */
  start(actor: Actor, ref: TicketRef, input: z.output<typeof startTimerInput>): Promise<State> {
    const agentId = agentOf(actor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const nowMs = Date.now();
      const target = await this.find.execute(tx, actor, ref, 'read');
      const running = input.switch ? await this.timers.of(tx, agentId) : null;
      await this.lock(tx, actor, [target.id, ...(running ? [running.ticket_id] : [])]);
      const before = running && (await this.timers.take(tx, agentId));
      const logged = before ? await this.logged(tx, actor, before, {}, nowMs) : null;
      const ticket = await this.find.toChange(tx, actor, target.id, 'read');
      const { description, billable } = input;
      const row = { ticket_id: ticket.id, description, billable, started_at: new Date(nowMs) };
      const started = await this.timers.start(tx, actor.orgId, agentId, row);
      const timer = await this.timers.of(tx, agentId);
      if (!started || !timer) throw alreadyRunning(timer);
      return { timer: timerViewOf(timer, nowMs), logged };
    });
  }

  stop(actor: Actor, input: z.output<typeof stopTimerInput>): Promise<TimeEntryView> {
    const agentId = agentOf(actor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const running = (await this.timers.of(tx, agentId)) ?? notRunning();
      await this.lock(tx, actor, [running.ticket_id]);
      const row = (await this.timers.take(tx, agentId)) ?? notRunning();
      return this.logged(tx, actor, row, input, Date.now());
    });
  }

  get(actor: Actor): Promise<State> {
    const agentId = agentOf(actor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.timers.of(tx, agentId);
      return { timer: row && timerViewOf(row, Date.now()), logged: null };
    });
  }

  /** Nothing is logged. */
  discard(actor: Actor): Promise<{ success: true }> {
    const agentId = agentOf(actor);
    return this.database.tenant(actor.orgId, async (tx) => {
      if (!(await this.timers.take(tx, agentId))) notRunning();
      return { success: true };
    });
  }

  /**
   * Tickets before timers, and tickets by id, as a merge does it: so that whoever meets here waits for the other instead of
   * locking each other out. What is not there any more is told when it is needed.
   */
  private async lock(tx: Tx, actor: Actor, ticketIds: readonly string[]): Promise<void> {
    for (const id of [...new Set(ticketIds)].sort())
      await this.find.toChange(tx, actor, id, 'read').catch((error: unknown) => {
        if (!(error instanceof DeskError) || error.code !== 'NOT_FOUND') throw error;
      });
  }

  private async logged(
    tx: Tx,
    actor: Actor,
    row: TimerRow,
    said: z.output<typeof stopTimerInput>,
    nowMs: number,
  ): Promise<TimeEntryView> {
    const minutes = said.minutes ?? timerMinutes(row.started_at.getTime(), nowMs);
    if (minutes > MAX_MINUTES) {
      throw DeskError.at(
        'UNPROCESSABLE',
        '/minutes',
        `the timer on #${row.ticket_number} ran for more than a day, since ${row.started_at.toISOString()}: say how many minutes were worked`,
      );
    }
    const ticket = await this.find.toChange(tx, actor, row.ticket_id, 'read').catch((error: unknown) => {
      if (!(error instanceof DeskError) || error.code !== 'NOT_FOUND') throw error;
      const why = 'The ticket that your timer ran for is not there for you any more: discard the timer';
      throw new DeskError('UNPROCESSABLE', why, [], { cause: error });
    });
    const { billable, started_at: workedAt } = row;
    const description = said.description ?? row.description;
    const worked = { agentId: agentOf(actor), minutes, description, billable, workedAt, contractId: null };
    return this.log.write(tx, actor, ticket.id, worked, nowMs);
  }
}

function agentOf(actor: Actor): string {
  demand(actor, 'run_timer');
  return actor.id!;
}

function notRunning(): never {
  throw new DeskError('NOT_FOUND', 'No timer of yours is running');
}

const alreadyRunning = (row: TimerRow | null): DeskError =>
  new DeskError(
    'CONFLICT',
    row
      ? `A timer of yours is running on #${row.ticket_number} since ${row.started_at.toISOString()}: stop or discard it, or send switch: true`
      : 'A timer of yours was running a moment ago; try again',
  );
