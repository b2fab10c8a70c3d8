import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listMessages, postMessage } from '#shared/contracts/messages.js';
import {
  assignTicket,
  closeTicket,
  deleteTicket,
  getTicket,
  openTicket,
  reopenTicket,
  resolveTicket,
  restoreTicket,
  startTicket,
  updateTicket,
} from '#shared/contracts/tickets.js';
import { type HttpAnswer, refusalOf, TestCore } from '../../../../test/support/core.js';
import { CloseResolved } from './close-resolved.js';

let core: TestCore;
let billing: string;
beforeAll(async () => {
  core = await TestCore.start();
  billing = await core.addTeam(core.acme, 'Billing');
}, 60_000);
afterAll(() => core.close());

/** An agent who sees only this team's tickets. */
const restricted = async (email: string, teamId: string) => {
  const [row] = await core.sql<{ id: string }>(
    `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams) VALUES ($1, gen_random_uuid(), $2, 'Rita', 'agent', true) RETURNING id`,
    [core.acme.id, email],
  );
  await core.sql('INSERT INTO team_members VALUES ($1, $2, $3, now())', [core.acme.id, teamId, row!.id]);
  return core.actorOf(core.acme, 'agent', { id: row!.id, name: 'Rita', teamIds: [teamId] });
};
const bea = () => core.actorOf(core.acme);
const open = (input: object = {}, actor = bea()) =>
  core.client.request(openTicket, { subject: 'Printer', ...input }, { actor });
const http = (path: string, method: string, json?: unknown, key?: string): Promise<HttpAnswer> =>
  core.http(`/api/v1/tickets/${path}`, { method, ...(json !== undefined && { json }), ...(key && { key }) });
const linesOf = (id: string) =>
  core.sql<{ type: string; old_value: unknown; new_value: unknown; actor_kind: string; at: Date }>(
    'SELECT type, old_value, new_value, actor_kind, at FROM activities WHERE ticket_id = $1 ORDER BY at, id',
    [id],
  );
const clocksOf = (id: string) =>
  core.sql<{ target: string; state: string; next_at: Date | null; due_at: Date }>(
    'SELECT target, state, next_at, due_at FROM sla_clocks WHERE ticket_id = $1 ORDER BY target',
    [id],
  );

