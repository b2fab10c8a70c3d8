import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StopStep, endProcess } from './running-process.js';
import type { SpawnAs } from './server-account.js';
import { StackProblem, sentenceOf } from './stack-problem.js';

/** One process of the stack: how to start it, how to see that it is ready, how to end it. */
export interface ProcessPlan {
  readonly name: string;
  /** Called before every start; makes the place ready and says what to spawn. */
  readonly prepare: () => Promise<SpawnAs>;
  readonly env: Readonly<Record<string, string>>;
  /** Straight into a file (servers that must outlive a broken pipe), or line by line to whoever keeps the log. */
  readonly output: { readonly file: string } | { readonly line: (line: string) => void };
  /** False: not yet. A StackProblem: never. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopSteps: readonly StopStep[];
  /** What it last said that may tell why it ended; empty if nothing. */
  readonly lastWords: () => string;
  /** While true, a process that has exited is not started again. */
  readonly isHeld?: () => boolean;
}

/** What the supervisor tells: everything a console or a pid file wants to know. */
export interface SupervisionEvents {
  readonly spawned?: (name: string, pid: number) => void;
  /** `how` is the rest of a sentence that begins with the name, full stop included. */
  readonly exited?: (name: string, how: string, againInMs: number) => void;
  readonly readyAgain?: (name: string, afterMs: number) => void;
}

/** sysexits.h: the configuration is wrong, starting again will not help. Our services exit with it. */
const EX_CONFIG = 78;

export const SUPERVISION = { firstPauseMs: 200, longestPauseMs: 5_000, calmAfterMs: 30_000, triesAtStart: 3 } as const;

/** How long to wait before the next start, after so many failures in a row (0 is the first). */
export function pauseBeforeRestartMs(failures: number): number {
  return Math.min(SUPERVISION.firstPauseMs * 2 ** failures, SUPERVISION.longestPauseMs);
}

/** Runs a process, starts it again when it exits (200 ms, doubling to 5 s, forgotten after 30 s), and ends it for good. */
export class SupervisedProcess {
  readonly #stopping = new AbortController();
  #child: ChildProcess | null = null;
  #lifecycle: Promise<void> = Promise.resolve();
  #everReady = false;
  #exitCode: number | null = null;

  constructor(
    readonly plan: ProcessPlan,
    private readonly events: SupervisionEvents = {},
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process is ready for the first time. Rejects with a StackProblem when it will not be. */
  async start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lifecycle = this.#keepRunning(resolve, reject);
    });
  }

  /** Ends the process, whatever it was doing, and waits for that. Safe to call twice and before start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const pid = this.#child?.pid;
    if (pid !== undefined) await endProcess(pid, this.plan.stopSteps);
    await this.#lifecycle;
  }

  async #keepRunning(ready: () => void, failed: (problem: StackProblem) => void): Promise<void> {
    let failures = 0;
    let earlyExits = 0;
    while (!this.#stopping.signal.aborted) {
      while (this.plan.isHeld?.() === true && (await this.#pause(100)));
      const startedAtMs = Date.now();
      let how: string;
      try {
        how = await this.#runOnce(startedAtMs, failures > 0 || this.#everReady, ready);
      } catch (error) {
        how = sentenceOf(error);
        if (!this.#everReady && error instanceof StackProblem) return failed(error);
      }
      if (this.#stopping.signal.aborted) break;
      earlyExits += 1;
      if (!this.#everReady && (earlyExits >= SUPERVISION.triesAtStart || this.#exitCode === EX_CONFIG)) {
        return failed(new StackProblem(`${this.name} does not start: it ${how}`));
      }
      if (Date.now() - startedAtMs >= SUPERVISION.calmAfterMs) failures = 0;
      const againInMs = pauseBeforeRestartMs(failures);
      failures += 1;
      this.events.exited?.(this.name, how, againInMs);
      await this.#pause(againInMs);
    }
    failed(new StackProblem(`${this.name} was stopped before it was ready.`));
  }

  /** From spawn to exit. Resolves to how it ended, as the end of a sentence that begins with the process's name. */
  async #runOnce(startedAtMs: number, again: boolean, ready: () => void): Promise<string> {
    const what = await this.plan.prepare();
    if (this.#stopping.signal.aborted) return 'was stopped';
    const child = this.#spawn(what);
    this.#child = child;
    const life = { over: false };
    const exit = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}.`));
      child.once('exit', (code, signal) => {
        this.#exitCode = code;
        const tell = (): void => {
          const how = signal ? `was ended by ${signal}.` : `exited with code ${code ?? 'unknown'}.`;
          const words = signal ? '' : this.plan.lastWords().slice(0, 500);
          resolve(words ? `${how} It said: “${words}”.` : how);
        };
        // Its last words are still in the pipe; whoever inherited the pipe may keep it open, so not for long.
        child.once('close', tell);
        setTimeout(tell, 200).unref();
      });
    }).finally(() => (life.over = true));
    if (child.pid !== undefined) this.events.spawned?.(this.name, child.pid);

    const watch = async (): Promise<void> => {
      while (!life.over && !this.#stopping.signal.aborted) {
        if ((await this.plan.isReady()) && !life.over) {
          this.#everReady = true;
          ready();
          if (again) this.events.readyAgain?.(this.name, Date.now() - startedAtMs);
          return;
        }
        if (Date.now() - startedAtMs > this.plan.readyWithinMs) {
          throw new StackProblem(`${this.name} was not ready within ${this.plan.readyWithinMs / 1000} s.`);
        }
        await sleep(50);
      }
    };
    const watching = watch();
    try {
      await Promise.race([exit, watching.then(async () => exit)]);
      return await exit;
    } catch (error) {
      if (child.pid !== undefined) await endProcess(child.pid, this.plan.stopSteps);
      await exit;
      throw error;
    } finally {
      this.#child = null;
    }
  }

  #spawn(what: SpawnAs): ChildProcess {
    const { output, env } = this.plan;
    const file = 'file' in output ? openSync(output.file, 'a', 0o600) : undefined;
    try {
      const child = spawn(what.command, what.args, {
        env,
        cwd: '/',
        // A group of its own: Ctrl-C in the terminal reaches only the supervisor, which stops things in order.
        detached: true,
        // Standard input is the leash: it closes when the supervisor is gone, however it went (see leash.ts).
        stdio: file === undefined ? ['pipe', 'pipe', 'pipe'] : ['ignore', file, file],
        ...what.account,
      });
      if ('line' in output) {
        for (const stream of [child.stdout, child.stderr]) {
          if (stream) createInterface({ input: stream }).on('line', output.line);
        }
        child.stdin?.on('error', () => {}); // EPIPE when it exits first
      }
      return child;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Waits, or less when stopped. True when it waited to the end. */
  async #pause(ms: number): Promise<boolean> {
    try {
      await sleep(ms, undefined, { signal: this.#stopping.signal });
      return true;
    } catch {
      return false;
    }
  }
}
