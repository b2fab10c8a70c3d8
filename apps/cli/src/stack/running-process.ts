import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { failedWith } from './stack-problem.js';

/** True while a process with this id exists (whoever owns it); a zombie that nobody has reaped yet does not count. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!failedWith(error, 'EPERM')) return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The command line of a process, or null when it is gone. Linux without `ps` and macOS without /proc both answer. */
export function commandLineOf(pid: number): string | null {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** One try to end a process: this signal, then this long for it to go. */
export type StopStep = readonly [signal: NodeJS.Signals, withinMs: number];

/** Ends a process by id, ever more firmly. Resolves when it is gone; false if it outlived the last step. */
export async function endProcess(pid: number, steps: readonly StopStep[]): Promise<boolean> {
  for (const [signal, withinMs] of steps) {
    if (!isRunning(pid)) return true;
    try {
      process.kill(pid, signal);
    } catch {
      // Gone in between: the loop sees it.
    }
    for (const until = Date.now() + withinMs; Date.now() < until; await sleep(20)) if (!isRunning(pid)) return true;
  }
  return !isRunning(pid);
}
