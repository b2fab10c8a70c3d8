import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { hashOf } from '../api-keys/key-secret.js';
import { getSlaBreached } from '#shared/contracts/sla-breaches.js';
import { TestCore, waitFor } from '../../../../test/support/core.js';

// The same use cases over REST, in the words of the tickets' documents.

const MINUTE = 60_000;
type Json = Record<string, unknown>;

let core: TestCore;
let agentKey: string;
beforeAll(async () => {
  core = await TestCore.start();
  agentKey = `dw_agent_${randomBytes(24).toString('base64url')}`;
  await core.sql(`INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), $2, $3, $4)`, [
    core.acme.id,
    'an agent’s',
    hashOf(agentKey),
    core.acme.agents.agent.id,
  ]);
}, 60_000);
afterAll(() => core.close());

const openTicket = async (fields: Json = {}) =>
  (await core.http('/api/v1/tickets', { json: { subject: 'A ticket', ...fields } })).body as unknown as {
    id: string;
    number: number;
  };
const NOWHERE = '0190c1a2-0000-7000-8000-0000000000aa';

describe('/api/v1/sla-policies', () => {
  it('keeps targets for a ticket priority, and perhaps a team', async () => {
    const input = { priority: 'critical', firstResponseMinutes: 20, resolutionMinutes: 200 };
    const made = await core.http('/api/v1/sla-policies', { json: input });
    expect(made).toMatchObject({
      status: 201,
      body: {
        priority: 'urgent',
        teamId: null,
        firstResponseMinutes: 20,
        nextResponseMinutes: null,
        resolutionMinutes: 200,
        name: 'Urgent priority',
        conditions: [{ field: 'priority', operator: 'equals', value: 'urgent' }],
        version: 1,
      },
    });
    const id = String(made.body['id']);
    // It comes before the seeded one.
    const ticket = await openTicket({ priority: 'urgent' });
    expect((await core.http(`/api/v1/tickets/${ticket.id}/sla`)).body['tracking']).toMatchObject({
      policy_id: id,
      policy: { first_response_time: 20 },
    });
    const patch = (json: Json) => core.http(`/api/v1/sla-policies/${id}`, { method: 'PATCH', json });
    expect(await patch({ firstResponseMinutes: 15, resolutionMinutes: null })).toMatchObject({
      status: 200,
      body: { priority: 'urgent', firstResponseMinutes: 15, resolutionMinutes: null, version: 2 },
    });
    expect(await patch({ teamId: NOWHERE })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/teamId' }] } });
    const teamId = String((await core.http('/api/v1/teams', { json: { name: 'First line' } })).body['id']);
    const teamed = await patch({ teamId });
    expect(teamed.body).toMatchObject({
      priority: 'urgent',
      teamId,
      precedence: 20,
      conditions: [{ field: 'priority' }, { field: 'teamId', operator: 'equals', value: teamId }],
    });
    expect((await core.http(`/api/v1/sla-policies/${id}`)).body).toEqual(teamed.body);
    expect((await core.http('/api/v1/sla-policies')).body['items']).toContainEqual(teamed.body);
    // By the other shape it is the same policy.
    expect((await core.http(`/api/v1/sla/policies/${id}`)).body).toMatchObject({
      id,
      first_response_time: 15,
      version: 3,
    });
    expect(await core.http(`/api/v1/sla-policies/${id}`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect((await core.http(`/api/v1/sla-policies/${id}`)).status).toBe(404);
  });

  it('shows the seeded ones, and says what it cannot show so', async () => {
    const items = (await core.http('/api/v1/sla-policies', { key: core.globex.apiKey })).body['items'] as Json[];
    expect(items.map((item) => [item['priority'], item['firstResponseMinutes'], item['resolutionMinutes']])).toEqual([
      ['urgent', 30, 240],
      ['high', 120, 480],
      ['medium', 480, 2_880],
      ['low', 1_440, 10_080],
    ]);
    const vip = { name: 'VIP', conditions: [{ field: 'tags', operator: 'contains', value: 'vip' }], enabled: false };
    const { body } = await core.http('/api/v1/sla/policies', { json: vip });
    const path = `/api/v1/sla-policies/${String(body['id'])}`;
    expect((await core.http(path)).body).toMatchObject({ priority: null, teamId: null, conditions: vip.conditions });
    expect(await core.http(path, { method: 'PATCH', json: { priority: 'high' } })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer: '/priority' }] },
    });
    expect(await core.http(path, { method: 'PATCH', json: { firstResponseMinutes: 5 } })).toMatchObject({
      status: 200,
    });
    await core.http(path, { method: 'DELETE' });
  });

  it.each([
    ['/priority', { firstResponseMinutes: 5 }],
    ['/priority', { priority: 'huge', firstResponseMinutes: 5 }],
    ['/firstResponseMinutes', { priority: 'high', firstResponseMinutes: 0 }],
    ['/resolutionMinutes', { priority: 'high', resolutionMinutes: 1.5 }],
    ['/teamId', { priority: 'high', teamId: 'support' }],
  ])('refuses a wrong %s', async (pointer, json) => {
    expect(await core.http('/api/v1/sla-policies', { json })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer }] },
    });
  });

  it('lets only admins change them, in either shape', async () => {
    const [seed] = (await core.http('/api/v1/sla/policies')).body['items'] as Json[];
    for (const base of ['/api/v1/sla-policies', '/api/v1/sla/policies']) {
      const path = `${base}/${String(seed!['id'])}`;
      const answers = [
        await core.http(base, { key: agentKey, json: { name: 'x', ...(base.includes('-') && { priority: 'low' }) } }),
        await core.http(path, { key: agentKey, method: 'PATCH', json: { enabled: false } }),
        await core.http(path, { key: agentKey, method: 'DELETE' }),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect((await core.http(base, { key: agentKey })).status).toBe(200);
      expect((await core.http(base, { key: '' })).status).toBe(401);
      expect((await core.http(`${base}/${NOWHERE}`)).status).toBe(404);
    }
  });
});

