import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { createLogger } from '#shared/service/logger.js';
import { type Actor, type Role, systemActor } from '#shared/contracts/actor.js';
import { connectNats } from '#shared/messaging/connect-nats.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { requestHeaders } from '#shared/messaging/headers.js';
import { readConfig } from '#shared/service/read-config.js';
import { buildService, startAnswering } from '#shared/service/start-service.js';
import { coreVariables } from '../../apps/ticket-core/src/config.js';
import { coreService } from '../../apps/ticket-core/src/core.service.js';
import { seedOrganisation } from '../../apps/ticket-core/src/database/seed-acme.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TestNats } from './nats.js';

export interface TestOrganisation {
  readonly id: string;
  readonly slug: string;
  /** An administrator's. */
  readonly apiKey: string;
  readonly supportAddress: string;
  readonly agents: Readonly<Record<Role, { id: string; name: string; email: string }>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // What comes back is what the test is about: it says itself what it expects.
  readonly body: Record<string, unknown>;
}

/** How a wrong request was answered, whatever the way in. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly pointers: string[];
}

/** ticket-core in this process, with a database and a NATS of its own and two organisations, Acme and Globex. */
export class TestCore {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly bus: TestNats,
    readonly nats: NatsConnection,
    readonly acme: TestOrganisation,
    readonly globex: TestOrganisation,
    private readonly owner: Pool,
    readonly url: string,
  ) {
    this.client = new ContractClient(nats);
  }

  readonly client: ContractClient;

  static async start(): Promise<TestCore> {
    const [bus, database] = await Promise.all([TestNats.start(), createTestDatabase()]);
    const owner = new Pool({ connectionString: database.databaseUrl, max: 4 });
    owner.on('error', () => {}); // DROP DATABASE … WITH (FORCE) ends what is idle
    try {
      const acme = await organisation(database, owner, 'acme');
      const globex = await organisation(database, owner, 'globex');
      const { app, nats, url } = await startCore(database, bus);
      return new TestCore(app, database, bus, nats, acme, globex, owner, url);
    } catch (error) {
      // Nobody gets anything to close: what was started ends here.
      await Promise.all([owner.end(), bus.stop()]);
      await database.drop();
      throw error;
    }
  }

  /** A second core on the same database and bus, as when the service is scaled. `close` it in the test. */
  async another(
    variables: Record<string, string> = {},
  ): Promise<{ app: NestFastifyApplication; url: string; close: () => Promise<void> }> {
    const { app, nats, url } = await startCore(this.database, this.bus, variables);
    return { app, url, close: () => endCore(app, nats) };
  }

  /** A team, made in the database. */
  async addTeam(org: TestOrganisation, name: string, handle = name.toLowerCase()): Promise<string> {
    const [row] = await this.sql<{ id: string }>(
      `INSERT INTO teams (org_id, id, name, handle, created_at, updated_at)
       VALUES ($1, gen_random_uuid(), $2, $3, now(), now()) RETURNING id`,
      [org.id, name, handle],
    );
    return row!.id;
  }

  /** Another agent, made in the database; restricted to these teams (an empty list: to what is assigned to them). */
  async addAgent(
    org: TestOrganisation,
    { role = 'agent', restrictedTo = null }: { role?: Role; restrictedTo?: string[] | null } = {},
  ): Promise<Actor & { id: string }> {
    const [row] = await this.sql<{ id: string; name: string }>(
      `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams)
       VALUES ($1, gen_random_uuid(), 'agent-' || gen_random_uuid() || '@' || $2 || '.test', 'Dana', $3, $4) RETURNING id, name`,
      [org.id, org.slug, role, restrictedTo !== null],
    );
    for (const team of restrictedTo ?? [])
      await this.sql('INSERT INTO team_members VALUES ($1, $2, $3, now())', [org.id, team, row!.id]);
    const { id, name } = row!;
    return { orgId: org.id, kind: 'agent', id, name, role, teamIds: restrictedTo, surface: 'slack' };
  }

  get blobFolder(): string {
    return blobFolderOf(this.database);
  }

  actorOf(org: TestOrganisation, role: Role = 'agent', overrides: Partial<Actor> = {}): Actor {
    const { id, name } = org.agents[role];
    return { orgId: org.id, kind: 'agent', id, name, role, teamIds: null, surface: 'slack', ...overrides };
  }

  contactOf(org: TestOrganisation, id: string, name = 'Casey'): Actor {
    return { orgId: org.id, kind: 'contact', id, name, role: null, teamIds: null, surface: 'email' };
  }

  serviceOf(org: TestOrganisation): Actor {
    return systemActor(org.id);
  }

  /** As the owner of the schema, who sees every organisation. */
  async sql<Row extends object = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(text, values)).rows;
  }

  /** With Acme's key unless the init says otherwise; `json` is sent as the body. */
  async http(
    path: string,
    init: { method?: string; json?: unknown; body?: string; headers?: Record<string, string>; key?: string } = {},
  ): Promise<HttpAnswer> {
    const { json, key = this.acme.apiKey } = init;
    const body = json === undefined ? init.body : JSON.stringify(json);
    const response = await fetch(`${this.url}${path}`, {
      method: init.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text }) as Record<string, unknown>,
    };
  }

  /** A request over NATS that no client has looked at before: what the service itself says of it. */
  async ask(subject: string, data: unknown, actor: Actor | null): Promise<{ response?: unknown; err?: unknown }> {
    const packet = JSON.stringify({ pattern: subject, id: randomBytes(4).toString('hex'), data });
    const headers = requestHeaders(actor, Date.now() + 10_000);
    return (await this.nats.request(subject, packet, { timeout: 10_000, headers })).json();
  }

  async close(): Promise<void> {
    await endCore(this.app, this.nats);
    await this.owner.end();
    await Promise.all([
      this.bus.stop(),
      this.database.drop(),
      rm(this.blobFolder, { recursive: true, force: true, maxRetries: 3 }),
    ]);
  }
}

