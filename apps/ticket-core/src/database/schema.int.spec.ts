import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { TestNats } from '../../../../test/support/nats.js';
import { describeSchema } from './describe-schema.js';
import { migrate, missingMigrations, readMigrations } from './migrate.js';

const FILE = join(import.meta.dirname, '../../schema.sql');
const ROOT = join(import.meta.dirname, '../../../..');

let database: TestDatabase;
let owner: Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new Client({ connectionString: database.databaseUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** A database with nothing in it, beside the test's own. */
async function withEmpty(work: (urls: TestDatabase) => Promise<void>): Promise<void> {
  const name = `${new URL(database.databaseUrl).pathname.slice(1)}_empty`;
  const urlOf = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await owner.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    const { databaseUrl, appUrl, workerUrl } = database;
    await work({ ...database, databaseUrl: urlOf(databaseUrl), appUrl: urlOf(appUrl), workerUrl: urlOf(workerUrl) });
  } finally {
    await owner.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

describe('schema.sql', () => {
  it('is what the migrations make (UPDATE_SCHEMA=1 writes it anew)', async () => {
    const now = await describeSchema(owner);
    if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(FILE, now);
    expect(await readFile(FILE, 'utf8')).toBe(now);
  });
});

describe('the release step', () => {
  it('applies each migration once, however often it is run', async () => {
    await withEmpty(async (urls) => {
      const names = (await readMigrations()).map(({ name }) => name);
      expect(await missingMigrations(urls.appUrl).catch((error: Error) => error.message)).toEqual(names);
      expect(await migrate(urls)).toEqual(names);
      expect(await migrate(urls)).toEqual([]);
      expect(await missingMigrations(urls.appUrl)).toEqual([]);
    });
  }, 20_000);

  it('waits for another one that is at work', async () => {
    await withEmpty(async (urls) => {
      const [one, two, three] = await Promise.all([migrate(urls), migrate(urls), migrate(urls)]);
      expect([...one, ...two, ...three]).toEqual((await readMigrations()).map(({ name }) => name));
    });
  }, 20_000);

  it('refuses a migration that was changed after it had been applied', async () => {
    const { rows } = await owner.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM schema_migrations LIMIT 1',
    );
    const { name, checksum } = rows[0]!;
    await owner.query('UPDATE schema_migrations SET checksum = $2 WHERE name = $1', [name, 'another']);
    try {
      await expect(migrate(database)).rejects.toThrow(new RegExp(`${name} was changed`));
    } finally {
      await owner.query('UPDATE schema_migrations SET checksum = $2 WHERE name = $1', [name, checksum]);
    }
  });

  it('refuses logins that are not the two roles', async () => {
    const other = Object.assign(new URL(database.appUrl), { username: 'postgres' }).href;
    await expect(migrate({ ...database, appUrl: other })).rejects.toThrow(/must be the user deskwire_app/);
  });

  it('is missed by the service, which says so and does not start', async () => {
    const { rows } = await owner.query<{ name: string; checksum: string }>(
      'DELETE FROM schema_migrations RETURNING name, checksum',
    );
    const bus = await TestNats.start();
    try {
      const child = spawn(
        process.execPath,
        ['--import', join(ROOT, 'test/support/typescript-sources.mjs'), 'apps/ticket-core/src/main.ts'],
        {
          cwd: ROOT,
          env: {
            NATS_URL: bus.url,
            CORE_HTTP_PORT: '0',
            DATABASE_APP_URL: database.appUrl,
            DATABASE_WORKER_URL: database.workerUrl,
          },
        },
      );
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect([code, said]).toEqual([78, expect.stringContaining('The schema is behind')]);
      expect(said).toContain(rows[0]!.name);
    } finally {
      await bus.stop();
      for (const { name, checksum } of rows)
        await owner.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    }
  }, 90_000);
});
