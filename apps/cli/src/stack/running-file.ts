import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type StopStep, commandLineOf, endProcess, isRunning } from './running-process.js';
import { writePrivately } from './stack-file.js';
import { StackProblem } from './stack-problem.js';

/** A process that a stack started, and a part of its command line by which to know it again: ids are used anew. */
export interface RunningProcess {
  readonly pid: number;
  readonly mark: string;
}

const runningSchema = z.record(z.string(), z.object({ pid: z.int().min(2), mark: z.string().min(1) }));

const END_LEFTOVER: readonly StopStep[] = [
  ['SIGINT', 4_000],
  ['SIGKILL', 1_000],
];

/**
 * `$DESKWIRE_HOME/running.json`: who runs in this home. It keeps a second stack out, and lets the next start end what a
 * killed supervisor left behind.
 */
export class RunningFile {
  readonly #path: string;
  readonly #processes = new Map<string, RunningProcess>();
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Takes the home for this process. A StackProblem if a live stack has it. */
  static async take(home: string, own: RunningProcess, say: (line: string) => void): Promise<RunningFile> {
    const path = join(home, 'running.json');
    const { stack, ...others } = await readRunning(path);
    if (stack && stack.pid !== own.pid && isStill(stack)) {
      throw new StackProblem(
        `Deskwire is already running here (process ${stack.pid}, state in ${home}). ` +
          `Stop it first (Ctrl-C, or kill ${stack.pid}), or set DESKWIRE_HOME and the ports to run another one.`,
      );
    }
    const left = Object.entries(others).filter(([, running]) => isStill(running));
    if (left.length > 0) {
      say(`Ending what an earlier run left behind: ${left.map(([name]) => name).join(', ')}`);
      // Services before the servers they talk to.
      const isServer = ([name]: [string, RunningProcess]): boolean => name === 'postgres' || name === 'nats';
      for (const group of [left.filter((one) => !isServer(one)), left.filter(isServer)]) {
        await Promise.all(group.map(async ([, { pid }]) => endProcess(pid, END_LEFTOVER)));
      }
    }
    const file = new RunningFile(path);
    await file.note('stack', own);
    return file;
  }

  /** Remembers a process; one of the same name is replaced. */
  async note(name: string, running: RunningProcess): Promise<void> {
    this.#processes.set(name, running);
    const content = Object.fromEntries(this.#processes);
    // One write after the other: two processes may start at the same moment.
    this.#written = this.#written.then(async () => writePrivately(this.#path, content));
    return this.#written;
  }

  /** Process ids by name, as stack.json shows them. */
  get pids(): Record<string, number> {
    return Object.fromEntries([...this.#processes].map(([name, { pid }]) => [name, pid]));
  }

  async remove(): Promise<void> {
    await this.#written.catch(() => {});
    await rm(this.#path, { force: true });
  }
}

async function readRunning(path: string): Promise<Record<string, RunningProcess>> {
  try {
    return runningSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {}; // none, or one that a crash left half: nothing that we could verify
  }
}

function isStill({ pid, mark }: RunningProcess): boolean {
  return isRunning(pid) && (commandLineOf(pid)?.includes(mark) ?? false);
}
