import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting {
  edit: () => Promise<void>;
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** The queue ends: whoever waited tries again elsewhere. */
export class QueueEnded extends Error {
  constructor() {
    super('The bot is ending; this edit is left to the next one');
    this.name = 'QueueEnded';
  }
}

/**
 * Edits of the messages of one channel: at most one every `everyMs`, and of each message only the newest state.
 * Asking for an edit of something that already waits joins that edit: it draws the state of the moment it runs.
 */
export class EditQueue {
  private readonly waiting = new Map<string, Waiting>();
  private running = false;
  private ended = false;
  private lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly everyMs: number,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly wait: (ms: number) => Promise<unknown> = async (ms) => sleep(ms),
  ) {}

  /** Resolves when an edit that began after this call is done. */
  async edit(key: string, edit: () => Promise<void>): Promise<void> {
    if (this.ended) throw new QueueEnded();
    const known = this.waiting.get(key);
    if (known) return known.promise;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.set(key, { edit, promise, resolve, reject });
    if (!this.running) void this.work();
    return promise;
  }

  /** No more edits: the one at work finishes, those that wait are refused. */
  end(): void {
    this.ended = true;
    for (const { reject } of this.waiting.values()) reject(new QueueEnded());
    this.waiting.clear();
  }

  private async work(): Promise<void> {
    this.running = true;
    while (this.waiting.size > 0) {
      const pauseMs = this.lastAtMs + this.everyMs - this.nowMs();
      if (pauseMs > 0) await this.wait(pauseMs);
      // Taken out before it is drawn: what changes from here on needs another edit.
      const [next] = this.waiting;
      if (!next) break;
      const [key, { edit, resolve, reject }] = next;
      this.waiting.delete(key);
      this.lastAtMs = this.nowMs();
      await edit().then(resolve, reject);
    }
    this.running = false;
  }
}
