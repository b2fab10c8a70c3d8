import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#shared/contracts/contract.js';
import { getTicketStats } from '#shared/contracts/stats.js';
import { openTicket, updateTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, waitFor } from '../../../../test/support/core.js';

let core: TestCore;
let tickets: TicketView[];
const admin = () => core.actorOf(core.acme, 'admin');
const open = (input: RequestOf<typeof openTicket>) => core.client.request(openTicket, input, { actor: admin() });
const stats = (input: RequestOf<typeof getTicketStats> = {}, actor = admin()) =>
  core.client.request(getTicketStats, input, { actor });
const counted = () =>
  waitFor(
    async () => (await core.sql('SELECT 1 FROM search_queue LIMIT 1')).length === 0,
    'the counts to be up to date',
  );
const today = () => new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  core = await TestCore.start();
  tickets = [
    await open({ subject: 'A', priority: 'low', category: 'billing', tags: ['vip'] }),
    await open({ subject: 'B', priority: 'high', assigneeId: core.acme.agents.agent.id }),
    await open({ subject: 'C' }),
    await open({ subject: 'D', tags: ['vip'] }),
  ];
  await core.client.request(updateTicket, { ticket: tickets[3]!.id, status: 'resolved' }, { actor: admin() });
  await core.client.request(openTicket, { subject: 'Theirs' }, { actor: core.actorOf(core.globex) });
  await counted();
}, 60_000);
afterAll(() => core.close());

describe('statistics', () => {
  it('count by everything, of one organisation only', async () => {
    expect(await stats()).toMatchObject({
      total: 4,
      byStatus: { open: 3, resolved: 1 },
      byPriority: { high: 1, low: 1, medium: 2 },
      byCategory: { billing: 1, general: 3 },
      byAssignee: { [core.acme.agents.agent.id]: 1 },
      byTeam: {},
      unassigned: 3,
      slaBreached: 0,
      slaWarnings: 0,
      resolution: { tickets: 1 },
      timezone: 'UTC',
      exact: false,
    });
    expect((await stats({}, core.actorOf(core.globex))).total).toBe(1);
  });

  it('say the same counted now as counted along the way', async () => {
    const kept = await stats();
    const {
      slaWarnings: _,
      firstResponse: __,
      resolution: ___,
      exact: ____,
      ...now
    } = await stats({ createdFrom: '2000-01-01' });
    expect(kept).toMatchObject(now);
  });

  it('take filters', async () => {
    expect(await stats({ tag: 'vip' })).toMatchObject({ total: 2, byStatus: { open: 1, resolved: 1 }, exact: true });
    expect(await stats({ status: 'waiting' })).toMatchObject({
      total: 0,
      byStatus: { open: 0, pending: 0 },
      firstResponse: { medianMs: null },
    });
  });

  it('follow every change, and come back to where they were', async () => {
    const before = await stats();
    const extra = await open({ subject: 'E', priority: 'urgent', category: 'bug' });
    await core.client.request(
      updateTicket,
      { ticket: extra.id, priority: 'low', assigneeId: core.acme.agents.manager.id },
      { actor: admin() },
    );
    await counted();
    expect(await stats()).toMatchObject({
      total: 5,
      byPriority: { low: 2 },
      byAssignee: { [core.acme.agents.manager.id]: 1 },
    });
    await core.sql(
      `UPDATE sla_clocks SET breached_at = due_at, state = 'breached' WHERE ticket_id = $1 AND target = 'resolution'`,
      [extra.id],
    );
    await counted();
    expect((await stats()).slaBreached).toBe(1);
    await core.sql('UPDATE tickets SET deleted_at = now() WHERE id = $1', [extra.id]);
    await counted();
    expect(await stats()).toEqual(before);
    expect(await core.sql('SELECT 1 FROM ticket_counts WHERE tickets < 0')).toEqual([]);
  });

  it('make a series in the organisation’s zone', async () => {
    const { series } = await stats({ period: 'day' });
    expect(series).toHaveLength(30);
    expect(series!.at(-1)).toEqual({ start: today(), opened: 4, resolved: 1, breached: 0 });
    expect(
      (await stats({ period: 'month', from: '2026-01-15', to: '2026-03-02' })).series!.map(({ start }) => start),
    ).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
    expect((await stats({ period: 'week', tag: 'vip' })).series!.at(-1)).toMatchObject({ opened: 2, resolved: 1 });
    expect(await stats({ from: today(), to: today() })).toMatchObject({ total: 4, slaWarnings: null });
    expect(await stats({ to: '2020-01-01' })).toMatchObject({ total: 0 });
    // A minute before midnight in UTC is the next day in Auckland.
    await core.sql(`UPDATE tickets SET created_at = '2026-03-01T23:59:00Z' WHERE id = $1`, [tickets[2]!.id]);
    await core.sql(`UPDATE organisations SET settings = '{"timezone": "Pacific/Auckland"}' WHERE id = $1`, [
      core.acme.id,
    ]);
    await counted();
    const auckland = async () => (await stats({ period: 'day', from: '2026-03-01', to: '2026-03-02' })).series;
    await waitFor(async () => (await auckland())![1]!.opened === 1, 'the zone to be known');
    expect(await auckland()).toEqual([
      { start: '2026-03-01', opened: 0, resolved: 0, breached: 0 },
      { start: '2026-03-02', opened: 1, resolved: 0, breached: 0 },
    ]);
  });

  it('are there over HTTP under both paths, and no ticket is called “stats”', async () => {
    for (const path of ['/api/v1/tickets/stats', '/api/tickets/stats?customFields.plan=gold'])
      expect(await core.http(path)).toMatchObject({ status: 200, body: { byStatus: expect.any(Object) } });
    expect((await core.http('/api/v1/tickets/stats', { key: '' })).status).toBe(401);
  });

  it.each([
    [{ from: '2026-02-30' }, '/from'],
    [{ from: '2026-02-02', to: '2026-02-01' }, '/to'],
    [{ period: 'year' }, '/period'],
    [{ period: 'day', from: '1990-01-01' }, '/period'],
    [{ colour: 'red' }, ''],
  ])('refuse %j', async (input, pointer) => {
    expect(await refusalOf(stats(input as object))).toMatchObject({ code: 'BAD_REQUEST', pointers: [pointer] });
  });

  it('are not for contacts', async () => {
    expect((await refusalOf(stats({}, core.contactOf(core.acme, core.acme.id)))).code).toBe('FORBIDDEN');
  });
});
