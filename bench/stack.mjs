import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

const PORTS = [
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

/** Owns every process of the run: one stack at a time, and the floors. */
export class Bench {
  #stack = null;
  #children = new Set();

  constructor(options, say) {
    this.options = options;
    this.say = say;
  }

  /**
   * The stack, started by the first row that needs it. It runs without its playground, whose pages and streams are for
   * trying things; what stands in for Slack and for the customers' mail servers are processes of the bench.
   */
  async stack() {
    this.#stack ??= await this.#start();
    return this.#stack;
  }

  async #start() {
    const ports = Object.fromEntries((await freePorts(PORTS.length)).map((port, at) => [PORTS[at], String(port)]));
    const relay = await this.child('floors/discard-smtp.mjs');
    const slack = await this.child(
      'slack.mjs',
      ports.PLAYGROUND_PORT,
      ports.PLAYGROUND_SMTP_PORT,
      ports.SLACK_HTTP_PORT,
    );
    return Stack.start(this.options, {
      ...ports,
      DESKWIRE_PLAYGROUND: '0',
      SMTP_RELAY_URL: `smtp://127.0.0.1:${relay.ready.port}`,
      ...slack.ready.env,
    });
  }

  /** A program of ours in a process of its own; `ready` is the first thing that it said. */
  async child(file, ...args) {
    const path = join(import.meta.dirname, file);
    const child = spawn(process.execPath, [path, this.options.root, ...args.map(String)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    const [ready] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${file} ended with code ${code} before it was ready`);
      }),
    ]);
    const stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { ready, stop, child };
  }

  async stop() {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.#stack?.stop();
    this.#stack = null;
  }
}

/** The whole system as `npm start` runs it, in a home and on ports of its own. */
class Stack {
  static async start(options, env) {
    const home = await mkdtemp(join(tmpdir(), 'deskwire-bench-'));
    const main = join(options.root, 'dist/apps/cli/src/main.js');
    const child = spawn(process.execPath, [main, 'start'], {
      cwd: options.root,
      env: {
        PATH: process.env.PATH ?? '',
        DESKWIRE_HOME: home,
        LOG_LEVEL: 'warn',
        RATE_LIMIT_PER_MINUTE: '0',
        ...(options.profile && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${options.profile}` }),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const stack = new Stack(options, home, child);
    for (const until = Date.now() + 90_000; Date.now() < until && child.exitCode === null; await sleep(50)) {
      const file = await readFile(join(home, 'stack.json'), 'utf8').catch(() => null);
      if (!file) continue;
      Object.assign(stack, JSON.parse(file), { slackApiUrl: env.SLACK_API_URL });
      stack.owner = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
      stack.owner.on('error', () => {}); // ended together with the stack
      return stack;
    }
    await stack.stop();
    throw new Error(`The stack did not start.\n${printed}`);
  }

  constructor(options, home, child) {
    Object.assign(this, { options, home, child });
  }

  /** SQL as the schema's owner, who is not held back by row-level security. */
  async sql(text, values = []) {
    return (await this.owner.query(text, values)).rows;
  }

  /** Imports a built module of the project: `apps/…/x.js`. */
  module(path) {
    return import(pathToFileURL(join(this.options.root, 'dist', path)).href);
  }

  /** Organisations of the bench, each with a mailbox and an API key, beside the seeded one. */
  async organisations(count, prefix) {
    const { seedOrganisation } = await this.module('apps/ticket-core/src/database/seed-acme.js');
    const made = [];
    for (let at = 0; at < count; at++) {
      const slug = `${prefix}-${at}`;
      const apiKey = `dw_bench_${slug}_${'0123456789abcdef'.repeat(2)}`;
      const orgId = await seedOrganisation(this.databaseUrl, { slug, name: slug, apiKey, mailDomain: `${slug}.test` });
      made.push({ orgId, apiKey, address: `support@${slug}.test` });
    }
    return made;
  }

  /** Keeps filing from claiming mails (it takes this lock for each claim) while `work` runs. */
  async withFilingHeld(work) {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query('SELECT pg_advisory_lock(7345003)');
      return await work();
    } finally {
      await client.end();
    }
  }

  async stop() {
    await this.owner?.end().catch(() => {});
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
      await gone;
      clearTimeout(late);
    }
    await rm(this.home, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function freePorts(count) {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      probe.listen({ host: '127.0.0.1', port: 0 });
      await once(probe, 'listening');
      return probe;
    }),
  );
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map(async (probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