describe('the fields of a ticket', () => {
  it('have the names of all four documents', async () => {
    const { status, body } = await core.http('/api/tickets', {
      json: {
        title: 'Login broken',
        priority: 'critical',
        assignedTo: 'max@acme.test',
        agent: 'endpoint-7',
        teamId: billing,
        source: 'health_monitor',
        contactEmail: 'Casey@Customer.example',
        contactName: 'Casey',
      },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      subject: 'Login broken',
      priority: 'urgent',
      assignee: { email: 'max@acme.test' },
      entity: { type: 'endpoint', id: 'endpoint-7' },
      team: { id: billing, name: 'Billing', handle: 'billing' },
      creator: { name: 'Alice', email: 'alice@acme.test' },
      contactEmail: 'casey@customer.example',
      source: 'health_monitor',
    });
    const read = await http(String(body['number']), 'GET');
    expect(read.body).toMatchObject({ team: { handle: 'billing' }, creator: { email: 'alice@acme.test' } });
  });

  it.each([['alice'], ['Alice'], ['alice@acme.test']])('find the assignee %s', async (assignee) => {
    const { number } = await open();
    const answer = await http(String(number), 'PATCH', { assignee });
    expect(answer).toMatchObject({ status: 200, body: { assignee: { email: 'alice@acme.test' } } });
  });

  it.each([
    ['an unknown one', { subject: 'x', colour: 'red' }, 'colour'],
    ['what is read only', { subject: 'x', creatorId: '0190c1a2-0000-7000-8000-0000000000aa' }, 'creatorId'],
    ['two that differ', { subject: 'x', title: 'y' }, '/title'],
    ['two that differ about who', { subject: 'x', assignee: 'alice', assignedTo: 'max' }, '/assignedTo'],
    ['an empty title', { title: ' ' }, '/title'],
    ['a team of nowhere', { subject: 'x', teamId: '0190c1a2-0000-7000-8000-0000000000aa' }, '/teamId'],
    ['an assignee of nowhere', { subject: 'x', assignee: 'nobody' }, '/assigneeId'],
    ['a name without an address', { subject: 'x', contactName: 'Casey' }, '/contactName'],
  ])('are refused with their name: %s', async (_, json, pointer) => {
    const { status, body } = await core.http('/api/v1/tickets', { json });
    expect(status).toBe(400);
    const told = (body['errors'] as { pointer: string; message: string }[]).map(
      (one) => `${one.pointer} ${one.message}`,
    );
    expect(told.some((one) => one.includes(pointer))).toBe(true);
  });

  it('refuse another organisation’s team and agent', async () => {
    const theirs = await core.addTeam(core.globex, 'Theirs');
    const { number } = await open();
    expect(await http(String(number), 'PATCH', { teamId: theirs })).toMatchObject({ status: 400 });
    expect(await http(String(number), 'PATCH', { assignee: core.globex.agents.agent.email })).toMatchObject({
      status: 400,
    });
  });

  it('tell of a change of team, requester and entity, and the clocks follow', async () => {
    await core.http('/api/v1/sla/policies', {
      json: {
        name: 'Billing',
        conditions: [{ field: 'teamId', operator: 'equals', value: billing }],
        firstResponseTime: 5,
        priority: 500,
      },
    });
    const { id } = await open({ contactEmail: 'casey@customer.example' });
    const before = await clocksOf(id);
    const { body } = await http(id, 'PATCH', {
      teamId: billing,
      contactEmail: 'dana@customer.example',
      entity: { type: 'device', id: '9' },
    });
    expect(body).toMatchObject({ version: 2, contactEmail: 'dana@customer.example', team: { handle: 'billing' } });
    expect((await linesOf(id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['team_changed', 'contact_changed', 'entity_changed', 'sla_policy_changed']),
    );
    const first = (clocks: typeof before) => clocks.find(({ target }) => target === 'first_response')!.due_at.getTime();
    expect(first(await clocksOf(id))).toBeLessThan(first(before));
    const [event] = await core.sql<{ payload: { changes: { field: string }[] } }>(
      `SELECT payload FROM outbox WHERE payload->>'ticketId' = $1 AND name = 'ticket.updated'`,
      [id],
    );
    expect(event!.payload.changes).toContainEqual({ field: 'team', from: null, to: 'Billing' });
  });
});

describe('steps with names of their own', () => {
  it('assign, start, resolve, reopen and close, each with its line of history', async () => {
    const { id } = await open();
    const step = (name: string, json?: object) => http(`${id}/${name}`, 'POST', json);
    expect(await step('assign', { assignee: 'bea', note: 'You know it best' })).toMatchObject({
      status: 200,
      body: { assignee: { email: 'bea@acme.test' }, messageCount: 1 },
    });
    expect(await step('start')).toMatchObject({ status: 200, body: { status: 'in_progress' } });
    expect(await step('resolve', { note: 'New fuser' })).toMatchObject({ status: 200, body: { status: 'resolved' } });
    expect(await step('reopen', { reason: 'Again' })).toMatchObject({ body: { status: 'open', resolvedAt: null } });
    expect(await step('close', {})).toMatchObject({ body: { status: 'closed' } });
    expect(await step('assign', { assigneeId: null })).toMatchObject({ body: { assignee: null } });
    expect((await linesOf(id)).map(({ type }) => type).filter((type) => !type.startsWith('sla_'))).toEqual([
      'created',
      'note_added',
      'assigned',
      'status_changed',
      'note_added',
      'resolved',
      'note_added',
      'reopened',
      'status_changed',
      'assigned',
    ]);
  });

  it('are refused where they do not fit', async () => {
    const { id } = await open();
    expect(await http(`${id}/reopen`, 'POST')).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE' } });
    await http(`${id}/resolve`, 'POST');
    expect(await http(`${id}/start`, 'POST')).toMatchObject({ status: 422 });
    expect(await http(`${id}/assign`, 'POST', {})).toMatchObject({ status: 400 });
    expect(await http(`${id}/resolve`, 'POST', { colour: 'red' })).toMatchObject({ status: 400 });
    for (const contract of [startTicket, resolveTicket, closeTicket, reopenTicket, deleteTicket] as const) {
      const of = (actor: ReturnType<typeof bea>) => refusalOf(core.client.request(contract, { ticket: id }, { actor }));
      expect([contract.subject, (await of(core.actorOf(core.acme, 'viewer'))).code]).toEqual([
        contract.subject,
        'FORBIDDEN',
      ]);
      expect((await of(core.actorOf(core.globex, 'admin'))).code).toBe('NOT_FOUND');
    }
  });

  it('open the one follow-up of a closed ticket that is reopened', async () => {
    const { id } = await open({ contactEmail: 'casey@customer.example', teamId: billing });
    await core.client.request(closeTicket, { ticket: id }, { actor: bea() });
    const again = () => core.client.request(reopenTicket, { ticket: id, note: 'It is back' }, { actor: bea() });
    const [one, two] = [await again(), await again()];
    expect(one).toMatchObject({
      followUpOf: id,
      status: 'open',
      teamId: billing,
      contactEmail: 'casey@customer.example',
    });
    expect(two.id).toBe(one.id);
    expect(two.messageCount).toBe(2);
    expect((await core.client.request(getTicket, { ticket: id }, { actor: bea() })).status).toBe('closed');
  });

  it('leave a restricted agent with the answer, even when the ticket leaves their teams', async () => {
    const rita = await restricted('rita@acme.test', billing);
    const { id, number } = await open({ teamId: billing });
    const moved = await core.client.request(assignTicket, { ticket: id, teamId: null }, { actor: rita });
    expect(moved.teamId).toBeNull();
    for (const ticket of [id, number]) {
      const refused = await refusalOf(core.client.request(updateTicket, { ticket, subject: 'x' }, { actor: rita }));
      expect(refused.code).toBe('NOT_FOUND');
    }
  });
});

describe('the first response', () => {
  it('on a ticket that an agent opened for themselves is somebody else’s first message', async () => {
    const ticket = await open();
    const say = (actor: ReturnType<typeof bea>) =>
      core.client.request(postMessage, { ticket: ticket.id, content: 'Hello' }, { actor });
    const now = () => core.client.request(getTicket, { ticket: ticket.id }, { actor: bea() });
    const firstClock = async () => (await now()).sla.find(({ target }) => target === 'first_response');
    await say(bea());
    expect((await now()).firstResponseAt).toBeNull();
    expect(await firstClock()).toMatchObject({ state: 'running' });
    const { createdAt } = await say(core.actorOf(core.acme, 'manager'));
    expect((await now()).firstResponseAt).toBe(createdAt);
    expect(await firstClock()).toMatchObject({ state: 'met', stoppedAt: createdAt });
  });

  it('on a customer’s ticket is any agent’s, also of who wrote it down', async () => {
    const ticket = await open({ contactEmail: 'casey@customer.example' });
    await core.client.request(postMessage, { ticket: ticket.id, content: 'Hello' }, { actor: bea() });
    expect(
      (await core.client.request(getTicket, { ticket: ticket.id }, { actor: bea() })).firstResponseAt,
    ).not.toBeNull();
  });
});

describe('a deleted ticket', () => {
  it('is gone for everybody, its clocks stand, and it comes back as it was', async () => {
    const { id, number } = await open({ contactEmail: 'casey@customer.example' });
    const before = await clocksOf(id);
    expect(before.every(({ next_at }) => next_at !== null)).toBe(true);
    expect(await http(`${number}`, 'DELETE')).toMatchObject({ status: 200, body: { success: true } });
    for (const path of ['', '/messages', '/comments', '/activities', '/links', '/watchers']) {
      expect([path, (await http(`${id}${path}`, 'GET')).status]).toEqual([path, 404]);
    }
    for (const path of ['/messages', '/resolve', '/assign', '/links']) {
      const json =
        path === '/messages'
          ? { content: 'x' }
          : path === '/links'
            ? { to: id }
            : path === '/assign'
              ? { assignee: null }
              : {};
      expect([path, (await http(`${id}${path}`, 'POST', json)).status]).toEqual([path, 404]);
    }
    expect((await http(id, 'DELETE')).status).toBe(404);
    const list = await core.http('/api/v1/tickets?limit=100');
    expect((list.body['items'] as { id: string }[]).some((ticket) => ticket.id === id)).toBe(false);
    expect((await clocksOf(id)).map(({ state, next_at }) => [state, next_at])).toEqual(
      before.map(() => ['cancelled', null]),
    );
    const [event] = await core.sql<{ payload: object }>(
      `SELECT payload FROM outbox WHERE payload->>'ticketId' = $1 AND name = 'ticket.updated'`,
      [id],
    );
    expect(event!.payload).toMatchObject({ changes: [{ field: 'deleted', from: false, to: true }] });

    expect((await http(`${id}?deleted=true`, 'GET')).body['deletedAt']).not.toBeNull();
    const restored = await http(`${id}/restore`, 'POST');
    expect(restored).toMatchObject({ status: 200, body: { id, deletedAt: null, version: 3 } });
    expect(await clocksOf(id)).toEqual(before);
    expect((await http(`${id}/restore`, 'POST')).status).toBe(200);
    expect((await linesOf(id)).map(({ type }) => type)).toEqual(['created', 'deleted', 'restored']);
  });

  it('may be restored by a manager, and within a day by who deleted it', async () => {
    const gone = async (actor = bea()) => {
      const { id } = await open();
      await core.client.request(deleteTicket, { ticket: id }, { actor });
      return id;
    };
    const restore = (ticket: string, actor: ReturnType<typeof bea>) =>
      core.client.request(restoreTicket, { ticket }, { actor });
    expect((await restore(await gone(), bea())).deletedAt).toBeNull();
    expect((await restore(await gone(), core.actorOf(core.acme, 'manager'))).deletedAt).toBeNull();
    const theirs = await gone(core.actorOf(core.acme, 'manager'));
    expect((await refusalOf(restore(theirs, bea()))).code).toBe('NOT_FOUND');
    const old = await gone();
    await core.sql(`UPDATE tickets SET deleted_at = now() - interval '25 hours' WHERE id = $1`, [old]);
    expect((await refusalOf(restore(old, bea()))).code).toBe('NOT_FOUND');
    for (const actor of [core.actorOf(core.globex, 'admin'), core.actorOf(core.acme, 'viewer')])
      expect((await refusalOf(restore(old, actor))).code).toBe('NOT_FOUND');
    expect((await restore(old, core.actorOf(core.acme, 'admin'))).deletedAt).toBeNull();
  });

  it('that breached while it was deleted is late at the exact instant when it comes back', async () => {
    const { id } = await open({ priority: 'urgent', contactEmail: 'casey@customer.example' });
    await core.client.request(deleteTicket, { ticket: id }, { actor: bea() });
    await core.sql(`UPDATE activities SET at = at - interval '3 hours' WHERE ticket_id = $1 AND type = 'created'`, [
      id,
    ]);
    const back = await core.client.request(restoreTicket, { ticket: id }, { actor: bea() });
    const late = back.sla.find(({ target }) => target === 'first_response')!;
    expect(late).toMatchObject({ state: 'breached', breachedAt: late.dueAt });
  });
});

describe('a resolved ticket', () => {
  const close = (nowMs: number) => core.app.get(CloseResolved).execute(nowMs);
  const DAY_MS = 86_400_000;

  it('closes by itself when its time is up, at that instant, once, whoever looks', async () => {
    await core.sql(`UPDATE organisations SET settings = '{"autoCloseDays": 3}' WHERE id = $1`, [core.acme.id]);
    await core.sql(`UPDATE organisations SET settings = '{"autoCloseDays": 0}' WHERE id = $1`, [core.globex.id]);
    const resolved = async (org = core.acme) => {
      const { id } = await open({}, core.actorOf(org));
      return core.client.request(resolveTicket, { ticket: id }, { actor: core.actorOf(org) });
    };
    const [mine, reopened, deleted, theirs] = [
      await resolved(),
      await resolved(),
      await resolved(),
      await resolved(core.globex),
    ];
    await core.client.request(deleteTicket, { ticket: deleted.id }, { actor: bea() });
    const dueMs = Date.parse(mine.resolvedAt!) + 3 * DAY_MS;
    await close(dueMs - 1);
    expect((await core.client.request(getTicket, { ticket: mine.id }, { actor: bea() })).status).toBe('resolved');
    await core.client.request(reopenTicket, { ticket: reopened.id }, { actor: bea() });
    const another = await core.another();
    await Promise.all([
      close(dueMs + 5_000),
      another.app.get(CloseResolved).execute(dueMs + 5_000),
      close(dueMs + 5_000),
    ]);
    await another.close();
    const now = await core.client.request(getTicket, { ticket: mine.id }, { actor: bea() });
    expect(now).toMatchObject({ status: 'closed', closedAt: new Date(dueMs).toISOString(), version: mine.version + 1 });
    expect((await linesOf(mine.id)).at(-1)).toMatchObject({ type: 'status_changed', actor_kind: 'system' });
    const states = await core.sql('SELECT status FROM tickets WHERE id = ANY($1) ORDER BY created_at', [
      [reopened.id, deleted.id, theirs.id],
    ]);
    expect(states).toEqual([{ status: 'open' }, { status: 'resolved' }, { status: 'resolved' }]);
  });

  it('has seven days where nobody says otherwise, however many wait', async () => {
    await core.sql(`UPDATE organisations SET settings = '{}' WHERE id = $1`, [core.acme.id]);
    const nowMs = Date.now() + 400 * DAY_MS;
    await close(nowMs);
    const { id } = await open();
    await core.sql(`UPDATE tickets SET status = 'resolved', resolved_at = now() WHERE id = $1`, [id]);
    expect(await close(Date.now() + 7 * DAY_MS - 60_000)).toBe(0);
    await Promise.all(Array.from({ length: 60 }, () => open()));
    await core.sql(
      `UPDATE tickets SET status = 'resolved', resolved_at = now() WHERE status = 'open' AND org_id = $1`,
      [core.acme.id],
    );
    expect(await close(nowMs)).toBeGreaterThan(60);
    expect(
      await core.sql(`SELECT 1 FROM tickets WHERE org_id = $1 AND status = 'resolved' AND deleted_at IS NULL`, [
        core.acme.id,
      ]),
    ).toEqual([]);
  }, 30_000);
});

describe('a customer on a closed ticket', () => {
  it('writes into its one follow-up, with everything of it that is theirs', async () => {
    const ticket = await open({ contactEmail: 'erin@customer.example', entity: { type: 'device', id: '9' } });
    const erin = core.contactOf(core.acme, ticket.contact!.id, 'Erin');
    await core.client.request(closeTicket, { ticket: ticket.id }, { actor: bea() });
    const say = (content: string, externalRef?: string) =>
      core.client.request(
        postMessage,
        { ticket: ticket.id, content, ...(externalRef && { externalRef }) },
        { actor: erin },
      );
    const [first, second] = await Promise.all([say('It is back'), say('Really')]);
    expect(first.ticketId).toBe(second.ticketId);
    expect(first.ticketId).not.toBe(ticket.id);
    const third = await say('Once', 'portal:1');
    expect((await say('Once', 'portal:1')).id).toBe(third.id);
    const followUp = await core.client.request(getTicket, { ticket: first.ticketId }, { actor: erin });
    expect(followUp).toMatchObject({ followUpOf: ticket.id, subject: 'Printer', messageCount: 3, source: 'email' });
    const { items } = await core.client.request(listMessages, { ticket: first.ticketId }, { actor: erin });
    expect(items.map(({ content }) => content).toSorted()).toEqual(['It is back', 'Once', 'Really']);
    const internal = core.client.request(postMessage, { ticket: ticket.id, content: 'x' }, { actor: bea() });
    expect((await refusalOf(internal)).code).toBe('UNPROCESSABLE');
  });

  it('hears it when the reference of their message is another’s', async () => {
    const note = { isInternalNote: true, externalRef: 'portal:2' };
    const { id } = await open({});
    await core.client.request(postMessage, { ticket: id, content: 'Ours', ...note }, { actor: bea() });
    const ticket = await open({ contactEmail: 'erin@customer.example' });
    const erin = core.contactOf(core.acme, ticket.contact!.id, 'Erin');
    await core.client.request(closeTicket, { ticket: ticket.id }, { actor: bea() });
    const said = { ticket: ticket.id, content: 'Mine', externalRef: 'portal:2' };
    expect(await refusalOf(core.client.request(postMessage, said, { actor: erin }))).toMatchObject({
      code: 'CONFLICT',
      pointers: ['/externalRef'],
    });
    expect(await core.sql('SELECT 1 FROM tickets WHERE follow_up_of = $1', [ticket.id])).toEqual([]);
  });
});
