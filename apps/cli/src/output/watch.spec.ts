import { describe, expect, it } from '@jest/globals';
import { CliProblem } from '../desk/problem.js';
import { watch, watchSeconds } from './watch.js';

interface Thing {
  id: string;
  version: number;
}

/** Looks once a round until the rounds are used up. */
async function watched(rounds: (Thing[] | Error)[]): Promise<string[][]> {
  const shown: string[][] = [];
  const stop = new AbortController();
  const left = [...rounds];
  const look = async () => {
    const round = left.shift()!;
    if (left.length === 0) stop.abort();
    if (round instanceof Error) throw round;
    return round;
  };
  const show = async (items: Thing[]) => void shown.push(items.map(({ id, version }) => `${id}${version}`));
  await watch(0.001, look, ({ version }) => String(version), show, stop.signal);
  return shown;
}

describe('watching', () => {
  it('shows what is new and what has changed, and nothing twice', async () => {
    const [a1, a2, b1] = [
      { id: 'a', version: 1 },
      { id: 'a', version: 2 },
      { id: 'b', version: 1 },
    ];
    expect(await watched([[a1], [a1], [a1, b1], [a2, b1], [b1]])).toEqual([['a1'], ['b1'], ['a2']]);
  });

  it('goes on when the desk was away for a moment, and ends when it refuses', async () => {
    const a1 = { id: 'a', version: 1 };
    expect(await watched([new CliProblem('away', 6), [a1]])).toEqual([['a1']]);
    await expect(watched([new CliProblem('revoked', 3), [a1]])).rejects.toThrow('revoked');
  });

  it('is told how often', () => {
    expect([watchSeconds(true), watchSeconds('30')]).toEqual([5, 30]);
    for (const wrong of ['0', 'x', '9999']) expect(() => watchSeconds(wrong)).toThrow('--watch');
  });
});
