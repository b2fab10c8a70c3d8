import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTeams } from '#shared/contracts/teams.js';
import { refusalOf, TestCore, pointersOf } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const make = (json: object, key?: string) => core.http('/api/v1/teams', { json, ...(key && { key }) });
const ticketOf = async (teamId: string | null, status = 'open') => {
  const { body } = await core.http('/api/v1/tickets', { json: { subject: 'Of a team' } });
  await core.sql('UPDATE tickets SET team_id = $2, status = $3 WHERE id = $1', [body['id'], teamId, status]);
  return String(body['id']);
};

describe('teams', () => {
  it('are made with a name only, and read by id, handle and name', async () => {
    const made = await make({ name: 'Équipe Zürich (EMEA)', members: ['bea', 'max@acme.test'] });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Équipe Zürich (EMEA)', handle: 'equipe-zurich-emea', memberCount: 2 },
    });
    expect((made.body['members'] as { handle: string }[]).map(({ handle }) => handle)).toEqual(['bea', 'max']);
    for (const ref of [String(made.body['id']), 'equipe-zurich-emea', encodeURIComponent('équipe zürich (EMEA)')])
      expect([ref, (await core.http(`/api/teams/${ref}`)).body['id']]).toEqual([ref, made.body['id']]);
    expect((await core.http(`/api/v1/teams/${String(made.body['id'])}`, { key: core.globex.apiKey })).status).toBe(404);
  });

  it.each([
    ['no name', {}, '/name'],
    ['an empty one', { name: ' ' }, '/name'],
    ['a name that makes no handle', { name: '支援' }, '/handle'],
    ['a wrong handle', { name: 'x', handle: 'a b' }, '/handle'],
    ['a member who is not there', { name: 'x', members: ['bea', 'zorro'] }, '/members/1'],
    ['a member of another organisation', { name: 'x', members: ['alice@globex.test'] }, '/members/0'],
  ])('with %s are refused', async (_, json, pointer) => {
    const answer = await make(json);
    expect([answer.status, pointersOf(answer)]).toEqual([400, [pointer]]);
    expect(await core.sql(`SELECT 1 FROM teams WHERE name = 'x'`)).toEqual([]);
  });

  it('have a handle of their own, in their organisation', async () => {
    expect((await make({ name: 'Billing' })).status).toBe(201);
    const again = await make({ name: 'billing' });
    expect([again.status, pointersOf(again)]).toEqual([409, ['/handle']]);
    expect((await make({ name: 'Billing' }, core.globex.apiKey)).status).toBe(201);
    await make({ name: 'Sales' });
    const renamed = await core.http('/api/v1/teams/sales', { method: 'PATCH', json: { handle: 'billing' } });
    expect([renamed.status, pointersOf(renamed)]).toEqual([409, ['/handle']]);
    const changed = await core.http('/api/v1/teams/sales', { method: 'PATCH', json: { name: 'Sales and more' } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Sales and more', handle: 'sales' } });
  });

  it('that want one handle at the same moment do not both get it, and the other is told', async () => {
    const names = ['First', 'Second', 'Third', 'Fourth'];
    await Promise.all(names.map((name) => make({ name })));
    const answers = await Promise.all(
      names.map((name) =>
        core.http(`/api/v1/teams/${name.toLowerCase()}`, { method: 'PATCH', json: { handle: 'wanted' } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    expect(answers.flatMap(pointersOf)).toEqual(['/handle', '/handle', '/handle']);
  });

  it('are joined and left, as often as one likes, and it is written down once', async () => {
    const { body } = await make({ name: 'Night' });
    const member = (method: string) => core.http('/api/v1/teams/night/members/bea', { method });
    expect(await member('PUT')).toMatchObject({ status: 200, body: { memberCount: 1, members: [{ handle: 'bea' }] } });
    expect((await member('PUT')).body['memberCount']).toBe(1);
    expect((await core.http('/api/v1/agents?team=night')).body['items']).toMatchObject([{ name: 'Bea' }]);
    expect((await core.http('/api/v1/agents/bea')).body['teamIds']).toContain(body['id']);
    expect((await member('DELETE')).body).toEqual({ success: true });
    expect((await member('DELETE')).body).toEqual({ success: true });
    expect((await core.http('/api/v1/teams/night/members/nobody', { method: 'PUT' })).status).toBe(404);
    const { items } = (await core.http(`/api/v1/audit?subjectId=${String(body['id'])}`)).body as {
      items: { action: string; newValue: unknown }[];
    };
    expect(items.map(({ action, newValue }) => [action, newValue])).toEqual([
      ['updated', { members: [] }],
      ['updated', { members: ['bea@acme.test'] }],
      ['created', expect.anything()],
    ]);
  });

  it('are the business of admins; everybody of the desk sees them, contacts do not', async () => {
    const { body } = await core.http('/api/v1/keys', { json: { name: 'm', agentId: 'max' } });
    const key = String(body['key']);
    expect((await make({ name: 'Mine' }, key)).status).toBe(403);
    expect((await core.http('/api/v1/teams/night', { method: 'PATCH', json: { name: 'x' }, key })).status).toBe(403);
    expect((await core.http('/api/v1/teams/night', { method: 'DELETE', key })).status).toBe(403);
    expect((await core.http('/api/v1/teams', { key })).status).toBe(200);
    const list = (actor: Parameters<TestCore['client']['request']>[2]) => core.client.request(listTeams, {}, actor);
    expect((await list({ actor: core.actorOf(core.acme, 'viewer') })).items.length).toBeGreaterThan(2);
    const ticket = await core.http('/api/v1/tickets', { json: { subject: 'x', contactEmail: 'c@customer.example' } });
    const contact = core.contactOf(core.acme, (ticket.body['contact'] as { id: string }).id);
    expect(await refusalOf(list({ actor: contact }))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a team that is dissolved', () => {
  it('says where its open tickets are to go, or is not', async () => {
    const id = String((await make({ name: 'Old', members: ['bea'] })).body['id']);
    const target = String((await make({ name: 'New' })).body['id']);
    const open = [await ticketOf(id), await ticketOf(id, 'pending'), await ticketOf(id, 'resolved')];
    const closed = await ticketOf(id, 'closed');
    const refused = await core.http('/api/v1/teams/old', { method: 'DELETE' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(String(refused.body['detail'])).toContain('3 open tickets');
    expect(pointersOf(await core.http('/api/v1/teams/old?moveTo=nowhere', { method: 'DELETE' }))).toEqual(['/moveTo']);
    expect((await core.http('/api/v1/teams/old?moveTo=old', { method: 'DELETE' })).status).toBe(400);
    expect(await core.http('/api/v1/teams/old?moveTo=new', { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { success: true, movedTickets: 3 },
    });
    for (const ticket of open) {
      const [row] = await core.sql<{ team_id: string }>('SELECT team_id FROM tickets WHERE id = $1', [ticket]);
      expect(row!.team_id).toBe(target);
      const lines = await core.sql(`SELECT new_value FROM activities WHERE ticket_id = $1 AND type = 'team_changed'`, [
        ticket,
      ]);
      expect(lines).toHaveLength(1);
    }
    expect(await core.sql('SELECT team_id FROM tickets WHERE id = $1', [closed])).toEqual([{ team_id: id }]);
    expect((await core.http('/api/v1/teams/old')).status).toBe(404);
    expect((await core.http('/api/v1/agents/bea')).body['teamIds']).not.toContain(id);
    // Its handle is free again.
    expect((await make({ name: 'Old' })).status).toBe(201);
  });

  it('leaves more tickets than one batch to nobody', async () => {
    const id = String((await make({ name: 'Large' })).body['id']);
    const first = await ticketOf(id);
    await core.sql(
      `INSERT INTO tickets SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', 10000 + n))).*
       FROM tickets t, generate_series(1, 60) n WHERE t.id = $1`,
      [first],
    );
    const answer = await core.http('/api/v1/teams/large?moveTo=none', { method: 'DELETE' });
    expect(answer.body).toEqual({ success: true, movedTickets: 61 });
    expect(await core.sql('SELECT 1 FROM tickets WHERE team_id = $1', [id])).toEqual([]);
  }, 20_000);
});
