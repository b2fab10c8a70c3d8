import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { TimeEntryRepository } from './time-entry.repository.js';
import { TimerRepository } from './timer.repository.js';

const TIMER = 'timer:';

/**
 * Time goes with its ticket when that becomes one with another: entries and running timers alike. Who calls holds the locks
 * of both tickets, and writes the history.
 */
@Injectable()
export class MoveTimeEntries {
  constructor(
    private readonly entries: TimeEntryRepository,
    private readonly timers: TimerRepository,
  ) {}

  /** What was moved, for `back`: ids of entries, and timers as `timer:<agent>:<started at>`. Opaque to the caller. */
  async execute(tx: Tx, fromTicketId: string, toTicketId: string): Promise<string[]> {
    const entries = await this.entries.move(tx, fromTicketId, toTicketId);
    const timers = await this.timers.move(tx, fromTicketId, toTicketId);
    return [...entries, ...timers.map((timer) => `${TIMER}${timer.agent_id}:${timer.started_at.toISOString()}`)];
  }

  /** Only those that `execute` moved: what was logged since stays. A timer that was stopped since has become an entry, and stays. */
  async back(tx: Tx, moved: readonly string[], toTicketId: string): Promise<void> {
    const entries = moved.filter((id) => !id.startsWith(TIMER));
    await this.entries.moveSome(tx, entries, toTicketId);
    for (const timer of moved.filter((id) => id.startsWith(TIMER))) {
      const [, agentId = '', startedAt = ''] = /^timer:([^:]+):(.+)$/.exec(timer) ?? [];
      await this.timers.moveOne(tx, agentId, startedAt, toTicketId);
    }
  }
}
