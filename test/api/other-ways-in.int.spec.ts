import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Contract } from '#shared/contracts/contract.js';
import { buildAppRouter } from '../../apps/ticket-core/src/trpc/app-router.js';
import { TestCore } from '../support/core.js';
import { fieldsOf, requestNaming } from './asked-for.js';
import { documentedOperations, filledPath, type Operation } from './documentation.js';
import { Things } from './things.js';

// The second organisation by the other ways in (NATS, tRPC, files by range, keys of idempotency), and an agent of the same
// organisation who is held to a team: what is not theirs is nowhere.

type Json = Record<string, unknown>;
const MARK = 'Zanzibar';
let core: TestCore;
let things: Things;
let operations: Operation[];
/** Fields that name something, with Acme's. */
let acmes: Json;
const nowhere: Json = {};

beforeAll(async () => {
  core = await TestCore.start();
  things = new Things(core, core.acme, MARK);
  ({ operations } = await documentedOperations(core));
  const known = await things.forPath(['ticket', 'message', 'attachment', 'link', 'template', 'view', 'canned']);
  const ticket = known.get('ticket')!;
  const externalRef = `slack:${MARK}`;
  await core.ask(
    'desk.core.messages.post',
    { ticket, content: things.words('post'), isInternalNote: true, externalRef },
    core.actorOf(core.acme),
  );
  acmes = {
    ticket,
    ticketId: ticket,
    messageId: known.get('message'),
    messageIds: [known.get('message')],
    attachment: known.get('attachment'),
    link: known.get('link'),
    template: known.get('template'),
    view: known.get('view'),
    canned: known.get('canned'),
    externalRef,
    tickets: [ticket],
  };
  for (const name of Object.keys(acmes)) {
    const id = name === 'externalRef' ? `slack:${randomUUID()}` : randomUUID();
    nowhere[name] = Array.isArray(acmes[name]) ? [id] : id;
  }
}, 90_000);
afterAll(() => core.close());

/** What else such a request needs. */
const OTHERS: Json = {
  content: 'x',
  minutes: 5,
  to: '1',
  tag: 'x',
  tags: ['x'],
  agent: 'me',
  changes: { priority: 'low' },
};
const OTHERS_OF: Readonly<Record<string, Json>> = {
  'tickets.assign': { assigneeId: null },
  'tickets.merge': { into: '1' },
  'time.list': { to: '2027-01-01' },
};

const withoutIds = (answer: unknown, named: Json): string =>
  Object.values(named)
    .flat()
    .reduce<string>((told, id) => told.replaceAll(String(id), '…'), JSON.stringify(answer));

async function allContracts(): Promise<Map<string, Contract>> {
  const folder = join(import.meta.dirname, '../../libs/shared/src/contracts');
  const found = new Map<string, Contract>();
  for (const file of await readdir(folder)) {
    const exported = Object.values((await import(`../../libs/shared/src/contracts/${file}`)) as Json);
    for (const one of exported) {
      const { subject } = (one ?? {}) as Partial<Contract>;
      if (typeof subject === 'string' && subject.startsWith('desk.core.')) {
        found.set(subject.replace('desk.core.', ''), one as Contract);
      }
    }
  }
  return found;
}

/** Requests of our own services, which act for the whole desk: the bus lets nobody else ask them (nats-permissions.ts). */
const OF_SERVICES =
  /^(mail-in|mail-out|mail|posts|dead-letters|sla\.(claim-due|settle|take-step))\b|^organisations\.(find|create|list)$/;

