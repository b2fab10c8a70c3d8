import { describe, expect, it } from '@jest/globals';
import { Batch, Flood } from './flood.js';

describe('a flood of alerts', () => {
  it('lets ten a minute go alone', () => {
    const flood = new Flood(10, 60_000);
    const alone = Array.from({ length: 15 }, (_, second) => flood.take(second * 1_000));
    expect(alone.filter(Boolean)).toHaveLength(10);
    expect(flood.take(59_999)).toBe(false);
    expect(flood.take(60_000)).toBe(true);
  });

  it('hands over together what comes together, in lots, and each caller waits for its own', async () => {
    const handed: number[][] = [];
    const batch = new Batch<number>(
      3,
      async () => Promise.resolve(),
      async (items) => void handed.push([...items]),
    );
    await Promise.all([1, 2, 3, 4].map(async (item) => batch.add(item)));
    expect(handed).toEqual([[1, 2, 3], [4]]);
    await batch.add(5);
    expect(handed.at(-1)).toEqual([5]);
  });

  it('fails all who waited when the handing over fails, and starts anew', async () => {
    let broken = true;
    const batch = new Batch<number>(
      10,
      async () => Promise.resolve(),
      async () => (broken ? Promise.reject(new Error('Slack is away')) : Promise.resolve()),
    );
    await expect(Promise.all([batch.add(1), batch.add(2)])).rejects.toThrow('away');
    broken = false;
    await batch.add(3);
  });
});
