import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { type Problem, RunningDesk } from '../support/running-desk.js';

jest.setTimeout(60_000);

describe('the HTTP API', () => {
  let desk: RunningDesk;
  beforeAll(async () => void (desk = await RunningDesk.start()), 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  const open = async (subject: string, more: object = {}): Promise<TicketView> =>
    desk.ok('POST', '/tickets', { body: { subject, ...more } });

  /** A key of somebody with this role, made as an administrator would. */
  async function keyOf(role: string): Promise<string> {
    const key = `dw_key-of-a-${role}-${randomUUID()}`;
    await desk.sql(
      `WITH one AS (
         INSERT INTO agents (org_id, id, email, name, role)
         SELECT id, gen_random_uuid(), $1 || '@keys.test', $1, $2 FROM organisations WHERE slug = 'acme' RETURNING org_id, id)
       INSERT INTO api_keys (org_id, id, name, hash, agent_id) SELECT org_id, gen_random_uuid(), 'test', $3, id FROM one`,
      [`${role}-${randomUUID()}`, role, createHash('sha256').update(key).digest()],
    );
    return key;
  }

  it('opens, reads, lists, changes and tells the history of a ticket', async () => {
    const created = await desk.api<TicketView>('POST', '/tickets', {
      body: {
        subject: '  Scanner jams  ',
        description: 'Always on **page 3**.',
        priority: 'critical',
        category: 'technical',
        contactEmail: 'Casey@Api.Example',
        contactName: 'Casey',
        entity: { type: 'device', id: 'sc-1', name: 'Scanner 1' },
        tags: ['hardware', 'floor-3'],
        customFields: { room: 'B12' },
      },
    });
    expect(created.status).toBe(201);
    const ticket = created.body;
    expect(ticket).toMatchObject({
      subject: 'Scanner jams',
      status: 'open',
      priority: 'urgent',
      source: 'api',
      contactEmail: 'casey@api.example',
      entity: { type: 'device', id: 'sc-1', name: 'Scanner 1' },
      tags: ['hardware', 'floor-3'],
      customFields: { room: 'B12' },
      version: 1,
    });
    expect(await desk.ticket(ticket.id)).toEqual(await desk.ticket(ticket.number));
    expect(Date.parse(ticket.slaDeadline!)).toBeGreaterThan(Date.parse(ticket.createdAt));

    const changed = await desk.ok<TicketView>('PATCH', `/tickets/${ticket.number}`, {
      body: { status: 'waiting', priority: 'low', tags: ['hardware'], category: 'bug' },
    });
    expect(changed).toMatchObject({ status: 'pending', priority: 'low', tags: ['hardware'], category: 'bug' });
    expect(changed.version).toBeGreaterThan(ticket.version);
    // The answer to a change is what anybody reads afterwards.
    expect(await desk.ticket(ticket.id)).toEqual({ ...changed, timeSpentMinutes: 0 });

    const posted = await desk.api<MessageView>('POST', `/tickets/${ticket.number}/messages`, {
      body: { content: 'On our way.' },
    });
    expect(posted.status).toBe(201);
    expect(posted.body).toMatchObject({
      content: 'On our way.',
      isInternalNote: false,
      delivery: { to: ['casey@api.example'] },
    });
    const thread = await desk.messages(ticket.number);
    expect(thread.at(-1)).toMatchObject({ id: posted.body.id, author: { kind: 'agent', name: 'Alice' } });

    const history = await desk.ok<{ items: { type: string; actor: { name: string } }[] }>(
      'GET',
      `/tickets/${ticket.number}/activities`,
    );
    const types = history.items.map(({ type }) => type);
    expect(types[0]).toMatch(/created|opened/);
    for (const what of ['status', 'priority', 'categor', 'tag']) {
      expect(types.filter((type) => type.includes(what))).not.toEqual([]);
    }
    const first = await desk.ok<{ items: unknown[]; nextCursor: string }>(
      'GET',
      `/tickets/${ticket.number}/activities?limit=1`,
    );
    const second = await desk.ok<{ items: unknown[] }>(
      'GET',
      `/tickets/${ticket.number}/activities?limit=1&cursor=${first.nextCursor}`,
    );
    expect([...first.items, ...second.items]).toEqual(history.items.slice(0, 2));
  });

  it('lists by filter and cursor: each ticket once, newest first, though more come in meanwhile', async () => {
    const opened: string[] = [];
    for (let n = 0; n < 7; n++)
      opened.push((await open(`Listed ${n}`, { tags: ['listed'], priority: n % 2 ? 'high' : 'low' })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: TicketView[]; nextCursor: string | null } = await desk.ok(
        'GET',
        `/tickets?tag=listed&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await open('Came meanwhile', { tags: ['listed'] });
    } while (cursor !== null);
    expect(seen).toEqual(opened.toReversed());
    const high = await desk.ok<{ items: TicketView[] }>('GET', '/tickets?tag=listed&priority=high,critical');
    expect(high.items.map(({ subject }) => subject)).toEqual(['Listed 5', 'Listed 3', 'Listed 1']);
  });

  it('an Idempotency-Key: one ticket however often and however fast it is sent', async () => {
    const key = randomUUID();
    const request = { body: { subject: 'Once', tags: [key] }, headers: { 'idempotency-key': key } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => desk.api<TicketView>('POST', '/tickets', request)),
    );
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const first = answers.find(({ status }) => status === 201)!;
    const again = await desk.api<TicketView>('POST', '/tickets', request);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await desk.count('tickets', '$1 = ANY(tags)', [key])).toBe(1);

    const other = await desk.api<Problem>('POST', '/tickets', { ...request, body: { subject: 'Something else' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE' } });

    // What was refused may be corrected and sent again.
    const wrong = { body: { subject: '' }, headers: { 'idempotency-key': `${key}-2` } };
    expect((await desk.api('POST', '/tickets', wrong)).status).toBe(400);
    expect((await desk.api('POST', '/tickets', { ...wrong, body: { subject: 'Right' } })).status).toBe(201);
  });

  it('a version guards against overwriting: If-Match or in the body', async () => {
    const { number, version } = await open('Guarded');
    const changed = await desk.api<TicketView>('PATCH', `/tickets/${number}`, {
      body: { subject: 'Guarded 2' },
      headers: { 'if-match': `"${version}"` },
    });
    expect(changed.status).toBe(200);
    for (const stale of [
      { body: { subject: 'Lost' }, headers: { 'if-match': `"${version}"` } },
      { body: { subject: 'Lost', version } },
    ]) {
      const answer = await desk.api<Problem>('PATCH', `/tickets/${number}`, stale);
      expect(answer).toMatchObject({ status: 409, body: { code: 'CONFLICT', status: 409 } });
    }
    const versionNow = changed.body.version;
    const both = await Promise.all(
      ['A', 'B'].map(async (subject) =>
        desk.api('PATCH', `/tickets/${number}`, { body: { subject, version: versionNow } }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await desk.ticket(number)).version).toBe(versionNow + 1);
  });

  it.each([
    ['POST', '/tickets', { subject: '' }, '/subject', 'must not be empty'],
    ['POST', '/tickets', {}, '/subject', 'is missing: must be text'],
    ['POST', '/tickets', { subject: 'x'.repeat(501) }, '/subject', 'must be at most 500 characters'],
    ['POST', '/tickets', { subject: 'ok', priority: 'asap' }, '/priority', 'must be one of low, medium, high, urgent'],
    [
      'POST',
      '/tickets',
      { subject: 'ok', contactEmail: 'nobody' },
      '/contactEmail',
      'must be an e-mail address, such as casey@customer.example',
    ],
    ['POST', '/tickets', { subject: 'ok', tags: ['fine', ''] }, '/tags/1', 'must not be empty'],
    ['POST', '/tickets', { subject: 'ok', entity: { type: 'device' } }, '/entity/id', 'is missing: must be text'],
    ['GET', '/tickets?limit=0', undefined, '/limit', 'must be at least 1'],
    [
      'GET',
      '/tickets?status=lost',
      undefined,
      '/status/0',
      'must be one of open, in_progress, pending, on_hold, resolved, closed',
    ],
    ['GET', '/tickets?cursor=nonsense', undefined, '/cursor', 'is not one that a page gave'],
  ])('%s %s with a wrong field says which and what it may be', async (method, path, body, pointer, message) => {
    const answer = await desk.api<Problem>(method, path, { ...(body && { body }) });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: 400, code: 'BAD_REQUEST', errors: [{ pointer, message }] });
    expect(answer.body.errors).toHaveLength(1);
  });

  it('refuses unknown fields, broken JSON, other types and too much', async () => {
    const unknown = await desk.api<Problem>('POST', '/tickets', { body: { subject: 'ok', prioritty: 'high' } });
    expect(unknown.status).toBe(400);
    expect(unknown.body.detail).toBe('has no field “prioritty”');
    expect((await desk.api('POST', '/tickets', { rawBody: '{"subject":' })).status).toBe(400);
    expect(
      (
        await desk.api('POST', '/tickets', {
          rawBody: 'a=b',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBeGreaterThanOrEqual(400);
    const huge = await desk.api<Problem>('POST', '/tickets', {
      body: { subject: 'ok', description: 'x'.repeat(1_200_000) },
    });
    expect(huge).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(await desk.count('tickets', "subject = 'ok'")).toBe(0);
  });

  it('401 without a good key, 403 for what a role may not, 404 for what is not there', async () => {
    for (const apiKey of [null, 'dw_not-a-key-of-anybody-at-all']) {
      const answer = await desk.api<Problem>('GET', '/tickets', { apiKey });
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    const viewer = await keyOf('viewer');
    const { number } = await open('Only looked at');
    expect((await desk.api('GET', `/tickets/${number}`, { apiKey: viewer })).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/tickets', { subject: 'May I?' }],
      ['PATCH', `/tickets/${number}`, { subject: 'May I?' }],
      ['POST', `/tickets/${number}/messages`, { content: 'May I?' }],
      ['POST', `/tickets/${number}/messages`, { content: 'May I?', isInternalNote: true }],
    ] as const) {
      const answer = await desk.api<Problem>(method, path, { body, apiKey: viewer });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'FORBIDDEN']);
    }
    for (const path of ['/tickets/999999', `/tickets/${randomUUID()}`, '/nothing-here']) {
      expect(await desk.api<Problem>('GET', path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
    expect((await desk.api<Problem>('GET', '/tickets/not-a-ticket')).status).toBe(400);
    // A key that is taken back stops within seconds.
    await desk.sql('UPDATE api_keys SET revoked_at = now() WHERE hash = $1', [
      createHash('sha256').update(viewer).digest(),
    ]);
    await desk.until(
      'the key to be refused',
      async () => (await desk.api('GET', '/tickets', { apiKey: viewer })).status === 401,
    );
  });

  it('a ticket that cannot go from one status to the other says so, and changes nothing', async () => {
    const { number } = await open('Straight through');
    for (const status of ['resolved', 'closed']) await desk.ok('PATCH', `/tickets/${number}`, { body: { status } });
    const before = await desk.ticket(number);
    const answer = await desk.api<Problem>('PATCH', `/tickets/${number}`, {
      body: { status: 'in_progress', subject: 'Changed?' },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/closed/);
    expect(await desk.ticket(number)).toEqual(before);
  });

  it('describes itself as OpenAPI, from the schemas that parse', async () => {
    const response = await fetch(`${desk.stack.stack.apiUrl}/api/docs-json`);
    expect(response.status).toBe(200);
    const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(document.openapi).toMatch(/^3\./);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'POST /api/v1/tickets',
        'GET /api/v1/tickets',
        'GET /api/v1/tickets/{}',
        'PATCH /api/v1/tickets/{}',
        'POST /api/v1/tickets/{}/messages',
        'GET /api/v1/tickets/{}/messages',
        'GET /api/v1/tickets/{}/activities',
      ]),
    );
    expect(JSON.stringify(document)).toContain('in_progress');
    expect((await fetch(`${desk.stack.stack.apiUrl}/api/docs`)).status).toBe(200);
  });
});
