import { DeskError } from '#shared/errors/desk-error.js';

const TRIES = 4;

/** Did two transactions meet, and Postgres ended this one (40P01 deadlock, 40001 serialisation)? Nothing of it was kept. */
export const haveMet = (error: unknown): boolean =>
  error instanceof DeskError &&
  error.code === 'CONFLICT' &&
  /^(40P01|40001)$/.test(String((error.cause as { code?: unknown } | undefined)?.code));

/**
 * A whole transaction once more when it met another one: for work that locks several tickets beside others that do.
 * @throws what the last try throws
 */
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left <= 1 || !haveMet(error)) throw error;
    }
  }
}
