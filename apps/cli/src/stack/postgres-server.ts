import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { postgresPrograms } from './postgres-programs.js';
import { type StopStep, commandLineOf, endProcess, isRunning } from './running-process.js';
import { type ServerAccount, type SpawnAs, runAs, serverAccount } from './server-account.js';
import { StackProblem, failedWith, sentenceOf } from './stack-problem.js';
import { lastLineOf } from './service-log.js';
import type { ProcessPlan } from './supervised-process.js';

const run = promisify(execFile);

export interface PostgresSettings {
  /** Holds the cluster (`18/`); belongs to the account that Postgres runs as. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** False only for clusters that are thrown away: no fsync, no waiting for it. */
  readonly durable: boolean;
  readonly maxConnections: number;
}

/** Fast shutdown (clients are disconnected, a checkpoint is written), then an immediate one, which recovery mends. */
const STOP_STEPS: readonly StopStep[] = [
  ['SIGINT', 4_000],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 1_000],
];

/** The embedded Postgres 18: made at the first start, one process group, reachable from this machine only. */
export function postgresPlan(settings: PostgresSettings): ProcessPlan {
  const clusterFolder = join(settings.folder, '18');
  return {
    name: 'postgres',
    env: serverEnvironment(),
    output: { file: settings.logFile },
    lastWords: () => lastLineOf(settings.logFile),
    prepare: async (): Promise<SpawnAs> => {
      const [programs, account] = await Promise.all([postgresPrograms(), serverAccount()]);
      await makeCluster(settings, clusterFolder, programs.initdb, account);
      await endPreviousPostgres(clusterFolder);
      return runAs(account, programs.postgres, serverArguments(settings, clusterFolder), [join(clusterFolder, 'base')]);
    },
    isReady: async () => answers(ownerUrl(settings, 'postgres')),
    readyWithinMs: 60_000,
    stopSteps: STOP_STEPS,
  };
}

/** The cluster owner's URL for a database of an embedded Postgres. */
export function ownerUrl(settings: Pick<PostgresSettings, 'port' | 'password'>, database: string): string {
  return `postgres://postgres:${settings.password}@127.0.0.1:${settings.port}/${database}`;
}

/** Makes an empty database if it is not there. `adminUrl` is the owner's, of any other database. */
export async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function serverArguments(settings: PostgresSettings, clusterFolder: string): string[] {
  const options: Record<string, string | number> = {
    port: settings.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: settings.maxConnections,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    jit: 'off',
    // Its own reading and writing serves a desk of this size; worker processes would only cost memory.
    io_method: 'sync',
    max_logical_replication_workers: 0,
    fsync: settings.durable ? 'on' : 'off',
    synchronous_commit: settings.durable ? 'on' : 'off',
    full_page_writes: settings.durable ? 'on' : 'off',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return ['-D', clusterFolder, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Nothing of ours: PGDATA, PGPORT or a locale of the caller must not change the server. */
function serverEnvironment(): Record<string, string> {
  return { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };
}

/**
 * initdb into a neighbour, then one rename: a first start that was cut off leaves no half a cluster. The collation is
 * Postgres's own C.UTF-8, so the same data sorts alike on every machine whatever locales it has.
 */
async function makeCluster(
  { folder, password, durable }: PostgresSettings,
  clusterFolder: string,
  initdb: string,
  account: ServerAccount | null,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  if (await exists(join(clusterFolder, 'PG_VERSION'))) return;
  const newFolder = `${clusterFolder}.new`;
  const passwordFile = join(folder, 'first-password');
  await rm(newFolder, { recursive: true, force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (account) await chown(passwordFile, account.uid, account.gid);
    const options = [
      `--pgdata=${newFolder}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(durable ? [] : ['--no-sync']),
    ];
    const { command, args, account: identity } = runAs(account, initdb, options, [join(folder, 'x')]);
    await run(command, args, { ...identity, env: serverEnvironment(), cwd: '/' });
    await rename(newFolder, clusterFolder);
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = output.includes('No space left') ? 'the disk is full' : output || sentenceOf(error);
    throw new StackProblem(`The database could not be made in ${folder}: ${why}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A Postgres whose supervisor was killed still holds the cluster: it is ended cleanly, and started again as ours. */
async function endPreviousPostgres(clusterFolder: string): Promise<void> {
  const pidFile = join(clusterFolder, 'postmaster.pid');
  const pid = await readFile(pidFile, 'utf8').then(
    (text) => Number.parseInt(text, 10),
    () => Number.NaN,
  );
  if (!Number.isInteger(pid) || pid <= 1) return;
  const isIts = isRunning(pid) && (commandLineOf(pid)?.includes(clusterFolder) ?? false);
  if (!isIts) return rm(pidFile, { force: true });
  if (!(await endProcess(pid, STOP_STEPS))) {
    throw new StackProblem(`Another Postgres (process ${pid}) holds ${clusterFolder} and does not end.`);
  }
}

/** True when the server takes queries; false while it is starting. */
async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // a server that goes away between two polls is simply not ready
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    if (failedWith(error, '28P01')) {
      throw new StackProblem(
        'The database was made with another password than secrets.json holds: put the old secrets.json back, ' +
          'or remove the database’s folder to begin anew.',
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
