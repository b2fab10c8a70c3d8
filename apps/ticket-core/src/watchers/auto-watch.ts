import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { WatcherRepository } from './watcher.repository.js';

/**
 * Who writes on a ticket, or is named there, watches it from then on, unless they said that they do not want to. The
 * assignee needs not: whoever has a ticket is told anyway, for as long as they have it.
 */
@Injectable()
export class AutoWatch {
  constructor(private readonly watchers: WatcherRepository) {}

  async execute(tx: Tx, orgId: string, ticketId: string, agentIds: readonly string[]): Promise<void> {
    if (agentIds.length > 0) await this.watchers.byAct(tx, orgId, ticketId, agentIds, new Date());
  }
}
