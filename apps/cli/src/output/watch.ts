import { setTimeout as sleep } from 'node:timers/promises';
import { CliProblem } from '../desk/problem.js';

export const WATCH_OPTION = [
  '-w, --watch [seconds]',
  'stay, and print what is new or has changed (every 5 seconds unless told)',
] as const;

export function watchSeconds(given: string | boolean): number {
  const seconds = given === true ? 5 : Number(given);
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > 3_600)
    throw new CliProblem('--watch: must be 1 to 3,600 seconds', 2);
  return seconds;
}

/**
 * Looks again and again, and hands over what was not there before or is another version now. What fails for a moment
 * (exit code 6) is told once and tried again; anything else ends it.
 */
export async function watch<Item extends { id: string }>(
  seconds: number,
  look: () => Promise<Item[]>,
  versionOf: (item: Item) => string,
  show: (items: Item[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const seen = new Map<string, string>();
  let away = false;
  for (;;) {
    try {
      const items = await look();
      const fresh = items.filter((item) => seen.get(item.id) !== versionOf(item));
      for (const item of fresh) seen.set(item.id, versionOf(item));
      if (fresh.length > 0) await show(fresh);
      away = false;
    } catch (error) {
      if (!(error instanceof CliProblem) || error.exitCode !== 6) throw error;
      if (!away) process.stderr.write(`deskwire: ${error.message}; trying again\n`);
      away = true;
    }
    if (signal?.aborted) return;
    await sleep(seconds * 1_000, undefined, signal ? { signal } : {}).catch(() => {});
    if (signal?.aborted) return;
  }
}