describe('/api/v1/sla/policies', () => {
  it('makes, changes and keeps who did what', async () => {
    const made = await core.http('/api/v1/sla/policies', {
      json: { name: 'Audited', priority: -100, firstResponseTime: 5 },
    });
    expect(made).toMatchObject({ status: 201, body: { first_response_time: 5 } });
    const path = `/api/v1/sla/policies/${String(made.body['id'])}`;
    await core.http(path, { method: 'PATCH', json: { first_response_time: 6 } });
    await core.http(path, { method: 'DELETE' });
    const alice = { kind: 'agent', id: core.acme.agents.admin.id, name: 'Alice' };
    expect((await core.http(`${path}/changes`)).body['items']).toMatchObject([
      { version: 3, what: 'deleted', by: alice },
      { version: 2, what: 'updated', by: alice, changes: [{ field: 'firstResponseMinutes', from: 5, to: 6 }] },
      { version: 1, what: 'created', by: alice, openTickets: {} },
    ]);
    const audit = await core.sql('SELECT 1 FROM sla_policy_changes WHERE policy_id = $1', [made.body['id']]);
    expect(audit).toHaveLength(3);
  });

  it('loses no change when two come at once', async () => {
    const made = await core.http('/api/v1/sla/policies', { json: { name: 'Busy', enabled: false } });
    const path = `/api/v1/sla/policies/${String(made.body['id'])}`;
    const fields = ['firstResponseTime', 'nextResponseTime', 'resolutionTime'];
    await Promise.all(fields.map((field) => core.http(path, { method: 'PATCH', json: { [field]: 7 } })));
    expect((await core.http(path)).body).toMatchObject({
      version: 4,
      first_response_time: 7,
      next_response_time: 7,
      resolution_time: 7,
    });
    await core.http(path, { method: 'DELETE' });
  });

  it('previews how many open tickets a policy would catch', async () => {
    const tags = [`p-${randomBytes(4).toString('hex')}`];
    const conditions = [{ field: 'tags', operator: 'contains', value: tags[0] }];
    await openTicket({ tags });
    await openTicket({ tags });
    const done = await openTicket({ tags });
    await core.http(`/api/v1/tickets/${done.id}`, { method: 'PATCH', json: { status: 'resolved' } });
    const preview = async (fields: Json, key = agentKey) =>
      core.http('/api/v1/sla/policies/preview', { key, json: fields });
    const first = await preview({ conditions });
    expect(first).toMatchObject({ status: 200, body: { matches: 2, catches: 2 } });
    expect(first.body['openTickets']).toBeGreaterThanOrEqual(2);
    // After the seeded ones it would come too late for any of them.
    expect((await preview({ conditions, priority: -1_000 })).body).toMatchObject({ matches: 2, catches: 0 });
    expect((await preview({ conditions, enabled: false })).body).toMatchObject({ matches: 2, catches: 0 });
    expect((await preview({ conditions }, core.globex.apiKey)).body).toMatchObject({ openTickets: 0, matches: 0 });
    const { body: made } = await core.http('/api/v1/sla/policies', {
      json: { name: 'Made', conditions, enabled: false },
    });
    expect((await preview(made)).body).toMatchObject({ matches: 2, catches: 0 });
    const names = ((await core.http('/api/v1/sla/policies')).body['items'] as Json[]).map(({ name }) => name);
    expect(names.filter((name) => name === 'Scenario' || name === 'Made')).toEqual(['Made']);
    expect(await preview({ conditions: [{ field: 'mood', operator: 'equals', value: 1 }] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/conditions/0/field' }] },
    });
  });
});

describe('GET /api/sla/breaches', () => {
  it('says what was violated: response, resolve or both', async () => {
    const policy = await core.http('/api/v1/sla/policies', {
      json: {
        name: 'Short',
        priority: 900,
        conditions: [{ field: 'tags', operator: 'contains', value: 'short' }],
        firstResponseTime: 10,
        resolutionTime: 60,
      },
    });
    const tickets: Record<string, string> = {};
    for (const [what, minutes, answered] of [
      ['response', 30, false],
      ['resolve', 90, true],
      ['both', 90, false],
    ] as const) {
      const { id } = await openTicket({ tags: ['short'], contactEmail: 'casey@customer.example' });
      tickets[id] = what;
      if (answered) {
        const reply = await core.http(`/api/v1/tickets/${id}/messages`, { json: { content: 'Hello' } });
        expect([reply.status, reply.body['detail']]).toEqual([201, undefined]);
      }
      await core.sql(`UPDATE activities SET at = at - make_interval(mins => $2) WHERE ticket_id = $1`, [id, minutes]);
      await core.http(`/api/v1/tickets/${id}`, { method: 'PATCH', json: { kind: 'moved' } });
    }
    // Resolved too late, it stays on the list, after those that can still be helped.
    const resolved = Object.keys(tickets).find((id) => tickets[id] === 'both')!;
    await core.http(`/api/v1/tickets/${resolved}`, { method: 'PATCH', json: { status: 'resolved' } });
    for (const path of ['/api/sla/breaches', '/api/v1/sla/breaches']) {
      const { status, body } = await core.http(`${path}?policyId=${String(policy.body['id'])}&limit=3`, {
        key: agentKey,
      });
      const items = body['items'] as { ticket: { id: string }; violated: string; breaches: Json[] }[];
      expect([status, Object.fromEntries(items.map(({ ticket, violated }) => [ticket.id, violated]))]).toEqual([
        200,
        tickets,
      ]);
      expect(items.at(-1)!.ticket.id).toBe(resolved);
      expect(items.at(-1)!.breaches.map(({ breachType }) => breachType)).toEqual(['first_response', 'resolution']);
      expect(body['totals']).toEqual({ breached: 3, warnings: 0 });
    }
    // Behind thousands of others, too: those of open tickets are looked up one by one, and then those of the others.
    const { id: late } = await openTicket({ priority: 'high' });
    await core.sql(
      `INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, due_at, stopped_at, breached_at, consumed_ms, paused_ms, warned, announced)
       SELECT org_id, id, 'next_response', n, 'breached', created_at, now(), now(), now() - interval '1 second', 0, 0, true, true
       FROM tickets, generate_series(1, 5001) n WHERE id = $1`,
      [late],
    );
    const { body: far } = await core.http(`/api/v1/sla/breaches?policyId=${String(policy.body['id'])}&limit=3`);
    const found = (far['items'] as { ticket: { id: string } }[]).map(({ ticket }) => ticket.id);
    expect([found.toSorted(), found.at(-1)]).toEqual([Object.keys(tickets).toSorted(), resolved]);
    expect(far['totals']).toEqual({ breached: 3, warnings: 0 });
    // Whether the indexer has counted them or not, and by the policy that they have now.
    const total = async (query = '') =>
      ((await core.http(`/api/v1/sla/breaches?includeWarnings=false${query}`)).body['totals'] as Json)['breached'];
    const ofPolicy = `&policyId=${String(policy.body['id'])}`;
    const before = await total();
    const counts = () =>
      core.sql<{ key: string; tickets: string }>(
        `SELECT key, tickets FROM ticket_counts WHERE org_id = $1 AND day = '-infinity' AND key IN ('missed', 'missed:' || $2::text) ORDER BY key`,
        [core.acme.id, policy.body['id']],
      );
    const counted = (all: unknown, mine: unknown) =>
      waitFor(
        async () => (await counts()).map(({ tickets: amount }) => amount).join() === `${String(all)},${String(mine)}`,
        'the breaches to be counted',
      );
    await counted(before, 3);
    expect(await total(ofPolicy)).toBe(3);
    await core.sql(`UPDATE sla_trackings SET policy_id = NULL WHERE ticket_id = $1`, [resolved]);
    expect([await total(), await total(ofPolicy)]).toEqual([before, 2]);
    await counted(before, 2);
    expect([await total(), await total(ofPolicy)]).toEqual([before, 2]);
    // Who sees the tickets of some teams sees breaches of those.
    const walled = await core.addAgent(core.acme, { restrictedTo: [] });
    const seen = () => core.client.request(getSlaBreached, { includeWarnings: false }, { actor: walled });
    expect((await seen()).totals.breached).toBe(0);
    await core.sql('UPDATE tickets SET assignee_id = $2 WHERE id = $1', [resolved, walled.id]);
    const theirs = await seen();
    expect([theirs.totals.breached, theirs.breached.map(({ ticket }) => ticket.id)]).toEqual([1, [resolved]]);
    await core.http(`/api/v1/tickets/${resolved}`, { method: 'DELETE' });
    expect([await total(), await total(ofPolicy)]).toEqual([Number(before) - 1, 2]);
    expect(await core.http('/api/sla/breaches?limit=0')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/limit' }] },
    });
    expect(await core.http('/api/sla/breaches?includeWarnings=maybe')).toMatchObject({ status: 400 });
  });
});

