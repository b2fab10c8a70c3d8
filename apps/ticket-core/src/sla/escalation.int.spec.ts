import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { postMessage } from '#shared/contracts/messages.js';
import { claimDueClocks, type DueStep, takeEscalationStep } from '#shared/contracts/sla-clocks.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { TestCore } from '../../../../test/support/core.js';

type Json = Record<string, unknown>;
let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());
// The claim looks across tickets: each test has the steps to itself.
beforeEach(async () => {
  await core.sql('UPDATE sla_escalations SET next_at = NULL');
  await core.sql('UPDATE sla_clocks SET next_at = NULL');
});

const bea = () => core.actorOf(core.acme);
const MINUTE = 60_000;
const policies = '/api/v1/sla/policies';
/** A policy for tickets with a tag of its own, 100 minutes to resolve: percents are minutes. */
async function policyWith(escalation: Json[], more: Json = {}) {
  const tag = `t${randomUUID().slice(0, 8)}`;
  const conditions = [{ field: 'tags', operator: 'contains', value: tag }];
  const json = { name: tag, conditions, priority: 100, resolutionMinutes: 100, escalation, ...more };
  const { status, body } = await core.http(policies, { json });
  expect([status, body['errors']]).toEqual([201, undefined]);
  return { id: String(body['id']), tag };
}
const openWith = async (tag: string, more: object = {}) =>
  core.client.request(
    openTicket,
    { subject: 'x', contactEmail: 'casey@customer.example', tags: [tag], ...more },
    { actor: bea() },
  );
const change = (ticket: string, fields: object) =>
  core.client.request(updateTicket, { ticket, ...fields }, { actor: bea() });
const read = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: bea() });
const claim = async (leaseMs = 60_000) => (await core.client.request(claimDueClocks, { limit: 100, leaseMs })).steps;
const take = async (step: DueStep) => (await core.client.request(takeEscalationStep, step)).taken;
const stepsOf = (id: string) =>
  core.sql<{ step: number; target: string; at: Date; next_at: Date | null; taken_at: Date | null }>(
    'SELECT target, step, at, next_at, taken_at FROM sla_escalations WHERE ticket_id = $1 ORDER BY target, cycle, step',
    [id],
  );
const escalated = (id: string) =>
  core.sql<{ at: Date; actor_kind: string; new_value: Json }>(
    `SELECT at, actor_kind, new_value FROM activities WHERE ticket_id = $1 AND type = 'escalated' ORDER BY at, id`,
    [id],
  );
const events = (id: string) =>
  core.sql<{ payload: Json; at: Date }>(
    `SELECT payload, at FROM outbox WHERE name = 'sla.escalated' AND payload ->> 'ticketId' = $1 ORDER BY id`,
    [id],
  );
/** As if all of it had happened so long ago. */
async function age(id: string, minutes: number): Promise<void> {
  const interval = `${minutes} minutes`;
  await core.sql('UPDATE activities SET at = at - $2::interval WHERE ticket_id = $1', [id, interval]);
  await core.sql('UPDATE tickets SET created_at = created_at - $2::interval WHERE id = $1', [id, interval]);
  await core.sql(
    'UPDATE sla_escalations SET at = at - $2::interval, next_at = next_at - $2::interval WHERE ticket_id = $1',
    [id, interval],
  );
  await core.sql(
    `UPDATE sla_clocks SET started_at = started_at - $2::interval, warn_at = warn_at - $2::interval,
       due_at = due_at - $2::interval, next_at = next_at - $2::interval WHERE ticket_id = $1`,
    [id, interval],
  );
}
const takeAll = async (id: string) => {
  const mine = (await claim()).filter(({ ticketId }) => ticketId === id);
  for (const step of mine) expect(await take(step)).toBe(true);
  return mine.map(({ step }) => step);
};

