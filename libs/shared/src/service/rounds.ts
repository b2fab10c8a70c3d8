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
