import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore, waitFor, pointersOf } from '../../../../test/support/core.js';
import { hashOf } from './key-secret.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

type Made = { id: string; key: string; prefix: string } & Record<string, unknown>;

const post = (json: object, key?: string) => core.http('/api/v1/keys', { json, ...(key !== undefined && { key }) });
const make = async (json: object = {}, key?: string): Promise<Made> => {
  const answer = await post({ name: 'Export', ...json }, key);
  expect([answer.status, answer.body['detail']]).toEqual([201, undefined]);
  return answer.body as unknown as Made;
};
const me = async (key: string) => (await core.http('/api/v1/agents/me', { key })).status;
const rotate = (id: string, json: object = {}, key?: string) =>
  core.http(`/api/v1/keys/${id}/rotate`, { json, ...(key && { key }) });
const revoke = (id: string, key?: string) => core.http(`/api/v1/keys/${id}`, { method: 'DELETE', ...(key && { key }) });

describe('an API key', () => {
  it('is shown once, and only its hash is kept', async () => {
    const { id, key, prefix } = await make();
    expect(key).toMatch(/^dw_acme_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    expect(await me(key)).toBe(200);
    const [row] = await core.sql<{ hash: Buffer }>('SELECT * FROM api_keys WHERE id = $1', [id]);
    expect(row!.hash).toEqual(hashOf(key));
    for (const path of [
      '/api/v1/keys',
      `/api/v1/keys/${id}`,
      '/api/api-keys',
      '/api/v1/api-keys',
      '/api/keys',
      '/api/v1/audit',
    ])
      expect([path, JSON.stringify((await core.http(path)).body).includes(key)]).toEqual([path, false]);
    // Not even where answers are kept for those who ask twice.
    const secret = (await core.http('/api/v1/keys', { json: { name: 'x' }, headers: { 'idempotency-key': 'k' } })).body;
    const kept = await core.sql(`SELECT 1 FROM idempotency_keys WHERE response::text LIKE '%' || $1 || '%'`, [
      secret['key'],
    ]);
    expect(kept).toEqual([]);
  });

  it.each([
    ['no name', {}, '/name'],
    ['a scope that there is not', { name: 'x', scopes: ['tickets:delete'] }, '/scopes/0'],
    ['no scope at all', { name: 'x', scopes: [] }, '/scopes'],
    ['an end that is over', { name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    ['two ends', { name: 'x', expiresAt: '2099-01-01T00:00:00Z', expiresInDays: 3 }, '/expiresAt'],
    ['an agent who is not there', { name: 'x', agentId: 'alice@globex.test' }, '/agentId'],
  ])('with %s is refused', async (_, json, pointer) => {
    const answer = await post(json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, [pointer]]);
  });

  it('acts as its agent, never with more than its role', async () => {
    const { key } = await make({ role: 'viewer' });
    expect((await core.http('/api/v1/tickets', { key })).status).toBe(200);
    expect(await core.http('/api/v1/tickets', { key, json: { subject: 'x' } })).toMatchObject({ status: 403 });
    const { key: agents } = await make({ agentId: 'bea', role: 'admin' });
    // Bea is an agent: a key of hers is no admin's.
    expect((await core.http('/api/v1/agents', { key: agents, json: { email: 'x@acme.test' } })).status).toBe(403);
    expect((await core.http('/api/v1/tickets', { key: agents, json: { subject: 'x' } })).status).toBe(201);
  });

  it('opens its areas only, and is told which scope is missing', async () => {
    const { key } = await make({ scopes: ['tickets:write', 'sla:read'] });
    const { body } = await core.http('/api/v1/tickets', { key, json: { subject: 'By scope' } });
    expect(body['subject']).toBe('By scope');
    expect((await core.http('/api/v1/sla-policies', { key })).status).toBe(200);
    const refused = await core.http('/api/v1/sla-policies', { key, json: { name: 'x', priority: 'low' } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(refused.body['detail']).toContain('sla:write');
    expect((await core.http('/api/v1/teams', { key })).body['detail']).toContain('people:read');
    const { key: reader } = await make({ scopes: ['tickets:read'] });
    expect((await core.http('/api/v1/tickets', { key: reader })).status).toBe(200);
    expect((await core.http('/api/v1/tickets', { key: reader, json: { subject: 'x' } })).body['detail']).toContain(
      'tickets:write',
    );
    const { key: all } = await make({ scopes: ['*'] });
    expect((await core.http('/api/v1/teams', { key: all })).status).toBe(200);
  });

  it('opens no tickets by another area: those of a contact, from a template, in a canned response', async () => {
    const { key } = await make({ scopes: ['contacts:write', 'settings:write'] });
    const nowhere = '0198a000-0000-7000-8000-0000000000ff';
    for (const [path, json, scope] of [
      [`/contacts/${nowhere}/tickets`, undefined, 'tickets:read'],
      [`/ticket-templates/${nowhere}/open`, {}, 'tickets:write'],
      ['/canned-responses/x/render', { ticket: 1 }, 'tickets:write'],
    ] as const) {
      const { status, body } = await core.http(`/api/v1${path}`, { key, ...(json && { json }) });
      expect([path, status, body['detail']]).toEqual([path, 403, expect.stringContaining(scope)]);
    }
  });

  it('opens by tRPC what it opens by REST', async () => {
    const { key } = await make({ scopes: ['sla:read'] });
    const list = await core.http('/api/trpc/sla.listPolicies', { key });
    expect(list.status).toBe(200);
    const made = await core.http('/api/trpc/sla.createPolicy', { key, json: { json: { name: 'x' } } });
    expect(made.status).toBe(403);
    expect(JSON.stringify(made.body)).toContain('sla:write');
    const { key: other } = await make({ scopes: ['tickets:write'] });
    expect((await core.http('/api/trpc/sla.listPolicies', { key: other })).status).toBe(403);
    expect((await core.http('/api/trpc/sla.listPolicies', { key: 'dw_acme_0000000000' })).status).toBe(401);
  });

  it('ends when it says, and at once when it is revoked', async () => {
    const soon = await make({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect(await me(soon.key)).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await me(soon.key)).toBe(401);
    const { id, key } = await make({ expiresInDays: 1 });
    expect(await me(key)).toBe(200);
    expect((await revoke(id)).body).toEqual({ success: true });
    expect(await me(key)).toBe(401);
    expect((await revoke(id)).body).toEqual({ success: true });
    expect((await core.http(`/api/v1/keys/${id}`)).body['revokedAt']).toEqual(expect.any(String));
    const listed = async (query: string) =>
      ((await core.http(`/api/v1/keys?limit=200${query}`)).body['items'] as { id: string }[]).map((one) => one.id);
    expect(await listed('')).not.toContain(id);
    expect(await listed('&includeRevoked=true')).toContain(id);
  });

  it('that is revoked elsewhere is out within five seconds here', async () => {
    const { id, key } = await make();
    expect(await me(key)).toBe(200);
    await core.sql('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [id]);
    const startedAt = Date.now();
    await waitFor(async () => (await me(key)) === 401, 'the key to be refused', 7_000);
    expect(Date.now() - startedAt).toBeLessThan(6_000);
  }, 10_000);

  it('is another organisation’s business nowhere', async () => {
    const { id, key } = await make();
    const theirs = core.globex.apiKey;
    expect((await core.http(`/api/v1/keys/${id}`, { key: theirs })).status).toBe(404);
    expect((await revoke(id, theirs)).status).toBe(404);
    expect((await rotate(id, {}, theirs)).status).toBe(404);
    expect(JSON.stringify((await core.http('/api/v1/keys', { key: theirs })).body)).not.toContain(id);
    expect(await me(key)).toBe(200);
    const tickets = await core.http('/api/v1/tickets', { key });
    expect(JSON.stringify(tickets.body)).not.toContain('globex');
  });

  it('is each agent’s own; admins see everybody’s', async () => {
    const bea = (await make({ agentId: 'bea', name: 'Bea’s' })).key;
    const alices = await make({ name: 'Alice’s' });
    const names = async (key?: string) =>
      (
        (await core.http('/api/v1/keys?limit=200', { ...(key && { key }) })).body['items'] as {
          agent: { name: string };
        }[]
      ).map(({ agent }) => agent.name);
    expect(new Set(await names(bea))).toEqual(new Set(['Bea']));
    expect(new Set(await names())).toEqual(new Set(['Alice', 'Bea']));
    expect((await core.http(`/api/v1/keys/${alices.id}`, { key: bea })).status).toBe(404);
    expect((await revoke(alices.id, bea)).status).toBe(404);
    expect((await post({ name: 'x', agentId: 'alice' }, bea)).status).toBe(403);
    expect((await core.http('/api/v1/keys?agentId=alice', { key: bea })).status).toBe(403);
    expect(await me(alices.key)).toBe(200);
  });
});

describe('a key made by means of a key', () => {
  it('has no scope that the first has not', async () => {
    const { key } = await make({ scopes: ['people:write', 'tickets:read'] });
    for (const scopes of [['*'], ['tickets:write'], ['people:write', 'audit:read']]) {
      const answer = await post({ name: 'x', scopes }, key);
      expect([answer.status, pointersOf(answer)]).toEqual([403, ['/scopes']]);
    }
    const child = await make({ scopes: ['people:read'] }, key);
    expect(child).toMatchObject({ scopes: ['people:read'] });
    expect(await make({}, key)).toMatchObject({ scopes: ['people:write', 'tickets:read'] });
    // Nor by rotating a key that has.
    const wide = await make();
    expect(await rotate(wide.id, {}, key)).toMatchObject({
      status: 201,
      body: { scopes: ['people:write', 'tickets:read'] },
    });
    const narrow = await make({ scopes: ['audit:read'] });
    expect((await rotate(narrow.id, {}, key)).status).toBe(403);
    expect(await me(narrow.key)).toBe(200);
  });

  it('has no role above the first’s', async () => {
    const { key } = await make({ role: 'agent' });
    const refused = await post({ name: 'x', role: 'manager' }, key);
    expect([refused.status, pointersOf(refused)]).toEqual([403, ['/role']]);
    expect(await make({}, key)).toMatchObject({ role: 'agent' });
    expect(await make({ role: 'viewer' }, key)).toMatchObject({ role: 'viewer' });
  });
});

describe('a key that ends', () => {
  const DAY_MS = 86_400_000;
  const endOf = (body: Record<string, unknown>) => Date.parse(String(body['expiresAt']));

  it('makes none that lasts longer', async () => {
    const { key, ...ends } = await make({ expiresInDays: 2 });
    const end = endOf(ends);
    expect(endOf(await make({}, key))).toBe(end);
    expect(endOf(await make({ expiresInDays: 1 }, key))).toBeLessThan(end);
    const longer = await post({ name: 'x', expiresInDays: 3 }, key);
    expect([longer.status, pointersOf(longer)]).toEqual([403, ['/expiresAt']]);
  });

  it('is renewed by itself for as long as it was made for, and gets nothing else for longer than itself', async () => {
    const forEver = await make();
    const { id, key } = await make({ expiresInDays: 2 });
    const handed = await rotate(forEver.id, { overlapMinutes: 60 }, key);
    expect(endOf(handed.body)).toBeLessThanOrEqual(Date.now() + 2 * DAY_MS);
    expect(pointersOf(await rotate(id, { expiresInDays: 3 }, key))).toEqual(['/expiresAt']);
    expect(Math.round((endOf((await rotate(id, {}, key)).body) - Date.now()) / DAY_MS)).toBe(2);
  });
});

describe('a key that is rotated', () => {
  it('gives way to another with the same rights, at once or after a while', async () => {
    const first = await make({ agentId: 'bea', role: 'agent', scopes: ['tickets:write'], expiresInDays: 10 });
    const second = await rotate(first.id);
    expect(second).toMatchObject({ status: 201, body: { role: 'agent', scopes: ['tickets:write'], name: 'Export' } });
    const days = (Date.parse(String(second.body['expiresAt'])) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(10);
    expect(await me(first.key)).toBe(401);
    expect(await me(String(second.body['key']))).toBe(200);
    expect((await rotate(first.id)).status).toBe(422);
    const third = await rotate(String(second.body['id']), { overlapMinutes: 60, expiresInDays: 1 });
    expect(await me(String(second.body['key']))).toBe(200);
    expect(await me(String(third.body['key']))).toBe(200);
    const old = (await core.http(`/api/v1/keys/${String(second.body['id'])}`)).body;
    expect((Date.parse(String(old['expiresAt'])) - Date.now()) / 60_000).toBeCloseTo(60, 0);
  });

  it('is rotated once, however many try', async () => {
    const { id } = await make();
    const answers = await Promise.all(Array.from({ length: 4 }, () => rotate(id)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 422, 422, 422]);
  });
});

describe('the last use of a key', () => {
  it('is written beside the requests, once a minute', async () => {
    const { id, key } = await make();
    const used = async () => (await core.http(`/api/v1/keys/${id}`)).body['lastUsedAt'] as string | null;
    expect(await used()).toBeNull();
    await Promise.all(Array.from({ length: 20 }, () => me(key)));
    const at = await waitFor(used, 'the last use');
    expect(Date.now() - Date.parse(at)).toBeLessThan(5_000);
    await me(key);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await used()).toBe(at);
  });
});

describe('the way in', () => {
  it('is in the audit: API, tRPC or command line', async () => {
    const surfaceOf = async (headers: Record<string, string>) => {
      await core.http('/api/v1/teams', { json: { name: `Team ${Math.random()}` }, headers });
      const { body } = await core.http('/api/v1/audit?limit=1');
      return (body['items'] as { surface: string }[])[0]!.surface;
    };
    expect(await surfaceOf({})).toBe('api');
    expect(await surfaceOf({ 'user-agent': 'deskwire-cli/1.0' })).toBe('cli');
    expect(await surfaceOf({ 'user-agent': 'curl deskwire-cli/1.0' })).toBe('api');
  });
});