describe('what another organisation gets over NATS', () => {
  it('for every contract that names a ticket or what is on one: as if it were nowhere', async () => {
    const asked: string[] = [];
    const otherwise: Json = {};
    for (const [name, { request }] of await allContracts()) {
      if (OF_SERVICES.test(name)) continue;
      if (!fieldsOf(request).names.some((field) => field in acmes)) continue;
      const others = { ...OTHERS, ...OTHERS_OF[name] };
      const named = name === 'tickets.merge' ? withoutTickets(acmes) : acmes;
      const absent = name === 'tickets.merge' ? withoutTickets(nowhere) : nowhere;
      const actor = core.actorOf(core.globex, 'admin');
      const theirs = await core.ask(`desk.core.${name}`, requestNaming(request, named, others), actor);
      const nobodys = await core.ask(`desk.core.${name}`, requestNaming(request, absent, others), actor);
      expect([name, told(theirs, named)]).toEqual([name, told(nobodys, absent)]);
      expect([name, told(theirs, named)]).not.toEqual([name, expect.stringContaining(MARK)]);
      asked.push(name);
      const { code } = (theirs.err ?? {}) as { code?: string };
      if (code !== 'NOT_FOUND') otherwise[name] = code ?? theirs.response;
    }
    expect(asked).toEqual(
      expect.arrayContaining(['tickets.get', 'messages.list', 'time.log', 'tickets.merge', 'sla.get-tracking']),
    );
    expect(asked.length).toBeGreaterThan(38);
    // These answer one by one, or with null for what is not there.
    expect(otherwise).toEqual({
      'messages.edit': null,
      'tickets.bulk': expect.objectContaining({ updated: 0, failed: 1 }),
    });
  }, 60_000);

  it('for contacts, companies, time entries, policies and notifications by id', async () => {
    const known = await things.forPath(['contact', 'company', 'entry', 'policy']);
    const [notification] = await core.sql<{ id: string }>('SELECT id FROM notifications WHERE org_id = $1', [
      core.acme.id,
    ]);
    const kinds: Readonly<Record<string, string>> = {
      contacts: known.get('contact')!,
      companies: known.get('company')!,
      time: known.get('entry')!,
      sla: known.get('policy')!,
      notifications: notification?.id ?? randomUUID(),
    };
    let count = 0;
    for (const [name, { request }] of await allContracts()) {
      const id = kinds[name.split('.')[0]!];
      if (!fieldsOf(request).names.includes('id') && !/^sla\.(update|delete)-policy$/.test(name)) continue;
      if (OF_SERVICES.test(name)) continue;
      if (id === undefined) throw new Error(`${name} names something by id: say what in ${import.meta.filename}`);
      const [theirs, nobodys] = [id, randomUUID()].map((one) => ({
        id: one,
        ...(name === 'contacts.merge' && { intoId: one }),
      }));
      const actor = core.actorOf(core.globex, 'admin');
      const answer = await core.ask(`desk.core.${name}`, theirs, actor);
      expect([name, told(answer, theirs!)]).toEqual([
        name,
        told(await core.ask(`desk.core.${name}`, nobodys, actor), nobodys!),
      ]);
      expect([name, answer.response ?? null]).toEqual([name, null]);
      count += 1;
    }
    expect(count).toBeGreaterThan(9);
  }, 30_000);
});

const withoutTickets = (named: Json): Json =>
  Object.fromEntries(Object.entries(named).filter(([name]) => name !== 'tickets'));
const told = (answer: { response?: unknown; err?: unknown }, named: Json): string =>
  withoutIds({ response: answer.response ?? null, err: answer.err ?? null }, named);

