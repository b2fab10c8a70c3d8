import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { type linkPage, linkTickets, type LinkView, listLinks, unlinkTickets } from '#shared/contracts/links.js';
import { closeTicket, deleteTicket, openTicket, reopenTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let one: TicketView;
let two: TicketView;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const bea = () => core.actorOf(core.acme);
const open = (input: object = {}, actor = bea()) =>
  core.client.request(openTicket, { subject: 'x', ...input }, { actor });
beforeEach(async () => {
  [one, two] = await Promise.all([open(), open()]);
});
const link = (kind: LinkView['kind'], from = one.id, to: string | number = two.id, actor = bea()) =>
  core.client.request(linkTickets, { ticket: from, to, kind: kind as 'blocks' }, { actor });
const linksOf = async (ticket: string, actor = bea()) =>
  (await core.client.request(listLinks, { ticket }, { actor })).items.map(({ kind, ticket: other }) => [
    kind,
    other.id,
  ]);

describe('links between tickets', () => {
  it('are read from both ends, each in its own words, and said twice are one', async () => {
    const made = await link('blocks');
    expect(made).toMatchObject({ kind: 'blocks', ticket: { id: two.id, number: two.number, status: 'open' } });
    expect((await link('blocks')).id).toBe(made.id);
    expect(await link('is_blocked_by', two.id, one.number)).toMatchObject({ id: made.id, kind: 'is_blocked_by' });
    expect(await linksOf(one.id)).toEqual([['blocks', two.id]]);
    expect(await linksOf(two.id)).toEqual([['is_blocked_by', one.id]]);
    for (const [ticket, kind] of [
      [one.id, 'blocks'],
      [two.id, 'is_blocked_by'],
    ]) {
      const lines = await core.sql(`SELECT new_value FROM activities WHERE ticket_id = $1 AND type = 'link_added'`, [
        ticket,
      ]);
      expect(lines).toMatchObject([{ new_value: { kind } }]);
    }
    expect((await refusalOf(link('is_blocked_by'))).pointers).toEqual(['/kind']);
    await link('relates_to');
    await link('relates_to', two.id, one.id);
    expect(await linksOf(one.id)).toHaveLength(2);
  });

  it('made by many at once are one, and nobody waits for ever', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, place) => (place % 2 ? link('relates_to') : link('relates_to', two.id, one.id))),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  });

  it('can be made, and removed, where more are than are listed', async () => {
    const others = await Promise.all(Array.from({ length: 51 }, () => open()));
    await core.sql(
      `INSERT INTO ticket_links
       SELECT $1, gen_random_uuid(), CASE WHEN out THEN $2 ELSE o.id END, CASE WHEN out THEN o.id ELSE $2 END, kind, now()
       FROM unnest($3::uuid[]) o(id), unnest('{relates_to,blocks,causes,parent_of,split_into}'::text[]) kind,
         unnest('{true,false}'::boolean[]) out`,
      [core.acme.id, one.id, others.map(({ id }) => id)],
    );
    const made = await link('causes');
    expect(made).toMatchObject({ kind: 'causes', ticket: { id: two.id } });
    expect(await linksOf(one.id)).not.toContainEqual(['causes', two.id]);
    const remove = () => core.http(`/api/v1/tickets/${one.id}/links/${made.id!}`, { method: 'DELETE' });
    expect(await remove()).toMatchObject({ status: 200 });
    expect(await linksOf(two.id)).toEqual([]);
    expect(await remove()).toMatchObject({ status: 404 });
  });

  it('are removed from either end, and then are gone', async () => {
    const { id } = await link('parent_of');
    expect(await core.http(`/api/v1/tickets/${two.number}/links/${id!}`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect(await linksOf(one.id)).toEqual([]);
    expect((await core.http(`/api/tickets/${two.number}/links/${id!}`, { method: 'DELETE' })).status).toBe(404);
    const lines = await core.sql(`SELECT old_value FROM activities WHERE ticket_id = $1 AND type = 'link_removed'`, [
      one.id,
    ]);
    expect(lines).toMatchObject([{ old_value: { kind: 'parent_of', number: two.number } }]);
  });

  it('over HTTP have a default, and errors that name the field', async () => {
    const path = `/api/v1/tickets/${one.number}/links`;
    expect(await core.http(path, { json: { to: `#${two.number}` } })).toMatchObject({
      status: 201,
      body: { kind: 'relates_to' },
    });
    for (const [json, pointer] of [
      [{ to: one.id }, '/to'],
      [{ to: 4711 }, '/to'],
      [{}, '/to'],
      [{ to: two.id, kind: 'loves' }, '/kind'],
      [{ to: two.id, kind: 'split_into' }, '/kind'],
    ] as const) {
      expect([json, await core.http(path, { json })]).toMatchObject([
        json,
        { status: 400, body: { errors: [{ pointer }] } },
      ]);
    }
  });

  it('show follow-ups and duplicates, which cannot be removed', async () => {
    await core.client.request(closeTicket, { ticket: one.id }, { actor: bea() });
    const next = await core.client.request(reopenTicket, { ticket: one.id }, { actor: bea() });
    await core.sql('UPDATE tickets SET duplicate_of = $2 WHERE id = $1', [two.id, one.id]);
    expect(new Map((await linksOf(one.id)) as [string, string][])).toEqual(
      new Map([
        ['duplicated_by', two.id],
        ['followed_up_by', next.id],
      ]),
    );
    expect(await linksOf(next.id)).toEqual([['follow_up_of', one.id]]);
    expect(await linksOf(two.id)).toEqual([['duplicate_of', one.id]]);
  });

  it('are read page by page, each once, whatever was said in the same instant', async () => {
    const others = await Promise.all(Array.from({ length: 6 }, () => open()));
    await core.sql(
      `INSERT INTO ticket_links (org_id, id, from_id, to_id, kind, created_at)
       SELECT $1, gen_random_uuid(), CASE WHEN back THEN o.id ELSE $2 END, CASE WHEN back THEN $2 ELSE o.id END, kind, now()
       FROM unnest($3::uuid[]) o(id), unnest('{blocks,causes,parent_of}'::text[]) kind, unnest('{true,false}'::boolean[]) back`,
      [core.acme.id, one.id, others.map(({ id }) => id)],
    );
    // The same ticket follows it and doubles it.
    await core.sql('UPDATE tickets SET duplicate_of = $2, follow_up_of = $2 WHERE id = $1', [two.id, one.id]);
    const path = `/api/v1/tickets/${one.number}/links`;
    const read: string[] = [];
    let pages = 0;
    for (let cursor = ''; ; pages += 1) {
      const body = (await core.http(`${path}?limit=5${cursor}`)).body as z.output<typeof linkPage>;
      for (const { kind, ticket } of body.items) read.push(`${kind} ${ticket.number}`);
      if (body.nextCursor === null) break;
      expect(body.items).toHaveLength(5);
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect([read.length, new Set(read).size, pages]).toEqual([38, 38, 7]);
    expect((await core.http(path)).body).toMatchObject({ nextCursor: null, items: { length: 38 } });
    expect((await core.http(`${path}?limit=5`)).body['items']).toHaveLength(5);
    for (const [query, pointer] of [
      ['limit=0', '/limit'],
      ['limit=101', '/limit'],
      ['cursor=x', '/cursor'],
    ])
      expect(await core.http(`${path}?${query}`)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('hide what the other end may not be seen of', async () => {
    const team = '0190c1a2-0000-7000-8000-0000000005a1';
    await core.sql(
      `INSERT INTO teams (org_id, id, name, handle, created_at, updated_at) VALUES ($1, $2, 'Sales', 'sales', now(), now()) ON CONFLICT DO NOTHING`,
      [core.acme.id, team],
    );
    const [row] = await core.sql<{ id: string }>(
      `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams) VALUES ($1, gen_random_uuid(), 'rita@acme.test', 'Rita', 'agent', true) RETURNING id`,
      [core.acme.id],
    );
    await core.sql('INSERT INTO team_members VALUES ($1, $2, $3, now())', [core.acme.id, team, row!.id]);
    const rita = core.actorOf(core.acme, 'agent', { id: row!.id, name: 'Rita', teamIds: [team] });
    const theirs = await open({ teamId: team });
    await link('blocks', theirs.id, two.id);
    expect(await linksOf(theirs.id, rita)).toEqual([]);
    expect(await linksOf(theirs.id)).toEqual([['blocks', two.id]]);
    expect(await refusalOf(link('causes', theirs.id, one.id, rita))).toMatchObject({
      code: 'BAD_REQUEST',
      pointers: ['/to'],
    });
    expect((await refusalOf(link('causes', one.id, theirs.id, rita))).code).toBe('NOT_FOUND');
    await core.client.request(deleteTicket, { ticket: two.id }, { actor: bea() });
    expect(await linksOf(theirs.id)).toEqual([]);
  });

  it('are none of a viewer’s, a customer’s or another organisation’s business', async () => {
    const made = await link('blocks');
    const remove = (actor: ReturnType<typeof bea>) =>
      core.client.request(unlinkTickets, { ticket: one.id, link: made.id! }, { actor });
    const [vera, gustav] = [core.actorOf(core.acme, 'viewer'), core.actorOf(core.globex, 'admin')];
    expect(await linksOf(one.id, vera)).toHaveLength(1);
    expect((await refusalOf(link('causes', one.id, two.id, vera))).code).toBe('FORBIDDEN');
    expect((await refusalOf(remove(vera))).code).toBe('FORBIDDEN');
    const theirs = await open({}, core.actorOf(core.globex));
    expect((await refusalOf(link('blocks', one.id, theirs.id))).code).toBe('BAD_REQUEST');
    for (const refused of [linksOf(one.id, gustav), link('blocks', one.id, theirs.id, gustav), remove(gustav)])
      expect((await refusalOf(refused)).code).toBe('NOT_FOUND');
    const mine = await open({ contactEmail: 'casey@customer.example' });
    const casey = core.contactOf(core.acme, mine.contact!.id);
    expect((await refusalOf(linksOf(mine.id, casey))).code).toBe('FORBIDDEN');
  });
});
