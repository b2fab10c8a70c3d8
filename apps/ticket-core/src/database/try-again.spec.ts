import { describe, expect, it } from '@jest/globals';
import { DeskError } from '#shared/errors/desk-error.js';
import { asDeskError } from './database.js';
import { tryAgain } from './try-again.js';

const deadlock = () => asDeskError(Object.assign(new Error('deadlock detected'), { code: '40P01' }));

/** Fails so often with this, and counts. */
function failing(times: number, error: unknown) {
  const seen = { tries: 0 };
  const work = () => (seen.tries++ < times ? Promise.reject(error) : Promise.resolve('done'));
  return { seen, work };
}

describe('a transaction that met another', () => {
  it('is tried again, four times at most', async () => {
    const twice = failing(2, deadlock());
    expect(await tryAgain(twice.work)).toBe('done');
    expect(twice.seen.tries).toBe(3);
    const always = failing(99, deadlock());
    await expect(tryAgain(always.work)).rejects.toThrow('Two changes met');
    expect(always.seen.tries).toBe(4);
  });

  it('is not, when somebody is to be told: a version that was wrong, a ticket that is not there, a bug', async () => {
    for (const error of [new DeskError('CONFLICT', 'version'), new DeskError('NOT_FOUND'), new Error('bug')]) {
      const once = failing(1, error);
      await expect(tryAgain(once.work)).rejects.toBe(error);
      expect(once.seen.tries).toBe(1);
    }
  });
});
