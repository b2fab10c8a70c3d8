import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BulkResult, bulkUpdate } from '#shared/contracts/bulk.js';
import { listActivities, listMessages } from '#shared/contracts/messages.js';
import { getTicket, openTicket, type TicketView, updateTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const agent = () => core.actorOf(core.acme);
const open = (overrides: { subject?: string; tags?: string[] } = {}, org = core.acme) =>
  core.client.request(openTicket, { subject: 'No sound', ...overrides }, { actor: core.actorOf(org) });
const many = (count: number, overrides: Parameters<typeof open>[0] = {}) =>
  Promise.all(Array.from({ length: count }, () => open(overrides)));
const get = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: agent() });
const bulk = (json: object, init: object = {}) => core.http('/api/v1/tickets/bulk', { json, ...init });
const resultsOf = ({ body }: { body: Record<string, unknown> }) => body['results'] as BulkResult[];

describe('changing many tickets', () => {
  it('changes each as PATCH would, tells of each in order, and writes each one’s history and note', async () => {
    const tickets = await many(12, { tags: ['printer', 'old'] });
    const answer = await bulk({
      tickets: tickets.map(({ id, number }, place) => [id, number, `#${number}`][place % 3]),
      changes: {
        status: 'waiting',
        priority: 'critical',
        assignee: 'bea@acme.test',
        addTags: ['outage'],
        removeTags: ['old', 'none'],
      },
      note: 'The whole house',
    });
    expect(answer).toMatchObject({ status: 200, body: { updated: 12, failed: 0 } });
    const now = await Promise.all(tickets.map(({ id }) => get(id)));
    expect(resultsOf(answer)).toEqual(
      now.map(({ id, number, version }, place) => ({
        ticket: String([id, number, `#${number}`][place % 3]),
        ok: true,
        id,
        number,
        version,
      })),
    );
    for (const ticket of now)
      expect(ticket).toMatchObject({
        status: 'pending',
        priority: 'urgent',
        assignee: { email: 'bea@acme.test' },
        tags: ['printer', 'outage'],
        messageCount: 1,
      });
    const { items } = await core.client.request(listMessages, { ticket: now[3]!.id }, { actor: agent() });
    expect(items).toMatchObject([{ content: 'The whole house', isInternalNote: true }]);
    const history = await core.client.request(listActivities, { ticket: now[3]!.id }, { actor: agent() });
    expect(history.items.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'status_changed',
        'priority_changed',
        'assigned',
        'tag_added',
        'tag_removed',
        'note_added',
      ]),
    );
    const events = await core.sql(
      `SELECT 1 FROM outbox WHERE name = 'ticket.updated' AND payload->>'ticketId' = ANY($1)`,
      [now.map(({ id }) => id)],
    );
    expect(events).toHaveLength(12);
  });

  it('lets one that cannot be changed stop no other, and says why in the words of PATCH', async () => {
    const [first, closed, deleted, last] = (await many(4)) as [TicketView, TicketView, TicketView, TicketView];
    const theirs = await open({}, core.globex);
    await core.client.request(updateTicket, { ticket: closed.id, status: 'closed' }, { actor: agent() });
    await core.http(`/api/v1/tickets/${deleted.id}`, { method: 'DELETE' });
    const merged = await open();
    await core.http(`/api/v1/tickets/${merged.id}/merge`, { json: { into: first.id } });
    const refs = [first.id, closed.id, deleted.id, theirs.id, 999_999_999, randomUUID(), merged.id, last.id];
    const answer = await bulk({ tickets: refs, changes: { status: 'resolved' } });
    expect(answer).toMatchObject({ status: 200, body: { updated: 2, failed: 6 } });
    expect(resultsOf(answer).map((result) => [result.ticket, result.ok ? 'ok' : result.error.code])).toEqual([
      [first.id, 'ok'],
      [closed.id, 'UNPROCESSABLE'],
      [deleted.id, 'NOT_FOUND'],
      [theirs.id, 'NOT_FOUND'],
      ['999999999', 'NOT_FOUND'],
      [refs[5], 'NOT_FOUND'],
      [merged.id, 'UNPROCESSABLE'],
      [last.id, 'ok'],
    ]);
    expect(resultsOf(answer)[1]).toMatchObject({ error: { errors: [{ pointer: '/changes/status' }] } });
    const patched = await core.http(`/api/v1/tickets/${closed.id}`, { method: 'PATCH', json: { status: 'resolved' } });
    expect(resultsOf(answer)[1]).toMatchObject({ error: { detail: patched.body['detail'] } });
    expect(await get(last.id)).toMatchObject({ status: 'resolved' });
  });

  it('leaves none half changed: the note goes with the change, or neither', async () => {
    const ticket = await get((await open()).id);
    const nobody = { tickets: [ticket.id], changes: { assigneeId: randomUUID() }, note: 'x' };
    expect(await bulk(nobody)).toMatchObject({ status: 200, body: { updated: 0, failed: 1 } });
    expect(await get(ticket.id)).toEqual(ticket);
  });

  it('tells a ticket that is named twice once', async () => {
    const [a, b] = (await many(2)) as [TicketView, TicketView];
    const refs = [
      a.number,
      a.id,
      `#${a.number}`,
      String(a.number),
      b.id,
      b.number,
      999_999_998,
      '#999999998',
      a.id.toUpperCase(),
    ];
    const answer = await bulk({ tickets: refs, note: 'once' });
    expect(resultsOf(answer).map(({ ticket }) => ticket)).toEqual([String(a.number), b.id, '999999998']);
    expect(await get(a.id)).toMatchObject({ messageCount: 1 });
  });

  it.each([
    ['no tickets', { tickets: [], note: 'x' }, '/tickets'],
    ['more than 500', { tickets: Array.from({ length: 501 }, (_, place) => place + 1), note: 'x' }, '/tickets'],
    ['what is no ticket', { tickets: [1, 'the printer one'], note: 'x' }, '/tickets/1'],
    ['nothing to do', { tickets: [1] }, '/changes'],
    ['changes that are none', { tickets: [1], changes: {} }, '/changes'],
    ['a value that cannot be', { tickets: [1], changes: { priority: 'now' } }, '/changes/priority'],
    ['a version, which is each ticket’s own', { tickets: [1], changes: { version: 1 } }, '/changes'],
    ['tags both ways', { tickets: [1], changes: { tags: ['a'], addTags: ['b'] } }, '/changes/addTags'],
    ['deleting and changing', { tickets: [1], action: 'delete', changes: { status: 'open' } }, '/changes'],
    ['deleting with a word', { tickets: [1], action: 'delete', note: 'bye' }, '/note'],
    ['an action that is not there', { tickets: [1], action: 'archive' }, '/action'],
  ])('refuses %s', async (_what, json, pointer) => {
    expect(await bulk(json)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('does not let tags grow beyond what a ticket may have', async () => {
    const tags = Array.from({ length: 49 }, (_, place) => `t${place}`);
    const ticket = await open({ tags });
    const full = await bulk({ tickets: [ticket.id], changes: { addTags: ['x', 'y'] } });
    expect(resultsOf(full)).toMatchObject([{ ok: false, error: { errors: [{ pointer: '/changes/addTags' }] } }]);
    expect(await bulk({ tickets: [ticket.id], changes: { addTags: ['x'] } })).toMatchObject({ body: { updated: 1 } });
  });

  it('deletes many, and those only that are there', async () => {
    const [a, b] = (await many(2)) as [TicketView, TicketView];
    const answer = await bulk({ tickets: [a.id, b.number, a.number], action: 'delete' });
    expect(resultsOf(answer)).toEqual([
      { ticket: a.id, ok: true, id: a.id, number: a.number, version: null },
      { ticket: String(b.number), ok: true, id: b.id, number: b.number, version: null },
    ]);
    expect(await refusalOf(get(a.id))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await bulk({ tickets: [a.id], action: 'delete' })).toMatchObject({ body: { updated: 0, failed: 1 } });
  });

  it('is for agents, of their own organisation, once for one key', async () => {
    const ticket = await open();
    const as = (actor: object) =>
      refusalOf(core.client.request(bulkUpdate, { tickets: [ticket.id], note: 'x' }, { actor: actor as never }));
    expect(await as(core.actorOf(core.acme, 'viewer'))).toMatchObject({ code: 'FORBIDDEN' });
    const { contact } = await core.client.request(
      openTicket,
      { subject: 'x', contactEmail: 'casey@customer.example' },
      { actor: agent() },
    );
    expect(await as(core.contactOf(core.acme, contact!.id))).toMatchObject({ code: 'FORBIDDEN' });
    const foreign = await bulk({ tickets: [ticket.id], note: 'x' }, { key: core.globex.apiKey });
    expect(foreign).toMatchObject({ status: 200, body: { updated: 0, failed: 1 } });
    const headers = { 'idempotency-key': randomUUID() };
    const [one, two] = [
      await bulk({ tickets: [ticket.id], note: 'x' }, { headers }),
      await bulk({ tickets: [ticket.id], note: 'x' }, { headers }),
    ];
    expect(two.body).toEqual(one.body);
    expect(await get(ticket.id)).toMatchObject({ messageCount: 1 });
  });

  it('changes 500 in good time, also while somebody else changes the same', async () => {
    const tickets: TicketView[] = [];
    while (tickets.length < 500) tickets.push(...(await many(25)));
    const ids = tickets.map(({ id }) => id);
    const oneByOneAt = performance.now();
    for (const id of ids.slice(0, 50))
      await core.http(`/api/v1/tickets/${id}`, { method: 'PATCH', json: { priority: 'low' } });
    const oneByOneMs = (performance.now() - oneByOneAt) * 10;
    const startedAt = performance.now();
    const answer = await bulk({ tickets: ids, changes: { priority: 'high', addTags: ['all'] } });
    const tookMs = performance.now() - startedAt;
    expect(answer.body).toMatchObject({ updated: 500, failed: 0 });
    expect(resultsOf(answer).map(({ ticket }) => ticket)).toEqual(ids);
    process.stderr.write(
      `500 tickets changed in ${Math.round(tookMs)} ms, one by one in ${Math.round(oneByOneMs)} ms\n`,
    );
    expect(tookMs).toBeLessThan(oneByOneMs);
    const [there, back] = await Promise.all([
      bulk({ tickets: ids.slice(0, 100), changes: { addTags: ['there'] } }),
      bulk({ tickets: ids.slice(0, 100).toReversed(), changes: { addTags: ['back'] } }),
    ]);
    expect([there.body['failed'], back.body['failed']]).toEqual([0, 0]);
    expect((await get(ids[50]!)).tags.toSorted()).toEqual(['all', 'back', 'there']);
  }, 60_000);
});

describe('while the database is away', () => {
  it('is refused as a whole when nothing was done, and is done by the same request later', async () => {
    const tickets = await many(3);
    const json = { tickets: tickets.map(({ id }) => id), changes: { priority: 'high' } };
    const headers = { 'idempotency-key': randomUUID() };
    await core.sql(
      `CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
       CREATE TRIGGER away BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION away()`,
    );
    try {
      expect(await bulk(json, { headers })).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    } finally {
      await core.sql('DROP TRIGGER away ON tickets; DROP FUNCTION away()');
    }
    expect(await bulk(json, { headers })).toMatchObject({ status: 200, body: { updated: 3, failed: 0 } });
  });
});
