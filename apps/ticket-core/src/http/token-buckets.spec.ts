import { describe, expect, it } from '@jest/globals';
import { TokenBuckets } from './token-buckets.js';

const START_MS = 1_000_000;

describe('a bucket of tokens', () => {
  it('lets a minute’s worth through at once, then refuses until one has come back', () => {
    const buckets = new TokenBuckets(60);
    const burst = Array.from({ length: 60 }, () => buckets.take('k', START_MS));
    expect(burst.every(({ allowed }) => allowed)).toBe(true);
    expect(burst[0]).toEqual({ allowed: true, remaining: 59, waitMs: 1_000 });
    expect(burst[59]).toEqual({ allowed: true, remaining: 0, waitMs: 60_000 });
    expect(buckets.take('k', START_MS)).toEqual({ allowed: false, remaining: 0, waitMs: 1_000 });
    expect(buckets.take('k', START_MS + 400)).toEqual({ allowed: false, remaining: 0, waitMs: 600 });
    expect(buckets.take('k', START_MS + 1_000)).toMatchObject({ allowed: true, remaining: 0 });
    expect(buckets.take('k', START_MS + 1_000)).toMatchObject({ allowed: false });
  });

  it('never lets more through in an hour than the burst and what comes back', () => {
    const buckets = new TokenBuckets(10);
    let allowed = 0;
    for (let atMs = 0; atMs < 60 * 60_000; atMs += 250) if (buckets.take('k', atMs).allowed) allowed++;
    expect(allowed).toBeGreaterThan(600);
    expect(allowed).toBeLessThanOrEqual(610);
  });

  it('is each key’s own', () => {
    const buckets = new TokenBuckets(1);
    expect(buckets.take('a', START_MS).allowed).toBe(true);
    expect(buckets.take('a', START_MS).allowed).toBe(false);
    expect(buckets.take('b', START_MS).allowed).toBe(true);
  });

  it('is forgotten when it is full again, and survives a clock that goes back', () => {
    const buckets = new TokenBuckets(2);
    for (let at = 0; at < 1_000; at++) buckets.take(`k${at}`, START_MS);
    expect(buckets.size).toBe(1_000);
    buckets.take('last', START_MS + 61_000);
    expect(buckets.size).toBe(1);
    expect(buckets.take('last', START_MS).allowed).toBe(true);
    expect(buckets.take('last', START_MS).allowed).toBe(false);
  });
});
