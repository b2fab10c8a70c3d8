import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { systemActor } from '#shared/contracts/actor.js';
import { organisationSettings } from '#shared/contracts/organisations.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import { ChangeTicket } from './change-ticket.js';
import { ClosingRepository } from './closing.repository.js';
import { FindTicket } from './find-ticket.js';

const EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** Its tickets are locked until it commits: small enough that nobody notices. */
const BATCH = 50;

/**
 * A resolved ticket that nobody objects to closes by itself, after as many days as its organisation says. It is closed at
 * the instant when its time was up, however late anyone looked. Each batch is one transaction, and any number of replicas
 * may do it at once.
 */
@Injectable()
export class CloseResolved implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | null = null;
  private ended = false;

  constructor(
    private readonly database: Database,
    private readonly closing: ClosingRepository,
    private readonly find: FindTicket,
    private readonly change: ChangeTicket,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer ??= setInterval(() => void this.turn(), EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** How many it closed, of those whose time was up at `nowMs`. */
  async execute(nowMs: number): Promise<number> {
    const defaultDays = organisationSettings.parse({}).autoCloseDays;
    let closed = 0;
    for (const { org_id: orgId, days } of await this.closing.due(new Date(nowMs), defaultDays)) {
      for (let some = BATCH; some === BATCH && !this.ended; closed += some)
        some = await this.batch(orgId, days * DAY_MS, nowMs);
    }
    return closed;
  }

  private batch(orgId: string, windowMs: number, nowMs: number): Promise<number> {
    const system = systemActor(orgId);
    return this.database.tenant(orgId, async (tx) => {
      const ids = await this.closing.batch(tx, new Date(nowMs - windowMs), BATCH);
      for (const id of ids) {
        const row = await this.find.execute(tx, system, id, 'update');
        const dueAtMs = row.resolved_at!.getTime() + windowMs;
        await this.change.execute(tx, system, row, { status: 'closed' }, dueAtMs);
      }
      return ids.length;
    });
  }

  private async turn(): Promise<void> {
    if (this.running) return;
    this.running = this.execute(Date.now())
      .catch((error: unknown) => this.log.warn({ err: error }, 'resolved tickets are closed later'))
      .finally(() => (this.running = null));
    await this.running;
  }
}