describe('what another organisation gets by tRPC', () => {
  it('for every procedure that names a ticket: NOT_FOUND, and nothing else', async () => {
    const procedures = Object.entries(
      buildAppRouter({ sla: {}, tickets: {} } as never)['_def'].procedures as unknown as Record<
        string,
        { _def: { type: string; inputs: z.ZodType[] } }
      >,
    );
    let count = 0;
    for (const [name, { _def: definition }] of procedures) {
      const request = definition.inputs[0];
      if (!request || !fieldsOf(request).names.some((field) => field in acmes)) continue;
      const named = withoutTickets(acmes);
      const input = requestNaming(request, named, { ...OTHERS, ...OTHERS_OF[name] });
      const { status, body } =
        definition.type === 'query'
          ? await core.http(`/api/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, {
              key: core.globex.apiKey,
            })
          : await core.http(`/api/trpc/${name}`, { json: { json: input }, key: core.globex.apiKey });
      expect([name, status, JSON.stringify(body)]).toEqual([name, 404, expect.not.stringContaining(MARK)]);
      count += 1;
    }
    expect(count).toBeGreaterThan(20);
  }, 30_000);
});

describe('what another organisation gets of files and repeated requests', () => {
  it('no byte of a file, whole or by range, by either address, whatever it says that it has', async () => {
    const { ticket, attachment } = acmes as { ticket: string; attachment: string };
    for (const path of [`/attachments/${attachment}`, `/tickets/${ticket}/attachments/${attachment}`]) {
      const mine = await core.http(`/api/v1${path}`);
      expect(JSON.stringify(mine.body)).toContain(MARK);
      for (const headers of <Record<string, string>[]>[
        {},
        { range: 'bytes=0-3' },
        { range: 'bytes=999999-' },
        { 'if-none-match': mine.headers.get('etag')! },
        { 'if-range': mine.headers.get('etag')!, range: 'bytes=0-3' },
      ]) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await core.http(`/api/v1${path}?inline`, { method, headers, key: core.globex.apiKey });
          expect([path, headers, answer.status]).toEqual([path, headers, 404]);
          expect(JSON.stringify(answer.body)).not.toContain(MARK);
          expect(answer.headers.get('etag')).toBeNull();
        }
      }
    }
  });

  it('its own ticket for the Idempotency-Key of the other, and never the other’s answer', async () => {
    const headers = { 'idempotency-key': 'same-for-both' };
    const json = { subject: `${MARK} once` };
    const mine = await core.http('/api/v1/tickets', { json, headers });
    const theirs = await core.http('/api/v1/tickets', { json, headers, key: core.globex.apiKey });
    expect(theirs.status).toBe(201);
    expect(theirs.headers.get('idempotent-replayed')).toBeNull();
    expect(theirs.body['id']).not.toBe(mine.body['id']);
    expect((await core.http(`/api/v1/tickets/${String(theirs.body['id'])}`)).status).toBe(404);
    const again = await core.http('/api/v1/tickets', { json, headers });
    expect([again.headers.get('idempotent-replayed'), again.body['id']]).toEqual(['true', mine.body['id']]);
  });
});

describe('what an agent gets who is held to a team', () => {
  it('of tickets of others: by every operation as if they were nowhere; in lists nothing', async () => {
    const team = (await things.forPath(['team'])).get('team')!;
    const restricted = await core.addAgent(core.acme, { restrictedTo: [team] });
    const key = `dw_held_${randomBytes(24).toString('base64url')}`;
    await core.sql(
      `INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), 'held', $2, $3)`,
      [core.acme.id, createHash('sha256').update(key).digest(), restricted.id],
    );
    const ofTickets = operations.filter(({ pathNames }) =>
      pathNames.some((name) => ['ticket', 'attachment', 'entry'].includes(name)),
    );
    expect(ofTickets.length).toBeGreaterThan(40);
    for (const { id, method, path, pathNames, body } of ofTickets) {
      const known = await things.forPath(pathNames, id);
      const json = body?.contentType === 'application/json' ? body.example : undefined;
      const answer = await core.http(`/api/v1${filledPath(path, known)}`, {
        method,
        key,
        ...(json !== undefined && { json }),
      });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    for (const path of [
      '/tickets?limit=100',
      `/search?q=${MARK}`,
      '/time-entries',
      '/notifications',
      '/sla/breaches',
      `/tickets?text=${MARK}`,
    ]) {
      const { status, body } = await core.http(`/api/v1${path}`, { key });
      expect([path, status, body['items']]).toEqual([path, 200, []]);
    }
  }, 60_000);
});
