import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { ActivityRepository } from './activity.repository.js';
import type { ActivityRead, ActivityRow } from './activity.view.js';

/** A ticket's append-only history, as other features write and read it. */
@Injectable()
export class ActivityLog {
  constructor(private readonly activities: ActivityRepository) {}

  add(tx: Tx, orgId: string, rows: ActivityRow[]): Promise<void> {
    return this.activities.add(tx, orgId, rows);
  }

  /** Oldest first. */
  historyOf(tx: Tx, ticketId: string): Promise<ActivityRead[]> {
    return this.activities.history(tx, ticketId);
  }

  /** Of several tickets at once, each oldest first. */
  async historiesOf(tx: Tx, ticketIds: readonly string[]): Promise<Map<string, ActivityRead[]>> {
    if (ticketIds.length === 0) return new Map();
    return Map.groupBy(await this.activities.histories(tx, ticketIds), ({ ticket_id }) => ticket_id);
  }
}
