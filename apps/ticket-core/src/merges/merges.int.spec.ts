import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkTickets, listLinks } from '#shared/contracts/links.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { claimOutgoing } from '#shared/contracts/mail-out.js';
import { listMerges, mergeTickets, type MergeView, unmergeTicket } from '#shared/contracts/merges.js';
import { listActivities, listMessages, postMessage } from '#shared/contracts/messages.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { type HttpAnswer, refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const open = (overrides: { subject?: string; contactEmail?: string | null; tags?: string[] } = {}, org = core.acme) =>
  core.client.request(
    openTicket,
    { subject: 'No sound', contactEmail: 'casey@customer.example', ...overrides },
    { actor: core.actorOf(org) },
  );
const get = (ticket: string, org = core.acme) =>
  core.client.request(getTicket, { ticket }, { actor: core.actorOf(org) });
const post = (ticket: string, content: string, isInternalNote = false) =>
  core.client.request(postMessage, { ticket, content, isInternalNote }, { actor: core.actorOf(core.acme) });
const messagesOf = async (ticket: string, actor = core.actorOf(core.acme)) =>
  (await core.client.request(listMessages, { ticket, limit: 100 }, { actor })).items;
const historyOf = async (ticket: string) =>
  (await core.client.request(listActivities, { ticket, limit: 100 }, { actor: core.actorOf(core.acme) })).items;
const merge = (path: string, body: object, init: object = {}) =>
  core.http(`/api/v1/tickets/${path}/merge`, { json: body, ...init });
const unmerge = (path: string, init: object = {}) =>
  core.http(`/api/v1/tickets/${path}/unmerge`, { method: 'POST', ...init });
const survivorOf = ({ body }: HttpAnswer) => body['ticket'] as TicketView;
const mergesOf = ({ body }: HttpAnswer) => body['merges'] as MergeView[];
/** An agent of no team, who sees only what is assigned to them. */
async function restrictedAgent() {
  const id = randomUUID();
  await core.sql(
    `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams) VALUES ($1, $2, $3, 'Rest', 'agent', true)`,
    [core.acme.id, id, `${id}@acme.test`],
  );
  return { ...core.actorOf(core.acme), id, name: 'Rest' };
}
/** What a ticket is, but for how often and when it was changed. */
const withoutStamps = ({ version: _v, updatedAt: _u, ...rest }: TicketView) => rest;
const eventsOf = (ticketId: string) =>
  core.sql<{ name: string; changes: { field: string; to: unknown }[] }>(
    `SELECT name, payload->'changes' AS changes FROM outbox WHERE payload->>'ticketId' = $1 ORDER BY id`,
    [ticketId],
  );

