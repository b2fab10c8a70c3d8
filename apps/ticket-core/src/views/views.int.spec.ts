import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TicketView } from '#shared/contracts/tickets.js';
import { listViews, viewTickets, type SavedViewView } from '#shared/contracts/views.js';
import { refusalOf, TestCore, pointersOf } from '../../../../test/support/core.js';

let core: TestCore;
let teamId: string;
beforeAll(async () => {
  core = await TestCore.start();
  const { alice, bea } = { alice: core.acme.agents.admin.id, bea: core.acme.agents.agent.id };
  for (const [subject, more] of [
    ['A', { priority: 'urgent', assigneeId: alice, tags: ['vpn'] }],
    ['B', { priority: 'low', assigneeId: bea }],
    ['C', { priority: 'high', assigneeId: alice }],
    ['D', { priority: 'medium' }],
  ] as const)
    await api('POST', '/tickets', { subject, ...more });
  teamId = await core.addTeam(core.acme, 'Support');
}, 60_000);
afterAll(() => core.close());

const api = (method: string, path: string, json?: unknown, key?: string) =>
  core.http(`/api/v1${path}`, { method, ...(json !== undefined && { json }), ...(key && { key }) });
const made = async (json: object): Promise<SavedViewView> => {
  const { status, body } = await api('POST', '/views', { name: 'V', ...json });
  expect([status, body]).toEqual([201, body]);
  return body as unknown as SavedViewView;
};
const subjects = (items: unknown) => (items as TicketView[]).map(({ subject }) => subject).join('');
const as = (role: 'viewer' | 'agent' | 'manager' | 'admin') => ({ actor: core.actorOf(core.acme, role) });

describe('a saved view', () => {
  it('keeps filters and order as GET /tickets takes them, read once', async () => {
    const view = await made({
      name: 'Mine',
      query: { status: 'open,waiting', priority: ['critical', 'high'], assigneeId: 'me', sort: '-priority' },
    });
    expect(view).toMatchObject({
      scope: 'private',
      teamId: null,
      isMine: true,
      query: { status: ['open', 'pending'], priority: ['urgent', 'high'], assigneeId: ['me'], sort: '-priority' },
    });
    const { body } = await api('GET', `/views/${view.id}/tickets`);
    expect([subjects(body['items']), body['nextCursor']]).toEqual(['AC', null]);
    const first = await api('GET', `/views/${view.id}/tickets?limit=1&total=true`);
    expect([subjects(first.body['items']), first.body['total']]).toEqual(['A', 2]);
    const second = await api('GET', `/views/${view.id}/tickets?limit=1&cursor=${String(first.body['nextCursor'])}`);
    expect(subjects(second.body['items'])).toBe('C');
    expect(await api('PATCH', `/views/${view.id}`, { query: { tag: 'vpn' }, name: 'VPN' })).toMatchObject({
      status: 200,
      body: { name: 'VPN', query: { tag: ['vpn'] } },
    });
    expect(subjects((await api('GET', `/views/${view.id}/tickets`)).body['items'])).toBe('A');
    expect(await api('DELETE', `/views/${view.id}`)).toMatchObject({ status: 200, body: { success: true } });
    for (const path of ['', '/tickets'])
      expect(await api('GET', `/views/${view.id}${path}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['no name', { name: ' ' }, ['/name']],
    ['an unknown filter', { query: { colour: 'red' } }, ['/query']],
    ['an unknown status', { query: { status: 'asleep' } }, ['/query/status/0']],
    ['an unknown order', { query: { sort: 'colour' } }, ['/query/sort']],
    ['a page of its own', { query: { limit: 5 } }, ['/query']],
    ['an unknown scope', { scope: 'world' }, ['/scope']],
    ['a team’s without the team', { scope: 'team' }, ['/teamId']],
    ['a team of nowhere', { scope: 'team', teamId: '0190c1a2-0000-7000-8000-0000000000aa' }, ['/teamId']],
    ['everybody’s with a team', { scope: 'organisation', teamId: '0190c1a2-0000-7000-8000-0000000000aa' }, ['/teamId']],
  ])('is refused with %s', async (_, json, where) => {
    const answer = await api('POST', '/views', { name: 'V', ...json });
    expect([answer.status, answer.body['code'], pointersOf(answer)]).toEqual([400, 'BAD_REQUEST', where]);
  });

  it('is seen by whom it is for, and shows each their own', async () => {
    const mine = await made({ name: 'only mine' });
    const all = await made({ name: 'everybody', scope: 'organisation', query: { assigneeId: 'me' } });
    const team = await made({ name: 'support', scope: 'team', teamId });
    const seen = async (role: 'viewer' | 'agent' | 'manager' | 'admin') =>
      (await core.client.request(listViews, {}, as(role))).items.map(({ name }) => name).toSorted();
    expect(await seen('admin')).toEqual(['everybody', 'only mine', 'support']);
    expect(await seen('manager')).toEqual(['everybody', 'support']);
    expect(await seen('agent')).toEqual(['everybody']);
    await core.sql('INSERT INTO team_members VALUES ($1, $2, $3, now())', [
      core.acme.id,
      teamId,
      core.acme.agents.agent.id,
    ]);
    expect(await seen('agent')).toEqual(['everybody', 'support']);
    expect(subjects((await core.client.request(viewTickets, { view: all.id }, as('agent'))).items)).toBe('B');
    expect(subjects((await core.client.request(viewTickets, { view: all.id }, as('admin'))).items)).toBe('CA');
    expect(await refusalOf(core.client.request(viewTickets, { view: mine.id }, as('manager')))).toMatchObject({
      code: 'NOT_FOUND',
    });
    const contact = { actor: core.contactOf(core.acme, core.acme.agents.agent.id) };
    expect(await refusalOf(core.client.request(listViews, {}, contact))).toMatchObject({ code: 'FORBIDDEN' });
    for (const [method, path, json] of [
      ['GET', ''],
      ['GET', '/tickets'],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', ''],
    ] as const)
      for (const { id } of [mine, all, team])
        expect([method, path, (await api(method, `/views/${id}${path}`, json, core.globex.apiKey)).status]).toEqual([
          method,
          path,
          404,
        ]);
    expect((await api('GET', '/views', undefined, core.globex.apiKey)).body['items']).toEqual([]);
  });

  it('has a place, and a count when asked', async () => {
    const { body } = await api('GET', '/views');
    const before = body['items'] as SavedViewView[];
    const last = before.at(-1)!;
    const ordered = await api('PUT', '/views', { views: [last.id] });
    expect((ordered.body['items'] as SavedViewView[]).map(({ id }) => id)).toEqual([
      last.id,
      ...before.slice(0, -1).map(({ id }) => id),
    ]);
    const wrong = await api('PUT', '/views', { views: ['0190c1a2-0000-7000-8000-0000000000aa'] });
    expect([wrong.status, pointersOf(wrong)]).toEqual([400, ['/views/0']]);
    const counted = (await api('GET', '/views?counts=true')).body['items'] as SavedViewView[];
    expect(Object.fromEntries(counted.map(({ name, ticketCount }) => [name, ticketCount]))).toEqual({
      'only mine': 4,
      everybody: 2,
      support: 4,
    });
    expect(
      await core.sql(`SELECT action FROM audit_entries WHERE subject_type = 'view' AND action = 'created'`),
    ).toHaveLength(4);
  });
});
