import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { postMessage, undoMessage } from '#shared/contracts/messages.js';
import { claimDueClocks, type DueClock, settleDueClocks } from '#shared/contracts/sla-clocks.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { evaluateSla } from '#sla/evaluate-sla.js';
import type { SlaRules } from '#sla/policy.schema.js';
import { TestCore } from '../../../../test/support/core.js';
import type { ActivityRead } from '../activities/activity.view.js';
import { slaEventsOf } from './sla-history.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());
// The claim looks across tickets: each test has the clocks to itself.
beforeEach(() => core.sql('UPDATE sla_clocks SET next_at = NULL'));

const bea = () => core.actorOf(core.acme);
const open = (input: object = {}) =>
  core.client.request(openTicket, { subject: 'x', contactEmail: 'casey@customer.example', ...input }, { actor: bea() });
const change = (ticket: string, fields: object) =>
  core.client.request(updateTicket, { ticket, ...fields }, { actor: bea() });
const reply = (ticket: string, more: object = {}) =>
  core.client.request(postMessage, { ticket, content: 'x', ...more }, { actor: bea() });
const claim = (leaseMs = 60_000, limit = 100) => core.client.request(claimDueClocks, { limit, leaseMs });
const settle = async (clocks: DueClock[]) =>
  (
    await core.client.request(settleDueClocks, {
      clocks: clocks.map(({ orgId, ticketId, target, cycle, level }) => ({ orgId, ticketId, target, cycle, level })),
    })
  ).settled;
const clockOf = async (id: string, target: string) =>
  (
    await core.sql<Record<string, Date | string | null>>(
      'SELECT * FROM sla_clocks WHERE ticket_id = $1 AND target = $2',
      [id, target],
    )
  )[0]!;
const told = (id: string) =>
  core.sql<{ type: string; at: Date; new_value: { target: string } }>(
    `SELECT type, at, new_value FROM activities WHERE ticket_id = $1 AND type LIKE 'sla_%ed' OR ticket_id = $1 AND type = 'sla_warning' ORDER BY id`,
    [id],
  );

/** As if all of it had happened so long ago. */
async function age(id: string, interval: string): Promise<void> {
  await core.sql('UPDATE activities SET at = at - $2::interval WHERE ticket_id = $1', [id, interval]);
  await core.sql('UPDATE tickets SET created_at = created_at - $2::interval WHERE id = $1', [id, interval]);
  await core.sql(
    `UPDATE sla_clocks SET started_at = started_at - $2::interval, warn_at = warn_at - $2::interval,
       due_at = due_at - $2::interval, next_at = next_at - $2::interval WHERE ticket_id = $1`,
    [id, interval],
  );
}

/** The clocks that evaluateSla makes of the ticket's stored history, beside those that are stored. */
async function compare(id: string): Promise<void> {
  const history = await core.sql<ActivityRead>('SELECT * FROM activities WHERE ticket_id = $1 ORDER BY at, id', [id]);
  const [tracking] = await core.sql<{ initial_rules: SlaRules }>(
    'SELECT initial_rules FROM sla_trackings WHERE ticket_id = $1',
    [id],
  );
  const now = Date.now();
  const { clocks } = evaluateSla({
    policy: tracking!.initial_rules,
    calendar: null,
    events: slaEventsOf(history),
    now,
  });
  const stored = await core.sql<
    Record<string, unknown> & {
      started_at: Date;
      due_at: Date;
      stopped_at: Date | null;
      breached_at: Date | null;
      state: string;
    }
  >(`SELECT * FROM sla_clocks WHERE ticket_id = $1 ORDER BY target, cycle`, [id]);
  expect(
    stored.map((row) => ({
      target: row['target'],
      cycle: row['cycle'],
      state: row.state,
      startedAt: row.started_at.getTime(),
      stoppedAt: row.stopped_at?.getTime() ?? null,
      breachedAt: row.breached_at?.getTime() ?? null,
      // While it stands, the due instant moves with the time; it is what it was when it was stored.
      dueAt: row.state === 'paused' ? null : row.due_at.getTime(),
    })),
  ).toEqual(
    clocks.map(({ target, cycle, state, startedAt, stoppedAt, breachedAt, dueAt }) => ({
      target,
      cycle,
      state,
      startedAt,
      stoppedAt,
      breachedAt,
      dueAt: state === 'paused' ? null : dueAt,
    })),
  );
}