describe('/api/v1/tickets/:ticket/sla', () => {
  it('shows the clocks, their arithmetic and their story', async () => {
    const ticket = await openTicket({ priority: 'high' });
    await core.sql(`UPDATE activities SET at = at - interval '30 minutes' WHERE ticket_id = $1`, [ticket.id]);
    const pause = await core.http(`/api/v1/tickets/${ticket.number}/sla/pause`, {
      key: agentKey,
      json: { reason: 'Parts ordered' },
    });
    expect(pause).toMatchObject({ status: 200, body: { is_paused: true, pause_reason: 'Parts ordered' } });
    const { body } = await core.http(`/api/v1/tickets/${ticket.number}/sla`, { key: agentKey });
    const clocks = body['clocks'] as Record<string, number>[];
    expect(clocks).toMatchObject([
      { target: 'first_response', state: 'paused', targetMs: 120 * MINUTE, isPaused: true },
      { target: 'resolution', state: 'paused', targetMs: 480 * MINUTE, isPaused: true },
    ]);
    for (const { targetMs, consumedMs, remainingMs } of clocks) expect(consumedMs! + remainingMs!).toBe(targetMs);
    const story = body['explanation'] as string[];
    expect(story[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+ opened: first response due .*; resolution due /);
    expect(story[1]).toMatch(/ paused: first response paused, 30 min .*of 2 h used/);
    expect(story.at(-1)).toMatch(/paused by hand/);
    expect(
      await core.http(`/api/v1/tickets/${ticket.number}/sla/resume`, { key: agentKey, method: 'POST' }),
    ).toMatchObject({
      status: 200,
      body: { is_paused: false, paused_at: null },
    });
  });

  it('pauses without a reason and without a body, and refuses a wrong one', async () => {
    const { id } = await openTicket();
    const path = `/api/v1/tickets/${id}/sla/pause`;
    expect(await core.http(path, { method: 'POST' })).toMatchObject({ status: 200, body: { pause_reason: null } });
    expect(await core.http(path, { json: { reason: 5 } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/reason' }] },
    });
    expect(await core.http(`/api/v1/tickets/${NOWHERE}/sla`)).toMatchObject({ status: 404 });
    expect(await core.http(path, { json: {}, key: core.globex.apiKey })).toMatchObject({ status: 404 });
  });
});

describe('the documentation', () => {
  it('has every path', async () => {
    const paths = Object.keys((await core.http('/api/docs-json', { key: '' })).body['paths'] as object);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/api/v1/sla/policies',
        '/api/v1/sla/policies/{policy}',
        '/api/v1/sla/policies/{policy}/changes',
        '/api/v1/sla/policies/preview',
        '/api/v1/sla-policies',
        '/api/v1/sla-policies/{policy}',
        '/api/v1/sla/breaches',
        '/api/v1/tickets/{ticket}/sla',
        '/api/v1/tickets/{ticket}/sla/pause',
        '/api/v1/tickets/{ticket}/sla/resume',
      ]),
    );
  });
});
