// Before the integration tests: one throw-away Postgres, on a free port, by the code that `npm start` uses. Sets
// TEST_DATABASE_URL (the owner's, database `postgres`). A bus is each file's own (nats.ts); only its program is got here.
import './typescript-sources.mjs';
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stopServers from './stop-servers.mjs';

export default async function startServers() {
  const { findNatsServer } = await import('../../apps/cli/src/stack/find-nats-server.ts');
  const { freePorts } = await import('../../apps/cli/src/stack/free-ports.ts');
  const { ownerUrl, postgresPlan } = await import('../../apps/cli/src/stack/postgres-server.ts');
  const { SupervisedProcess } = await import('../../apps/cli/src/stack/supervised-process.ts');

  // Here and once: files that run side by side would install it over each other.
  await findNatsServer({
    path: process.env.PATH ?? '',
    ownFolder: join(import.meta.dirname, '../../node_modules/.cache/deskwire'),
    say: (line) => console.error(line),
  });

  const folder = await mkdtemp(join(tmpdir(), 'deskwire-test-'));
  const [port] = await freePorts(1);
  const settings = {
    folder: join(folder, 'postgres'),
    port,
    password: randomBytes(12).toString('hex'),
    logFile: join(folder, 'postgres.log'),
    durable: false,
    maxConnections: 200,
  };
  const postgres = new SupervisedProcess(postgresPlan(settings));
  globalThis.deskwireTestServers = { folder, postgres };
  // Ctrl-C skips Jest's teardown: nothing may stay behind then either.
  process.once('exit', () => postgres.pid && process.kill(postgres.pid, 'SIGQUIT'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  try {
    await postgres.start();
  } catch (error) {
    await stopServers();
    throw error;
  }

  process.env.TEST_DATABASE_URL = ownerUrl(settings, 'postgres');
}
