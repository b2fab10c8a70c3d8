import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '#shared/contracts/actor.js';
import { changeMessage, postMessage } from '#shared/contracts/messages.js';
import { getNotification, listNotifications, readNotifications } from '#shared/contracts/notifications.js';
import { assignTicket, deleteTicket, openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { listWatchers, unwatchTicket, watchTicket } from '#shared/contracts/watchers.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let rita: Actor;
let ticket: TicketView;
const sales = '0190c1a2-0000-7000-8000-0000000005a1';
beforeAll(async () => {
  core = await TestCore.start();
  await core.sql(
    `INSERT INTO teams (org_id, id, name, handle, created_at, updated_at) VALUES ($1, $2, 'Sales', 'sales-team', now(), now())`,
    [core.acme.id, sales],
  );
  const [row] = await core.sql<{ id: string }>(
    `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams) VALUES ($1, gen_random_uuid(), 'rita.sales@acme.test', 'Rita Müller', 'agent', true) RETURNING id`,
    [core.acme.id],
  );
  rita = core.actorOf(core.acme, 'agent', { id: row!.id, name: 'Rita Müller', teamIds: [sales] });
  await core.sql('INSERT INTO team_members VALUES ($1, $2, $3, now()), ($1, $2, $4, now())', [
    core.acme.id,
    sales,
    rita.id,
    core.acme.agents.manager.id,
  ]);
}, 60_000);
afterAll(() => core.close());
beforeEach(async () => {
  await core.sql('DELETE FROM notifications');
  ticket = await core.client.request(
    openTicket,
    { subject: 'Printer', contactEmail: 'casey@customer.example' },
    { actor: bea() },
  );
});

const bea = () => core.actorOf(core.acme);
const alice = () => core.actorOf(core.acme, 'admin');
const max = () => core.actorOf(core.acme, 'manager');
const vera = () => core.actorOf(core.acme, 'viewer');
const casey = () => core.contactOf(core.acme, ticket.contact!.id);
const say = (content: string, actor = bea(), isInternalNote = true, on = ticket.id) =>
  core.client.request(postMessage, { ticket: on, content, isInternalNote }, { actor });
const listOf = (actor: Actor, input: object = {}) => core.client.request(listNotifications, input, { actor });
const kindsOf = async (actor: Actor) => (await listOf(actor)).items.map(({ kind }) => kind);
const watch = (actor: Actor, agent = 'me') => core.client.request(watchTicket, { ticket: ticket.id, agent }, { actor });
const watchersOf = async () =>
  (await core.client.request(listWatchers, { ticket: ticket.id }, { actor: vera() })).items.map(
    ({ agent }) => agent.email,
  );

describe('who is named', () => {
  it('is told once, with who did it and what was said, and an event for the surfaces', async () => {
    const note = await say('@alice can you look at this? See `@max` and\n> @max\n');
    const { items, unread } = await listOf(alice());
    expect(items).toMatchObject([
      {
        kind: 'mentioned',
        ticket: { id: ticket.id, number: ticket.number, subject: 'Printer', status: 'open' },
        message: { id: note.id, isInternalNote: true, excerpt: expect.stringContaining('can you look') as unknown },
        actor: { name: 'Bea' },
        readAt: null,
      },
    ]);
    expect(unread).toBe(1);
    expect(await kindsOf(max())).toEqual([]);
    expect(await kindsOf(bea())).toEqual([]);
    const events = await core.sql(
      `SELECT payload FROM outbox WHERE name = 'agent.notified' AND payload->>'messageId' = $1`,
      [note.id],
    );
    expect(events).toMatchObject([
      { payload: { agentId: alice().id, kind: 'mentioned', notificationId: items[0]!.id } },
    ]);
  });

  it('may be a team, a viewer or somebody by whole name; never oneself, nobody, or who may not see it', async () => {
    await say('@sales-team @bea @vera @nobody @[Alice] and @rita.sales');
    expect(await kindsOf(max())).toEqual(['mentioned']);
    expect(await kindsOf(vera())).toEqual(['mentioned']);
    expect(await kindsOf(alice())).toEqual(['mentioned']);
    expect(await kindsOf(bea())).toEqual([]);
    expect(await core.sql('SELECT 1 FROM notifications WHERE agent_id = $1', [rita.id])).toEqual([]);
    const ours = await core.client.request(openTicket, { subject: 'x', teamId: sales }, { actor: bea() });
    await say('@[Rita Müller]', bea(), true, ours.id);
    expect(await kindsOf(rita)).toEqual(['mentioned']);
  });

  it('in a public reply is told too, but a customer’s words name nobody', async () => {
    await say('Hello, @max knows', bea(), false);
    expect(await kindsOf(max())).toEqual(['mentioned']);
    await say('@alice @max help', casey(), false);
    expect(await kindsOf(alice())).toEqual([]);
  });

  it('in an edit is told when that is new', async () => {
    const note = await say('@alice');
    await core.client.request(
      changeMessage,
      { ticket: ticket.id, messageId: note.id, content: '@alice and @max' },
      { actor: bea() },
    );
    expect(await kindsOf(alice())).toEqual(['mentioned']);
    expect(await kindsOf(max())).toEqual(['mentioned']);
  });
});

describe('who is given a ticket', () => {
  it('is told, but for what they take themselves', async () => {
    const assign = (assignee: string, actor: Actor) =>
      core.client.request(assignTicket, { ticket: ticket.id, assignee }, { actor });
    await assign('max', bea());
    await assign('alice', alice());
    expect([await kindsOf(max()), await kindsOf(alice())]).toEqual([['assigned'], []]);
    await core.client.request(openTicket, { subject: 'x', assignee: 'max' }, { actor: bea() });
    expect(await kindsOf(max())).toEqual(['assigned', 'assigned']);
  });
});

describe('who watches', () => {
  it('hears of the customer, as does whoever has the ticket, each once', async () => {
    await watch(max());
    await core.client.request(assignTicket, { ticket: ticket.id, assignee: 'max' }, { actor: max() });
    await watch(alice());
    await say('It burns', casey(), false);
    expect([await kindsOf(max()), await kindsOf(alice())]).toEqual([['watched'], ['watched']]);
    await say('I am on it', bea(), false);
    expect([await kindsOf(max()), await kindsOf(alice())]).toEqual([['watched'], ['watched']]);
  });

  it('is whoever writes or is named, unless they said no', async () => {
    await say('I look, @max');
    expect((await watchersOf()).toSorted()).toEqual(['bea@acme.test', 'max@acme.test']);
    await core.client.request(unwatchTicket, { ticket: ticket.id }, { actor: bea() });
    await say('Still here');
    expect(await watchersOf()).toEqual(['max@acme.test']);
    await say('Hello?', casey(), false);
    expect([await kindsOf(bea()), await kindsOf(max())]).toEqual([[], ['watched', 'mentioned']]);
    await watch(bea());
    expect((await watchersOf()).toSorted()).toEqual(['bea@acme.test', 'max@acme.test']);
    const lines = await core.sql<{ type: string }>(
      `SELECT type FROM activities WHERE ticket_id = $1 AND type LIKE 'watcher%' ORDER BY at, id`,
      [ticket.id],
    );
    expect(lines.map(({ type }) => type)).toEqual(['watcher_removed', 'watcher_added']);
  });

  it('is set over HTTP, by any name, twice without harm', async () => {
    const path = `/api/v1/tickets/${ticket.number}/watchers`;
    for (const name of ['me', 'bea', 'max@acme.test', 'max@acme.test'])
      expect((await core.http(`${path}/${name}`, { method: 'PUT' })).status).toBe(200);
    expect(((await core.http(path)).body['items'] as unknown[]).length).toBe(3);
    for (const name of ['bea', 'bea'])
      expect(await core.http(`${path}/${name}`, { method: 'DELETE' })).toMatchObject({
        status: 200,
        body: { success: true },
      });
    expect(((await core.http(path)).body['items'] as unknown[]).length).toBe(2);
    expect(await core.http(`${path}/nobody`, { method: 'PUT' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/agent' }] },
    });
    expect((await core.http(`${path}/rita.sales`, { method: 'PUT' })).status).toBe(400);
    expect((await core.http(path, { key: core.globex.apiKey })).status).toBe(404);
  });

  it('is a viewer for themselves only, and no customer', async () => {
    await watch(vera());
    expect(await refusalOf(watch(vera(), 'max'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(watch(casey()))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(watch(rita))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(watch(core.actorOf(core.globex, 'admin')))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the list of notifications', () => {
  it('is one’s own, newest first, page by page, and is marked as read', async () => {
    for (let place = 0; place < 5; place += 1) await say(`@alice ${place}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listOf>> = await listOf(alice(), { limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ message }) => message!.excerpt));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((place) => `@alice ${place}`));

    const [first, second] = (await listOf(alice())).items;
    const read = (input: object, actor = alice()) => core.client.request(readNotifications, input, { actor });
    expect(await read({ ids: [first!.id] }, bea())).toEqual({ read: 0 });
    expect(await read({ ids: [first!.id, first!.id] })).toEqual({ read: 1 });
    expect(await read({ ids: [first!.id, second!.id] })).toEqual({ read: 1 });
    expect(await listOf(alice(), { unread: true })).toMatchObject({ unread: 3, items: [{}, {}, {}] });
    expect(await core.http('/api/v1/notifications/read', { json: { all: true } })).toMatchObject({
      status: 200,
      body: { read: 3 },
    });
    expect((await core.http('/api/v1/notifications?unread=true')).body).toMatchObject({ items: [], unread: 0 });
    expect((await core.http('/api/v1/notifications')).body['items']).toHaveLength(5);
    for (const json of [{}, { ids: [] }, { all: true, ids: [first!.id] }, { all: false }])
      expect((await core.http('/api/v1/notifications/read', { json })).status).toBe(400);
    expect((await core.http('/api/v1/notifications?limit=0')).status).toBe(400);
    expect((await refusalOf(listOf(casey()))).code).toBe('FORBIDDEN');
    expect((await core.http('/api/v1/notifications', { key: core.globex.apiKey })).body).toMatchObject({ items: [] });
  });

  it('says nothing of what was deleted or is hidden, to nobody', async () => {
    const note = await say('@alice @max look');
    const one = async (actor: Actor) => (await listOf(actor)).items[0]!;
    const { id } = await one(alice());
    const get = (actor = core.serviceOf(core.acme)) => core.client.request(getNotification, { id }, { actor });
    expect(await get()).toMatchObject({ agent: { email: 'alice@acme.test' }, notification: { id } });
    expect((await refusalOf(get(alice()))).code).toBe('FORBIDDEN');
    expect(await get(core.serviceOf(core.globex))).toBeNull();
    await core.client.request(
      changeMessage,
      { ticket: ticket.id, messageId: note.id, content: null },
      { actor: bea() },
    );
    expect((await one(alice())).message).toBeNull();
    expect(await get()).toBeNull();
    await core.client.request(deleteTicket, { ticket: ticket.id }, { actor: bea() });
    expect(await listOf(alice())).toMatchObject({ items: [], unread: 0 });
  });
});
