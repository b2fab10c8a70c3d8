import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => void (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const open = (subject: string) => core.http('/api/v1/tickets', { json: { subject } });
const get = async <T>(path: string) => (await core.http(`/api/v1${path}`)).body as T;

describe('who has just written', () => {
  it('finds and counts it, without waiting', async () => {
    for (let n = 1; n <= 10; n += 1) {
      const word = `marmalade${n}`;
      await open(`About ${word}`);
      const { total } = await get<{ total: number }>('/tickets/stats');
      const found = await get<{ items: { ticket: { subject: string } }[] }>(`/search?q=${word}`);
      const listed = await get<{ items: { subject: string }[] }>(`/tickets?text=${word}`);
      expect([
        n,
        total,
        found.items.map(({ ticket }) => ticket.subject),
        listed.items.map(({ subject }) => subject),
      ]).toEqual([n, n, [`About ${word}`], [`About ${word}`]]);
    }
  });

  it('waits for half a second at most, and not for what failed', async () => {
    const other = new Client({ connectionString: core.database.databaseUrl });
    await other.connect();
    // As an indexer that hangs: it is alone, and reads nothing.
    await other.query('SELECT pg_advisory_lock(7345006)');
    try {
      await open('Nobody reads this yet');
      const startedAtMs = Date.now();
      expect((await core.http('/api/v1/tickets/stats')).status).toBe(200);
      const waitedMs = Date.now() - startedAtMs;
      expect(waitedMs).toBeGreaterThan(400);
      expect(waitedMs).toBeLessThan(3_000);
      await core.sql('UPDATE search_queue SET attempts = 1');
      const againAtMs = Date.now();
      await core.http('/api/v1/tickets/stats');
      expect(Date.now() - againAtMs).toBeLessThan(400);
    } finally {
      await other.end();
    }
  });
});
