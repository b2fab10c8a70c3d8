import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import { AttachmentRepository } from './attachment.repository.js';
import { ATTACHMENT_RULES, type AttachmentRules, BLOBS } from './attachment-rules.js';

/** Session-level advisory lock: of several cores one sweeps. */
export const SWEEP_LOCK = 7_345_022;
const HOUR_MS = 60 * 60_000;
const WAITING_HOURS = 24;
const UNUSED_HOURS = 48;
const PAGE = 500;
const BETWEEN_PAGES_MS = 50;
/** When of so many old blobs this database knows not one, it is somebody else's store. Keys are hashes: a page is a sample. */
const SUSPICIOUS = 100;
const FIRST_WITHIN_MS = HOUR_MS / 2;

const swept = new Counter({ name: 'deskwire_blobs_swept_total', help: 'Blobs removed that nobody referred to' });

export interface SweepResult {
  expired: number;
  looked: number;
  removed: number;
}

/**
 * Removes blobs that nobody refers to: uploads that were never posted, files that were deleted, what a broken-off request
 * left. Only what is two days old, in pages, and never what somebody puts again at this moment (BlobStore.removeIfOlder).
 */
@Injectable()
export class SweepBlobs implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly attachments: AttachmentRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(ATTACHMENT_RULES) private readonly rules: AttachmentRules,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.rules.sweepEveryHours > 0) this.running = this.run(this.rules.sweepEveryHours * HOUR_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(everyMs: number): Promise<void> {
    // Not all at once when all are started, and not at the start itself.
    let waitMs = Math.min(everyMs, FIRST_WITHIN_MS) * (0.2 + Math.random() * 0.8);
    while (await this.waited(waitMs)) {
      try {
        const result = await this.execute();
        if (result) this.log.info(result, 'swept the blob store');
      } catch (error) {
        this.log.warn({ err: error }, 'the blob store is swept later');
      }
      waitMs = everyMs;
    }
  }

  /** One sweep; null when another core is at it. */
  async execute(now = new Date()): Promise<SweepResult | null> {
    const connection = await this.database.workerConnection();
    try {
      const { rows } = await connection.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
        SWEEP_LOCK,
      ]);
      return rows[0]?.locked ? await this.sweep(now) : null;
    } finally {
      await connection.end().catch(() => undefined);
    }
  }

  private async sweep(now: Date): Promise<SweepResult> {
    const result: SweepResult = { expired: 0, looked: 0, removed: 0 };
    for (let expired = PAGE; expired === PAGE && !this.stopping.signal.aborted;) {
      expired = await this.attachments.expire(WAITING_HOURS, PAGE);
      result.expired += expired;
    }
    const olderThan = new Date(now.getTime() - UNUSED_HOURS * HOUR_MS);
    await this.blobs.removeLeftovers(olderThan);
    let known = 0;
    for await (const page of this.blobs.list(PAGE)) {
      if (this.stopping.signal.aborted) break;
      result.looked += page.length;
      const old = page.filter(({ modifiedAt }) => modifiedAt < olderThan).map(({ key }) => key);
      const unused = old.length > 0 ? await this.attachments.unreferenced(old, UNUSED_HOURS) : [];
      known += old.length - unused.length;
      if (known === 0 && unused.length >= SUSPICIOUS) {
        const why = `this database refers to none of ${unused.length} old blobs: does the store belong to another one?`;
        this.log.error({ ...result, unused: unused.length }, `nothing is swept: ${why}`);
        break;
      }
      for (const key of unused) if (await this.blobs.removeIfOlder(key, olderThan)) result.removed++;
      await this.waited(BETWEEN_PAGES_MS);
    }
    swept.inc(result.removed);
    return result;
  }

  private waited(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: this.stopping.signal, ref: false }).catch(() => false);
  }
}
