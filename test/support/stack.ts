import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../apps/cli/src/stack/free-ports.js';
import { endProcess, isRunning } from '../../apps/cli/src/stack/running-process.js';
import { type StackFile, readStackFile } from '../../apps/cli/src/stack/stack-file.js';

export type ServiceName =
  'postgres' | 'nats' | 'ticket-core' | 'mail-intake' | 'sla-monitor' | 'slack-bot' | 'playground';

const ROOT = join(import.meta.dirname, '../..');
const PORT_VARIABLES = [
  'CORE_HTTP_PORT',
  'SMTP_PORT',
  'SLACK_HTTP_PORT',
  'PLAYGROUND_PORT',
  'POSTGRES_PORT',
  'NATS_PORT',
  'MAIL_HTTP_PORT',
  'SLA_HTTP_PORT',
  'PLAYGROUND_SMTP_PORT',
];

export interface TestStackOptions {
  /** Added to the environment of `deskwire start`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readyWithinMs?: number;
}

/** The whole system as `npm start` runs it, from dist, on ports and in a home of its own. */
export class TestStack {
  private constructor(
    readonly home: string,
    /** As stack.json said when it was ready; process ids change, see `pid`. */
    readonly stack: StackFile,
    private readonly process: ChildProcess,
    private readonly output: () => string,
  ) {}

  /** Starts it and waits for ready. On failure the error holds what it printed and the ends of its logs. */
  static async start(options: TestStackOptions = {}): Promise<TestStack> {
    const home = await mkdtemp(join(tmpdir(), 'deskwire-stack-'));
    const ports = await freePorts(PORT_VARIABLES.length);
    const env = {
      PATH: process.env['PATH'] ?? '',
      DESKWIRE_HOME: home,
      RATE_LIMIT_PER_MINUTE: '0',
      ...Object.fromEntries(PORT_VARIABLES.map((name, at) => [name, String(ports[at])])),
      ...options.env,
    };
    const child = spawn(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'dist/apps/cli/src/main.js'), 'start'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    const console = createWriteStream(join(home, 'console.log'));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString('utf8');
        console.write(chunk);
      });
    }
    const until = Date.now() + (options.readyWithinMs ?? 60_000);
    while (child.exitCode === null && child.signalCode === null && Date.now() < until) {
      const stack = await readStackFile(home);
      if (stack) return new TestStack(home, stack, child, () => printed);
      await sleep(50);
    }
    const logs = await endsOfLogs(home);
    await endStack(child, home);
    throw new Error(`The stack did not become ready.\n${printed}\n${logs}`);
  }

  /** The process that is a service now; undefined while it is down. */
  async pid(service: ServiceName): Promise<number | undefined> {
    const pid = (await readStackFile(this.home))?.pids[service];
    return pid !== undefined && isRunning(pid) ? pid : undefined;
  }

  /** Ends a service by SIGKILL, as a crash would. The stack starts it again by itself: see `waitReady`. */
  async kill(service: ServiceName): Promise<void> {
    const pid = await this.pid(service);
    if (pid === undefined) throw new Error(`${service} is not running`);
    await endProcess(pid, [['SIGKILL', 5_000]]);
  }

  /** Takes a service down and keeps it down until `startService`. */
  async stopService(service: ServiceName, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await mkdir(join(this.home, 'held'), { recursive: true });
    await writeFile(join(this.home, 'held', service), '');
    const pid = await this.pid(service);
    if (pid !== undefined) {
      await endProcess(pid, [
        [signal, 10_000],
        ['SIGKILL', 1_000],
      ]);
    }
  }

  async startService(service: ServiceName): Promise<void> {
    await rm(join(this.home, 'held', service), { force: true });
    await this.waitReady(service);
  }

  /** Waits until a service answers again (its `/health/ready`, or for the servers a process of that name). */
  async waitReady(service: ServiceName, withinMs = 30_000): Promise<void> {
    for (const until = Date.now() + withinMs; Date.now() < until; await sleep(50)) {
      const file = await readStackFile(this.home);
      const url = file?.healthUrls[service];
      if ((await this.pid(service)) === undefined) continue;
      if (url === undefined) return;
      const ready = await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
    }
    throw new Error(`${service} was not ready within ${withinMs} ms.\n${await this.logs(service)}`);
  }

  /** What the stack itself printed so far. */
  get printed(): string {
    return this.output();
  }

  /** The ends of the logs, for a test that failed: one service's, or all. */
  async logs(service?: ServiceName): Promise<string> {
    return endsOfLogs(this.home, service);
  }

  /** Ends everything that it started and removes its home. */
  async stop(): Promise<void> {
    await endStack(this.process, this.home);
  }
}

async function endStack(child: ChildProcess, home: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    await endProcess(child.pid, [
      ['SIGTERM', 20_000],
      ['SIGKILL', 1_000],
    ]);
  }
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}

async function endsOfLogs(home: string, service?: ServiceName): Promise<string> {
  const folder = join(home, 'logs');
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    service === undefined ? name.endsWith('.log') : name === `${service}.log`,
  );
  const ends = await Promise.all(
    names.map(async (name) => `--- ${name}\n${(await readFile(join(folder, name), 'utf8')).slice(-4_000)}`),
  );
  return ends.join('\n');
}
