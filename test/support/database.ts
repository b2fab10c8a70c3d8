import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../apps/ticket-core/src/database/migrate.js';

/** A database of a test's own, with the schema in it and nothing else. */
export interface TestDatabase {
  /** The owner's. */
  readonly databaseUrl: string;
  /** As the service: row-level security applies. */
  readonly appUrl: string;
  /** As the relay and the claims: across organisations, with just those grants. */
  readonly workerUrl: string;
  readonly drop: () => Promise<void>;
}

const TEMPLATE = 'deskwire_template';
const TEMPLATE_LOCK = 731_001;

/**
 * Clones a database from a template that is migrated once a run (some 50 ms a clone). Roles belong to the whole server,
 * so all clones share `deskwire_app` and `deskwire_worker`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(async (owner) => {
    await ensureTemplate(owner);
    await owner.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  });
  return {
    ...urlsOf(name),
    drop: async () =>
      asOwner(async (owner) => void (await owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/** Test files run in parallel: the first takes the lock and migrates, the others wait for it. */
async function ensureTemplate(owner: Client): Promise<void> {
  await owner.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const known = await owner.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (known.rowCount === 1) return;
    // Renamed when it is whole: a migration that fails leaves no half a template for the next file.
    const unfinished = `${TEMPLATE}_unfinished`;
    await owner.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await owner.query(`CREATE DATABASE ${unfinished}`);
    await migrate(urlsOf(unfinished));
    await owner.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
  } finally {
    await owner.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

function urlsOf(database: string): Pick<TestDatabase, 'databaseUrl' | 'appUrl' | 'workerUrl'> {
  const as = (user?: string): string => {
    const url = new URL(serverUrl());
    url.pathname = `/${database}`;
    if (user !== undefined) {
      url.username = user;
      url.password = `${user}_of_the_tests`;
    }
    return url.href;
  };
  return { databaseUrl: as(), appUrl: as('deskwire_app'), workerUrl: as('deskwire_worker') };
}

async function asOwner(work: (owner: Client) => Promise<void>): Promise<void> {
  const owner = new Client({ connectionString: serverUrl() });
  await owner.connect();
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is missing: run Jest with --selectProjects integration.');
  return url;
}
