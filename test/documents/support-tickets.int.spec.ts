import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../support/core.js';

// Every example and table of the document “Tickets” (customer-support tickets), against the real server and command line.

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
type Json = Record<string, unknown>;

let core: TestCore;
beforeAll(async () => void (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

describe.each(['/api/v1', '/api'])('Tickets: the REST endpoints below %s', (base) => {
  const call = async <T = Json>(method: string, path: string, json?: unknown) => {
    const { status, body } = await core.http(`${base}${path}`, { method, ...(json !== undefined && { json }) });
    return { status, body: body as T };
  };
  const open = async (fields: Json = {}) =>
    (await call('POST', '/tickets', { subject: 'Login broken', ...fields })).body;
  const pathOf = (ticket: Json) => `/tickets/${String(ticket['id'])}`;
  const activities = async (ticket: Json) =>
    (
      await call<{ items: { type: string; oldValue: Json | null; newValue: Json | null }[] }>(
        'GET',
        `${pathOf(ticket)}/activities`,
      )
    ).body.items;

  it('POST /tickets: the minimum is {subject}, everything else has defaults', async () => {
    const { status, body } = await call('POST', '/tickets', { subject: 'Login broken' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      subject: 'Login broken',
      description: '',
      status: 'open',
      priority: 'medium',
      category: 'general',
      source: 'api',
      teamId: null,
      assigneeId: null,
      contactEmail: null,
      contactName: null,
      firstResponseAt: null,
      resolvedAt: null,
      closedAt: null,
      tags: [],
      messageCount: 0,
    });
    expect(body['ticketNumber']).toEqual(expect.any(Number));
    expect(body['slaDeadline']).toEqual(expect.any(String));
    expect(body['creatorId']).toBe(core.acme.agents.admin.id);
  });

  it('the anatomy of a ticket: every field', async () => {
    const team = (await call('POST', '/teams', { name: `Support ${base}`, handle: `support-${base.length}` })).body;
    const ticket = await open({
      description: '# It\n\ndoes not work',
      priority: 'urgent',
      category: 'technical',
      source: 'portal',
      teamId: team['id'],
      assigneeId: core.acme.agents.agent.id,
      contactEmail: 'casey@customer.example',
      contactName: 'Casey',
      tags: ['tracking-1.5-release'],
    });
    expect(await call('GET', pathOf(ticket))).toMatchObject({
      status: 200,
      body: {
        description: '# It\n\ndoes not work',
        priority: 'urgent',
        category: 'technical',
        source: 'portal',
        teamId: team['id'],
        assignee: { id: core.acme.agents.agent.id, name: 'Bea', email: 'bea@acme.test' },
        creator: { id: core.acme.agents.admin.id, name: 'Alice' },
        contactEmail: 'casey@customer.example',
        contactName: 'Casey',
        tags: ['tracking-1.5-release'],
      },
    });
  });

  it.each([
    ['priority', ['low', 'medium', 'high', 'urgent']],
    ['category', ['general', 'bug', 'feature', 'billing', 'account', 'technical']],
    ['source', ['web', 'email', 'portal', 'api']],
  ] as const)('%s has the documented values', async (field, values) => {
    for (const value of values) expect(await open({ [field]: value })).toMatchObject({ [field]: value });
    const wrong = await call('POST', '/tickets', { subject: 'x', [field]: 'nonsense' });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ pointer: `/${field}` }] } });
  });

  it('Status: resolved sets resolvedAt, closed sets closedAt and is final', async () => {
    const ticket = await open();
    for (const status of ['pending', 'on_hold', 'open'])
      expect(await call('PATCH', pathOf(ticket), { status })).toMatchObject({ body: { status } });
    expect(await call('PATCH', pathOf(ticket), { status: 'resolved' })).toMatchObject({
      body: { resolvedAt: expect.any(String) },
    });
    expect(await call('PATCH', pathOf(ticket), { status: 'closed' })).toMatchObject({
      body: { closedAt: expect.any(String) },
    });
    expect(await call('PATCH', pathOf(ticket), { status: 'open' })).toMatchObject({ status: 422 });
    expect((await activities(ticket)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['status_changed', 'resolved']),
    );
  });

  it('Status: pending and on_hold at any time, until it is closed', async () => {
    const ticket = await open({ contactEmail: 'casey@customer.example' });
    const states = async () =>
      (await call<{ sla: { target: string; state: string }[] }>('GET', pathOf(ticket))).body.sla
        .filter(({ target }) => target === 'resolution')
        .map(({ state }) => state);
    for (const status of ['pending', 'on_hold']) {
      await call('PATCH', pathOf(ticket), { status: 'resolved' });
      expect(await states()).toEqual(['met']);
      expect(await call('PATCH', pathOf(ticket), { status })).toMatchObject({
        status: 200,
        body: { status, resolvedAt: null },
      });
      // It goes on, and waits.
      expect(await states()).toEqual(['paused']);
    }
    await call('PATCH', pathOf(ticket), { status: 'closed' });
    expect(await call('PATCH', pathOf(ticket), { status: 'pending' })).toMatchObject({ status: 422 });
  });

  it.each([
    ['open', 'open', 'running'],
    ['in_progress', 'in_progress', 'running'],
    ['pending', 'pending', 'paused'],
    ['waiting', 'pending', 'paused'],
    ['on_hold', 'on_hold', 'paused'],
  ])('Status: open is a default only: a ticket may begin as %s', async (said, kept, clock) => {
    const ticket = (await open({ status: said, contactEmail: 'casey@customer.example' })) as Json & {
      sla: { target: string; state: string }[];
    };
    // What it is born with is no change: it answers nobody.
    expect(ticket).toMatchObject({ status: kept, version: 1, firstResponseAt: null });
    expect(ticket.sla.map(({ target, state }) => [target, state])).toEqual([
      ['first_response', clock],
      ['resolution', clock],
    ]);
    const list = await call<{ items: Json[] }>('GET', `/tickets?status=${said}&limit=1`);
    expect(list.body.items.map(({ id }) => id)).toEqual([ticket['id']]);
    await call('PATCH', pathOf(ticket), { status: 'resolved' });
    expect(await activities(ticket)).toMatchObject([
      { type: 'created' },
      { type: 'resolved', oldValue: { status: kept }, newValue: { status: 'resolved' } },
    ]);
  });

  it.each(['resolved', 'closed', 'nonsense'])('Status: no ticket begins as %s', async (status) => {
    expect(await call('POST', '/tickets', { subject: 'x', status })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer: '/status' }] },
    });
  });

  it('messages: the public reply and the internal note, as printed', async () => {
    const ticket = await open({ contactEmail: 'casey@customer.example' });
    const reply = { content: 'Hi! We just shipped a fix in v1.4.3 — please try again.', isInternalNote: false };
    const note = { content: '@bob this is the third report this week — file an issue?', isInternalNote: true };
    for (const printed of [reply, note])
      expect(await call('POST', `${pathOf(ticket)}/messages`, printed)).toMatchObject({ status: 201, body: printed });
    const thread = await call<{ items: Json[] }>('GET', `${pathOf(ticket)}/messages`);
    expect(thread.body.items).toEqual([expect.objectContaining(reply), expect.objectContaining(note)]);
    expect(await call('GET', pathOf(ticket))).toMatchObject({
      body: { messageCount: 2, firstResponseAt: expect.any(String) },
    });
    const [mail] = await core.sql<{ recipients: string[] }>(
      'SELECT recipients FROM outbound_mails WHERE ticket_id = $1',
      [ticket['id']],
    );
    expect(mail!.recipients).toEqual(['casey@customer.example']);
    expect((await activities(ticket)).map(({ type }) => type)).toEqual(['created', 'message_added', 'note_added']);
  });

  it('messages: the thread is paginated', async () => {
    const ticket = await open();
    for (const n of [1, 2, 3])
      await call('POST', `${pathOf(ticket)}/messages`, { content: `Note ${n}`, isInternalNote: true });
    const first = await call<{ items: Json[]; nextCursor: string }>('GET', `${pathOf(ticket)}/messages?limit=2`);
    const second = await call<{ items: Json[]; nextCursor: null }>(
      'GET',
      `${pathOf(ticket)}/messages?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect([...first.body.items, ...second.body.items].map(({ content }) => content)).toEqual([
      'Note 1',
      'Note 2',
      'Note 3',
    ]);
    expect(second.body.nextCursor).toBeNull();
  });

  it.each([
    ['an internal note', null, true],
    ['a public one that nobody gets', null, false],
    ['a public one that is mailed', 'casey@customer.example', false],
  ])('messages: your own may be edited and deleted: %s', async (_, contactEmail, isInternalNote) => {
    const ticket = await open({ contactEmail });
    const { body } = await call('POST', `${pathOf(ticket)}/messages`, { content: 'Frist', isInternalNote });
    const path = `${pathOf(ticket)}/messages/${String(body['id'])}`;
    expect(await call('PATCH', path, { content: 'First' })).toMatchObject({
      status: 200,
      body: { content: 'First', editedAt: expect.any(String) },
    });
    expect(await call('DELETE', path)).toMatchObject({ status: 200 });
    expect((await call<{ items: Json[] }>('GET', `${pathOf(ticket)}/messages`)).body.items).toEqual([]);
    expect(await call('GET', pathOf(ticket))).toMatchObject({ body: { messageCount: 0 } });
  });

  it('Activity timeline: the nine types, with old and new values', async () => {
    const ticket = await open({ tags: ['old'] });
    await call('PATCH', pathOf(ticket), { status: 'pending' });
    await call('PATCH', pathOf(ticket), { priority: 'urgent' });
    await call('POST', `${pathOf(ticket)}/assign`, { assigneeId: core.acme.agents.agent.id });
    await call('PATCH', pathOf(ticket), { category: 'billing' });
    await call('PATCH', pathOf(ticket), { tags: ['new'] });
    await call('POST', `${pathOf(ticket)}/messages`, { content: 'Hello' });
    await call('POST', `${pathOf(ticket)}/messages`, { content: 'Psst', isInternalNote: true });
    // Another priority may choose another SLA policy, which the history tells too.
    const lines = (await activities(ticket)).filter(({ type }) => type !== 'sla_policy_changed');
    expect(lines.map(({ type }) => type)).toEqual([
      'created',
      'status_changed',
      'priority_changed',
      'assigned',
      'category_changed',
      'tag_added',
      'tag_removed',
      'message_added',
      'note_added',
    ]);
    // “priority medium → urgent”
    expect(lines[2]).toMatchObject({ oldValue: { priority: 'medium' }, newValue: { priority: 'urgent' } });
    expect(lines[3]).toMatchObject({
      oldValue: { assigneeId: null },
      newValue: { assigneeId: core.acme.agents.agent.id },
    });
  });

  it('GET /tickets: with the documented filters', async () => {
    const team = (await call('POST', '/teams', { name: `Filters ${base}`, handle: `filters-${base.length}` })).body;
    const ticket = await open({
      priority: 'high',
      category: 'bug',
      assigneeId: core.acme.agents.manager.id,
      teamId: team['id'],
      tags: [`filter${base.length}`],
    });
    await call('PATCH', pathOf(ticket), { status: 'on_hold' });
    await open({ priority: 'low' });
    for (const filter of [
      `status=on_hold&teamId=${String(team['id'])}`,
      `priority=high&tag=filter${base.length}`,
      `category=bug&tag=filter${base.length}`,
      `assigneeId=${core.acme.agents.manager.id}&teamId=${String(team['id'])}`,
      `teamId=${String(team['id'])}`,
      `tag=filter${base.length}`,
    ]) {
      const { status, body } = await call<{ items: Json[] }>('GET', `/tickets?${filter}`);
      expect([filter, status, body.items.map(({ id }) => id)]).toEqual([filter, 200, [ticket['id']]]);
    }
  });

  it.each([
    ['status=nonsense', 'must be one of open, in_progress, pending, on_hold, resolved, closed'],
    ['priority=nonsense', 'must be one of low, medium, high, urgent'],
    ['assigneeId=nobody', 'must be an agent’s id or none or me'],
    ['teamId=nowhere', 'must be a team’s id or none'],
    ['number=many', 'must be a ticket’s number, such as 42'],
    ['tag=', 'must not be empty'],
    ['customFields={"plan":"gold"}', 'must name its field, as customFields.plan=gold'],
    ['sla=late', 'must be one of breached, warning, paused, ok, none'],
  ])('GET /tickets: a filter says what it may be: %s', async (filter, message) => {
    const field = filter.split('=')[0]!;
    expect(await call('GET', `/tickets?${filter}`)).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer: expect.stringMatching(`^/${field}`), message }] },
    });
  });

  it('GET /tickets/stats: per status, per priority, SLA breaches', async () => {
    const before = (await call<{ byStatus: Json; byPriority: Json }>('GET', '/tickets/stats')).body;
    await open({ priority: 'urgent' });
    const { status, body } = await call<{ byStatus: Json; byPriority: Json; slaBreached: number }>(
      'GET',
      '/tickets/stats',
    );
    expect(status).toBe(200);
    expect(Object.keys(body.byStatus)).toEqual(['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed']);
    expect(Object.keys(body.byPriority)).toEqual(['low', 'medium', 'high', 'urgent']);
    expect(body.byStatus['open']).toBe((before.byStatus['open'] as number) + 1);
    expect(body.byPriority['urgent']).toBe((before.byPriority['urgent'] as number) + 1);
    expect(body.slaBreached).toEqual(expect.any(Number));
  });

  it('DELETE /tickets/{id} is soft', async () => {
    const ticket = await open();
    expect(await call('DELETE', pathOf(ticket))).toMatchObject({ status: 200 });
    expect(await call('GET', pathOf(ticket))).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const [row] = await core.sql<{ deleted_at: Date | null }>('SELECT deleted_at FROM tickets WHERE id = $1', [
      ticket['id'],
    ]);
    expect(row!.deleted_at).not.toBeNull();
    expect(await call('POST', `${pathOf(ticket)}/restore`)).toMatchObject({ body: { id: ticket['id'] } });
  });

  it('ticket-tags: as printed, and the whole CRUD', async () => {
    const printed = { name: base === '/api' ? 'regression' : 'regression-v1', color: '#ef4444' };
    const made = await call('POST', '/ticket-tags', printed);
    expect(made).toMatchObject({ status: 201, body: printed });
    const path = `/ticket-tags/${String(made.body['id'])}`;
    expect(await call('GET', path)).toMatchObject({ body: printed });
    expect((await call<{ items: Json[] }>('GET', '/ticket-tags')).body.items).toContainEqual(
      expect.objectContaining(printed),
    );
    expect(await call('PATCH', path, { color: '#00ff00' })).toMatchObject({ body: { ...printed, color: '#00ff00' } });
    expect(await call('DELETE', path)).toMatchObject({ status: 200 });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
  });

  it('canned-responses: title and body, of a team or of all', async () => {
    const made = await call('POST', '/canned-responses', {
      title: `Refund sent ${base}`,
      content: 'Hi {{contact.firstName}}, your refund is on its way.',
    });
    expect(made).toMatchObject({ status: 201, body: { title: `Refund sent ${base}`, teamId: null } });
    const path = `/canned-responses/${String(made.body['id'])}`;
    const body = await call('POST', '/canned-responses', {
      title: `By body ${base}`,
      body: 'The same by its other name.',
    });
    expect(body).toMatchObject({ status: 201, body: { content: 'The same by its other name.' } });
    expect(await call('GET', path)).toMatchObject({ body: { title: `Refund sent ${base}` } });
    expect(await call('PATCH', path, { title: `Refund ${base}` })).toMatchObject({ body: { title: `Refund ${base}` } });
    expect((await call<{ items: Json[] }>('GET', '/canned-responses')).body.items.map(({ title }) => title)).toContain(
      `Refund ${base}`,
    );
    expect(await call('DELETE', path)).toMatchObject({ status: 200 });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
  });

  it('sla-policies: per priority, with minutes, and the whole CRUD', async () => {
    const made = await call('POST', '/sla-policies', {
      priority: 'high',
      firstResponseMinutes: 45,
      resolutionMinutes: 300,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { priority: 'high', firstResponseMinutes: 45, resolutionMinutes: 300, teamId: null },
    });
    const path = `/sla-policies/${String(made.body['id'])}`;
    const teamId = '0190c1a2-0000-7000-8000-0000000000aa';
    expect(await call('PATCH', path, { resolutionMinutes: 1e12 })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/resolutionMinutes', message: 'must be at most 5256000 minutes' }] },
    });
    for (const refused of [
      await call('POST', '/sla-policies', { priority: 'high', teamId }),
      await call('PATCH', path, { teamId }),
    ])
      expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ pointer: '/teamId' }] } });
    expect(await call('GET', path)).toMatchObject({ body: { firstResponseMinutes: 45 } });
    expect(await call('PATCH', path, { firstResponseMinutes: 30 })).toMatchObject({
      body: { firstResponseMinutes: 30, resolutionMinutes: 300 },
    });
    expect(await call('DELETE', path)).toMatchObject({ status: 200 });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
  });
});

describe('Tickets: the command line', () => {
  const deskwire = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(
      join(root, 'node_modules/.bin/node'),
      ['--import', join(root, 'test/support/typescript-sources.mjs'), join(root, 'apps/cli/src/main.ts'), ...args],
      {
        cwd: root,
        env: { PATH: process.env['PATH'], DESKWIRE_URL: await core.app.getUrl(), DESKWIRE_API_KEY: core.acme.apiKey },
      },
    );
    return stdout;
  };
  /** As the document prints it: quotes hold words together. */
  const said = (line: string) =>
    deskwire(...[...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!));

  it('create, list, filter, view, update: as printed', async () => {
    expect(await said('ticket create --subject "Login broken" --priority high --category technical')).toMatch(
      /Login broken/,
    );
    const newest = JSON.parse(await said('ticket list --json')) as {
      items: { id: string; number: number; subject: string }[];
    };
    const { id, number } = newest.items[0]!;
    expect(newest.items[0]!.subject).toBe('Login broken');
    expect(await said('ticket list')).toContain('Login broken');
    expect(await said('ticket list --status open --priority high')).toMatch(new RegExp(`^ *${number}  open`, 'm'));
    expect(await said('ticket list --status closed --priority high')).not.toContain('Login broken');
    await core.http(`/api/v1/tickets/${id}/messages`, {
      json: { content: 'A word in its thread', isInternalNote: true },
    });
    expect(await said(`ticket view ${id}`)).toMatch(/Login broken[\s\S]*A word in its thread/);
    await said(`ticket update ${id} --status resolved --assignee alice`);
    const { body } = await core.http(`/api/v1/tickets/${id}`);
    expect(body).toMatchObject({ status: 'resolved', assignee: { name: 'Alice' } });
  }, 60_000);

  it('the standard verbs and the global flags', async () => {
    expect(JSON.parse(await said('ticket ls --output json'))).toHaveProperty('items');
    expect(await said('ticket ls --query items[0].subject')).toBe('Login broken\n');
    expect(await said('--json --query items[0].subject ticket ls')).toBe('"Login broken"\n');
    const { number } = (await core.http('/api/v1/tickets', { json: { subject: 'To be removed' } })).body as {
      number: number;
    };
    expect(await said(`ticket get ${number}`)).toContain('To be removed');
    await said(`ticket rm ${number}`);
    expect((await core.http(`/api/v1/tickets/${number}`)).status).toBe(404);
    await said(`ticket restore ${number}`);
    await said(`ticket delete ${number}`);
    expect((await core.http(`/api/v1/tickets/${number}`)).status).toBe(404);
  }, 60_000);

  it('api: the examples as printed, with /api/v1 and without', async () => {
    const { id, number } = (await core.http('/api/v1/tickets', { json: { subject: 'By hand' } })).body as {
      id: string;
      number: number;
    };
    const reply = '{"content": "Hi! We just shipped a fix in v1.4.3 — please try again.", "isInternalNote": false}';
    const note = '{"content": "@bob this is the third report this week — file an issue?", "isInternalNote": true}';
    for (const printed of [reply, note])
      expect(JSON.parse(await deskwire('api', 'POST', `/api/v1/tickets/${id}/messages`, '-d', printed))).toMatchObject(
        JSON.parse(printed) as object,
      );
    const tag = await deskwire('api', 'post', '/api/ticket-tags', '-d', '{"name": "by-hand", "color": "#ef4444"}');
    expect(JSON.parse(tag)).toMatchObject({ name: 'by-hand', color: '#ef4444' });
    expect(await deskwire('api', 'GET', `/tickets/#${number}`, '--query', 'messageCount')).toBe('2\n');
    expect(await deskwire('api', 'GET', '/tickets?status=open&limit=1', '--query', 'items[].subject')).toBe(
      'By hand\n',
    );
    await expect(deskwire('api', 'DELETE', '/tickets')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('METHOD_NOT_ALLOWED') as unknown,
    });
    await expect(deskwire('api', 'POST', '/tickets', '-d', '{')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--data: this is not JSON') as unknown,
    });
    await expect(deskwire('api', 'GET', 'tickets')).rejects.toMatchObject({ code: 2 });
  }, 60_000);

  it('says what is wrong, with an exit code', async () => {
    await expect(said('ticket view 999999')).rejects.toMatchObject({
      code: 4,
      stderr: expect.stringContaining('NOT_FOUND') as unknown,
    });
    await expect(said('ticket create --subject x --priority nonsense')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/priority.*low, medium, high, urgent/s) as unknown,
    });
    await expect(said('ticket lsit')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('list') as unknown,
    });
  }, 60_000);
});
