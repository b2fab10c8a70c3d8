import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { z } from 'zod';
import { HINTS } from '#shared/contracts/hints.js';
import { untilNextLookMs } from './until-next-look.js';

/** The part of PublishDueClocks that the watch needs. */
export interface Look {
  /** Milliseconds until the next clock is due; null when none runs. */
  execute(): Promise<number | null>;
}

const hint = z.object({ inMs: z.number().nonnegative() });
const RETRY_MS = 500;
const PATIENCE_MS = 15_000;

/**
 * Sleeps until the next clock is due and looks then. A hint that some clock is due earlier cuts the sleep short; a lost
 * hint costs no more than the longest sleep. When the core or NATS is away it asks again until they are back.
 */
export class WatchClocks implements OnApplicationBootstrap, OnApplicationShutdown {
  private running = true;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  private wake: (() => void) | null = null;
  private done: Promise<void> = Promise.resolve();
  /** A hint that came while a look was under way. */
  private hintedAtMs = Number.POSITIVE_INFINITY;
  /** When the clocks were last read. */
  private lookedAtMs = Date.now();

  constructor(
    private readonly due: Look,
    private readonly nats: NatsConnection,
    private readonly log: Logger,
    private readonly longestSleepMs: number,
  ) {}

  onApplicationBootstrap(): void {
    this.nats.subscribe(HINTS.clockChanged, {
      callback: (_error, message) => {
        const parsed = hint.safeParse(readJson(message.string()));
        if (parsed.success) this.hinted(Date.now() + parsed.data.inMs);
      },
    });
    this.done = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.running = false;
    this.wake?.();
    await this.done;
  }

  private hinted(atMs: number): void {
    this.hintedAtMs = Math.min(this.hintedAtMs, atMs);
    if (this.wake && atMs < this.wakeAtMs) this.arm(atMs);
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.hintedAtMs = Number.POSITIVE_INFINITY;
      const waitMs = await this.look();
      const nowMs = Date.now();
      await this.sleepUntil(Math.min(nowMs + waitMs, Math.max(nowMs, this.hintedAtMs)));
    }
  }

  private async look(): Promise<number> {
    try {
      const nextInMs = await this.due.execute();
      this.lookedAtMs = Date.now();
      return untilNextLookMs(nextInMs, this.longestSleepMs);
    } catch (error) {
      // At a start the core may come up after us, and that is nothing to warn of.
      const level = Date.now() - this.lookedAtMs > PATIENCE_MS ? 'warn' : 'info';
      this.log[level]({ err: error }, 'the clocks could not be read; asking again');
      return RETRY_MS;
    }
  }

  private sleepUntil(atMs: number): Promise<void> {
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        if (this.timer) clearTimeout(this.timer);
        this.wake = null;
        resolve();
      };
      this.arm(atMs);
    });
  }

  private arm(atMs: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.wakeAtMs = atMs;
    this.timer = setTimeout(() => this.wake?.(), Math.max(0, atMs - Date.now()));
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
