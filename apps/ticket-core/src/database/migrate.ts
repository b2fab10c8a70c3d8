import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

const FOLDER = join(import.meta.dirname, '../../migrations');
/** Any number will do, as long as nobody else uses it: two release steps at once wait for one another. */
const MIGRATION_LOCK = 7_345_001;

export interface MigrateSettings {
  /** The owner of the schema: may create roles and tables. Services never get this one. */
  databaseUrl: string;
  /** What the service logs in with: user deskwire_app, user deskwire_worker; their passwords are set from here. */
  appUrl: string;
  workerUrl: string;
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(FOLDER, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The release step: roles and schema brought up to what this version needs. Forward only; safe to run again. Returns what it applied. */
export async function migrate(settings: MigrateSettings): Promise<string[]> {
  const client = new pg.Client({ connectionString: settings.databaseUrl, application_name: 'deskwire-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRole(client, settings.appUrl, 'deskwire_app');
    await ensureRole(client, settings.workerUrl, 'deskwire_worker');
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await client.query('GRANT SELECT ON schema_migrations TO deskwire_app, deskwire_worker');
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM schema_migrations',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    const fresh: string[] = [];
    for (const migration of await readMigrations()) {
      const before = applied.get(migration.name);
      if (before === migration.checksum) continue;
      if (before)
        throw new Error(`Migration ${migration.name} was changed after it had been applied; write a new one instead`);
      await apply(client, migration);
      fresh.push(migration.name);
    }
    return fresh;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}

/** Login roles without any right but those that migrations grant. */
async function ensureRole(client: pg.Client, url: string, expected: string): Promise<void> {
  const { username, password } = new URL(url);
  if (username !== expected)
    throw new Error(`The login for ${expected} must be the user ${expected}, not ${username || 'empty'}`);
  const secret = client.escapeLiteral(decodeURIComponent(password));
  await client.query(`
    DO $$ BEGIN
      CREATE ROLE ${expected} NOLOGIN;
    EXCEPTION WHEN duplicate_object THEN NULL;
    END $$`);
  await client.query(
    `ALTER ROLE ${expected} WITH LOGIN PASSWORD ${secret} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS NOREPLICATION`,
  );
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(rows[0]!.name)} TO ${expected}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${expected}`);
}

/** The names of migrations that the schema lacks; a service refuses to start while there are any. */
export async function missingMigrations(appUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  try {
    const { rows } = await client
      .query<{ name: string }>('SELECT name FROM schema_migrations')
      .catch((error: { code?: string }) => {
        // No such table, or no right to it yet: nothing was ever applied. Anything else is not about the schema.
        if (error.code === '42P01' || error.code === '42501') return { rows: [] };
        throw error;
      });
    const applied = new Set(rows.map(({ name }) => name));
    return (await readMigrations()).map(({ name }) => name).filter((name) => !applied.has(name));
  } finally {
    await client.end();
  }
}
