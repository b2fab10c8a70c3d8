import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listCategories } from '#shared/contracts/categories.js';
import { listCustomFields } from '#shared/contracts/custom-fields.js';
import { openTemplate } from '#shared/contracts/templates.js';
import { openTicket, type TicketView, updateTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, waitFor, pointersOf } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const api = (method: string, path: string, json?: unknown, key?: string) =>
  core.http(`/api/v1${path}`, { method, ...(json !== undefined && { json }), ...(key && { key }) });
const open = (json: object, key?: string) => api('POST', '/tickets', { subject: 'x', ...json }, key);
const ticket = async (json: object, key?: string): Promise<TicketView & { warnings?: string[] }> => {
  const { status, body } = await open(json, key);
  expect([status, body]).toEqual([201, body]);
  return body as unknown as TicketView;
};
const patch = (id: string, json: object) => api('PATCH', `/tickets/${id}`, json);
const names = async (key?: string) =>
  ((await api('GET', '/ticket-categories', undefined, key)).body['items'] as { name: string }[]).map(
    ({ name }) => name,
  );
const audited = (type: string) =>
  core.sql<{ action: string; subject_name: string }>(
    'SELECT action, subject_name FROM audit_entries WHERE subject_type = $1 ORDER BY id',
    [type],
  );

