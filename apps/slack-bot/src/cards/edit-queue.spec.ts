import { describe, expect, it } from '@jest/globals';
import { EditQueue, QueueEnded } from './edit-queue.js';

/** A queue on a clock that only moves when the queue waits. */
function queueOnFakeClock() {
  let nowMs = 0;
  const done: { key: string; atMs: number; state: number }[] = [];
  const states = new Map<string, number>();
  const queue = new EditQueue(
    1_000,
    () => nowMs,
    async (ms) => {
      nowMs += ms;
    },
  );
  const change = async (key: string): Promise<void> => {
    states.set(key, (states.get(key) ?? 0) + 1);
    return queue.edit(key, async () => {
      done.push({ key, atMs: nowMs, state: states.get(key)! });
    });
  };
  return { queue, change, done };
}

describe('edits of a channel’s cards', () => {
  it('draws the first at once and then one a second', async () => {
    const { change, done } = queueOnFakeClock();
    await Promise.all([change('a'), change('b'), change('c')]);
    expect(done.map(({ key, atMs }) => [key, atMs])).toEqual([
      ['a', 0],
      ['b', 1_000],
      ['c', 2_000],
    ]);
  });

  it('makes a hundred changes of one card two edits, the last of which shows the last state', async () => {
    const { change, done } = queueOnFakeClock();
    await Promise.all(Array.from({ length: 100 }, async () => change('a')));
    expect(done.length).toBeLessThanOrEqual(2);
    expect(done.at(-1)!.state).toBe(100);
  });

  it('tells a failure to those who waited for that edit, and goes on', async () => {
    const { queue, change, done } = queueOnFakeClock();
    await expect(queue.edit('x', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await change('a');
    expect(done).toHaveLength(1);
  });

  it('refuses what still waits when it ends', async () => {
    const { queue } = queueOnFakeClock();
    let release = (): void => undefined;
    const first = queue.edit('a', () => new Promise<void>((resolve) => (release = resolve)));
    const second = queue.edit('b', async () => undefined);
    queue.end();
    await expect(second).rejects.toThrow(QueueEnded);
    release();
    await first;
    await expect(queue.edit('c', async () => undefined)).rejects.toThrow(QueueEnded);
  });
});
