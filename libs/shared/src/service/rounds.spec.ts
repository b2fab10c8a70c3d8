import { describe, expect, it } from '@jest/globals';
import { Rounds } from './rounds.js';

const moment = () => new Promise((resolve) => setImmediate(resolve));

describe('what a service does by itself', () => {
  it('goes on, rests as it was told, and ends with the turn under way', async () => {
    const turns: number[] = [];
    const rounds = new Rounds(
      async () => {
        turns.push(turns.length);
        return turns.length < 3 ? 0 : 60_000;
      },
      () => {},
      60_000,
    );
    rounds.start();
    while (turns.length < 3) await moment();
    await moment();
    expect(turns).toHaveLength(3); // it rests
    rounds.wake();
    while (turns.length < 4) await moment();
    await rounds.end();
    expect([turns.length, rounds.goesOn]).toEqual([4, false]);
  });

  it('steps through to the end, and tries a step again that failed, but not for ever', async () => {
    const rounds = new Rounds(
      async () => 0,
      () => {},
      1,
    );
    const seen: number[] = [];
    await rounds.stepThrough(1, async (at) => {
      seen.push(at);
      if (at === 2 && seen.length < 4) throw new Error('met');
      return at < 3 ? at + 1 : null;
    });
    expect(seen).toEqual([1, 2, 2, 2, 3]);
    await expect(rounds.stepThrough(1, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  it('tells of a turn that failed, and goes on', async () => {
    const told: unknown[] = [];
    const rounds = new Rounds(
      () => Promise.reject(new Error(`away ${told.length}`)),
      (error) => void told.push((error as Error).message),
      1,
    );
    rounds.start();
    while (told.length < 3) await moment();
    await rounds.end();
    expect(told.slice(0, 3)).toEqual(['away 0', 'away 1', 'away 2']);
  });
});
