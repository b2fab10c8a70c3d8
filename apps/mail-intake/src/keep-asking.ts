import { setTimeout as sleep } from 'node:timers/promises';
import { DeskError } from '#shared/errors/desk-error.js';

/**
 * Repeats a request to the core for as long as the lease on the work allows: the core may be starting again.
 * Only for requests that do no harm when they happen twice. Errors that a second try cannot mend are thrown at once.
 */
export async function keepAsking<T>(
  ask: () => Promise<T>,
  until: { deadlineMs: number; signal: AbortSignal },
): Promise<T> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await ask();
    } catch (error) {
      const mendable = error instanceof DeskError && error.retry;
      if (!mendable || until.signal.aborted || Date.now() + pauseMs >= until.deadlineMs) throw error;
      // A service that is told to end wakes up at once, tries once more and then gives up.
      await sleep(pauseMs, undefined, { signal: until.signal }).catch(() => undefined);
    }
  }
}