describe('an escalation', () => {
  it('does what its steps say, each at its instant, once, as the system', async () => {
    const max = core.acme.agents.manager;
    const team = randomUUID();
    await core.sql(`INSERT INTO teams SELECT $1, $2, 'Second line', 'second-line', '', now(), now(), NULL`, [
      core.acme.id,
      team,
    ]);
    const { tag } = await policyWith([
      { at: { percent: 50 }, do: { alert: { channel: '#managers' } } },
      { at: { percent: 80 }, do: { assignTeam: team } },
      { at: { percent: 100 }, do: { assignAgent: max.id } },
      { at: { percent: 100, plusMinutes: 60 }, do: { raisePriority: 'by one' } },
    ]);
    const ticket = await openWith(tag, { priority: 'low' });
    const openedMs = Date.parse(ticket.createdAt);
    expect((await stepsOf(ticket.id)).map(({ step, at }) => [step, at.getTime() - openedMs])).toEqual([
      [1, 50 * MINUTE],
      [2, 80 * MINUTE],
      [3, 100 * MINUTE],
      [4, 160 * MINUTE],
    ]);
    expect(await claim()).toEqual([]);
    await age(ticket.id, 51);
    const [first] = await claim();
    expect(first).toEqual({ orgId: core.acme.id, ticketId: ticket.id, target: 'resolution', cycle: 1, step: 1 });
    expect(await claim()).toEqual([]); // leased
    // Three monitors at once, and one that comes back from the dead.
    const answers = await Promise.all([take(first!), take(first!), take(first!)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await take(first!)).toBe(false);
    expect(await escalated(ticket.id)).toMatchObject([
      {
        actor_kind: 'system',
        at: new Date(openedMs - 51 * MINUTE + 50 * MINUTE),
        new_value: { target: 'resolution', cycle: 1, step: 1, do: { alert: { channel: 'managers' } } },
      },
    ]);
    expect(await events(ticket.id)).toMatchObject([
      { payload: { number: ticket.number, step: 1, do: { alert: { channel: 'managers' } } } },
    ]);

    await age(ticket.id, 50);
    expect(await takeAll(ticket.id)).toEqual([2, 3]);
    expect(await read(ticket.id)).toMatchObject({ teamId: team, assigneeId: max.id, priority: 'low' });
    await age(ticket.id, 60);
    expect(await takeAll(ticket.id)).toEqual([4]);
    expect(await read(ticket.id)).toMatchObject({ priority: 'medium' });
    expect(await claim()).toEqual([]);
    expect((await escalated(ticket.id)).map(({ new_value }) => new_value['step'])).toEqual([1, 2, 3, 4]);
    expect(await events(ticket.id)).toHaveLength(4);
  });

  it('is explained by the names of teams and people, also when they are gone', async () => {
    const team = (await core.http('/api/v1/teams', { json: { name: 'Night shift' } })).body['id'];
    const { id: agentId, name } = core.acme.agents.agent;
    const { tag } = await policyWith([
      { at: { percent: 50 }, do: { assignTeam: team } },
      { at: { percent: 60 }, do: { alert: { agentId } } },
    ]);
    const { id } = await openWith(tag);
    await core.http(`/api/v1/teams/${String(team)}`, { method: 'DELETE' });
    await age(id, 70);
    const story = (await core.http(`/api/v1/tickets/${id}/sla`)).body['explanation'] as string[];
    expect(story.filter((line) => line.includes('escalation')).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'escalation step 1 of resolution: assign to the team Night shift',
      `escalation step 2 of resolution: alert ${name}`,
    ]);
  });

  it('waits while the clock is held, and stops with it', async () => {
    const { tag } = await policyWith([
      { at: { percent: 50 }, do: { raisePriority: 'urgent' } },
      { at: { percent: 100, plusMinutes: 10 }, do: { raisePriority: 'urgent' } },
    ]);
    const { id } = await openWith(tag, { priority: 'low' });
    await age(id, 40);
    await change(id, { status: 'pending' });
    expect((await stepsOf(id)).map(({ next_at }) => next_at)).toEqual([null, null]);
    await age(id, 600);
    expect(await claim()).toEqual([]);
    await change(id, { status: 'open' });
    const [step] = await stepsOf(id);
    const aheadMs = step!.at.getTime() - Date.now();
    expect(aheadMs).toBeGreaterThan(9 * MINUTE);
    expect(aheadMs).toBeLessThanOrEqual(10 * MINUTE);
    await age(id, 11);
    expect(await takeAll(id)).toEqual([1]);
    await change(id, { status: 'resolved' });
    await age(id, 600);
    expect(await claim()).toEqual([]);
    // Reopened, it goes on with what was consumed, and does not begin anew.
    await change(id, { status: 'open' });
    expect((await stepsOf(id)).map(({ taken_at, next_at }) => [taken_at !== null, next_at !== null])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('is not taken when somebody answered between the claim and the step', async () => {
    const { tag } = await policyWith(
      [{ at: { percent: 100 }, target: 'first_response', do: { raisePriority: 'urgent' } }],
      {
        firstResponseMinutes: 30,
        resolutionMinutes: null,
      },
    );
    const { id } = await openWith(tag, { priority: 'low' });
    await age(id, 29);
    await core.client.request(postMessage, { ticket: id, content: 'x' }, { actor: bea() });
    await age(id, 10);
    expect(await claim()).toEqual([]);
    expect(await take({ orgId: core.acme.id, ticketId: id, target: 'first_response', cycle: 1, step: 1 })).toBe(false);
    expect(await read(id)).toMatchObject({ priority: 'low' });
  });

  it('takes a step that was missed while nobody looked, at its own instant, and late answers do not undo it', async () => {
    const { tag } = await policyWith(
      [{ at: { percent: 100 }, target: 'first_response', do: { alert: { channel: 'x' } } }],
      {
        firstResponseMinutes: 30,
      },
    );
    const { id } = await openWith(tag);
    await age(id, 45);
    await core.client.request(postMessage, { ticket: id, content: 'too late' }, { actor: bea() });
    const [due] = await stepsOf(id);
    expect(await takeAll(id)).toEqual([1]);
    expect(await escalated(id)).toMatchObject([{ at: due!.at }]);
  });

  it('cannot loop: raising the priority chooses other policies, and every step is taken once', async () => {
    const tag = `loop${randomUUID().slice(0, 6)}`;
    const tagged = { field: 'tags', operator: 'contains', value: tag };
    for (const [index, priority] of ['low', 'medium', 'high', 'urgent'].entries()) {
      const json = {
        name: `${tag} ${priority}`,
        priority: 200 + index,
        conditions: [tagged, { field: 'priority', operator: 'equals', value: priority }],
        resolutionMinutes: 100 - index * 20,
        // The same number in each: were it taken once a policy, it would go on to the top by itself.
        escalation: [
          { at: { percent: 10 }, do: { raisePriority: 'by_one' } },
          { at: { percent: 200 }, do: { raisePriority: 'by_one' } },
        ],
      };
      expect((await core.http(policies, { json })).status).toBe(201);
    }
    const { id } = await openWith(tag, { priority: 'low' });
    await age(id, 11);
    expect(await takeAll(id)).toEqual([1]);
    expect(await read(id)).toMatchObject({ priority: 'medium' });
    // 10 % of the new policy's target is behind it, and its number is taken anyway.
    expect(await claim()).toEqual([]);
    for (let turn = 0; turn < 5; turn += 1) {
      await age(id, 300);
      const taken = await takeAll(id);
      expect(taken).toEqual(turn === 0 ? [2] : []);
    }
    expect(await read(id)).toMatchObject({ priority: 'high' });
    expect(await escalated(id)).toHaveLength(2);
  });

  it('of a policy that is changed is followed by open tickets, from then on', async () => {
    const { tag, id: policy } = await policyWith([{ at: { percent: 50 }, do: { alert: { channel: 'a' } } }]);
    const { id } = await openWith(tag);
    await age(id, 70);
    const patched = await core.http(`${policies}/${policy}`, {
      method: 'PATCH',
      json: {
        escalation: [
          { at: { percent: 50 }, do: { alert: { channel: 'a' } } },
          { at: { percent: 60 }, do: { alert: { channel: 'past' } } },
          { at: { percent: 90 }, do: { alert: { channel: 'b' } } },
        ],
      },
    });
    expect(patched.status).toBe(200);
    for (let left = 100; left > 0; left -= 1) {
      const { body } = await core.http(`${policies}/${policy}/changes`);
      if ((body['items'] as { openTickets: Json | null }[])[0]?.openTickets?.['state'] === 'done') break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // The first was due under the old version, which is taken; 60 % was before the new one's time; 90 % is ahead.
    expect((await stepsOf(id)).map(({ step }) => step)).toEqual([1, 3]);
    expect(await takeAll(id)).toEqual([1]);
    await age(id, 21);
    expect(await takeAll(id)).toEqual([3]);
    expect((await escalated(id)).map(({ new_value }) => new_value['do'])).toEqual([
      { alert: { channel: 'a' } },
      { alert: { channel: 'b' } },
    ]);
  }, 20_000);

  it('says what it could not do, and does not try for ever', async () => {
    const leaver = randomUUID();
    await core.sql(
      `INSERT INTO agents (org_id, id, email, name, role) VALUES ($1, $2, 'lea@acme.test', 'Lea', 'agent')`,
      [core.acme.id, leaver],
    );
    const { tag } = await policyWith([{ at: { percent: 50 }, do: { assignAgent: leaver } }]);
    const { id } = await openWith(tag);
    await core
      .sql(`UPDATE agents SET disabled_at = now() WHERE id = $1`, [leaver])
      .catch(() => core.sql(`UPDATE agents SET deleted_at = now() WHERE id = $1`, [leaver]));
    await age(id, 60);
    expect(await takeAll(id)).toEqual([1]);
    expect(await escalated(id)).toMatchObject([{ new_value: { step: 1, problem: expect.any(String) as unknown } }]);
    expect(await read(id)).toMatchObject({ assigneeId: null });
    expect(await claim()).toEqual([]);
  });

  it('leaves deleted tickets alone', async () => {
    const { tag } = await policyWith([{ at: { percent: 50 }, do: { raisePriority: 'urgent' } }]);
    const { id } = await openWith(tag);
    await age(id, 60);
    const [step] = await claim();
    await core.sql('UPDATE tickets SET deleted_at = now() WHERE id = $1', [id]);
    expect(await take(step!)).toBe(false);
    expect(await escalated(id)).toEqual([]);
    expect((await stepsOf(id)).map(({ next_at }) => next_at)).toEqual([null]);
  });

  it('comes back when a monitor that claimed it was killed', async () => {
    const { tag } = await policyWith([{ at: { percent: 50 }, do: { alert: { channel: 'x' } } }]);
    const { id } = await openWith(tag);
    await age(id, 60);
    expect(await claim(600)).toHaveLength(1);
    expect(await claim()).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 650));
    expect(await takeAll(id)).toEqual([1]);
  });

  it('cannot be taken before its instant, nor for another organisation', async () => {
    const { tag } = await policyWith([{ at: { percent: 50 }, do: { alert: { channel: 'x' } } }]);
    const { id } = await openWith(tag);
    const step: DueStep = { orgId: core.acme.id, ticketId: id, target: 'resolution', cycle: 1, step: 1 };
    expect(await take(step)).toBe(false);
    await age(id, 60);
    expect(await take({ ...step, orgId: core.globex.id })).toBe(false);
    expect(await take({ ...step, step: 7 })).toBe(false);
    expect(await take(step)).toBe(true);
  });

  it.each<[string, Json]>([
    ['/escalation/0/do', { at: { percent: 50 }, do: { shout: true } }],
    ['/escalation/0/at/percent', { at: { percent: 0 }, do: { raisePriority: 'high' } }],
    [
      '/escalation/0/do/assignTeam',
      { at: { percent: 50 }, do: { assignTeam: '0190c1a2-0000-7000-8000-0000000000aa' } },
    ],
    [
      '/escalation/0/do/assignAgent',
      { at: { percent: 50 }, do: { assignAgent: '0190c1a2-0000-7000-8000-0000000000aa' } },
    ],
    [
      '/escalation/0/do/alert/agentId',
      { at: { percent: 50 }, do: { alert: { agentId: '0190c1a2-0000-7000-8000-0000000000aa' } } },
    ],
  ])('is refused at %s', async (pointer, step) => {
    const { status, body } = await core.http(policies, {
      json: { name: 'x', resolutionMinutes: 5, escalation: [step] },
    });
    expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual([400, pointer]);
  });

  it('cannot give tickets to people of another organisation', async () => {
    const json = { name: 'x', escalation: [{ at: { percent: 50 }, do: { assignAgent: core.globex.agents.agent.id } }] };
    expect((await core.http(policies, { json })).status).toBe(400);
  });
});
