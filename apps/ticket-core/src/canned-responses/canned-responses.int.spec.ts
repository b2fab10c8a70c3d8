import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CannedResponseView, listCanned, renderCanned } from '#shared/contracts/canned-responses.js';
import { postMessage } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, pointersOf } from '../../../../test/support/core.js';

let core: TestCore;
let ticket: TicketView;
let teamId: string;
beforeAll(async () => {
  core = await TestCore.start();
  ticket = (
    await core.http('/api/v1/tickets', {
      json: { subject: 'Login *broken*', contactEmail: 'casey@customer.example', contactName: 'Casey Miller' },
    })
  ).body as unknown as TicketView;
  teamId = await core.addTeam(core.acme, 'Support');
}, 60_000);
afterAll(() => core.close());

const PATH = '/api/v1/canned-responses';
const api = (method: string, path: string, json?: unknown, key?: string) =>
  core.http(path, { method, ...(json !== undefined && { json }), ...(key && { key }) });
const made = async (json: object): Promise<CannedResponseView> => {
  const { status, body } = await api('POST', PATH, { title: 'T', content: 'x', ...json });
  expect([status, body]).toEqual([201, body]);
  return body as unknown as CannedResponseView;
};
const agent = (role: 'viewer' | 'agent' | 'manager' | 'admin' = 'agent') => ({ actor: core.actorOf(core.acme, role) });

