import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addTicketTags, listTags, removeTicketTag, type TagView } from '#shared/contracts/tags.js';
import { openTicket, type TicketView } from '#shared/contracts/tickets.js';
import type { HttpAnswer } from '../../../../test/support/core.js';
import { refusalOf, TestCore, waitFor, pointersOf } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const api = (method: string, path: string, json?: unknown, key?: string) =>
  core.http(path, { method, ...(json !== undefined && { json }), ...(key && { key }) });
const made = async (json: object): Promise<TagView> => {
  const { status, body } = await api('POST', '/api/v1/ticket-tags', json);
  expect([status, body]).toEqual([201, body]);
  return body as unknown as TagView;
};
const ticket = async (json: object): Promise<TicketView> =>
  (await api('POST', '/api/v1/tickets', { subject: 'x', ...json })).body as unknown as TicketView;
const read = async (id: string): Promise<TicketView> =>
  (await api('GET', `/api/v1/tickets/${id}`)).body as unknown as TicketView;
const historyOf = async (id: string) =>
  (
    (await api('GET', `/api/v1/tickets/${id}/activities`)).body['items'] as {
      type: string;
      oldValue: unknown;
      newValue: unknown;
    }[]
  )
    .filter(({ type }) => type.startsWith('tag_'))
    .map(({ type, oldValue, newValue }) => [type, oldValue ?? newValue]);

