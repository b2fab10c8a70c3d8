import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { TestCore, waitFor } from '../../../../test/support/core.js';

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
      let soonestMs = Infinity;
      for (let time = 0; time < 3; time++) {
        const againAtMs = Date.now();
        await core.http('/api/v1/tickets/stats');
        soonestMs = Math.min(soonestMs, Date.now() - againAtMs);
      }
      expect(soonestMs).toBeLessThan(400);
    } finally {
      await other.end();
    }
  });
});

describe('a ticket that cannot be read', () => {
  it('holds up no other, and is read when it can be', async () => {
    await core.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'No'; END $$`);
    await core.sql(
      `CREATE TRIGGER refuse BEFORE INSERT ON ticket_search FOR EACH ROW WHEN (NEW.document @@ 'poison') EXECUTE FUNCTION refuse()`,
    );
    const found = async (word: string) => (await get<{ items: unknown[] }>(`/search?q=${word}`)).items.length;
    await open('A poison');
    await open('An antidote');
    await waitFor(async () => (await found('antidote')) === 1, 'the other to be read');
    const waiting = () => core.sql('SELECT attempts FROM search_queue WHERE attempts > 0 AND next_at > now()');
    await waitFor(waiting, 'it to be put off');
    expect([await found('poison'), await waiting()]).toEqual([0, [{ attempts: 1 }]]);
    await core.sql('DROP TRIGGER refuse ON ticket_search');
    await core.sql('UPDATE search_queue SET next_at = now()');
    await waitFor(async () => (await found('poison')) === 1, 'it to be read');
    expect(await core.sql('SELECT 1 FROM search_queue')).toEqual([]);
  });
});
