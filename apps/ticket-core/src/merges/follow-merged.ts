import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { type FamilyRow, MergeRepository, type WayRow } from './merge.repository.js';

/** Where a merged ticket is to be found now, and who takes part in what became one. */
@Injectable()
export class FollowMerged {
  constructor(private readonly merges: MergeRepository) {}

  /** From the ticket (first) to the one that it is part of now (last); only itself when it was never merged. */
  way(tx: Tx, ticketId: string): Promise<WayRow[]> {
    return this.merges.way(tx, ticketId);
  }

  /** The ticket and all that are part of it, with their participants. */
  family(tx: Tx, ticketId: string): Promise<FamilyRow[]> {
    return this.merges.family(tx, ticketId);
  }

  /** The ticket of the family, beside the survivor itself, in which this address takes part; null when in none. */
  async throughWhich(tx: Tx, survivorId: string, address: string): Promise<FamilyRow | null> {
    const family = await this.merges.family(tx, survivorId);
    return family.find(({ id, email, cc }) => id !== survivorId && (email === address || cc.includes(address))) ?? null;
  }

  /**
   * The ticket whose customer alone a message counts as said to, when it comes by way of that ticket: the first on the way
   * whose merge keeps its customer apart. Null: nobody is kept apart.
   */
  async apartOf(tx: Tx, ticketId: string): Promise<string | null> {
    return (await this.merges.way(tx, ticketId)).find(({ apart }) => apart)?.id ?? null;
  }
}