describe('canned responses', () => {
  it('are written as content or, in the document’s words, as body', async () => {
    const first = await made({ title: 'Ask for logs', content: 'Hi {{contact.firstName}}', shortcut: 'Ask-Logs' });
    expect(first).toMatchObject({
      shortcut: 'ask-logs',
      body: 'Hi {{contact.firstName}}',
      variables: ['contact.firstName'],
      usageCount: 0,
      lastUsedAt: null,
    });
    const { body } = await api('POST', '/api/canned-responses', { title: 'B', body: 'Hello' });
    expect(body).toMatchObject({ title: 'B', content: 'Hello', body: 'Hello', shortcut: null, teamId: null });
    for (const ref of [first.id, 'ask-logs', 'ASK-LOGS', encodeURIComponent('/ask-logs')])
      expect(await api('GET', `${PATH}/${ref}`)).toMatchObject({ status: 200, body: { id: first.id } });
    expect(await api('PATCH', `${PATH}/ask-logs`, { body: 'Hey {{today}}' })).toMatchObject({
      status: 200,
      body: { content: 'Hey {{today}}', variables: ['today'] },
    });
    expect((await api('GET', `${PATH}?q=hey`)).body['items']).toMatchObject([{ id: first.id }]);
    expect(await api('DELETE', `${PATH}/ask-logs`)).toMatchObject({ status: 200, body: { success: true } });
    expect(await api('GET', `${PATH}/ask-logs`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const audit = await core.sql<{ action: string }>(
      'SELECT action FROM audit_entries WHERE subject_id = $1 ORDER BY id',
      [first.id],
    );
    expect(audit.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted']);
  });

  it.each([
    ['no title', { title: '' }, ['/title']],
    ['no text', { content: undefined }, ['/body']],
    ['half a variable in its body', { content: undefined, body: 'Hi {{' }, ['/body']],
    ['nothing but blanks', { content: ' \n' }, ['/content']],
    ['content and another body', { body: 'y' }, ['/body']],
    ['an unknown variable', { content: 'Hi {{contact.lastName}}' }, ['/content']],
    ['half a variable', { content: 'Hi {{' }, ['/content']],
    ['a helper', { content: '{{lookup contact "name"}}' }, ['/content']],
    ['a shortcut of two words', { shortcut: 'two words' }, ['/shortcut']],
    ['a team of nowhere', { teamId: '0190c1a2-0000-7000-8000-0000000000aa' }, ['/teamId']],
    ['too much', { content: 'x'.repeat(20_001) }, ['/content']],
  ])('are refused with %s', async (_, json, where) => {
    const answer = await api('POST', PATH, { title: 'T', content: 'x', ...json });
    expect([answer.status, answer.body['code'], pointersOf(answer)]).toEqual([400, 'BAD_REQUEST', where]);
  });

  it('name the variables there are', async () => {
    const { body } = await api('GET', `${PATH}/variables`);
    const names = (body['items'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ticket.number', 'contact.firstName', 'agent.name', 'today']));
    const every = names.map((name) => `{{${name}}}`).join(' ');
    expect((await made({ content: every })).variables.toSorted()).toEqual(names.toSorted());
    expect((await api('POST', PATH, { title: 'T', content: '{{nope}}' })).body['detail']).toContain(
      'contact.firstName',
    );
  });

  it('have each shortcut once', async () => {
    await made({ shortcut: 'once' });
    const again = await api('POST', PATH, { title: 'T', content: 'x', shortcut: 'once' });
    expect([again.status, again.body['code'], pointersOf(again)]).toEqual([409, 'CONFLICT', ['/shortcut']]);
    const other = await made({ shortcut: 'other' });
    expect(await api('PATCH', `${PATH}/${other.id}`, { shortcut: 'once' })).toMatchObject({ status: 409 });
    expect(await api('PATCH', `${PATH}/${other.id}`, { shortcut: null })).toMatchObject({
      status: 200,
      body: { shortcut: null },
    });
    const raced = await Promise.all(
      Array.from({ length: 5 }, () => api('POST', PATH, { title: 'T', content: 'x', shortcut: 'raced' })),
    );
    expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('days in a canned response', () => {
  it.each(['Pacific/Kiritimati', 'Etc/GMT+12'])('are those of the organisation (%s)', async (timezone) => {
    const key = core.globex.apiKey;
    const day = (at: Date) => new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at);
    await api('PATCH', '/api/v1/organisation', { settings: { timezone } }, key);
    const { id, createdAt } = (await api('POST', '/api/v1/tickets', { subject: 'x' }, key)).body;
    const { body } = await api('POST', PATH, { title: 'T', content: '{{ticket.createdOn}} {{today}}' }, key);
    const before = day(new Date());
    const { content } = (await api('POST', `${PATH}/${String(body['id'])}/render`, { ticket: id }, key)).body;
    const opened = day(new Date(String(createdAt)));
    expect([`${opened} ${before}`, `${opened} ${day(new Date())}`]).toContain(content);
  });
});

describe('who may', () => {
  it('agents write their own teams’, managers everybody’s; of other teams nobody else knows', async () => {
    const ofTeam = await made({ title: 'Team', shortcut: 'of-team', teamId });
    const ofAll = await made({ title: 'All', shortcut: 'of-all' });
    const names = async (role: 'viewer' | 'agent' | 'manager') =>
      (await core.client.request(listCanned, { q: 'of-' }, agent(role))).items.map(({ shortcut }) => shortcut);
    expect(await names('agent')).toEqual(['of-all']);
    expect(await names('manager')).toEqual(['of-all', 'of-team']);
    expect(await refusalOf(core.client.request(renderCanned, { canned: 'of-team' }, agent()))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await core.sql('INSERT INTO team_members VALUES ($1, $2, $3, now())', [
      core.acme.id,
      teamId,
      core.acme.agents.agent.id,
    ]);
    expect(await names('agent')).toEqual(['of-all', 'of-team']);
    expect(await names('viewer')).toEqual(['of-all']);
    const contact = { actor: core.contactOf(core.acme, ticket.contact!.id) };
    expect(await refusalOf(core.client.request(listCanned, {}, contact))).toMatchObject({ code: 'FORBIDDEN' });
    for (const { id } of [ofTeam, ofAll])
      for (const [method, path, json] of [
        ['GET', ''],
        ['PATCH', '', { title: 'stolen' }],
        ['DELETE', ''],
        ['POST', '/render', {}],
      ] as const)
        expect([method, (await api(method, `${PATH}/${id}${path}`, json, core.globex.apiKey)).status]).toEqual([
          method,
          404,
        ]);
  });
});

describe('filled in', () => {
  it('for a ticket, with what is missing shown, and nothing that a customer wrote doing anything', async () => {
    const { id } = await made({
      shortcut: 'fill',
      content:
        'Hi {{contact.firstName}} ({{contact.email}}), #{{ticket.number}} “{{ticket.subject}}” is {{ticket.status}}.{{#if company.name}} At {{company.name}}.{{/if}} {{assignee.name}} / {{agent.firstName}}, {{organisation.name}}',
    });
    const { status, body } = await api('POST', `${PATH}/fill/render`, { ticket: ticket.number });
    expect([status, body]).toEqual([
      200,
      {
        id,
        title: 'T',
        content: String.raw`Hi Casey (casey@customer.example), #1 “Login \*broken\*” is open. [assignee.name?] / Alice, ACME`,
        missing: ['assignee.name'],
      },
    ]);
    const without = await api('POST', `${PATH}/fill/render`, {});
    expect(without.body['missing']).toEqual(expect.arrayContaining(['ticket.number', 'contact.firstName']));
    expect(await core.client.request(renderCanned, { canned: 'fill', ticket: ticket.id }, agent())).toMatchObject({
      missing: ['assignee.name'],
    });
    expect((await api('GET', `${PATH}/fill`)).body).toMatchObject({ usageCount: 0 });
    await api('POST', `${PATH}/fill/render`, { ticket: ticket.number, use: true });
    expect((await api('GET', `${PATH}/fill`)).body).toMatchObject({
      usageCount: 1,
      lastUsedAt: expect.any(String) as unknown,
    });
    expect(await api('POST', `${PATH}/fill/render`, { ticket: 4711 })).toMatchObject({ status: 404 });
  });

  it('as a message, counted once', async () => {
    await made({ shortcut: 'reply', content: 'Hi {{contact.firstName}}, we look at #{{ticket.number}}.' });
    const path = `/api/v1/tickets/${ticket.number}/messages`;
    const posted = await api('POST', path, { cannedResponse: 'reply' });
    expect(posted).toMatchObject({ status: 201, body: { content: 'Hi Casey, we look at #1.', isInternalNote: false } });
    const edited = await api('POST', path, { cannedResponse: '/REPLY', content: 'In other words' });
    expect(edited).toMatchObject({ status: 201, body: { content: 'In other words' } });
    const twice = { ticket: ticket.id, cannedResponse: 'reply', externalRef: 'slack:c:1' };
    const [one, two] = [
      await core.client.request(postMessage, twice, agent()),
      await core.client.request(postMessage, twice, agent()),
    ];
    expect(two.id).toBe(one.id);
    expect((await api('GET', `${PATH}/reply`)).body).toMatchObject({ usageCount: 3 });
    const wrong = await api('POST', path, { cannedResponse: 'nowhere' });
    expect([wrong.status, pointersOf(wrong)]).toEqual([400, ['/cannedResponse']]);
    const nothing = await api('POST', path, {});
    expect([nothing.status, pointersOf(nothing)]).toEqual([400, ['/content']]);
    const contact = { actor: core.contactOf(core.acme, ticket.contact!.id) };
    expect(
      await refusalOf(core.client.request(postMessage, { ticket: ticket.id, cannedResponse: 'reply' }, contact)),
    ).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/cannedResponse'] });
  });

  it('goes to no customer with a gap in it', async () => {
    await made({ shortcut: 'gap', content: 'Ask {{assignee.name}}' });
    const path = `/api/v1/tickets/${ticket.number}/messages`;
    const refused = await api('POST', path, { cannedResponse: 'gap' });
    expect([refused.status, refused.body['code'], pointersOf(refused)]).toEqual([
      422,
      'UNPROCESSABLE',
      ['/cannedResponse'],
    ]);
    expect(refused.body['detail']).toContain('assignee.name');
    const note = await api('POST', path, { cannedResponse: 'gap', isInternalNote: true });
    expect(note).toMatchObject({ status: 201, body: { content: 'Ask [assignee.name?]' } });
    expect((await api('GET', `${PATH}/gap`)).body).toMatchObject({ usageCount: 1 });
  });
});
