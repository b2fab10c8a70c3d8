/* oxlint-disable unicorn/require-post-message-target-origin -- a thread's postMessage has no origin */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { MailIntakeConfig } from '../config.js';

/** A thread that says nothing for so long is stuck in one mail: another takes over; after a few tries the mail is filed unread. */
const SILENT_MS = 20_000;
const START_AGAIN_MS = 1_000;

/** What the thread is told. `ease`: much is coming in, let accepting go first. */
export type Order = 'ease' | 'stop';

interface Report {
  alive?: true;
  filed?: string;
}

/** Keeps one filing thread running. */
export class FilingSupervisor {
  private thread: Worker | null = null;
  private heardAtMs = 0;
  private stopping = false;
  private watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: MailIntakeConfig,
    private readonly log: Logger,
    private readonly onFiled: (disposition: string) => void,
  ) {}

  start(): void {
    this.open();
    this.watch = setInterval(() => {
      if (this.thread && Date.now() - this.heardAtMs > SILENT_MS) {
        this.log.error('the filing thread is stuck: it is replaced');
        void this.thread.terminate();
      }
    }, 1_000);
  }

  /** Much is coming in: let accepting go first. */
  ease(): void {
    this.thread?.postMessage('ease' satisfies Order);
  }

  /** Resolves when what is in hand is filed, or after `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    clearInterval(this.watch);
    const { thread } = this;
    if (!thread) return;
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(() => void thread.terminate(), withinMs);
      thread.once('exit', () => {
        clearTimeout(giveUp);
        resolve();
      });
      thread.postMessage('stop' satisfies Order);
    });
  }

  private open(): void {
    this.heardAtMs = Date.now() + SILENT_MS; // it may take a while to start
    const thread = new Worker(new URL('./filing-thread.js', import.meta.url), { workerData: this.config });
    this.thread = thread;
    thread.on('message', ({ filed }: Report) => {
      this.heardAtMs = Date.now();
      if (filed) this.onFiled(filed);
    });
    thread.on('error', (error) => this.log.error({ err: error }, 'the filing thread broke'));
    thread.once('exit', () => {
      this.thread = null;
      if (!this.stopping) setTimeout(() => !this.stopping && this.open(), START_AGAIN_MS).unref();
    });
  }
}
