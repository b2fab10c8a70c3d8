import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findAgent, listAgents } from '#shared/contracts/agents.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, pointersOf } from '../../../../test/support/core.js';
import { AgentBook } from './agent-book.js';
import { AgentRepository } from './agent.repository.js';
import { KnownActors } from './known-actors.js';
import { Database } from '../database/database.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const add = (json: object, key?: string) => core.http('/api/v1/agents', { json, ...(key && { key }) });
const patch = (ref: string, json: object, key?: string) =>
  core.http(`/api/v1/agents/${ref}`, { method: 'PATCH', json, ...(key && { key }) });
const keyOf = async (agentId: string, more: object = {}) =>
  String((await core.http('/api/v1/keys', { json: { name: 'test', agentId, ...more } })).body['key']);

describe('agents', () => {
  it('are added with an address only, and read by id, address, handle and old path', async () => {
    const made = await add({ email: 'Dana.Scully@acme.test' });
    expect(made).toMatchObject({
      status: 201,
      body: {
        email: 'dana.scully@acme.test',
        name: 'dana.scully',
        handle: 'dana.scully',
        role: 'agent',
        restrictedToTeams: false,
        teamIds: [],
        disabledAt: null,
      },
    });
    const id = String(made.body['id']);
    for (const ref of [id, id.toUpperCase(), 'dana.scully@acme.test', 'DANA.SCULLY', '@dana.scully'])
      expect([ref, (await core.http(`/api/v1/agents/${ref}`)).body['id']]).toEqual([ref, id]);
    expect((await core.http(`/api/agents/${id}`)).body['id']).toBe(id);
    expect(await core.http('/api/v1/agents/nobody')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await core.http(`/api/v1/agents/${id}`, { key: core.globex.apiKey })).toMatchObject({ status: 404 });
  });

  it.each([
    ['no address', {}, '/email'],
    ['a wrong one', { email: 'x' }, '/email'],
    ['two lines of a name', { email: 'a@acme.test', name: 'a\nb' }, '/name'],
    ['a role that there is not', { email: 'a@acme.test', role: 'king' }, '/role'],
    ['a team that there is not', { email: 'a@acme.test', teamIds: ['nothing'] }, '/teamIds/0'],
    ['a field that there is not', { email: 'a@acme.test', admin: true }, ''],
  ])('with %s are refused, and nothing is written', async (_, json, pointer) => {
    const answer = await add(json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, [pointer]]);
    expect(await core.sql(`SELECT 1 FROM agents WHERE email = 'a@acme.test'`)).toEqual([]);
  });

  it('are one to an address in an organisation, also when two are added at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => add({ email: 'twice@acme.test' })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
    expect(pointersOf(answers.find(({ status }) => status === 409)!)).toEqual(['/email']);
    expect((await add({ email: 'twice@acme.test' }, core.globex.apiKey)).status).toBe(201);
  });

  it('are listed by name, page by page, by part, role and team; disabled ones on request', async () => {
    for (const [at, name] of ['Zoë', 'Ängström', '100% Bob', 'bob_x', 'Émile'].entries())
      await add({ email: `l${at}@list.test`, name, role: 'viewer' });
    const gone = await add({ email: 'gone@list.test', name: 'Gone' });
    expect(await core.http(`/api/v1/agents/${String(gone.body['id'])}`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    const names = async (query: string) =>
      ((await core.http(`/api/v1/agents?${query}`)).body['items'] as { name: string }[]).map(({ name }) => name);
    expect(await names('q=LIST.test')).toHaveLength(5);
    expect(await names(`q=${encodeURIComponent('0%')}`)).toEqual(['100% Bob']);
    expect(await names('q=b_x')).toEqual(['bob_x']);
    expect(await names('q=list.test&includeDisabled=true')).toContain('Gone');
    expect(await names('role=manager')).toEqual(['Max']);
    const all = await names('limit=200');
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await core.http(`/api/v1/agents?limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...(body['items'] as { name: string }[]).map(({ name }) => name));
      cursor = body['nextCursor'] as string | null;
    }
    expect(paged).toEqual(all);
    expect((await core.http('/api/v1/agents?cursor=xx')).status).toBe(400);
    expect(JSON.stringify((await core.http('/api/v1/agents?limit=200')).body)).not.toContain('globex');
  });

  it('are changed by admins only, and it is written who did what', async () => {
    const { body } = await add({ email: 'changed@acme.test', name: 'Before' });
    const managers = await keyOf(core.acme.agents.manager.id);
    expect(await patch('changed', { name: 'x' }, managers)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await add({ email: 'new@acme.test' }, managers)).status).toBe(403);
    expect((await core.http('/api/v1/agents', { key: managers })).status).toBe(200);
    expect(await patch('changed', { name: 'After', role: 'manager' })).toMatchObject({
      status: 200,
      body: { name: 'After', role: 'manager' },
    });
    const entries = await core.http(`/api/v1/audit?subjectId=${String(body['id'])}`);
    expect(entries.body['items']).toMatchObject([
      {
        action: 'updated',
        subjectType: 'agent',
        actor: { name: 'Alice' },
        surface: 'api',
        oldValue: { name: 'Before', role: 'agent' },
        newValue: { name: 'After', role: 'manager' },
      },
      { action: 'created' },
    ]);
    expect(pointersOf(await patch('changed', { email: 'bea@acme.test' }))).toEqual(['/email']);
    expect((await patch('changed', { email: 'moved@acme.test' })).body['handle']).toBe('moved');
  });

  it('say who you are, whatever your key opens', async () => {
    const key = await keyOf(core.acme.agents.agent.id, { scopes: ['tickets:read'] });
    expect((await core.http('/api/v1/agents/me', { key })).body).toMatchObject({ name: 'Bea', role: 'agent' });
    expect((await core.http('/api/v1/agents', { key })).status).toBe(403);
  });
});

describe('the last admin', () => {
  it('cannot be demoted or disabled, by others or by themselves, but of two admins one can', async () => {
    const alice = core.acme.agents.admin.id;
    for (const change of [{ role: 'agent' }, { disabled: true }]) {
      const answer = await patch('alice', change);
      expect(answer).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE' } });
      expect(pointersOf(answer)).toEqual([`/${Object.keys(change)[0]}`]);
    }
    expect((await core.http(`/api/v1/agents/${alice}`, { method: 'DELETE' })).status).toBe(422);
    expect((await patch('alice', { name: 'Alice' })).status).toBe(200);
    await add({ email: 'second@acme.test', role: 'admin' });
    // Each demotes the other at once: one of them stays an admin.
    const theirs = await keyOf('second@acme.test');
    const answers = await Promise.all([patch('second', { role: 'agent' }), patch('alice', { role: 'agent' }, theirs)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)[0]).toBe(200);
    const left = await core.sql(`SELECT 1 FROM agents WHERE org_id = $1 AND role = 'admin' AND disabled_at IS NULL`, [
      core.acme.id,
    ]);
    expect(left).toHaveLength(1);
    await core.sql(`UPDATE agents SET role = 'admin' WHERE id = $1`, [alice]);
    core.app.get(KnownActors).forget(core.acme.id, alice);
  });
});

describe('an agent who is disabled', () => {
  it('is out at once, by every key and over NATS, and may come back', async () => {
    const { body } = await add({ email: 'leaving@acme.test', name: 'Lea' });
    const id = String(body['id']);
    const key = await keyOf(id);
    const actor = core.actorOf(core.acme, 'agent', { id, name: 'Lea' });
    expect((await core.http('/api/v1/agents/me', { key })).status).toBe(200);
    expect((await core.client.request(listAgents, {}, { actor })).items.length).toBeGreaterThan(3);
    await core.http('/api/v1/agents/leaving', { method: 'DELETE' });
    expect(await core.http('/api/v1/agents/me', { key })).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHORIZED' },
    });
    expect(await refusalOf(core.client.request(listAgents, {}, { actor }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      await core.client.request(findAgent, { email: 'leaving@acme.test' }, { actor: core.serviceOf(core.acme) }),
    ).toBeNull();
    expect(pointersOf(await add({ email: 'leaving@acme.test' }))).toEqual(['/email']);
    expect((await patch(id, { disabled: false })).body['disabledAt']).toBeNull();
    expect((await core.http('/api/v1/agents/me', { key })).status).toBe(200);
  });
});

describe('who acts over NATS', () => {
  it('is who the database says, whatever the request says of role and name', async () => {
    const pretending = core.actorOf(core.acme, 'viewer', { role: 'admin', name: 'Somebody else' });
    expect(await refusalOf(core.client.request(openTicket, { subject: 'x' }, { actor: pretending }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const renamed = core.actorOf(core.acme, 'agent', { role: 'viewer', name: 'Mallory' });
    const { id } = await core.client.request(openTicket, { subject: 'x' }, { actor: renamed });
    const [line] = await core.sql('SELECT actor_name, surface FROM activities WHERE ticket_id = $1', [id]);
    expect(line).toEqual({ actor_name: 'Bea', surface: 'slack' });
  });

  it('is somebody of that organisation, or is refused', async () => {
    const ask = (actor: ReturnType<TestCore['actorOf']>) => refusalOf(core.client.request(listTickets, {}, { actor }));
    const theirs = core.actorOf(core.globex, 'admin');
    expect(await ask({ ...theirs, orgId: core.acme.id })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask(core.actorOf(core.acme, 'admin', { id: core.acme.id }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask(core.actorOf(core.acme, 'admin', { id: null }))).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await ask(core.contactOf(core.acme, core.acme.agents.admin.id))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('sees the tickets of their teams only, if they are restricted, from the moment on that they are', async () => {
    const team = String((await core.http('/api/v1/teams', { json: { name: 'Wall' } })).body['id']);
    const { body } = await add({ email: 'walled@acme.test' });
    const actor = core.actorOf(core.acme, 'agent', { id: String(body['id']) });
    const ticket = (
      await core.client.request(openTicket, { subject: 'Not theirs' }, { actor: core.actorOf(core.acme) })
    ).id;
    const read = () => core.client.request(getTicket, { ticket }, { actor });
    expect((await read()).id).toBe(ticket);
    await patch('walled', { restrictedToTeams: true, teamIds: ['wall'] });
    expect(await refusalOf(read())).toMatchObject({ code: 'NOT_FOUND' });
    // Saying that there is no restriction does not lift it.
    expect(actor.teamIds).toBeNull();
    await core.sql('UPDATE tickets SET team_id = $2 WHERE id = $1', [ticket, team]);
    expect((await read()).id).toBe(ticket);
    await core.http(`/api/v1/teams/wall/members/walled`, { method: 'DELETE' });
    expect(await refusalOf(read())).toMatchObject({ code: 'NOT_FOUND' });
    const key = await keyOf('walled');
    expect((await core.http(`/api/v1/tickets/${ticket}`, { key })).status).toBe(404);
  });

  it('is asked once for many requests', async () => {
    const people = core.app.get(KnownActors);
    const id = core.acme.agents.manager.id;
    const looks = jest.spyOn(core.app.get(AgentRepository), 'acting');
    people.forget(core.acme.id, id);
    await Promise.all(Array.from({ length: 1_000 }, () => people.agent(core.acme.id, id, 'slack')));
    for (let at = 0; at < 1_000; at++) await people.agent(core.acme.id, id, 'slack');
    expect(looks).toHaveBeenCalledTimes(1);
    looks.mockRestore();
  });
});

describe('whom a text means', () => {
  const resolve = (text: string, pointer = '/assigneeId') =>
    core.app.get(Database).tenant(core.acme.id, (tx) => core.app.get(AgentBook).resolve(tx, text, pointer));

  it('is one agent by id, address, handle or whole name', async () => {
    const { id } = core.acme.agents.admin;
    for (const text of [id, 'alice@acme.test', 'ALICE@ACME.TEST', 'alice', '@Alice', 'Alice'])
      expect([text, (await resolve(text)).id]).toEqual([text, id]);
  });

  it('is nobody of another organisation, and no part of a name', async () => {
    for (const text of ['alice@globex.test', 'Ali', '%', 'alice@acme.test ', ''])
      await expect(resolve(text)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
        problems: [{ pointer: '/assigneeId' }],
      });
  });

  it('must be said better when it may be several, who are named', async () => {
    await add({ email: 'sam@acme.test', name: 'Sam Smith' });
    await add({ email: 'sam@elsewhere.test', name: 'Sam Jones' });
    const refusal = await refusalOf(resolve('sam'));
    expect(refusal).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/assigneeId'] });
    expect(refusal.message).toContain('Sam Jones <sam@elsewhere.test> or Sam Smith <sam@acme.test>');
    expect((await resolve('sam@acme.test')).name).toBe('Sam Smith');
    expect((await resolve('Sam Jones')).email).toBe('sam@elsewhere.test');
  });

  it('may be given a ticket by that, unless they only look', async () => {
    const actor = core.actorOf(core.acme);
    const { id } = await core.client.request(openTicket, { subject: 'x' }, { actor });
    const given = await core.client.request(updateTicket, { ticket: id, assigneeId: 'alice' }, { actor });
    expect(given.assignee?.name).toBe('Alice');
    const refused = refusalOf(core.client.request(updateTicket, { ticket: id, assigneeId: 'vera' }, { actor }));
    expect(await refused).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/assigneeId'] });
  });
});
