import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilNextLookMs } from './until-next-look.js';
import { WatchClocks } from './watch-clocks.js';

type Callback = (error: null, message: { string(): string }) => void;

function watched(looks: (() => number | null | Promise<number | null>)[], longestSleepMs = 10_000) {
  const at: number[] = [];
  let hear: Callback = () => {};
  const due = {
    execute: async () => {
      at.push(Date.now());
      return (looks[at.length - 1] ?? (() => null))();
    },
  };
  const nats = { subscribe: (_subject: string, options: { callback: Callback }) => (hear = options.callback) };
  const log = { warn: () => {}, info: () => {} };
  const watch = new WatchClocks(due, nats as never, log as never, longestSleepMs);
  watch.onApplicationBootstrap();
  return { at, watch, hint: (body: string) => hear(null, { string: () => body }) };
}

describe('the watch over the clocks', () => {
  it('sleeps until the next clock is due, and looks just after it', async () => {
    const { at, watch } = watched([() => 60]);
    await sleep(120);
    await watch.onApplicationShutdown();
    expect(at).toHaveLength(2);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(60);
  });

  it('is woken by a hint of an earlier clock, and not by garbage', async () => {
    const { at, watch, hint } = watched([() => null]);
    await sleep(20);
    hint('not json');
    hint('{"inMs":-5}');
    await sleep(20);
    expect(at).toHaveLength(1);
    hint('{"inMs":10}');
    await sleep(60);
    await watch.onApplicationShutdown();
    expect(at).toHaveLength(2);
  });

  it('remembers a hint that comes while it is looking', async () => {
    let hintNow = () => {};
    const first = async () => {
      await sleep(20);
      hintNow();
      return null;
    };
    const { at, watch, hint } = watched([first]);
    hintNow = () => hint('{"inMs":5}');
    await sleep(120);
    await watch.onApplicationShutdown();
    expect(at).toHaveLength(2);
  });

  it('asks again when the core is away', async () => {
    const away = () => Promise.reject(new Error('away'));
    const { at, watch } = watched([away]);
    await sleep(650);
    await watch.onApplicationShutdown();
    expect(at.length).toBe(2);
  });

  it('never sleeps longer than it was told', () => {
    expect(untilNextLookMs(null, 5_000)).toBe(5_000);
    expect(untilNextLookMs(60_000, 5_000)).toBe(5_000);
    expect(untilNextLookMs(0, 5_000)).toBe(0);
    expect(untilNextLookMs(100, 5_000)).toBe(102);
  });
});
