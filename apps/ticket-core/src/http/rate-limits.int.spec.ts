import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../../test/support/core.js';

const PER_MINUTE = 12;

let core: TestCore;
let limited: Awaited<ReturnType<TestCore['another']>>;
beforeAll(async () => {
  core = await TestCore.start();
  limited = await core.another({ RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) });
}, 60_000);
afterAll(async () => {
  await limited.close();
  await core.close();
});

const ask = (path: string, key: string | null) =>
  fetch(`${limited.url}${path}`, { headers: key === null ? {} : { authorization: `Bearer ${key}` } });
const newKey = async () => String((await core.http('/api/v1/keys', { json: { name: 'x' } })).body['key']);

describe('too many requests by one key', () => {
  it('are refused as a problem that says when to come back, by REST and tRPC alike', async () => {
    const key = await newKey();
    const first = await ask('/api/v1/tickets', key);
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-limit')).toBe(String(PER_MINUTE));
    let last = first;
    for (let at = 0; at < PER_MINUTE + 1 && last.status === 200; at++) last = await ask('/api/v1/tickets', key);
    expect(last.status).toBe(429);
    expect(last.headers.get('content-type')).toContain('application/problem+json');
    expect(last.headers.get('ratelimit-remaining')).toBe('0');
    const wait = Number(last.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60 / PER_MINUTE);
    expect(await last.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect((await ask('/api/trpc/sla.listPolicies', key)).status).toBe(429);
    expect((await ask('/api/tickets', key)).status).toBe(429);
  });

  it('do not touch another key, nor what has no limit', async () => {
    const key = await newKey();
    // Its first request is counted by address: until the key is known it may be anybody's.
    expect((await ask('/api/v1/agents/me', key)).status).toBe(200);
    expect((await ask('/api/v1/agents/me', key)).headers.get('ratelimit-remaining')).toBe(String(PER_MINUTE - 1));
    for (let at = 0; at < 3 * PER_MINUTE; at++) expect((await ask('/health/live', null)).status).toBe(200);
  });

  it('with keys that nobody has are counted by address, before anything is looked up', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 2 * PER_MINUTE; at++)
      statuses.push((await ask('/api/v1/tickets', `dw_acme_${String(at).padStart(20, '0')}`)).status);
    expect(statuses.slice(-PER_MINUTE).every((status) => status === 429)).toBe(true);
    expect(statuses.includes(200)).toBe(false);
  });

  it('are no matter where the limit is off', async () => {
    const answer = await core.http('/api/v1/agents/me');
    expect(answer.headers.get('ratelimit-limit')).toBeNull();
    const many = await Promise.all(Array.from({ length: 60 }, () => core.http('/api/v1/agents/me')));
    expect(many.every(({ status }) => status === 200)).toBe(true);
  });
});