describe('clocks as they are stored', () => {
  it('are what evaluateSla makes of the history, after every step of a ticket’s life', async () => {
    const { id } = await open({ priority: 'high' });
    await compare(id);
    const steps: (() => Promise<unknown>)[] = [
      () => change(id, { priority: 'urgent' }),
      () => reply(id),
      () => change(id, { status: 'pending' }),
      () => core.client.request(postMessage, { ticket: id, content: 'x' }, { actor: core.actorOf(core.acme) }),
      () => change(id, { status: 'in_progress' }),
      () => change(id, { status: 'on_hold', priority: 'low' }),
      () => change(id, { status: 'resolved' }),
      () => change(id, { status: 'open' }),
      () => change(id, { status: 'closed' }),
    ];
    for (const step of steps) {
      await age(id, '7 minutes');
      await step();
      await compare(id);
    }
  });

  it('follow the policy of the ticket’s priority, from its creation', async () => {
    const ticket = await open({ priority: 'low' });
    const minutes = async (target: string) => {
      const clock = await clockOf(ticket.id, target);
      return ((clock['due_at'] as Date).getTime() - (clock['started_at'] as Date).getTime()) / 60_000;
    };
    expect([await minutes('first_response'), await minutes('resolution')]).toEqual([1_440, 10_080]);
    await change(ticket.id, { priority: 'urgent' });
    expect([await minutes('first_response'), await minutes('resolution')]).toEqual([30, 240]);
    expect(await core.sql('SELECT policy_name FROM sla_trackings WHERE ticket_id = $1', [ticket.id])).toEqual([
      { policy_name: 'Urgent priority' },
    ]);
    expect((await core.client.request(getTicket, { ticket: ticket.id }, { actor: bea() })).slaDeadline).toBe(
      ((await clockOf(ticket.id, 'first_response'))['due_at'] as Date).toISOString(),
    );
  });

  it('stand while the customer is waited for, and are not due then', async () => {
    const { id } = await open({ priority: 'urgent' });
    await reply(id);
    await change(id, { status: 'pending' });
    expect(await clockOf(id, 'resolution')).toMatchObject({ state: 'paused', next_at: null });
    await age(id, '1 day');
    expect((await claim()).clocks).toEqual([]);
    await change(id, { status: 'open' });
    const clock = await clockOf(id, 'resolution');
    expect(clock).toMatchObject({ state: 'running', breached_at: null });
    expect((clock['due_at'] as Date).getTime()).toBeGreaterThan(Date.now() + 239 * 60_000);
  });

  it('stop at the first answer, and run again when it is taken back', async () => {
    const { id } = await open();
    const { id: messageId } = await reply(id, { undoMs: 60_000 });
    expect(await clockOf(id, 'first_response')).toMatchObject({ state: 'met', next_at: null });
    await core.client.request(undoMessage, { messageId }, { actor: bea() });
    expect(await clockOf(id, 'first_response')).toMatchObject({
      state: 'running',
      stopped_at: null,
      next_at: expect.any(Date) as unknown,
    });
    await compare(id);
  });
});