describe('merging', () => {
  it('moves what was said, who watches and what was worked, and tells both tickets', async () => {
    const survivor = await open({ tags: ['audio', 'vip'] });
    const source = await open({ subject: 'Still no sound', tags: ['vip', 'urgent'] });
    await post(survivor.id, 'first');
    const reply = await post(source.id, 'second');
    const note = await post(source.id, 'third', true);
    const other = await open();
    const agent = core.acme.agents.agent.id;
    const admin = core.acme.agents.admin.id;
    // Who posts watches; here it is said who does.
    await core.sql('DELETE FROM ticket_watchers WHERE ticket_id = ANY($1)', [[source.id, survivor.id]]);
    await core.sql(`INSERT INTO ticket_watchers VALUES ($1, $2, $4, now()), ($1, $2, $5, now()), ($1, $3, $4, now())`, [
      core.acme.id,
      source.id,
      survivor.id,
      agent,
      admin,
    ]);
    await core.sql(
      `INSERT INTO ticket_links VALUES ($1, gen_random_uuid(), $2, $4, 'blocks', now()), ($1, gen_random_uuid(), $4, $2, 'relates_to', now()),
         ($1, gen_random_uuid(), $2, $3, 'relates_to', now())`,
      [core.acme.id, source.id, survivor.id, other.id],
    );
    await core.sql(
      `INSERT INTO time_entries SELECT $1, gen_random_uuid(), $2, $3, 30, '', true, now(), NULL, NULL, now(), now(), NULL`,
      [core.acme.id, source.id, agent],
    );
    await core.sql(`INSERT INTO running_timers VALUES ($1, $3, $2, '', true, now())`, [core.acme.id, source.id, agent]);

    const answer = await merge(`${source.number}`, { into: survivor.number });
    expect(answer.status).toBe(200);
    expect(survivorOf(answer)).toMatchObject({ id: survivor.id, messageCount: 3, tags: ['audio', 'vip', 'urgent'] });
    expect(mergesOf(answer)).toMatchObject([
      {
        source: { id: source.id, number: source.number, subject: 'Still no sound' },
        survivor: { id: survivor.id },
        keptApart: false,
        moved: { messages: 2, timeEntries: 1, watchers: 2, links: 2 },
        mergedBy: core.acme.agents.admin.id,
        undoneAt: null,
      },
    ]);
    expect(await get(source.id)).toMatchObject({
      status: 'closed',
      duplicateOf: survivor.id,
      messageCount: 0,
      tags: ['vip', 'urgent'],
    });
    expect((await messagesOf(survivor.id)).map(({ id }) => id)).toEqual([expect.any(String), reply.id, note.id]);
    expect(await messagesOf(source.id)).toEqual([]);
    expect(
      await core.sql('SELECT ticket_id FROM time_entries WHERE ticket_id = ANY($1)', [[source.id, survivor.id]]),
    ).toEqual([{ ticket_id: survivor.id }]);
    expect(await core.sql('SELECT ticket_id FROM running_timers')).toEqual([{ ticket_id: survivor.id }]);
    expect(
      await core.sql('SELECT ticket_id, agent_id FROM ticket_watchers WHERE ticket_id = ANY($1) ORDER BY agent_id', [
        [source.id, survivor.id],
      ]),
    ).toEqual([agent, admin].toSorted().map((agent_id) => ({ ticket_id: survivor.id, agent_id })));
    const links = await core.sql('SELECT from_id, to_id, kind FROM ticket_links WHERE org_id = $1', [core.acme.id]);
    expect(links).toEqual(
      expect.arrayContaining([
        { from_id: survivor.id, to_id: other.id, kind: 'blocks' },
        { from_id: survivor.id, to_id: other.id, kind: 'relates_to' },
        // One between the two stays where it was.
        { from_id: source.id, to_id: survivor.id, kind: 'relates_to' },
      ]),
    );

    expect((await historyOf(source.id)).at(-1)).toMatchObject({
      type: 'merged',
      oldValue: { status: 'open' },
      newValue: { into: { id: survivor.id, number: survivor.number }, messages: 2 },
    });
    expect(
      (await historyOf(survivor.id)).filter(({ type }) => type === 'merged' || type === 'tag_added'),
    ).toMatchObject([
      { type: 'merged', newValue: { from: { id: source.id, number: source.number } } },
      { type: 'tag_added', newValue: { tag: 'urgent' } },
    ]);
    expect((await eventsOf(source.id)).at(-1)).toMatchObject({
      name: 'ticket.updated',
      changes: [
        { field: 'status', to: 'closed' },
        { field: 'mergedInto', to: `#${survivor.number}` },
      ],
    });
    expect((await eventsOf(survivor.id)).at(-1)).toMatchObject({
      name: 'ticket.updated',
      changes: [{ field: 'merged' }],
    });
    await core.sql('DELETE FROM running_timers');
  });

  it('ends the source’s clocks: none is met, none will be breached, and the survivor’s go on as they were', async () => {
    const survivor = await open();
    const source = await open();
    expect(source.sla.map(({ state }) => state)).toContain('running');
    await merge(source.id, { into: survivor.id });
    const merged = await get(source.id);
    expect(new Set(merged.sla.map(({ state }) => state))).toEqual(new Set(['cancelled']));
    expect(merged.slaDeadline).toBeNull();
    expect(
      await core.sql('SELECT 1 FROM sla_clocks WHERE ticket_id = $1 AND next_at IS NOT NULL', [source.id]),
    ).toEqual([]);
    expect((await get(survivor.id)).sla).toEqual(survivor.sla);
  });

  it('takes several at once, all or none, each once', async () => {
    const survivor = await open();
    const sources = await Promise.all([open(), open(), open()]);
    for (const { id } of sources) await post(id, 'x');
    const closed = await open();
    const bad = await merge(survivor.id, { tickets: [sources[0].id, 999_999_999] });
    expect(bad).toMatchObject({ status: 404, body: { errors: [{ pointer: '/tickets/1' }] } });
    expect(await get(sources[0].id)).toMatchObject({ duplicateOf: null, messageCount: 1 });
    const refs = [sources[0].id, `#${sources[1].number}`, sources[2].number, sources[0].number];
    const answer = await merge(survivor.id, { tickets: refs });
    expect(mergesOf(answer).map(({ source }) => source.id)).toEqual(sources.map(({ id }) => id));
    expect(survivorOf(answer).messageCount).toBe(3);
    expect(await get(closed.id)).toMatchObject({ duplicateOf: null });
  });

  it.each([
    ['nothing', {}, '/into'],
    ['both ways at once', { into: 1, tickets: [2] }, '/into'],
    ['no tickets', { tickets: [] }, '/tickets'],
    ['too many', { tickets: Array.from({ length: 21 }, (_, place) => place + 1) }, '/tickets'],
    ['what is no ticket', { into: 'the other one' }, '/into'],
    ['what is no ticket in the list', { tickets: ['#1', { id: 1 }] }, '/tickets/1'],
    ['a field that is not there', { into: 1, force: true }, ''],
  ])('refuses %s', async (_what, body, pointer) => {
    const { number } = await open();
    expect(await merge(`${number}`, body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('refuses what cannot become one, and points to it', async () => {
    const [a, b, c] = await Promise.all([open(), open(), open()]);
    expect(await merge(a.id, { into: a.number })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/into' }] },
    });
    expect(await merge(a.id, { tickets: [b.id, a.id] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/tickets/1' }] },
    });
    await merge(a.id, { into: b.id });
    const again = await merge(a.id, { into: c.id });
    expect(again.status).toBe(422);
    expect(again.body['detail']).toContain(`#${a.number} is part of #${b.number} already`);
    expect(again.body).toMatchObject({ errors: [{ pointer: '/ticket' }] });
    expect((await merge(c.id, { tickets: [a.id] })).body).toMatchObject({ errors: [{ pointer: '/tickets/0' }] });
    const intoMerged = await merge(c.id, { into: a.id });
    expect(intoMerged.body['detail']).toContain(`#${a.number} is part of #${b.number} itself`);
    expect(intoMerged.body).toMatchObject({ errors: [{ pointer: '/into' }] });
    expect((await merge(a.id, { tickets: [c.id] })).body).toMatchObject({ errors: [{ pointer: '/ticket' }] });
    await core.client.request(updateTicket, { ticket: c.id, status: 'closed' }, { actor: core.actorOf(core.acme) });
    const intoClosed = await merge(b.id, { into: c.id });
    expect(intoClosed).toMatchObject({ status: 422, body: { errors: [{ pointer: '/into' }] } });
    expect(intoClosed.body['detail']).toContain('is closed');
    // The other way round is as good: a closed one has messages to read.
    expect(await merge(c.id, { into: b.id })).toMatchObject({ status: 200 });
    const nobodys = await open({ contactEmail: null });
    const lost = await merge(b.id, { into: nobodys.id });
    expect(lost.body['detail']).toContain(`merge #${nobodys.number} into #${b.number}`);
    const deleted = await open();
    await core.http(`/api/v1/tickets/${deleted.id}`, { method: 'DELETE' });
    expect(await merge(deleted.id, { into: b.id })).toMatchObject({
      status: 404,
      body: { errors: [{ pointer: '/ticket' }] },
    });
    expect(await merge(b.id, { into: deleted.id })).toMatchObject({
      status: 404,
      body: { errors: [{ pointer: '/into' }] },
    });
  });

  it('is refused to those who may not change both', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    const theirs = await open({}, core.globex);
    const restricted = await restrictedAgent();
    const dana = await open({ contactEmail: 'dana@customer.example' });
    const as = (actor: object) =>
      refusalOf(core.client.request(mergeTickets, { ticket: a.id, into: b.id }, { actor: actor as never }));
    expect(await as(core.actorOf(core.acme, 'viewer'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await as(core.contactOf(core.acme, a.contact!.id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await as(core.contactOf(core.acme, dana.contact!.id))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await as(restricted)).toMatchObject({ code: 'NOT_FOUND', pointers: ['/into'] });
    expect(await as(core.actorOf(core.globex))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await merge(a.id, { into: theirs.id })).toMatchObject({
      status: 404,
      body: { errors: [{ pointer: '/into' }] },
    });
    await core.client.request(
      updateTicket,
      { ticket: b.id, assigneeId: restricted.id },
      { actor: core.actorOf(core.acme) },
    );
    // Theirs is the one, not the other.
    expect(await as(restricted)).toMatchObject({ code: 'NOT_FOUND', pointers: ['/ticket'] });
    expect(await get(a.id)).toMatchObject({ duplicateOf: null });
  });

  it('leaves the merged ticket to be read only, and says where to go', async () => {
    const [a, b, c] = await Promise.all([open(), open(), open()]);
    await merge(a.id, { into: b.id });
    await merge(b.id, { into: c.id });
    const told = { code: 'UNPROCESSABLE', message: expect.stringContaining(`#${c.number}`) as unknown };
    const actor = core.actorOf(core.acme);
    expect(await refusalOf(post(a.id, 'x'))).toMatchObject(told);
    expect(await refusalOf(post(a.id, 'x', true))).toMatchObject(told);
    expect(
      await refusalOf(core.client.request(updateTicket, { ticket: a.id, priority: 'low' }, { actor })),
    ).toMatchObject(told);
    expect(await core.http(`/api/v1/tickets/${a.id}`, { method: 'DELETE' })).toMatchObject({ status: 422 });
    expect(await core.http(`/api/v1/tickets/${a.id}/split`, { json: { messageIds: [randomUUID()] } })).toMatchObject({
      status: 422,
    });
    const customer = core.contactOf(core.acme, a.contact!.id);
    expect(
      await refusalOf(core.client.request(postMessage, { ticket: a.id, content: 'x' }, { actor: customer })),
    ).toMatchObject(told);
  });

  it('lets one of two opposite merges at once win, and tells the other why', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = await Promise.all([open(), open()]);
      await Promise.all([post(a.id, 'a'), post(b.id, 'b')]);
      const answers = await Promise.all([merge(a.id, { into: b.id }), merge(b.id, { into: a.id })]);
      expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([200, 422]);
      const [won, lost] = [
        answers.find(({ status }) => status === 200)!,
        answers.find(({ status }) => status === 422)!,
      ];
      expect(survivorOf(won).messageCount).toBe(2);
      expect(lost.body['detail']).toMatch(/is part of #\d+/);
    }
  });

  it('keeps a link that means the same from both ends one, whichever of the tickets survives', async () => {
    const actor = core.actorOf(core.acme);
    const relate = (ticket: string, to: string) =>
      core.client.request(linkTickets, { ticket, to, kind: 'relates_to' }, { actor });
    const linksOf = async (ticket: string) =>
      (await core.client.request(listLinks, { ticket }, { actor })).items
        .filter(({ kind }) => kind === 'relates_to')
        .map(({ id, ticket: other }) => [id, other.id]);
    // Kept from the smaller id: a goes into what is the greater one of both.
    const [a, b, c] = [await open(), await open(), await open()];
    const { id } = await relate(a.id, b.id);
    await merge(a.id, { into: c.id });
    expect((await relate(c.id, b.id)).id).toBe(id);
    expect((await relate(b.id, c.id)).id).toBe(id);
    expect(await linksOf(b.id)).toEqual([[id, c.id]]);
    await unmerge(a.id);
    expect((await relate(b.id, a.id)).id).toBe(id);
    expect(await linksOf(b.id)).toEqual([[id, a.id]]);
    // One that the survivor has as well, said from the other end, stays with the source and is found there again.
    const own = await relate(b.id, c.id);
    await merge(a.id, { into: c.id });
    expect(await linksOf(c.id)).toEqual([[own.id, b.id]]);
    await unmerge(a.id);
    expect(new Map((await linksOf(b.id)) as [string, string][])).toEqual(
      new Map([
        [id, a.id],
        [own.id, c.id],
      ]),
    );
  });

  it('survives many merges of the same tickets at once, in any direction', async () => {
    const tickets = await Promise.all(Array.from({ length: 5 }, () => open()));
    for (const { id } of tickets) await post(id, 'x');
    const pairs = tickets.flatMap((a) => tickets.filter((b) => b !== a).map((b) => [a, b] as const));
    const answers = await Promise.all(pairs.map(([a, b]) => merge(a.id, { into: b.id })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 422]));
    const now = await Promise.all(tickets.map(({ id }) => get(id)));
    expect(now.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(5);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(
      now.filter(({ duplicateOf }) => duplicateOf).length,
    );
    expect(now.some(({ duplicateOf }) => duplicateOf === null)).toBe(true);
  });

  it('does it once for one Idempotency-Key', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [
      await merge(a.id, { into: b.id }, { headers }),
      await merge(a.id, { into: b.id }, { headers }),
    ];
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await core.sql('SELECT 1 FROM ticket_merges WHERE source_id = $1', [a.id])).toHaveLength(1);
  });

  it('sends a reply that still waits as it was written: by the number that its customer knows', async () => {
    const [a, b] = await Promise.all([
      open({ subject: 'Mine' }),
      open({ subject: 'Other', contactEmail: 'dana@else.example' }),
    ]);
    const reply = await post(a.id, 'On its way');
    await merge(a.id, { into: b.id });
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 60_000 });
    expect(mails.find(({ id }) => id === reply.id)).toMatchObject({
      ticketNumber: a.number,
      subject: 'Mine',
      to: ['casey@customer.example'],
      cc: [],
      contactId: a.contact!.id,
    });
  });

  it('moves 5,000 messages in one transaction, in good time', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    await core.sql(
      `INSERT INTO messages (org_id, id, ticket_id, is_internal, content, author_kind, author_name, source, created_at)
       SELECT $1, gen_random_uuid(), $2, false, repeat('x', 500), 'contact', 'Casey', 'email', now() FROM generate_series(1, 5000)`,
      [core.acme.id, a.id],
    );
    const startedAt = performance.now();
    const answer = await merge(a.id, { into: b.id });
    const tookMs = performance.now() - startedAt;
    expect(survivorOf(answer).messageCount).toBe(5_000);
    const backAt = performance.now();
    expect(await unmerge(a.id)).toMatchObject({ status: 200, body: { ticket: { messageCount: 5_000 } } });
    const backMs = performance.now() - backAt;
    process.stderr.write(`5,000 messages merged in ${Math.round(tookMs)} ms, back in ${Math.round(backMs)} ms\n`);
    // Within 2 s when nothing else runs; tests run beside others.
    expect(Math.max(tookMs, backMs)).toBeLessThan(8_000);
  }, 30_000);
});

describe('customers of merged tickets', () => {
  const named = (email: string) => open({ contactEmail: email });
  const casey = (ticket: TicketView) => core.contactOf(core.acme, ticket.contact!.id);

  it('are kept apart when they are strangers: neither reads, or is mailed, what the other is', async () => {
    const a = await named('one@first.example');
    const b = await named('two@second.example');
    await post(a.id, 'to one');
    await post(b.id, 'to two');
    const answer = await merge(b.id, { into: a.id });
    expect(mergesOf(answer)[0]).toMatchObject({ keptApart: true });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [a.id])).toEqual([{ cc: [] }]);
    expect((await messagesOf(a.id)).map(({ content }) => content)).toEqual(['to one', 'to two']);
    expect((await messagesOf(a.id, casey(a))).map(({ content }) => content)).toEqual(['to one']);
    expect((await messagesOf(b.id, casey(b))).map(({ content, ticketId }) => [content, ticketId])).toEqual([
      ['to two', b.id],
    ]);
    expect(await refusalOf(messagesOf(a.id, casey(b)))).toMatchObject({ code: 'NOT_FOUND' });
    await post(a.id, 'after');
    expect((await messagesOf(a.id, casey(a))).map(({ content }) => content)).toEqual(['to one', 'after']);
    expect((await messagesOf(b.id, casey(b))).map(({ content }) => content)).toEqual(['to two']);
    const written = await refusalOf(
      core.client.request(postMessage, { ticket: b.id, content: 'x' }, { actor: casey(b) }),
    );
    expect(written.code).toBe('UNPROCESSABLE');
    // Not even the number of somebody else’s ticket.
    expect(written.message).not.toContain(`#${a.number}`);
    await unmerge(b.id);
    expect((await messagesOf(b.id, casey(b))).map(({ content }) => content)).toEqual(['to two']);
    expect((await messagesOf(a.id)).map(({ content }) => content)).toEqual(['to one', 'after']);
  });

  it('stay apart through a second merge', async () => {
    const [a, b, c] = [await named('a@a.example'), await named('b@b.example'), await named('c@c.example')];
    await post(a.id, 'to a');
    await merge(a.id, { into: b.id });
    await post(b.id, 'to b');
    await merge(b.id, { into: c.id });
    expect(await messagesOf(c.id)).toHaveLength(2);
    expect(await messagesOf(c.id, casey(c))).toEqual([]);
    expect((await messagesOf(a.id, casey(a))).map(({ content }) => content)).toEqual(['to a']);
    expect((await messagesOf(b.id, casey(b))).map(({ content }) => content)).toEqual(['to b']);
  });

  it('of one company read together, and so does who is one and the same', async () => {
    await core.sql(`INSERT INTO companies VALUES ($1, $1, 'Co', '', now(), now(), NULL)`, [core.acme.id]);
    await core.sql(`INSERT INTO company_domains VALUES ($1, 'co.example', $1)`, [core.acme.id]);
    const [a, b, again] = [await named('a@co.example'), await named('b@co.example'), await named('a@co.example')];
    await post(b.id, 'to b');
    expect(mergesOf(await merge(b.id, { into: a.id }))[0]).toMatchObject({ keptApart: false });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [a.id])).toEqual([{ cc: ['b@co.example'] }]);
    expect((await messagesOf(a.id, casey(a))).map(({ content }) => content)).toEqual(['to b']);
    expect(mergesOf(await merge(again.id, { into: a.id }))[0]).toMatchObject({ keptApart: false });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [a.id])).toEqual([{ cc: ['b@co.example'] }]);
    // Two at the same provider are no company.
    const [x, y] = [await named('x@mail.example'), await named('y@mail.example')];
    expect(mergesOf(await merge(x.id, { into: y.id }))[0]).toMatchObject({ keptApart: true });
  });

  it('read together, or do not, when an agent says so', async () => {
    const [a, b, c] = [await named('p@p.example'), await named('q@q.example'), await named('a@co.example')];
    const shared = await merge(a.id, { tickets: [b.id], shareWithCustomers: true });
    expect(mergesOf(shared)[0]).toMatchObject({ keptApart: false });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [a.id])).toEqual([{ cc: ['q@q.example'] }]);
    const d = await named('d@co.example');
    expect(mergesOf(await merge(c.id, { into: d.id, shareWithCustomers: false }))[0]).toMatchObject({
      keptApart: true,
    });
  });
});

