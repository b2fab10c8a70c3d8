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