describe('categories', () => {
  const DEFAULTS = ['general', 'bug', 'feature', 'billing', 'account', 'technical'];

  it('are the documents’ until somebody changes them, with ids that stay', async () => {
    const { body } = await api('GET', '/ticket-categories');
    expect(await names()).toEqual(DEFAULTS);
    const bug = (body['items'] as { id: string }[])[1]!;
    expect(await api('GET', '/ticket-categories/BUG')).toMatchObject({
      status: 200,
      body: { id: bug.id, isDefault: false },
    });
    expect(await core.sql('SELECT 1 FROM ticket_categories')).toEqual([]);
    expect(await api('POST', '/ticket-categories', { name: 'hardware', position: 1 })).toMatchObject({
      status: 201,
      body: { name: 'hardware', position: 1 },
    });
    expect(await names()).toEqual(['general', 'hardware', ...DEFAULTS.slice(1)]);
    expect(await api('GET', `/categories/${bug.id}`)).toMatchObject({
      status: 200,
      body: { name: 'bug', position: 2 },
    });
    expect(await names(core.globex.apiKey)).toEqual(DEFAULTS);
  });

  it('are what tickets may have, in the list’s spelling', async () => {
    expect((await ticket({ category: ' HardWare ' })).category).toBe('hardware');
    for (const answer of [
      await open({ category: 'nonsense' }),
      await patch((await ticket({})).id, { category: 'nonsense' }),
    ]) {
      expect([answer.status, answer.body['code'], pointersOf(answer)]).toEqual([400, 'BAD_REQUEST', ['/category']]);
      expect(answer.body['detail']).toContain('general, hardware, bug');
    }
    const theirs = await open({ category: 'hardware' }, core.globex.apiKey);
    expect([theirs.status, pointersOf(theirs)]).toEqual([400, ['/category']]);
    const nats = core.client.request(
      openTicket,
      { subject: 'x', category: 'nonsense' },
      { actor: core.actorOf(core.acme) },
    );
    expect(await refusalOf(nats)).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/category'] });
  });

  it('are asked for in any case: by lists, the search and statistics', async () => {
    const key = core.globex.apiKey;
    await api('POST', '/ticket-categories', { name: 'iOS App' }, key);
    const { number } = await ticket({ subject: 'Crashes on start', category: 'ios app' }, key);
    const get = async (path: string) => (await api('GET', path, undefined, key)).body;
    for (const category of ['iOS App', 'ios app', 'IOS APP,billing', 'nonsense']) {
      const wanted = category === 'nonsense' ? [] : [number];
      const query = `category=${encodeURIComponent(category)}`;
      const listed = (await get(`/tickets?${query}`))['items'] as { number: number }[];
      const found = (await get(`/search?q=crashes&${query}`))['items'] as { ticket: { number: number } }[];
      const { total } = await get(`/tickets/stats?${query}`);
      expect([category, listed.map((one) => one.number)]).toEqual([category, wanted]);
      expect([category, found.map((one) => one.ticket.number), total]).toEqual([category, wanted, wanted.length]);
    }
  });

  it('are put into another order; the first is what a ticket gets', async () => {
    const order = ['technical', 'general', 'hardware', 'bug', 'feature', 'billing', 'account'];
    expect(await api('PUT', '/ticket-categories', { categories: order })).toMatchObject({ status: 200 });
    expect(await names()).toEqual(order);
    expect((await ticket({})).category).toBe('technical');
    for (const categories of [['technical'], [...order, 'nonsense'], [...order, 'bug']]) {
      const answer = await api('PUT', '/ticket-categories', { categories });
      expect([answer.status, pointersOf(answer)]).toEqual([400, ['/categories']]);
    }
    expect(await names()).toEqual(order);
  });

  it('are renamed with their tickets, templates and views', async () => {
    const live = await ticket({ category: 'bug' });
    const done = await ticket({ category: 'bug' });
    await patch(done.id, { status: 'closed' });
    const template = (await api('POST', '/ticket-templates', { name: 'Bug', fields: { category: 'bug' } })).body;
    const view = (await api('POST', '/views', { name: 'Bugs', query: { category: 'bug,billing' } })).body;
    const { status, body } = await api('PATCH', '/ticket-categories/bug', { name: 'defect' });
    const rewording = { from: 'bug', to: 'defect', ticketsChanged: 2 };
    expect([status, body]).toMatchObject([200, { name: 'defect', position: 3, rewording }]);
    await waitFor(
      async () => (await core.sql(`SELECT 1 FROM tickets WHERE category = 'bug'`)).length === 0,
      'all to follow',
    );
    for (const { id } of [live, done])
      expect((await api('GET', `/tickets/${id}`)).body).toMatchObject({ category: 'defect' });
    expect((await api('GET', `/ticket-templates/${String(template['id'])}`)).body).toMatchObject({
      fields: { category: 'defect' },
    });
    expect((await api('GET', `/views/${String(view['id'])}`)).body).toMatchObject({
      query: { category: ['defect', 'billing'] },
    });
    const taken = await api('PATCH', '/ticket-categories/defect', { name: 'BILLING' });
    expect([taken.status, pointersOf(taken)]).toEqual([409, ['/name']]);
  });

  it('and tags reach finished tickets too', async () => {
    const tag = (await api('POST', '/ticket-tags', { name: 'noisy' })).body;
    const done = await ticket({ tags: ['noisy'] });
    await patch(done.id, { status: 'closed' });
    await api('PATCH', `/ticket-tags/${String(tag['id'])}`, { name: 'loud' });
    const tags = async () => (await api('GET', `/tickets/${done.id}`)).body['tags'] as string[];
    await waitFor(async () => (await tags()).includes('loud'), 'it to follow');
    expect(await tags()).toEqual(['loud']);
  });

  it('are deleted when nothing has them, or something else takes their place', async () => {
    const one = await ticket({ category: 'defect' });
    const refused = await api('DELETE', '/ticket-categories/defect');
    expect([refused.status, refused.body['code'], pointersOf(refused)]).toEqual([422, 'UNPROCESSABLE', ['/replaceBy']]);
    expect(await api('DELETE', '/ticket-categories/defect?replaceBy=defect')).toMatchObject({ status: 400 });
    expect(await api('DELETE', '/ticket-categories/defect?replaceBy=technical')).toMatchObject({
      status: 200,
      body: { success: true },
    });
    await waitFor(
      async () => (await api('GET', `/tickets/${one.id}`)).body['category'] === 'technical',
      'it to follow',
    );
    expect(await api('DELETE', '/ticket-categories/feature')).toMatchObject({ status: 200 });
    expect(await api('DELETE', '/ticket-categories/feature')).toMatchObject({ status: 404 });
    expect(await open({ category: 'feature' })).toMatchObject({ status: 400 });
    for (const name of ['account', 'billing', 'hardware'])
      await api('DELETE', `/ticket-categories/${name}?replaceBy=general`);
    await api('DELETE', '/ticket-categories/general?replaceBy=technical');
    expect(await names()).toEqual(['technical']);
    expect(await api('DELETE', '/ticket-categories/technical')).toMatchObject({ status: 422 });
    expect(await api('POST', '/ticket-categories', { name: 'general' })).toMatchObject({ status: 201 });
    expect((await audited('category')).length).toBeGreaterThan(8);
  });

  it('are changed by managers only, and read by agents', async () => {
    const viewer = core.actorOf(core.acme, 'viewer');
    expect((await core.client.request(listCategories, {}, { actor: viewer })).items.length).toBe(2);
    const contact = core.contactOf(core.acme, core.acme.agents.agent.id);
    expect(await refusalOf(core.client.request(listCategories, {}, { actor: contact }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const added = await Promise.all(['a', 'b', 'c', 'd'].map((name) => api('POST', '/ticket-categories', { name })));
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await names()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'general', 'technical']);
  });
});

describe('custom fields', () => {
  const theirKey = () => core.globex.apiKey;
  const define = async (json: object) => {
    const { status, body } = await api('POST', '/custom-fields', json);
    expect([status, body]).toEqual([201, body]);
    return body;
  };

  it('are anything while none is defined, changed key by key', async () => {
    const { id } = await ticket({ customFields: { floor: 3, deep: { a: [1] } } });
    const { body } = await patch(id, { customFields: { floor: 4, room: 'B12' } });
    expect(body['customFields']).toEqual({ floor: 4, deep: { a: [1] }, room: 'B12' });
    expect((await patch(id, { customFields: { deep: null, room: '' } })).body['customFields']).toEqual({ floor: 4 });
    expect((await patch(id, { customFields: {} })).body).toMatchObject({ customFields: { floor: 4 }, version: 3 });
    const answer = await core.http(`/api/v1/tickets/${id}`, {
      method: 'PATCH',
      body: '{"customFields":{"__proto__":{"x":1}}}',
    });
    expect(answer.status).toBe(400);
  });

  it('are typed once they are defined', async () => {
    const old = await ticket({ customFields: { legacy: 'kept' } });
    await define({ key: 'plan', label: 'Plan', type: 'select', options: ['Free', 'Pro'] });
    for (const type of ['text', 'number', 'boolean', 'date', 'url'] as const) await define({ key: `a_${type}`, type });
    await define({ key: 'tools', type: 'multi_select', options: ['Hammer', 'Saw'] });
    const right = {
      plan: 'pro',
      a_text: 'x',
      a_number: -1.5,
      a_boolean: false,
      a_date: '2028-02-29',
      a_url: 'https://example.org/x',
      tools: ['saw', 'Hammer', 'SAW'],
    };
    const { id, customFields } = await ticket({ customFields: right });
    expect(customFields).toEqual({ ...right, plan: 'Pro', tools: ['Saw', 'Hammer'] });
    const wrong: Record<string, unknown> = {
      plan: 'gold',
      a_text: 'x'.repeat(2_001),
      a_number: '5',
      a_boolean: 'yes',
      a_date: '2027-02-29',
      a_url: 'javascript:alert(1)',
      tools: ['Saw', 'Axe'],
      other: 1,
    };
    for (const answer of [await open({ customFields: wrong }), await patch(id, { customFields: wrong })])
      expect([answer.status, pointersOf(answer)]).toEqual([
        400,
        Object.keys(wrong).map((key) => `/customFields/${key}`),
      ]);
    const { body } = await patch(old.id, { customFields: { plan: 'Free' } });
    expect(body['customFields']).toEqual({ legacy: 'kept', plan: 'Free' });
    expect(await patch(old.id, { customFields: { legacy: 'new' } })).toMatchObject({ status: 400 });
    expect((await patch(old.id, { customFields: { legacy: null } })).body['customFields']).toEqual({ plan: 'Free' });
    // Another organisation’s fields are its own.
    expect((await ticket({ customFields: { anything: 1 } }, theirKey())).customFields).toEqual({ anything: 1 });
  });

  it.each([
    ['no key', { type: 'text' }, ['/key']],
    ['a key of two words', { key: 'two words', type: 'text' }, ['/key']],
    ['an unknown type', { key: 'k', type: 'colour' }, ['/type']],
    ['a choice of nothing', { key: 'k', type: 'select' }, ['/options']],
    ['a choice twice', { key: 'k', type: 'select', options: ['a', 'A'] }, ['/options']],
    ['options of a number', { key: 'k', type: 'number', options: ['a'] }, ['/options']],
  ])('are not defined with %s', async (_, json, where) => {
    const answer = await api('POST', '/custom-fields', json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, where]);
  });

  it('that are required are asked of agents, not of mails', async () => {
    await define({ key: 'cost_centre', type: 'text', required: true });
    const answer = await open({});
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/customFields/cost_centre']]);
    expect(await open({ customFields: { cost_centre: ' ' } })).toMatchObject({ status: 400 });
    const { id } = await ticket({ customFields: { cost_centre: '4711' } });
    const taken = await patch(id, { customFields: { cost_centre: null } });
    expect([taken.status, pointersOf(taken)]).toEqual([400, ['/customFields/cost_centre']]);
    const inSlack = core.client.request(openTicket, { subject: 'x' }, { actor: core.actorOf(core.acme) });
    expect((await refusalOf(inSlack)).pointers).toEqual(['/customFields/cost_centre']);
    const service = core.serviceOf(core.acme);
    const opened = await core.client.request(openTicket, { subject: 'by mail' }, { actor: service });
    // What was opened without it can be worked on without it.
    const actor = core.actorOf(core.acme);
    expect((await core.client.request(updateTicket, { ticket: opened.id, priority: 'high' }, { actor })).priority).toBe(
      'high',
    );
    expect(await api('PATCH', '/custom-fields/cost_centre', { required: false, label: 'Cost centre' })).toMatchObject({
      status: 200,
      body: { required: false, label: 'Cost centre' },
    });
    expect(await open({})).toMatchObject({ status: 201 });
  });

  it('that go leave their values readable', async () => {
    const { id } = await ticket({ customFields: { plan: 'Pro' } });
    expect(await api('DELETE', '/custom-fields/plan')).toMatchObject({ status: 200, body: { success: true } });
    expect((await api('GET', `/tickets/${id}`)).body['customFields']).toEqual({ plan: 'Pro' });
    expect(await patch(id, { customFields: { plan: 'Free' } })).toMatchObject({ status: 400 });
    expect((await patch(id, { customFields: { a_number: 1 } })).body['customFields']).toEqual({
      plan: 'Pro',
      a_number: 1,
    });
    expect(await define({ key: 'plan', type: 'text' })).toMatchObject({ type: 'text' });
    expect(await api('POST', '/custom-fields', { key: 'plan', type: 'text' })).toMatchObject({ status: 409 });
    expect((await audited('custom_field')).map(({ action }) => action)).toContain('deleted');
  });

  it('still choose an SLA policy', async () => {
    await api('POST', '/sla/policies', {
      name: 'Gold',
      conditions: [{ field: 'customFields.plan', operator: 'equals', value: 'gold' }],
      firstResponseMinutes: 7,
      priority: 1_000,
    });
    const { slaDeadline, createdAt } = await ticket({ customFields: { plan: 'gold' } });
    expect(Date.parse(slaDeadline!) - Date.parse(createdAt)).toBe(7 * 60_000);
  });

  it('are other people’s business to nobody', async () => {
    const { items } = await core.client.request(listCustomFields, {}, { actor: core.actorOf(core.acme, 'viewer') });
    expect(items.length).toBeGreaterThan(3);
    for (const [method, json] of [['GET'], ['PATCH', { label: 'x' }], ['DELETE']] as const)
      expect([method, (await api(method, `/custom-fields/${items[0]!.id}`, json, theirKey())).status]).toEqual([
        method,
        404,
      ]);
  });
});

