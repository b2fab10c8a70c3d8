import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Rounds } from '#shared/service/rounds.js';
import { Database } from '../database/database.js';
import { type QueuedTicket, SearchIndexRepository } from './search-index.repository.js';

const IDLE_MS = 250;
const BATCH = 100;

/**
 * Reads tickets that have changed into search and counts, a moment after they did. Nobody waits for it: what is filed or
 * answered commits without it. After a full batch it rests three times as long as it worked, so that a flood of mails has
 * the machine, and search is late then by some seconds.
 */
@Injectable()
export class IndexTickets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds = new Rounds(
    () => this.turn(),
    (error) => this.log.warn({ err: error }, 'reading tickets into the search goes on later'),
    IDLE_MS,
  );

  constructor(
    private readonly database: Database,
    private readonly index: SearchIndexRepository,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.end();
  }

  /** Somebody waits for what has changed. */
  wake(): void {
    this.rounds.wake();
  }

  private async turn(): Promise<number> {
    const startedAtMs = Date.now();
    const read = await this.batch();
    return read < BATCH ? IDLE_MS : (Date.now() - startedAtMs) * 3;
  }

  /** Returns how many were read. */
  private async batch(): Promise<number> {
    let queued: QueuedTicket[] = [];
    try {
      return await this.database.across(async (tx) => {
        if (!(await this.index.alone(tx))) return 0;
        queued = await this.index.claim(tx, BATCH);
        if (queued.length > 0) await this.index.read(tx, queued);
        return queued.length;
      });
    } catch (error) {
      if (queued.length === 0) throw error;
      return this.oneByOne(queued);
    }
  }

  /** Of a batch that failed: every ticket by itself, so that one that cannot be read holds up no other. */
  private async oneByOne(queued: readonly QueuedTicket[]): Promise<number> {
    for (const one of queued) {
      if (!this.rounds.goesOn) break;
      try {
        await this.database.across(async (tx) => {
          if (!(await this.index.alone(tx))) return;
          const rows = await this.index.claimOne(tx, one.id);
          if (rows.length > 0) await this.index.read(tx, rows);
        });
      } catch (error) {
        this.log.warn({ err: error, ticketId: one.ticket_id }, 'a ticket could not be read into the search');
        await this.database.across((tx) => this.index.later(tx, one.id));
      }
    }
    return queued.length;
  }
}
