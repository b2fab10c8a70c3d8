// Before the integration tests: one throw-away Postgres and one nats-server with JetStream, on free ports, by the code
// that `npm start` uses. Sets TEST_DATABASE_URL (the owner's, database `postgres`) and TEST_NATS_URL (the admin's).
import './typescript-sources.mjs';
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stopServers from './stop-servers.mjs';

export default async function startServers() {
  const { findNatsServer } = await import('../../apps/cli/src/stack/find-nats-server.ts');
  const { freePorts } = await import('../../apps/cli/src/stack/free-ports.ts');
  const { NATS_USER_NAMES } = await import('../../apps/cli/src/stack/nats-permissions.ts');
  const { natsPlan, natsUrl } = await import('../../apps/cli/src/stack/nats-server.ts');
  const { ownerUrl, postgresPlan } = await import('../../apps/cli/src/stack/postgres-server.ts');
  const { SupervisedProcess } = await import('../../apps/cli/src/stack/supervised-process.ts');

  const folder = await mkdtemp(join(tmpdir(), 'deskwire-test-'));
  const servers = [];
  globalThis.deskwireTestServers = { folder, servers };
  const [postgresPort, natsPort] = await freePorts(2);
  const password = () => randomBytes(12).toString('hex');

  const postgres = {
    folder: join(folder, 'postgres'),
    port: postgresPort,
    password: password(),
    logFile: join(folder, 'postgres.log'),
    durable: false,
    maxConnections: 200,
  };
  const nats = {
    folder: join(folder, 'nats'),
    port: natsPort,
    program: await findNatsServer({
      path: process.env.PATH ?? '',
      ownFolder: join(import.meta.dirname, '../../node_modules/.cache/deskwire'),
      say: (line) => console.error(line),
    }),
    passwords: Object.fromEntries(NATS_USER_NAMES.map((name) => [name, password()])),
    logFile: join(folder, 'nats.log'),
  };
  servers.push(new SupervisedProcess(postgresPlan(postgres)), new SupervisedProcess(natsPlan(nats)));
  // Ctrl-C skips Jest's teardown: nothing may stay behind then either.
  process.once('exit', () => servers.forEach(({ pid }) => pid && process.kill(pid, 'SIGQUIT')));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    await Promise.all(servers.map(async (server) => server.start()));
  } catch (error) {
    await stopServers();
    throw error;
  }

  process.env.TEST_DATABASE_URL = ownerUrl(postgres, 'postgres');
  process.env.TEST_NATS_URL = natsUrl(nats, 'admin');
  process.env.TEST_NATS_USERS = JSON.stringify(
    Object.fromEntries(NATS_USER_NAMES.map((name) => [name, natsUrl(nats, name)])),
  );
}
