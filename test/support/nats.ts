import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '../../apps/cli/src/stack/find-nats-server.js';
import { freePorts } from '../../apps/cli/src/stack/free-ports.js';
import { NATS_USER_NAMES } from '../../apps/cli/src/stack/nats-permissions.js';
import { natsPlan, natsUrl } from '../../apps/cli/src/stack/nats-server.js';
import { SupervisedProcess } from '../../apps/cli/src/stack/supervised-process.js';

/** A nats-server of a test file's own: the subjects `desk.core.*` are shared, and files run side by side. */
export class TestNats {
  private constructor(
    private readonly folder: string,
    private readonly server: SupervisedProcess,
    /** Where each service, and the administrator, connects as itself. */
    readonly users: Readonly<Record<string, string>>,
  ) {}

  /** The administrator's. */
  get url(): string {
    return this.users['admin']!;
  }

  static async start(): Promise<TestNats> {
    const folder = await mkdtemp(join(tmpdir(), 'deskwire-nats-'));
    const [port] = await freePorts(1);
    const passwords = Object.fromEntries(NATS_USER_NAMES.map((name) => [name, randomBytes(12).toString('hex')]));
    const program = await findNatsServer({
      path: process.env['PATH'] ?? '',
      ownFolder: join(import.meta.dirname, '../../node_modules/.cache/deskwire'),
      say: (line) => process.stderr.write(`${line}\n`),
    });
    const plan = natsPlan({ folder, port: port!, program, passwords, logFile: join(folder, 'nats.log') });
    const server = new SupervisedProcess(plan);
    // A worker of Jest's that is ended skips its hooks; nothing may stay behind then either.
    process.once('exit', () => server.pid !== undefined && process.kill(server.pid, 'SIGKILL'));
    await server.start();
    const urls = NATS_USER_NAMES.map((name) => [name, natsUrl({ port: port!, passwords }, name)]);
    return new TestNats(folder, server, Object.fromEntries(urls));
  }

  /** As in a crash; its supervisor starts it again, on the same port and with the same streams. */
  kill(): void {
    process.kill(this.server.pid!, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
