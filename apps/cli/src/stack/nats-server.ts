import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { natsConf } from './nats-conf.js';
import { lastLineOf } from './service-log.js';
import type { ProcessPlan } from './supervised-process.js';

export interface NatsSettings {
  /** Holds `nats.conf` and the streams (`jetstream/`). */
  readonly folder: string;
  readonly port: number;
  /** The program; see find-nats-server.ts. */
  readonly program: string;
  readonly passwords: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** The embedded nats-server with JetStream, on this machine only. */
export function natsPlan(settings: NatsSettings): ProcessPlan {
  const confFile = join(settings.folder, 'nats.conf');
  return {
    name: 'nats',
    // The Go runtime gives memory back sooner than it would by default; a desk's bus is small.
    env: { GOGC: '50' },
    output: { file: settings.logFile },
    lastWords: () => lastLineOf(settings.logFile),
    prepare: async () => {
      await mkdir(settings.folder, { recursive: true, mode: 0o700 });
      const conf = natsConf({
        listen: `127.0.0.1:${settings.port}`,
        storeFolder: join(settings.folder, 'jetstream'),
        maxMemory: '64MB',
        maxFile: '2GB',
        passwordOf: (user) => {
          const password = settings.passwords[user];
          if (password === undefined) throw new Error(`nats user ${user} has no password`);
          return JSON.stringify(password);
        },
      });
      await writeFile(confFile, conf, { mode: 0o600 });
      await chmod(confFile, 0o600); // one that was there keeps its mode otherwise
      return { command: settings.program, args: ['--config', confFile] };
    },
    isReady: async () => greetsWithJetStream(settings.port),
    readyWithinMs: 60_000,
    stopSteps: [
      ['SIGTERM', 3_000],
      ['SIGKILL', 1_000],
    ],
  };
}

/** URL for one user of the embedded server. */
export function natsUrl(settings: Pick<NatsSettings, 'port' | 'passwords'>, user: string): string {
  return `nats://${user}:${settings.passwords[user] ?? ''}@127.0.0.1:${settings.port}`;
}

/** A NATS server's first line is `INFO {…}`; it listens only after JetStream has recovered its streams. */
async function greetsWithJetStream(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    let greeting = '';
    socket.setTimeout(1_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => resolve(false));
    socket.on('data', (chunk) => {
      greeting += chunk.toString('utf8');
      if (greeting.includes('\r\n')) answer(/^INFO .*"jetstream":true/.test(greeting));
    });
  });
}
