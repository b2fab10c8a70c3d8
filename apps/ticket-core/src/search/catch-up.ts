import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { IndexTickets } from './index-tickets.js';
import { SearchIndexRepository } from './search-index.repository.js';

/** More than this is a flood: whoever asks gets what is read so far. */
const FEW = 300;
const PATIENCE_MS = 500;
const LOOK_AGAIN_MS = 15;

/**
 * Who has just opened a ticket finds and counts it: a search waits for the few tickets of its organisation that have
 * changed and are not read yet, for half a second at most.
 */
@Injectable()
export class CatchUp {
  constructor(
    private readonly index: SearchIndexRepository,
    private readonly indexer: IndexTickets,
  ) {}

  async execute(orgId: string): Promise<void> {
    const last = await this.index.lastOfFew(orgId, FEW);
    if (last === null) return;
    this.indexer.wake();
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      await sleep(LOOK_AGAIN_MS);
      if (!(await this.index.isWaiting(orgId, last))) return;
    }
  }
}
