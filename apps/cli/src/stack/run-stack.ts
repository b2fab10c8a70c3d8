import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Addresses, DATABASE_NAME, addressesOf } from './addresses.js';
import { type StackConfig, portsInUse } from './config.js';
import { findNatsServer } from './find-nats-server.js';
import { portProblem } from './free-ports.js';
import { prepareHome } from './home-folder.js';
import { natsPlan } from './nats-server.js';
import { ensureDatabase, ownerUrl, postgresPlan } from './postgres-server.js';
import { RunningFile } from './running-file.js';
import { type Secrets, readOrMakeSecrets } from './secrets.js';
import { ServiceLog, freshLogFile } from './service-log.js';
import { type Service, releaseStep, servicePlan, serviceScript, servicesOf } from './services.js';
import type { StackConsole } from './stack-console.js';
import { type StackFile, removeStackFile, writeStackFile } from './stack-file.js';
import { StackProblem, sentenceOf } from './stack-problem.js';
import { type ProcessPlan, SupervisedProcess, type SupervisionEvents } from './supervised-process.js';

export interface StackOptions {
  readonly config: StackConfig;
  readonly console: StackConsole;
  /** Shows every line of every service. */
  readonly verbose: boolean;
}

/** The whole of Deskwire on this machine: servers, release step, services; started in order and ended in reverse. */
export class Stack {
  readonly #options: StackOptions;
  /** Groups in the order of their start: the servers, the core, the services around it. */
  readonly #groups: SupervisedProcess[][] = [];
  readonly #logs: ServiceLog[] = [];
  #running: RunningFile | null = null;
  #releasing: ChildProcess | null = null;
  #isReady = false;
  #ended: Promise<void> | null = null;
  #describe: (() => StackFile) | null = null;
  #stackFileWritten: Promise<void> = Promise.resolve();

  constructor(options: StackOptions) {
    this.#options = options;
  }

  /** Resolves when everything answers and stack.json is there. On a StackProblem nothing is left running. */
  async start(): Promise<void> {
    try {
      await this.#start(Date.now());
    } catch (error) {
      const wasAsked = this.#ended !== null;
      await this.stop();
      if (!wasAsked) throw error;
    }
  }

  /** Ends everything that this stack started, services first; waits for it. Safe at any time and more than once. */
  async stop(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #start(startedAtMs: number): Promise<void> {
    const { config, console } = this.#options;
    console.say(`Deskwire keeps its state in ${config.home}`);
    await prepareHome(config.home);
    this.#running = await RunningFile.take(config.home, { pid: process.pid, mark: OWN_MARK }, console.step);
    await removeStackFile(config.home);
    await rm(join(config.home, 'held'), { recursive: true, force: true });
    const secrets = await readOrMakeSecrets(config.home);
    await refuseTakenPorts(config);
    const at = addressesOf(config, secrets);
    const services = servicesOf(config, secrets, at);

    await this.#startServers(secrets);
    this.#refuseWhenEnding();
    console.step('Preparing the database …');
    await this.#release(secrets, at);
    this.#refuseWhenEnding();
    console.step(`Starting ${services.map(({ name }) => name).join(', ')} …`);
    await this.#startServices(services);
    this.#refuseWhenEnding();

    this.#describe = () => describe(config, secrets, at, services, this.#running?.pids ?? {});
    await this.#writeStackFile();
    this.#isReady = true;
    console.ready(config, at, Date.now() - startedAtMs);
  }