describe('who said that they do not want to watch', () => {
  it('is made to by no merge, and by none that is taken back', async () => {
    const [survivor, source] = [await open(), await open()];
    const { agent, admin } = core.acme.agents;
    const rows = () =>
      core.sql(
        'SELECT ticket_id, agent_id, watching FROM ticket_watchers WHERE ticket_id = ANY($1) ORDER BY watching',
        [[source.id, survivor.id]],
      );
    await core.sql(`INSERT INTO ticket_watchers VALUES ($1, $2, $3, now(), false), ($1, $2, $4, now(), true)`, [
      core.acme.id,
      source.id,
      agent.id,
      admin.id,
    ]);
    const before = await rows();
    await merge(source.id, { into: survivor.id });
    expect(await rows()).toEqual([
      { ticket_id: source.id, agent_id: agent.id, watching: false },
      { ticket_id: survivor.id, agent_id: admin.id, watching: true },
    ]);
    await unmerge(source.id);
    expect(await rows()).toEqual(before);
  });
});

describe('taking a merge back', () => {
  it('restores both, as if it had never been, but for their histories', async () => {
    const survivor = await open({ tags: ['a'] });
    const source = await open({ contactEmail: 'dana@customer.example', tags: ['a', 'b'] });
    await post(survivor.id, 'x');
    await post(source.id, 'y');
    await core.sql('DELETE FROM ticket_watchers WHERE ticket_id = ANY($1)', [[source.id, survivor.id]]);
    await core.sql(`INSERT INTO ticket_watchers VALUES ($1, $2, $3, now())`, [
      core.acme.id,
      source.id,
      core.acme.agents.agent.id,
    ]);
    const actor = core.actorOf(core.acme);
    await core.client.request(updateTicket, { ticket: source.id, status: 'in_progress' }, { actor });
    const before = await Promise.all([get(survivor.id), get(source.id)]);
    const threads = await Promise.all([messagesOf(survivor.id), messagesOf(source.id)]);
    await merge(source.id, { into: survivor.id, shareWithCustomers: true });
    const answer = await unmerge(`${source.number}`);
    expect(answer).toMatchObject({ status: 200, body: { merge: { undoneAt: expect.any(String) as unknown } } });
    const after = await Promise.all([get(survivor.id), get(source.id)]);
    expect(after.map(withoutStamps)).toEqual(before.map(withoutStamps));
    expect(await Promise.all([messagesOf(survivor.id), messagesOf(source.id)])).toEqual(threads);
    expect(
      await core.sql('SELECT ticket_id FROM ticket_watchers WHERE ticket_id = ANY($1)', [[source.id, survivor.id]]),
    ).toEqual([{ ticket_id: source.id }]);
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [survivor.id])).toEqual([{ cc: [] }]);
    for (const ticket of [source, survivor])
      expect((await historyOf(ticket.id)).map(({ type }) => type)).toContain('unmerged');
    expect((await eventsOf(source.id)).at(-1)).toMatchObject({
      changes: [
        { field: 'status', to: 'in_progress' },
        { field: 'mergedInto', to: null },
      ],
    });
    // And the ticket can be written to again.
    await expect(post(source.id, 'z')).resolves.toMatchObject({ content: 'z' });
    expect(await unmerge(source.id)).toMatchObject({ status: 422 });
  });

  it('takes back its links, and the files that nobody has sent yet', async () => {
    const [survivor, source, other] = [await open(), await open(), await open()];
    const actor = core.actorOf(core.acme);
    await core.client.request(linkTickets, { ticket: source.id, to: other.id, kind: 'blocks' }, { actor });
    const upload = { method: 'POST', body: 'a line\n', headers: { 'content-type': 'text/plain' } };
    await core.http(`/api/v1/tickets/${source.id}/attachments?name=log.txt`, upload);
    const has = async (ticket: string) => [
      (await core.client.request(listLinks, { ticket }, { actor })).items
        .filter(({ kind }) => kind === 'blocks')
        .map(({ ticket: { id } }) => id),
      ((await core.http(`/api/v1/tickets/${ticket}/attachments`)).body['items'] as { name: string }[]).map(
        ({ name }) => name,
      ),
    ];
    const both = [[other.id], ['log.txt']];
    expect([await has(source.id), await has(survivor.id)]).toEqual([both, [[], []]]);
    await merge(source.id, { into: survivor.id });
    expect(await has(survivor.id)).toEqual(both);
    await unmerge(source.id);
    expect([await has(source.id), await has(survivor.id)]).toEqual([both, [[], []]]);
  });

  it('leaves what another one brought as well, until that is taken back too', async () => {
    const [survivor, a, b] = [await open(), await open({ tags: ['vip'] }), await open({ tags: ['vip'] })];
    await merge(survivor.id, { tickets: [a.id, b.id] });
    const tagsAfter = async (id: string) => {
      await unmerge(id);
      return (await get(survivor.id)).tags;
    };
    expect([await tagsAfter(a.id), await tagsAfter(b.id)]).toEqual([['vip'], []]);
  });

  it('leaves with the survivor what was written since', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    await post(a.id, 'before');
    await merge(a.id, { into: b.id });
    await post(b.id, 'since');
    await unmerge(a.id);
    expect((await messagesOf(a.id)).map(({ content }) => content)).toEqual(['before']);
    expect((await messagesOf(b.id)).map(({ content }) => content)).toEqual(['since']);
  });

  it('goes in the order of the chain: the last merge first', async () => {
    const [a, b, c] = await Promise.all([open(), open(), open()]);
    await post(a.id, 'a');
    await post(b.id, 'b');
    await merge(a.id, { into: b.id });
    await merge(b.id, { into: c.id });
    expect(await messagesOf(c.id)).toHaveLength(2);
    const early = await unmerge(a.id);
    expect(early.status).toBe(422);
    expect(early.body['detail']).toContain(`#${b.number} was merged itself since`);
    await unmerge(b.id);
    expect(await get(c.id)).toMatchObject({ messageCount: 0 });
    expect(await messagesOf(b.id)).toHaveLength(2);
    await unmerge(a.id);
    expect((await messagesOf(a.id)).map(({ content }) => content)).toEqual(['a']);
    expect((await messagesOf(b.id)).map(({ content }) => content)).toEqual(['b']);
  });

  it('gives a closed source its status back, and one that was merged twice over time its last', async () => {
    const [a, b, c] = await Promise.all([open(), open(), open()]);
    const actor = core.actorOf(core.acme);
    await core.client.request(updateTicket, { ticket: a.id, status: 'closed' }, { actor });
    const { closedAt } = await get(a.id);
    await merge(a.id, { into: b.id });
    await unmerge(a.id);
    expect(await get(a.id)).toMatchObject({ status: 'closed', closedAt, duplicateOf: null });
    await merge(a.id, { into: c.id });
    await unmerge(a.id);
    expect(await get(a.id)).toMatchObject({ status: 'closed', closedAt });
    const { items } = await core.client.request(listMerges, { ticket: a.id }, { actor });
    expect(items.map(({ survivor, undoneAt }) => [survivor.id, undoneAt !== null])).toEqual([
      [c.id, true],
      [b.id, true],
    ]);
    const page = await core.http(`/api/tickets/${a.id}/merges?limit=1`);
    const rest = await core.http(`/api/tickets/${a.id}/merges?limit=1&cursor=${String(page.body['nextCursor'])}`);
    expect([page, rest].map(({ body }) => (body['items'] as MergeView[])[0]!.survivor.id)).toEqual([c.id, b.id]);
  });

  it('is for who merged and for managers, for a day', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    const bea = core.actorOf(core.acme);
    await core.client.request(mergeTickets, { ticket: a.id, into: b.id }, { actor: bea });
    const as = (actor: object) => core.client.request(unmergeTicket, { ticket: a.id }, { actor: actor as never });
    const other = await restrictedAgent();
    for (const { id } of [a, b]) await core.sql('UPDATE tickets SET assignee_id = $2 WHERE id = $1', [id, other.id]);
    expect(await refusalOf(as(other))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(as(core.actorOf(core.acme, 'viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(as(core.actorOf(core.globex)))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await unmerge(a.id, { key: core.globex.apiKey })).toMatchObject({ status: 404 });
    await core.sql(`UPDATE ticket_merges SET merged_at = merged_at - interval '24 hours' WHERE source_id = $1`, [a.id]);
    const [{ merged_at }] = (await core.sql<{ merged_at: Date }>(
      'SELECT merged_at FROM ticket_merges WHERE source_id = $1',
      [a.id],
    )) as [{ merged_at: Date }];
    const late = await refusalOf(as(bea));
    expect(late).toMatchObject({ code: 'UNPROCESSABLE' });
    expect(late.message).toContain(new Date(merged_at.getTime() + 86_400_000).toISOString());
    await core.sql(`UPDATE ticket_merges SET merged_at = merged_at + interval '1 minute' WHERE source_id = $1`, [a.id]);
    await expect(as(core.actorOf(core.acme, 'manager'))).resolves.toMatchObject({ ticket: { duplicateOf: null } });
  });

  it('happens once when two ask at once, and says what hinders it', async () => {
    const [a, b] = await Promise.all([open(), open()]);
    await merge(a.id, { into: b.id });
    await core.http(`/api/v1/tickets/${b.id}`, { method: 'DELETE' });
    const gone = await unmerge(a.id);
    expect(gone.status).toBe(422);
    expect(gone.body['detail']).toContain(`#${b.number}`);
    await core.http(`/api/v1/tickets/${b.id}/restore`, { method: 'POST' });
    const answers = await Promise.all([unmerge(a.id), unmerge(a.id), unmerge(a.id)]);
    expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([200, 422, 422]);
    expect(await unmerge(b.id)).toMatchObject({ status: 422 });
  });
});