describe('what is due', () => {
  it('is a warning, then a breach, each once and at its exact instant', async () => {
    const { id, number } = await open({ priority: 'urgent' });
    const due = (await clockOf(id, 'first_response'))['due_at'] as Date;
    expect((await claim()).clocks).toEqual([]);
    await age(id, '25 minutes');
    const { clocks: warned } = await claim();
    expect(warned).toMatchObject([{ ticketId: id, ticketNumber: number, target: 'first_response', level: 'warning' }]);
    const dueAt = new Date(due.getTime() - 25 * 60_000);
    expect(warned[0]!.at).toBe(new Date(dueAt.getTime() - 6 * 60_000).toISOString());
    expect((await claim()).clocks).toEqual([]);
    expect(await settle(warned)).toBe(1);
    expect(await settle(warned)).toBe(0);
    expect((await claim()).clocks).toEqual([]);

    await age(id, '10 minutes');
    const { clocks: breached } = await claim();
    expect(breached).toMatchObject([{ level: 'breached', at: new Date(dueAt.getTime() - 10 * 60_000).toISOString() }]);
    expect(await settle(breached)).toBe(1);
    expect([await settle(breached), await settle(warned)]).toEqual([0, 0]);
    expect((await told(id)).map(({ type }) => type)).toEqual(['sla_warning', 'sla_breached']);
    await change(id, { tags: ['later'] });
    await age(id, '1 hour');
    expect((await claim()).clocks.filter(({ target }) => target === 'first_response')).toEqual([]);
  });

  it('goes to one of three who claim at once, and comes back when nobody settled it', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => (await open({ priority: 'urgent' })).id));
    for (const id of ids) await age(id, '31 minutes');
    const claims = await Promise.all([claim(1_000, 5), claim(1_000, 5), claim(1_000, 5)]);
    const all = claims.flatMap(({ clocks }) => clocks.map(({ ticketId, target }) => `${ticketId} ${target}`));
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(12);
    expect((await claim()).clocks).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const again = (await claim()).clocks;
    expect(again.map(({ ticketId, target }) => `${ticketId} ${target}`).toSorted()).toEqual(all.toSorted());
    // The one that was taken for dead settles late, at once with the other.
    const settled = await Promise.all([settle(claims.flatMap(({ clocks }) => clocks)), settle(again)]);
    expect(settled[0] + settled[1]).toBe(12);
    for (const id of ids) expect(await told(id)).toHaveLength(1);
  }, 20_000);

  it('counts a late answer as a breach that no sweep saw, once', async () => {
    const { id } = await open({ priority: 'urgent' });
    await age(id, '45 minutes');
    const due = (await clockOf(id, 'first_response'))['due_at'] as Date;
    await reply(id);
    expect(await clockOf(id, 'first_response')).toMatchObject({
      state: 'breached',
      breached_at: due,
      stopped_at: expect.any(Date) as unknown,
    });
    const { clocks } = await claim();
    expect(clocks).toMatchObject([
      { ticketId: id, target: 'first_response', level: 'breached', at: due.toISOString() },
    ]);
    expect(await settle(clocks)).toBe(1);
    expect((await claim()).clocks).toEqual([]);
    expect(await told(id)).toMatchObject([{ type: 'sla_breached', at: due }]);
  });

  it('is marked when a breach that a longer target undid comes after all, and nobody is told twice', async () => {
    const { id } = await open({ priority: 'urgent' });
    await age(id, '31 minutes');
    expect(await settle((await claim()).clocks)).toBe(1);
    await change(id, { priority: 'low' });
    const first = async () => {
      const { sla } = await core.client.request(getTicket, { ticket: id }, { actor: bea() });
      return sla.find(({ target }) => target === 'first_response')!;
    };
    expect(await first()).toMatchObject({ state: 'running', breachedAt: null });

    await age(id, '1 day');
    const { dueAt } = await first();
    // Whoever reads the ticket before the monitor was there sees the same.
    expect(await first()).toMatchObject({ state: 'breached', breachedAt: dueAt });
    expect((await claim()).clocks.filter(({ target }) => target === 'first_response')).toEqual([]);
    expect(await clockOf(id, 'first_response')).toMatchObject({
      state: 'breached',
      breached_at: new Date(dueAt),
      next_at: null,
    });
    expect((await told(id)).filter(({ type }) => type === 'sla_breached')).toHaveLength(1);
  });

  it('is told when a warned ticket is answered between claim and settle, and no more', async () => {
    const { id } = await open({ priority: 'urgent' });
    await age(id, '25 minutes');
    const { clocks } = await claim();
    await reply(id);
    expect(await settle(clocks)).toBe(1);
    await age(id, '30 minutes');
    expect((await claim()).clocks).toEqual([]);
    expect(await clockOf(id, 'first_response')).toMatchObject({ state: 'met', next_at: null });
  });

  it('cannot be settled in another organisation’s name', async () => {
    const { id } = await open({ priority: 'urgent' });
    await age(id, '31 minutes');
    const { clocks } = await claim();
    expect(await settle(clocks.map((clock) => ({ ...clock, orgId: core.globex.id })))).toBe(0);
    expect(await told(id)).toEqual([]);
    expect(await settle(clocks)).toBe(1);
  });

  it('says when the next one is', async () => {
    await open({ priority: 'urgent' });
    const { nextInMs } = await claim();
    expect(nextInMs).toBeGreaterThan(23 * 60_000);
    expect(nextInMs).toBeLessThanOrEqual(24 * 60_000);
  });
});
