const MAX_TRIES = 3;

/**
 * What a service does by itself, one turn after the other, until the service ends: `turn` says how long to rest after it
 * (milliseconds; 0: go on at once). A turn that throws is told and tried again after `restMs`.
 */
export class Rounds {
  private running = true;
  private endRest: (() => void) | null = null;
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly turn: () => Promise<number>,
    private readonly failed: (error: unknown) => void,
    private readonly restMs: number,
  ) {}

  /** False from the moment on when the service is asked to end: a long turn looks now and then. */
  get goesOn(): boolean {
    return this.running;
  }

  start(): void {
    this.done = this.run();
  }

  /** Ends with the turn that is under way. */
  async end(): Promise<void> {
    this.running = false;
    this.wake();
    await this.done;
  }

  /** There is something to do: the rest is over. */
  wake(): void {
    this.endRest?.();
  }

  rest(ms: number = this.restMs): Promise<void> {
    if (!this.running || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.endRest = end;
    });
  }

  /**
   * Goes on from step to step until there is none (null), or the service ends. A step that fails is tried again after a rest,
   * since two changes may have met, or the database was away for a moment; failing `MAX_TRIES` times in a row it is thrown.
   */
  async stepThrough<Place>(from: Place, step: (at: Place) => Promise<Place | null>): Promise<void> {
    let at: Place | null = from;
    let tries = 0;
    while (at !== null && this.running) {
      try {
        at = await step(at);
        tries = 0;
      } catch (error) {
        if ((tries += 1) >= MAX_TRIES) throw error;
        await this.rest();
      }
    }
  }

  private async run(): Promise<void> {
    while (this.running) {
      const restMs = await this.turn().catch((error: unknown) => {
        this.failed(error);
        return this.restMs;
      });
      await this.rest(restMs);
    }
  }
}