describe('the list of tags', () => {
  it('makes the document’s, at every address', async () => {
    for (const [place, path] of ['/api/v1/ticket-tags', '/api/ticket-tags', '/api/v1/tags', '/api/tags'].entries()) {
      const answer = await api('POST', path, { name: `regression${place || ''}`, color: '#ef4444' });
      expect(answer).toMatchObject({
        status: 201,
        body: { name: `regression${place || ''}`, color: '#ef4444', teamId: null, rewording: null },
      });
    }
    const { body } = await api('GET', '/api/v1/ticket-tags?q=REGRESS');
    expect((body['items'] as TagView[]).map(({ name }) => name)).toEqual([
      'regression',
      'regression1',
      'regression2',
      'regression3',
    ]);
  });

  it('adopts a tag that is only there because a ticket has it; one made by hand stays', async () => {
    const { id } = await ticket({ tags: ['from-use'] });
    const adopted = await made({ name: 'From-Use', color: '#EF4444' });
    expect(adopted).toMatchObject({ name: 'From-Use', color: '#ef4444', teamId: null });
    await waitFor(async () => (await read(id)).tags.includes('From-Use'), 'the ticket has the new spelling');
    expect((await api('GET', '/api/v1/ticket-tags?q=from-use')).body['items']).toHaveLength(1);
    expect(await api('POST', '/api/v1/ticket-tags', { name: 'from-use' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    // Changed by hand is made by hand.
    await ticket({ tags: ['coloured'] });
    const [coloured] = (await api('GET', '/api/v1/ticket-tags?q=coloured')).body['items'] as TagView[];
    expect(await api('PATCH', `/api/v1/ticket-tags/${coloured!.id}`, { color: '#123456' })).toMatchObject({
      status: 200,
    });
    expect((await api('POST', '/api/v1/ticket-tags', { name: 'coloured' })).status).toBe(409);
  });

  it('writes colours one way and gives one to who names none', async () => {
    expect(await made({ name: 'short', color: '#F0a' })).toMatchObject({ color: '#ff00aa' });
    expect((await made({ name: 'plain' })).color).toMatch(/^#[0-9a-f]{6}$/);
  });

  it.each([
    ['no name', {}, ['/name']],
    ['an empty one', { name: '  ' }, ['/name']],
    ['a long one', { name: 'x'.repeat(51) }, ['/name']],
    ['two lines', { name: 'a\nb' }, ['/name']],
    ['a word for a colour', { name: 'a', color: 'red' }, ['/color']],
    ['a team of nowhere', { name: 'a', teamId: '0190c1a2-0000-7000-8000-0000000000aa' }, ['/teamId']],
    ['an unknown field', { name: 'a', colour: '#fff' }, ['']],
  ])('refuses %s', async (_, json, where) => {
    const answer = await api('POST', '/api/v1/ticket-tags', json);
    expect([answer.status, answer.body['code'], pointersOf(answer)]).toEqual([400, 'BAD_REQUEST', where]);
  });

  it('has each name once, whatever its case and however it is composed', async () => {
    await made({ name: 'Café' });
    for (const name of ['CAFÉ', 'Cafe\u0301']) {
      const answer = await api('POST', '/api/v1/ticket-tags', { name });
      expect([answer.status, pointersOf(answer)]).toEqual([409, ['/name']]);
    }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api('POST', '/api/v1/ticket-tags', { name: 'raced' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('is paged by name, and counts open tickets when asked', async () => {
    await ticket({ tags: ['counted'] });
    const done = await ticket({ tags: ['counted'] });
    await api('PATCH', `/api/v1/tickets/${done.id}`, { status: 'resolved' });
    const { body } = await api('GET', '/api/v1/ticket-tags?q=counted&counts=true');
    expect(body['items']).toMatchObject([{ name: 'counted', openTicketCount: 1 }]);
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: HttpAnswer = await api('GET', `/api/v1/ticket-tags?limit=2${cursor && `&cursor=${cursor}`}`);
      names.push(...(page.body['items'] as TagView[]).map(({ name }) => name));
      cursor = (page.body['nextCursor'] as string | null | undefined) ?? null;
    }
    const all = (await api('GET', '/api/v1/ticket-tags?limit=500')).body['items'] as TagView[];
    expect(names).toEqual(all.map(({ name }) => name));
    expect(await api('GET', '/api/v1/ticket-tags?cursor=nonsense')).toMatchObject({ status: 400 });
  });

  it('is audited', async () => {
    const { id } = await made({ name: 'audited' });
    await api('PATCH', `/api/v1/ticket-tags/${id}`, { color: '#000' });
    await api('DELETE', `/api/v1/ticket-tags/${id}`);
    expect(
      await core.sql('SELECT action, subject_name, actor_name FROM audit_entries WHERE subject_id = $1 ORDER BY id', [
        id,
      ]),
    ).toEqual(
      ['created', 'updated', 'deleted'].map((action) => ({ action, subject_name: 'audited', actor_name: 'Alice' })),
    );
  });
});

describe('who may', () => {
  it('viewers and agents read, managers change, contacts see nothing', async () => {
    const tag = await made({ name: 'policed' });
    for (const role of ['viewer', 'agent', 'manager'] as const)
      expect(
        (await core.client.request(listTags, {}, { actor: core.actorOf(core.acme, role) })).items.length,
      ).toBeGreaterThan(0);
    const contact = core.contactOf(core.acme, core.acme.agents.agent.id);
    expect(await refusalOf(core.client.request(listTags, {}, { actor: contact }))).toMatchObject({ code: 'FORBIDDEN' });
    const { id } = await ticket({});
    expect(
      await refusalOf(
        core.client.request(addTicketTags, { ticket: id, tags: ['x'] }, { actor: core.actorOf(core.acme, 'viewer') }),
      ),
    ).toMatchObject({ code: 'FORBIDDEN' });
    const [restrictedAgent] = await core.sql<{ id: string }>(
      `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams)
       VALUES ($1, gen_random_uuid(), 'rita@acme.test', 'Rita', 'agent', true) RETURNING id`,
      [core.acme.id],
    );
    const restricted = core.actorOf(core.acme, 'agent', { ...restrictedAgent });
    for (const work of [
      core.client.request(addTicketTags, { ticket: id, tags: ['x'] }, { actor: restricted }),
      core.client.request(removeTicketTag, { ticket: id, tag: 'x' }, { actor: restricted }),
    ])
      expect(await refusalOf(work)).toMatchObject({ code: 'NOT_FOUND' });
    const theirs = core.globex.apiKey;
    for (const answer of [
      await api('GET', `/api/v1/ticket-tags/${tag.id}`, undefined, theirs),
      await api('PATCH', `/api/v1/ticket-tags/${tag.id}`, { name: 'stolen' }, theirs),
      await api('DELETE', `/api/v1/ticket-tags/${tag.id}`, undefined, theirs),
      await api('POST', `/api/v1/tickets/${id}/tags`, { tag: 'stolen' }, theirs),
      await api('DELETE', `/api/v1/tickets/${id}/tags/policed`, undefined, theirs),
    ])
      expect([answer.status, answer.body['code']]).toEqual([404, 'NOT_FOUND']);
    expect((await api('GET', '/api/v1/ticket-tags', undefined, theirs)).body['items']).toEqual([]);
  });
});

describe('tags of a ticket', () => {
  it('are spelled as the desk spells them, and made when nobody knows them', async () => {
    await made({ name: 'VIP', color: '#123456' });
    const opened = await ticket({ tags: ['vip', 'Brand-New', 'brand-new', ' VIP '] });
    expect(opened.tags).toEqual(['VIP', 'Brand-New']);
    expect((await api('GET', '/api/v1/ticket-tags?q=brand-new')).body['items']).toMatchObject([{ name: 'Brand-New' }]);
    const { body } = await api('PATCH', `/api/v1/tickets/${opened.id}`, { tags: ['vIP', 'BRAND-NEW'] });
    expect([body['tags'], body['version']]).toEqual([['VIP', 'Brand-New'], body['version']]);
    expect(await historyOf(opened.id)).toEqual([]);
  });

  it('are added and removed one by one, by many at once', async () => {
    const { id, number } = await ticket({});
    await Promise.all(
      Array.from({ length: 8 }, (_, at) => api('POST', `/api/v1/tickets/${number}/tags`, { tag: `at-once-${at}` })),
    );
    expect((await read(id)).tags.toSorted()).toEqual(Array.from({ length: 8 }, (_, at) => `at-once-${at}`));
    await Promise.all(Array.from({ length: 8 }, (_, at) => api('DELETE', `/api/tickets/${number}/tags/AT-ONCE-${at}`)));
    expect((await read(id)).tags).toEqual([]);
    expect(await historyOf(id)).toHaveLength(16);
    expect(await api('DELETE', `/api/v1/tickets/${number}/tags/never`)).toMatchObject({ status: 200 });
    expect(await historyOf(id)).toHaveLength(16);
  });

  it('take odd names, and no more than fifty', async () => {
    const { number } = await ticket({});
    for (const name of ['ünïcode 🏷️', 'a/b', '100%', '<b>', "'; DROP TABLE tickets"]) {
      await api('POST', `/api/v1/tickets/${number}/tags`, { tags: [name] });
      const { body } = await api('DELETE', `/api/v1/tickets/${number}/tags/${encodeURIComponent(name)}`);
      expect([name, body['tags']]).toEqual([name, []]);
    }
    const many = (from: number) => Array.from({ length: 30 }, (_, at) => `many-${from + at}`);
    expect((await api('POST', `/api/v1/tickets/${number}/tags`, { tags: many(0) })).status).toBe(200);
    const answer = await api('POST', `/api/v1/tickets/${number}/tags`, { tags: many(30) });
    expect([answer.status, pointersOf(answer)]).toEqual([400, ['/tags']]);
    expect(await api('POST', `/api/v1/tickets/${number}/tags`, {})).toMatchObject({ status: 400 });
  });

  it('over NATS alike', async () => {
    const actor = core.actorOf(core.acme);
    const { id } = await core.client.request(openTicket, { subject: 'x', tags: ['one'] }, { actor });
    expect((await core.client.request(addTicketTags, { ticket: id, tags: ['two'] }, { actor })).tags).toEqual([
      'one',
      'two',
    ]);
    expect((await core.client.request(removeTicketTag, { ticket: id, tag: 'ONE' }, { actor })).tags).toEqual(['two']);
  });

  it('of a contact’s ticket are those that the desk has', async () => {
    const { contact } = await ticket({ contactEmail: 'casey@customer.example' });
    const actor = core.contactOf(core.acme, contact!.id);
    await made({ name: 'known' });
    const { id } = await core.client.request(openTicket, { subject: 'x', tags: ['KNOWN'] }, { actor });
    // What the desk calls it is the desk's business: contacts are not shown tags.
    expect((await read(id)).tags).toEqual(['known']);
    expect(
      await refusalOf(core.client.request(openTicket, { subject: 'x', tags: ['theirs'] }, { actor })),
    ).toMatchObject({
      code: 'BAD_REQUEST',
      pointers: ['/tags'],
    });
  });
});

describe('a tag that changes', () => {
  it('is renamed on its tickets, open and finished, with a line in each history', async () => {
    const tag = await made({ name: 'before' });
    const open = await ticket({ tags: ['before', 'other'] });
    const finished = await ticket({ tags: ['before'] });
    await api('PATCH', `/api/v1/tickets/${finished.id}`, { status: 'closed' });
    const { status, body } = await api('PATCH', `/api/v1/ticket-tags/${tag.id}`, { name: 'after' });
    expect([status, body]).toMatchObject([
      200,
      { id: tag.id, name: 'after', rewording: { from: 'before', to: 'after', ticketsChanged: 2 } },
    ]);
    expect((body['rewording'] as { finishedAt: unknown }).finishedAt).not.toBeNull();
    expect((await read(open.id)).tags).toEqual(['after', 'other']);
    expect(await read(finished.id)).toMatchObject({ tags: ['after'], status: 'closed', version: 3 });
    for (const { id } of [open, finished])
      expect(await historyOf(id)).toEqual([
        ['tag_added', { tag: 'after' }],
        ['tag_removed', { tag: 'before' }],
      ]);
    const events = await core.sql<{ changes: unknown }>(
      `SELECT payload->'changes' AS changes FROM outbox WHERE name = 'ticket.updated' AND payload->>'ticketId' = $1`,
      [open.id],
    );
    expect(events).toHaveLength(1);
    // Only its case: nothing stands in the way of that.
    expect(await api('PATCH', `/api/v1/ticket-tags/${tag.id}`, { name: 'AFTER' })).toMatchObject({ status: 200 });
    expect((await read(open.id)).tags).toEqual(['AFTER', 'other']);
  });

  it('becomes one with another only when that was meant', async () => {
    const [from, into] = [await made({ name: 'dup' }), await made({ name: 'original' })];
    const both = await ticket({ tags: ['dup', 'original'] });
    const one = await ticket({ tags: ['dup'] });
    const done = await ticket({ tags: ['original', 'dup'] });
    await api('PATCH', `/api/v1/tickets/${done.id}`, { status: 'resolved' });
    const refused = await api('PATCH', `/api/v1/ticket-tags/${from.id}`, { name: 'Original' });
    expect([refused.status, pointersOf(refused)]).toEqual([409, ['/name']]);
    const merged = await api('PATCH', `/api/v1/ticket-tags/${from.id}`, { name: 'Original', merge: true });
    expect(merged).toMatchObject({ status: 200, body: { id: into.id, name: 'original' } });
    for (const { id } of [both, one, done]) expect((await read(id)).tags).toEqual(['original']);
    expect(await api('GET', `/api/v1/ticket-tags/${from.id}`)).toMatchObject({ status: 404 });
  });

  it('that goes leaves open tickets and stays on finished ones', async () => {
    const tag = await made({ name: 'doomed' });
    const open = await ticket({ tags: ['doomed', 'other'] });
    const done = await ticket({ tags: ['doomed'] });
    await api('PATCH', `/api/v1/tickets/${done.id}`, { status: 'resolved' });
    expect(await api('DELETE', `/api/v1/ticket-tags/${tag.id}`)).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await read(open.id)).tags).toEqual(['other']);
    expect((await read(done.id)).tags).toEqual(['doomed']);
    expect(await api('DELETE', `/api/v1/ticket-tags/${tag.id}`)).toMatchObject({ status: 404 });
    expect(await made({ name: 'doomed' })).toMatchObject({ name: 'doomed' });
  });

  it('is followed by many tickets in batches, each once', async () => {
    const tag = await made({ name: 'many' });
    const orgId = core.acme.id;
    await core.sql(
      `WITH counter AS (UPDATE ticket_counters SET last_number = last_number + 400 WHERE org_id = $1 RETURNING last_number)
       INSERT INTO tickets (org_id, id, number, subject, status, source, tags, created_at, updated_at)
       SELECT $1, gen_random_uuid(), last_number - 400 + n, 'bulk', CASE WHEN n % 4 = 0 THEN 'open' ELSE 'closed' END, 'api', '{many}', now(), now()
       FROM counter, generate_series(1, 400) AS n`,
      [orgId],
    );
    await api('PATCH', `/api/v1/ticket-tags/${tag.id}`, { name: 'legion' });
    await waitFor(
      async () =>
        ((await api('GET', `/api/v1/ticket-tags/${tag.id}`)).body['rewording'] as { finishedAt: string | null })
          .finishedAt,
      'all to follow',
      20_000,
    );
    expect((await api('GET', `/api/v1/ticket-tags/${tag.id}`)).body['rewording']).toMatchObject({
      ticketsChanged: 400,
    });
    expect(
      await core.sql(
        `SELECT count(*)::integer AS n, min(version) AS v, max(version) AS w FROM tickets WHERE tags = '{legion}'`,
      ),
    ).toEqual([{ n: 400, v: 2, w: 2 }]);
    expect(
      await core.sql(
        `SELECT count(*)::integer AS n FROM activities a JOIN tickets t USING (org_id) WHERE t.id = a.ticket_id AND t.tags = '{legion}'`,
      ),
    ).toEqual([{ n: 800 }]);
  }, 30_000);
});