/** What it was refused with; an error of the test when it was not. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    const { code, message, problems } = error as { code: string; message: string; problems?: { pointer: string }[] };
    return { code, message, pointers: (problems ?? []).map(({ pointer }) => pointer) };
  }
  throw new Error('It was not refused');
}

/** The fields that an answer over HTTP names as wrong. */
export const pointersOf = ({ body }: Pick<HttpAnswer, 'body'>): string[] =>
  ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

/** Asks again until it holds something (not null, false, undefined or an empty list). */
export async function waitFor<T>(look: () => Promise<T> | T, what: string, withinMs = 10_000): Promise<NonNullable<T>> {
  for (const until = Date.now() + withinMs; ; await sleep(20)) {
    const found = await look();
    const nothing =
      found === null || found === undefined || found === false || (Array.isArray(found) && found.length === 0);
    if (!nothing) return found;
    if (Date.now() > until) throw new Error(`Waited ${withinMs} ms for ${what}`);
  }
}

/** Of a test file's own, as its database. */
const blobFolderOf = ({ appUrl }: TestDatabase): string =>
  join(tmpdir(), 'deskwire-test-blobs', new URL(appUrl).pathname.slice(1));

async function startCore(database: TestDatabase, bus: TestNats, variables: Record<string, string> = {}) {
  const config = readConfig(coreVariables, {
    NATS_URL: bus.url,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
    BLOB_DIR: blobFolderOf(database),
    CORE_HTTP_PORT: '0',
    DATABASE_APP_URL: database.appUrl,
    DATABASE_WORKER_URL: database.workerUrl,
    // Tests ask as fast as they can; what is about the limit sets one.
    RATE_LIMIT_PER_MINUTE: '0',
    ...variables,
  });
  const log = createLogger('ticket-core', config.LOG_LEVEL);
  const nats = await connectNats(bus.url, 'ticket-core', log);
  let app: NestFastifyApplication | undefined;
  try {
    app = await buildService(coreService, config, { nats, log });
    await app.listen(0, '127.0.0.1');
    await startAnswering(app, coreService);
    return { app, nats, url: await app.getUrl() };
  } catch (error) {
    // A connection that stays open would keep Jest waiting for ever.
    await app?.close().catch(() => {});
    await nats.close();
    throw error;
  }
}

async function endCore(app: NestFastifyApplication, nats: NatsConnection): Promise<void> {
  await app.close();
  await nats.close();
}

async function organisation(database: TestDatabase, owner: Pool, slug: string): Promise<TestOrganisation> {
  const apiKey = `dw_${slug}_${randomBytes(24).toString('base64url')}`;
  const mailDomain = `${slug}.test`;
  const id = await seedOrganisation(database.databaseUrl, { slug, name: slug.toUpperCase(), apiKey, mailDomain });
  await owner.query(
    `INSERT INTO agents (org_id, id, email, name, role) VALUES ($1, gen_random_uuid(), $2, 'Vera', 'viewer')`,
    [id, `vera@${mailDomain}`],
  );
  const { rows } = await owner.query<{ id: string; name: string; email: string; role: Role }>(
    'SELECT id, name, email, role FROM agents WHERE org_id = $1',
    [id],
  );
  const agents = Object.fromEntries(rows.map((row) => [row.role, row])) as Record<Role, (typeof rows)[number]>;
  return { id, slug, apiKey, supportAddress: `support@${mailDomain}`, agents };
}