describe('templates', () => {
  const SETUP = {
    name: 'New Employee Setup',
    description: 'Accounts, laptop and badge',
    fields: {
      subject: 'New employee',
      description: '- [ ] Laptop',
      priority: 'critical',
      category: 'general',
      tags: ['onboarding', 'hr'],
      kind: 'setup',
      customFields: { a_number: 1 },
    },
  };
  let id: string;

  it('are written down as POST /tickets would have them', async () => {
    const { status, body } = await api('POST', '/ticket-templates', {
      ...SETUP,
      fields: { ...SETUP.fields, assignee: 'bea@acme.test' },
    });
    expect([status, body]).toMatchObject([
      201,
      {
        name: SETUP.name,
        usageCount: 0,
        fields: { ...SETUP.fields, priority: 'urgent', assigneeId: core.acme.agents.agent.id },
      },
    ]);
    id = String(body['id']);
    const again = await api('POST', '/ticket-templates', { name: 'new employee SETUP', fields: {} });
    expect([again.status, pointersOf(again)]).toEqual([409, ['/name']]);
    expect((await api('GET', '/ticket-templates?q=LAPTOP')).body['items']).toMatchObject([{ id }]);
  });

  it.each([
    ['no name', { fields: {} }, ['/name']],
    ['no fields', { name: 'n' }, ['/fields']],
    ['an unknown field', { name: 'n', fields: { colour: 'red' } }, ['/fields']],
    ['an unknown priority', { name: 'n', fields: { priority: 'huge' } }, ['/fields/priority']],
    ['an unknown category', { name: 'n', fields: { category: 'nonsense' } }, ['/fields/category']],
    ['an unknown custom field', { name: 'n', fields: { customFields: { nope: 1 } } }, ['/fields/customFields/nope']],
    ['nobody', { name: 'n', fields: { assigneeId: 'nobody@acme.test' } }, ['/fields/assigneeId']],
  ])('are refused with %s', async (_, json, where) => {
    const answer = await api('POST', '/ticket-templates', json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, where]);
  });

  it('fill in what a request leaves out', async () => {
    const opened = await api('POST', '/tickets', { templateId: id });
    expect(opened).toMatchObject({
      status: 201,
      body: {
        subject: 'New employee',
        priority: 'urgent',
        kind: 'setup',
        tags: ['onboarding', 'hr'],
        description: '- [ ] Laptop',
        assigneeId: core.acme.agents.agent.id,
        customFields: { a_number: 1 },
      },
    });
    expect(opened.body).not.toHaveProperty('warnings');
    const other = await api('POST', `/ticket-templates/${id}/open`, {
      subject: 'Dana',
      priority: 'low',
      tags: ['HR', 'dana'],
      assigneeId: null,
      customFields: { a_text: 'y' },
      contactEmail: 'dana@customer.example',
    });
    expect(other).toMatchObject({
      status: 201,
      body: {
        subject: 'Dana',
        priority: 'low',
        tags: ['hr', 'dana', 'onboarding'],
        assigneeId: null,
        customFields: { a_number: 1, a_text: 'y' },
        contactEmail: 'dana@customer.example',
      },
    });
    const nats = await core.client.request(
      openTemplate,
      { template: id, fields: { subject: 'By NATS' } },
      { actor: core.actorOf(core.acme) },
    );
    expect(nats).toMatchObject({ subject: 'By NATS', kind: 'setup' });
    expect((await api('GET', `/ticket-templates/${id}`)).body).toMatchObject({ usageCount: 3 });
    const wrong = await api('POST', '/tickets', { templateId: '0190c1a2-0000-7000-8000-0000000000aa', subject: 'x' });
    expect([wrong.status, pointersOf(wrong)]).toEqual([400, ['/templateId']]);
    expect(await api('POST', `/ticket-templates/${id}/open`, { subject: 'x' }, core.globex.apiKey)).toMatchObject({
      status: 404,
    });
  });

  it('work on when what they name is no more, and say so', async () => {
    const [left] = await core.sql<{ id: string }>(
      `INSERT INTO agents (org_id, id, email, name, role) VALUES ($1, gen_random_uuid(), 'leo@acme.test', 'Leo', 'agent') RETURNING id`,
      [core.acme.id],
    );
    const { body } = await api('POST', '/ticket-templates', {
      name: 'Old',
      fields: { subject: 'Old', assigneeId: left!.id, customFields: { a_date: '2026-01-31' } },
    });
    await core.sql('UPDATE agents SET disabled_at = now() WHERE id = $1', [left!.id]);
    await api('DELETE', '/custom-fields/a_date');
    const opened = await api('POST', '/tickets', { templateId: body['id'] });
    expect(opened).toMatchObject({ status: 201, body: { subject: 'Old', assigneeId: null, customFields: {} } });
    expect((opened.body['warnings'] as string[]).map((line) => line.split(' ')[2])).toEqual([
      'assigneeId',
      'customFields.a_date',
    ]);
  });

  it('need a subject from somewhere, and an end', async () => {
    const { body } = await api('POST', '/ticket-templates', { name: 'Bare', fields: { priority: 'low' } });
    const answer = await api('POST', '/tickets', { templateId: body['id'] });
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/subject']]);
    expect(await api('PATCH', `/ticket-templates/${String(body['id'])}`, { fields: { subject: 'Now' } })).toMatchObject(
      {
        status: 200,
        body: { fields: { subject: 'Now' } },
      },
    );
    expect(await api('DELETE', `/ticket-templates/${String(body['id'])}`)).toMatchObject({ status: 200 });
    expect(await api('POST', '/tickets', { templateId: body['id'], subject: 'x' })).toMatchObject({ status: 400 });
    for (const [method, json] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
      expect([method, (await api(method, `/ticket-templates/${id}`, json, core.globex.apiKey)).status]).toEqual([
        method,
        404,
      ]);
    expect((await audited('ticket_template')).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['created', 'updated', 'deleted']),
    );
  });
});