  async #startServers(secrets: Secrets): Promise<void> {
    const { config, console } = this.#options;
    const starts: Promise<void>[] = [];
    const group: SupervisedProcess[] = [];
    this.#groups.push(group);
    const add = async (plan: ProcessPlan, mark: string): Promise<void> => {
      const server = new SupervisedProcess(
        plan,
        this.#events(() => mark),
      );
      group.push(server);
      await server.start();
    };
    if (config.DATABASE_URL === undefined) {
      console.step('Starting Postgres 18 …');
      const settings = {
        folder: join(config.home, 'postgres'),
        port: config.POSTGRES_PORT,
        password: secrets.postgresPassword,
        logFile: freshLogFile(config.home, 'postgres'),
        durable: true,
        maxConnections: 60,
      };
      const start = async (): Promise<void> => {
        await add(postgresPlan(settings), settings.folder);
        await ensureDatabase(ownerUrl(settings, 'postgres'), DATABASE_NAME);
      };
      starts.push(start());
    }
    if (config.NATS_URL === undefined) {
      const start = async (): Promise<void> => {
        const ownFolder = join(config.home, 'bin');
        const program = await findNatsServer({ path: config.PATH, ownFolder, say: console.step });
        this.#refuseWhenEnding();
        console.step('Starting nats-server …');
        const plan = natsPlan({
          folder: config.home,
          port: config.NATS_PORT,
          program,
          passwords: secrets.natsPasswords,
          logFile: freshLogFile(config.home, 'nats'),
        });
        await add(plan, join(config.home, 'nats.conf'));
      };
      starts.push(start());
    }
    await Promise.all(starts);
  }

  async #startServices(services: readonly Service[]): Promise<void> {
    const supervised = services.map((service) => {
      const log = new ServiceLog(
        this.#options.config.home,
        service.name,
        this.#options.console.event,
        this.#options.verbose,
      );
      this.#logs.push(log);
      return new SupervisedProcess(servicePlan(service, this.#options.config.home, log), this.#events(serviceScript));
    });
    const isCore = ({ name }: SupervisedProcess): boolean => name === 'ticket-core';
    this.#groups.push(
      supervised.filter(isCore),
      supervised.filter((one) => !isCore(one)),
    );
    await Promise.all(supervised.map(async (service) => service.start()));
  }

  /** Migrations and seed run to their end before any service starts; what they say on standard error is the reason. */
  async #release(secrets: Secrets, at: Addresses): Promise<void> {
    const { script, env } = releaseStep(this.#options.config, secrets, at);
    const log = new ServiceLog(
      this.#options.config.home,
      'prepare',
      this.#options.console.event,
      this.#options.verbose,
    );
    let complaint = '';
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#releasing = child;
    child.stdout.on('data', (chunk: Buffer) => chunk.toString('utf8').split('\n').filter(Boolean).forEach(log.line));
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString('utf8')}`.slice(-2_000);
      chunk.toString('utf8').split('\n').filter(Boolean).forEach(log.line);
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    this.#releasing = null;
    log.close();
    if (code !== 0)
      throw new StackProblem(complaint.trim() || `The database could not be prepared (exit code ${code})`);
  }

  #events(markOf: (name: string) => string): SupervisionEvents {
    const { console } = this.#options;
    return {
      spawned: (name, pid) => {
        const noted = this.#running?.note(name, { pid, mark: markOf(name) }).then(async () => this.#writeStackFile());
        noted?.catch((error: unknown) => console.event(`The process list cannot be written: ${sentenceOf(error)}`));
      },
      exited: (name, how, againInMs) => console.event(`${name} ${how} Starting it again in ${againInMs / 1000} s.`),
      readyAgain: (name, afterMs) => console.event(`${name} is back after ${(afterMs / 1000).toFixed(1)} s`),
    };
  }

  async #writeStackFile(): Promise<void> {
    const write = async (): Promise<void> => {
      if (this.#describe && !this.#ended) await writeStackFile(this.#options.config.home, this.#describe());
    };
    this.#stackFileWritten = this.#stackFileWritten.then(write, write);
    return this.#stackFileWritten;
  }

  #refuseWhenEnding(): void {
    if (this.#ended) throw new StackProblem('Deskwire was stopped before it was ready.');
  }

  async #end(): Promise<void> {
    const { config, console } = this.#options;
    if (this.#isReady) console.say('\nStopping …');
    await this.#stackFileWritten.catch(() => {});
    if (this.#running) await removeStackFile(config.home).catch(() => {});
    if (this.#releasing?.pid !== undefined) this.#releasing.kill('SIGTERM');
    for (const group of this.#groups.toReversed()) await Promise.all(group.map(async (one) => one.stop()));
    for (const log of this.#logs) log.close();
    await this.#running?.remove();
    if (this.#isReady) console.say('Everything that Deskwire started has ended.');
  }
}

/** A part of our own command line: what a second start looks for. */
const OWN_MARK = join('apps', 'cli', 'src', 'main.js');

async function refuseTakenPorts(config: StackConfig): Promise<void> {
  const problems = await Promise.all(
    portsInUse(config).map(async ({ variable, port, host }) => {
      const code = await portProblem(host, port);
      if (code === null) return null;
      if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: set ${variable} to a free one.`;
      if (code === 'EACCES') return `Port ${port} needs more rights than yours: set ${variable} to one above 1023.`;
      return `Nothing can listen on ${host} port ${port} (${code}): check LISTEN_HOST and ${variable}.`;
    }),
  );
  const sentences = problems.filter((problem) => problem !== null);
  if (sentences.length > 0) throw new StackProblem(sentences.join('\n'));
}

function describe(
  config: StackConfig,
  secrets: Secrets,
  at: Addresses,
  services: readonly Service[],
  pids: Record<string, number>,
): StackFile {
  return {
    apiUrl: at.api,
    apiKey: secrets.apiKey,
    smtp: at.smtp,
    slackUrl: at.slack,
    slackEventsUrl: at.slackEvents,
    playgroundUrl: config.playground ? at.playground : null,
    supportAddress: at.support,
    databaseUrl: at.database,
    databaseAppUrl: at.databaseApp,
    databaseWorkerUrl: at.databaseWorker,
    natsUrl: at.natsAs('admin'),
    mailHttpUrl: at.mailHttp,
    slaHttpUrl: at.slaHttp,
    pids,
    healthUrls: Object.fromEntries(services.map(({ name, healthUrl }) => [name, healthUrl])),
  };
}
