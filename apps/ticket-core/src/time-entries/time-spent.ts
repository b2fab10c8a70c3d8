import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { TimeEntryRepository } from './time-entry.repository.js';

/** What a ticket has cost in time so far; one look at an index of its entries. */
@Injectable()
export class TimeSpent {
  constructor(private readonly entries: TimeEntryRepository) {}

  /** Minutes. */
  spentOn(tx: Tx, ticketId: string): Promise<number> {
    return this.entries.spentOn(tx, ticketId);
  }
}
