import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Role } from '#shared/contracts/actor.js';
import { hashOf } from '../../apps/ticket-core/src/api-keys/key-secret.js';
import { TestCore, waitFor } from '../support/core.js';

// Every example of the SLA document, against the real server: what is sent is what the document sends.

const MINUTE = 60_000;
type Json = Record<string, unknown>;

let core: TestCore;
const keys = {} as Record<Role, string>;
beforeAll(async () => {
  core = await TestCore.start();
  for (const role of ['viewer', 'agent', 'manager', 'admin'] as const) {
    keys[role] = `dw_${role}_${randomBytes(24).toString('base64url')}`;
    await core.sql(
      `INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), $2, $3, $4)`,
      [core.acme.id, role, hashOf(keys[role]), core.acme.agents[role].id],
    );
  }
}, 60_000);
afterAll(() => core.close());

const cookie = (role: Role) => ({ key: '', headers: { cookie: `deskwire_session=${keys[role]}` } });

/** GET with the bare input in the query, as the document prints it. */
async function query(name: string, input?: unknown, role: Role = 'agent') {
  const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return core.http(`/api/trpc/${name}${search}`, cookie(role));
}

/** POST with `{"json": …}` in the body. */
const mutate = (name: string, json: unknown, role: Role = 'admin') =>
  core.http(`/api/trpc/${name}`, { ...cookie(role), json: { json } });

/** What `{"result":{"data":{"json":…}}}` holds, and nothing beside it. */
function jsonOf<T = Json>({ status, body }: { status: number; body: Json }): T {
  const { json } = (body as { result?: { data?: { json?: T } } }).result?.data ?? {};
  expect({ status, body }).toEqual({ status: 200, body: { result: { data: { json } } } });
  return json as T;
}

function errorOf({ status, body }: { status: number; body: Json }) {
  const { json } = body['error'] as { json: { message: string; data: Json } };
  return { status, message: json.message, ...json.data } as Json;
}

const openTicket = async (fields: Json = {}) =>
  (await core.http('/api/v1/tickets', { json: { subject: 'API Integration Issue', ...fields } })).body as unknown as {
    id: string;
    number: number;
  };

/** As if the ticket, and all that happened to it, had been that much earlier. */
async function earlier(ticketId: string, ms: number): Promise<void> {
  for (const [table, column] of [
    ['activities', 'at'],
    ['tickets', 'created_at'],
  ] as const) {
    const key = table === 'tickets' ? 'id' : 'ticket_id';
    await core.sql(
      `UPDATE ${table} SET ${column} = ${column} - make_interval(secs => $2::double precision / 1000) WHERE ${key} = $1`,
      [ticketId, ms],
    );
  }
  // Any change of the ticket's has its clocks reckoned again, and stored.
  await core.http(`/api/v1/tickets/${ticketId}`, { method: 'PATCH', json: { kind: `moved ${ms} ${Math.random()}` } });
}

/** Policies that no other test's tickets have: a tag of its own. */
const VIP = {
  name: 'VIP Customer SLA',
  description: 'Premium SLA for VIP customers',
  conditions: [{ field: 'tags', operator: 'contains', value: 'vip' }],
  firstResponseTime: 15,
  nextResponseTime: 30,
  resolutionTime: 120,
  priority: 50,
  enabled: true,
};
const policyFor = async (tag: string, fields: Json = {}) =>
  jsonOf<{ id: string }>(
    await mutate('sla.createPolicy', {
      ...VIP,
      name: tag,
      conditions: [{ field: 'tags', operator: 'contains', value: tag }],
      ...fields,
    }),
  ).id;
const tracking = async (ticketId: string) => jsonOf(await query('sla.getTracking', { ticketId }));
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const at = (value: unknown) => Date.parse(String(value));
const NOWHERE = '0190c1a2-0000-7000-8000-0000000000aa';

describe('sla.createPolicy, sla.updatePolicy, sla.listPolicies, sla.deletePolicy', () => {
  it('make, change, list and delete as the document shows', async () => {
    const made = jsonOf(await mutate('sla.createPolicy', VIP));
    expect(made).toMatchObject({
      id: uuid,
      organization_id: core.acme.id,
      name: 'VIP Customer SLA',
      description: 'Premium SLA for VIP customers',
      conditions: VIP.conditions,
      first_response_time: 15,
      next_response_time: 30,
      resolution_time: 120,
      priority: 50,
      enabled: true,
      version: 1,
      created_at: instant,
    });
    const changed = jsonOf(
      await mutate('sla.updatePolicy', { id: made['id'], firstResponseTime: 10, resolutionTime: 90 }),
    );
    expect(changed).toMatchObject({
      id: made['id'],
      name: 'VIP Customer SLA',
      first_response_time: 10,
      next_response_time: 30,
      resolution_time: 90,
      version: 2,
      updated_at: instant,
    });
    expect(at(changed['updated_at'])).toBeGreaterThan(at(made['updated_at']));
    const list = jsonOf<Json[]>(await query('sla.listPolicies', undefined, 'viewer'));
    expect(list).toContainEqual(changed);
    expect(list.map(({ priority }) => Number(priority))).toEqual(
      list.map(({ priority }) => Number(priority)).toSorted((a, b) => b - a),
    );
    expect(jsonOf(await mutate('sla.deletePolicy', { id: made['id'] }))).toEqual({ success: true });
    expect(jsonOf<Json[]>(await query('sla.listPolicies')).map(({ id }) => id)).not.toContain(made['id']);
    expect(errorOf(await mutate('sla.deletePolicy', { id: made['id'] }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('take the three example policies, and fill in the defaults', async () => {
    const examples = [
      {
        name: 'Urgent Priority SLA',
        conditions: [{ field: 'priority', operator: 'equals', value: 'urgent' }],
        firstResponseTime: 30,
        nextResponseTime: 60,
        resolutionTime: 240,
        priority: 100,
      },
      { ...VIP, priority: 90 },
      {
        name: 'Standard SLA',
        conditions: [],
        firstResponseTime: 480,
        nextResponseTime: 1440,
        resolutionTime: 2880,
        priority: 0,
      },
    ];
    const ids: unknown[] = [];
    for (const example of examples) ids.push(jsonOf(await mutate('sla.createPolicy', example))['id']);
    const list = jsonOf<Json[]>(await query('sla.listPolicies'));
    expect(list.slice(0, 2).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    // The first matching policy is applied to a ticket: urgent and VIP is urgent first.
    const ticket = await openTicket({ priority: 'critical', tags: ['VIP'] });
    expect(await tracking(ticket.id)).toMatchObject({ policy_id: ids[0], policy: { name: 'Urgent Priority SLA' } });
    expect(await tracking((await openTicket({ tags: ['vip'] })).id)).toMatchObject({ policy_id: ids[1] });
    expect(await tracking((await openTicket()).id)).toMatchObject({ policy_id: ids[2] });
    for (const id of ids) await mutate('sla.deletePolicy', { id });
    const bare = jsonOf(await mutate('sla.createPolicy', { name: 'Bare', enabled: false }));
    expect(bare).toMatchObject({
      conditions: [],
      first_response_time: null,
      next_response_time: null,
      resolution_time: null,
      priority: 0,
      enabled: false,
    });
    await mutate('sla.deletePolicy', { id: bare['id'] });
  });

  it.each([
    { field: 'priority', operator: 'equals', value: 'urgent' },
    { field: 'status', operator: 'not_equals', value: 'closed' },
    { field: 'tags', operator: 'contains', value: 'vip' },
    { field: 'priority', operator: 'in', value: ['urgent', 'high'] },
    { field: 'assignee_id', operator: 'is_empty', value: true },
    { field: 'channel', operator: 'equals', value: 'email' },
  ])('take the condition $field $operator', async (condition) => {
    const made = jsonOf<{ id: string }>(
      await mutate('sla.createPolicy', { name: 'One condition', conditions: [condition], enabled: false }),
    );
    expect(made).toMatchObject({ conditions: [condition] });
    await mutate('sla.deletePolicy', { id: made.id });
  });

  it('are for admins only, all but the list', async () => {
    const id = await policyFor('guarded');
    for (const role of ['viewer', 'agent', 'manager'] as const) {
      for (const [name, input] of [
        ['sla.createPolicy', VIP],
        ['sla.updatePolicy', { id, priority: 1 }],
        ['sla.deletePolicy', { id }],
      ] as const) {
        const error = errorOf(await mutate(name, input, role));
        expect([role, name, error]).toEqual([
          role,
          name,
          expect.objectContaining({ status: 403, code: 'FORBIDDEN', httpStatus: 403, path: name }),
        ]);
      }
      expect((await query('sla.listPolicies', undefined, role)).status).toBe(200);
    }
  });

  it.each([
    ['no name', { firstResponseTime: 5 }, 'name'],
    ['an empty name', { name: '  ' }, 'name'],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, 'name'],
    ['minutes of nought', { name: 'x', firstResponseTime: 0 }, 'firstResponseTime'],
    ['half a minute', { name: 'x', nextResponseTime: 0.5 }, 'nextResponseTime'],
    ['minutes in words', { name: 'x', resolutionTime: 'ten' }, 'resolutionTime'],
    [
      'an unknown field',
      { name: 'x', conditions: [{ field: 'mood', operator: 'equals', value: 1 }] },
      'conditions/0/field',
    ],
    [
      'an unknown operator',
      { name: 'x', conditions: [{ field: 'priority', operator: 'like', value: 'u' }] },
      'conditions/0/operator',
    ],
    [
      'a value of the wrong type',
      { name: 'x', conditions: [{ field: 'priority', operator: 'in', value: 'urgent' }] },
      'conditions/0/value',
    ],
    ['a priority in words', { name: 'x', priority: 'high' }, 'priority'],
    ['a switch that is none', { name: 'x', enabled: 'yes' }, 'enabled'],
  ])('refuse %s, and name the field', async (_, input, field) => {
    const id = await policyFor('refusals');
    const wrong: [string, unknown][] = [['sla.createPolicy', input]];
    if ('name' in input) wrong.push(['sla.updatePolicy', { id, ...input }]);
    for (const [name, json] of wrong) {
      const error = errorOf(await mutate(name, json));
      expect(error).toMatchObject({ status: 400, code: 'BAD_REQUEST', problems: [{ pointer: `/${field}` }] });
      expect(error['message']).toContain(field.replaceAll('/', '.'));
    }
    await mutate('sla.deletePolicy', { id });
  });

  it('refuse an id that is none, and know none of another organisation’s', async () => {
    for (const name of ['sla.updatePolicy', 'sla.deletePolicy']) {
      expect(errorOf(await mutate(name, { id: 'policy-uuid' }))).toMatchObject({
        code: 'BAD_REQUEST',
        problems: [{ pointer: '/id' }],
      });
      expect(errorOf(await mutate(name, { id: NOWHERE }))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      const [theirs] = await core.sql<{ id: string }>('SELECT id FROM sla_policies WHERE org_id = $1', [
        core.globex.id,
      ]);
      expect(errorOf(await mutate(name, { id: theirs!.id }))).toMatchObject({ code: 'NOT_FOUND' });
    }
    const ours = jsonOf<Json[]>(await query('sla.listPolicies'));
    expect(new Set(ours.map(({ organization_id }) => organization_id))).toEqual(new Set([core.acme.id]));
  });
});

describe('sla.getTracking', () => {
  it('shows due instants, what was met, and the milliseconds that remain', async () => {
    const policyId = await policyFor('tracked', { firstResponseTime: 30, nextResponseTime: 60, resolutionTime: 240 });
    const ticket = await openTicket({ tags: ['tracked'], contactEmail: 'casey@customer.example' });
    const before = await tracking(ticket.id);
    expect(before).toMatchObject({
      id: uuid,
      ticket_id: ticket.id,
      policy_id: policyId,
      first_response_due: instant,
      first_response_at: null,
      next_response_due: null,
      resolution_due: instant,
      resolved_at: null,
      is_paused: false,
      breach_status: 'none',
      policy: { name: 'tracked', first_response_time: 30, next_response_time: 60, resolution_time: 240 },
      timeRemaining: { nextResponse: null },
    });
    expect(at(before['resolution_due']) - at(before['first_response_due'])).toBe(210 * MINUTE);

    await earlier(ticket.id, 20 * MINUTE);
    await core.http(`/api/v1/tickets/${ticket.id}/messages`, { json: { content: 'On it' } });
    await earlier(ticket.id, 3 * MINUTE);
    const after = await tracking(ticket.id);
    const left = after['timeRemaining'] as Record<string, number | null>;
    expect(after['first_response_at']).toEqual(instant);
    expect(left['firstResponse']).toBeNull();
    expect(left['nextResponse']).toBeGreaterThan(56 * MINUTE);
    expect(left['nextResponse']).toBeLessThanOrEqual(57 * MINUTE);
    expect(left['resolution']).toBeLessThanOrEqual(217 * MINUTE);
    expect(left['resolution']).toBeGreaterThan(216 * MINUTE);
    expect(at(after['next_response_due']) - Date.now()).toBeCloseTo(left['nextResponse']!, -3.5);

    await core.http(`/api/v1/tickets/${ticket.id}`, { method: 'PATCH', json: { status: 'resolved' } });
    expect(await tracking(ticket.id)).toMatchObject({
      resolved_at: instant,
      next_response_due: null,
      timeRemaining: { firstResponse: null, nextResponse: null, resolution: null },
    });
  });

  it('becomes a warning at 80 % of the target, and breached after it', async () => {
    await policyFor('phases', { nextResponseTime: undefined, resolutionTime: undefined, firstResponseTime: 100 });
    const ticket = await openTicket({ tags: ['phases'] });
    await earlier(ticket.id, 79 * MINUTE);
    expect(await tracking(ticket.id)).toMatchObject({ breach_status: 'none' });
    await earlier(ticket.id, MINUTE);
    expect(await tracking(ticket.id)).toMatchObject({ breach_status: 'warning', resolution_due: null });
    await earlier(ticket.id, 21 * MINUTE);
    const late = await tracking(ticket.id);
    expect(late).toMatchObject({ breach_status: 'breached' });
    expect((late['timeRemaining'] as { firstResponse: number }).firstResponse).toBeLessThanOrEqual(-MINUTE);
  });

  it('takes the input bare or wrapped, by GET, and a number for a ticket', async () => {
    const ticket = await openTicket();
    const bare = jsonOf(await query('sla.getTracking', { ticketId: ticket.id }));
    const wrapped = jsonOf(await query('sla.getTracking', { json: { ticketId: ticket.id } }));
    const numbered = jsonOf(await query('sla.getTracking', { ticketId: `#${ticket.number}` }));
    expect([wrapped['id'], numbered['id']]).toEqual([bare['id'], bare['id']]);
  });

  it('is kept when the policy is deleted', async () => {
    const id = await policyFor('kept');
    const ticket = await openTicket({ tags: ['kept'] });
    const before = await tracking(ticket.id);
    await mutate('sla.deletePolicy', { id });
    const after = await tracking(ticket.id);
    expect({ ...after, timeRemaining: 0 }).toEqual({ ...before, timeRemaining: 0 });
    expect(after['policy_id']).toBe(id);
    expect(await tracking((await openTicket({ tags: ['kept'] })).id)).not.toMatchObject({ policy_id: id });
  });

  it('is not found for a ticket that is not there, nor for another organisation’s', async () => {
    expect(errorOf(await query('sla.getTracking', { ticketId: NOWHERE }))).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
    const theirs = (await core.http('/api/v1/tickets', { json: { subject: 'x' }, key: core.globex.apiKey })).body;
    expect(errorOf(await query('sla.getTracking', { ticketId: theirs['id'] }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(errorOf(await query('sla.getTracking', {}))).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
      problems: [{ pointer: '/ticketId' }],
    });
  });
});

describe('sla.getBreached', () => {
  const breached = async (input: Json) =>
    jsonOf<{ breached: Json[]; warnings: Json[]; totals: Json }>(await query('sla.getBreached', input));

  it('lists what is breached and what is about to be, with how long and what', async () => {
    const policyId = await policyFor('board', { name: 'Board SLA', firstResponseTime: 30, resolutionTime: 100 });
    const late = await openTicket({ subject: 'Urgent: System Down', priority: 'urgent', tags: ['board'] });
    await earlier(late.id, 90 * MINUTE);
    const fine = await openTicket({ tags: ['board'] });
    const answer = await breached({ includeWarnings: true, policyId });
    const entry = answer.breached.find(({ ticket }) => (ticket as Json)['id'] === late.id);
    expect(entry).toMatchObject({
      tracking: { id: uuid, breach_status: 'breached', first_response_due: instant, first_response_at: null },
      ticket: { id: late.id, subject: 'Urgent: System Down', priority: 'urgent', status: 'open' },
      policy: { name: 'Board SLA' },
      breachType: 'first_response',
    });
    const duration = Number(entry?.['breachDuration']);
    expect(duration).toBeGreaterThanOrEqual(60 * MINUTE);
    expect(duration).toBeLessThan(60 * MINUTE + 10_000);
    expect(JSON.stringify(answer)).not.toContain(fine.id);
  });

  it('tells warnings apart, keeps them while they are paused, and leaves them out when asked to', async () => {
    const policyId = await policyFor('warned', {
      firstResponseTime: undefined,
      nextResponseTime: undefined,
      resolutionTime: 100,
    });
    const ticket = await openTicket({ priority: 'high', tags: ['warned'] });
    const early = await openTicket({ tags: ['warned'] });
    await earlier(ticket.id, 85 * MINUTE);
    await core.http(`/api/v1/tickets/${ticket.id}`, { method: 'PATCH', json: { status: 'pending' } });
    await core.http(`/api/v1/tickets/${early.id}`, { method: 'PATCH', json: { status: 'pending' } });
    const answer = await breached({ policyId });
    expect(answer).toMatchObject({
      breached: [],
      warnings: [
        {
          tracking: { id: uuid, breach_status: 'warning', resolution_due: instant },
          ticket: { id: ticket.id, subject: 'API Integration Issue', priority: 'high', status: 'pending' },
          policy: { name: 'warned' },
          warningType: 'resolution',
        },
      ],
      totals: { breached: 0, warnings: 1 },
    });
    const left = Number(answer.warnings[0]!['timeRemaining']);
    expect(left).toBeLessThanOrEqual(15 * MINUTE);
    expect(left).toBeGreaterThan(15 * MINUTE - 10_000);
    expect(await breached({ policyId, includeWarnings: false })).toEqual({
      breached: [],
      warnings: [],
      totals: { breached: 0, warnings: 0 },
    });
  });

  it('lists at most `limit`, and counts them all', async () => {
    const policyId = await policyFor('many', { firstResponseTime: 1 });
    for (let i = 0; i < 3; i += 1) await earlier((await openTicket({ tags: ['many'] })).id, (i + 2) * MINUTE);
    const answer = await breached({ policyId, limit: 2 });
    expect([answer.breached.length, answer.totals]).toEqual([2, { breached: 3, warnings: 0 }]);
    expect((await breached({ policyId })).breached).toHaveLength(3);
    expect((await breached({ policyId: NOWHERE })).totals).toEqual({ breached: 0, warnings: 0 });
    expect(jsonOf(await query('sla.getBreached'))).toMatchObject({
      totals: { breached: expect.any(Number) as unknown },
    });
  });

  it.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 101 }],
    ['limit', { limit: 2.5 }],
    ['policyId', { policyId: 'policy-uuid' }],
    ['includeWarnings', { includeWarnings: 'yes' }],
  ])('refuses a wrong %s', async (field, input) => {
    expect(errorOf(await query('sla.getBreached', input))).toMatchObject({
      code: 'BAD_REQUEST',
      problems: [{ pointer: `/${field}` }],
    });
  });
});

describe('sla.pauseTracking and sla.resumeTracking', () => {
  it('stop the clocks, and shift what is due by the length of the pause', async () => {
    await policyFor('paused', { firstResponseTime: 60, nextResponseTime: undefined, resolutionTime: 270 });
    const ticket = await openTicket({ tags: ['paused'] });
    const before = await tracking(ticket.id);
    const reason = 'Waiting for customer to provide additional information';
    const paused = jsonOf(await mutate('sla.pauseTracking', { ticketId: ticket.id, reason }, 'agent'));
    expect(paused).toMatchObject({ id: before['id'], is_paused: true, paused_at: instant, pause_reason: reason });
    // The same again changes nothing.
    const again = jsonOf(await mutate('sla.pauseTracking', { ticketId: ticket.id, reason: 'Another' }, 'agent'));
    expect(again).toMatchObject({ paused_at: paused['paused_at'], pause_reason: reason });
    const [stored] = await core.sql(
      `SELECT state, next_at FROM sla_clocks WHERE ticket_id = $1 AND target = 'resolution'`,
      [ticket.id],
    );
    expect(stored).toEqual({ state: 'paused', next_at: null });

    // Half an hour goes by while it is paused.
    await core.sql(`UPDATE activities SET at = at - interval '30 minutes' WHERE ticket_id = $1`, [ticket.id]);
    const frozen = await tracking(ticket.id);
    expect(Number((frozen['timeRemaining'] as Json)['firstResponse'])).toBeGreaterThan(59 * MINUTE);

    const resumed = jsonOf(await mutate('sla.resumeTracking', { ticketId: ticket.id }, 'agent'));
    expect(resumed).toMatchObject({ id: before['id'], is_paused: false, paused_at: null, pause_reason: null });
    const pausedMs = Number(resumed['total_paused_duration']);
    expect(pausedMs).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(pausedMs).toBeLessThan(30 * MINUTE + 20_000);
    // It was opened half an hour earlier now, and due half an hour and the moments of the test later than that.
    for (const due of ['first_response_due', 'resolution_due'])
      expect(at(resumed[due]) - (at(before[due]) - 30 * MINUTE)).toBe(pausedMs);

    const history = (await core.http(`/api/v1/tickets/${ticket.id}/activities`)).body['items'] as Json[];
    expect(history.filter(({ type }) => String(type).startsWith('sla_'))).toMatchObject([
      { type: 'sla_paused', newValue: { reason }, actor: { kind: 'agent', id: core.acme.agents.agent.id } },
      { type: 'sla_resumed' },
    ]);
    const [live] = await core.sql(
      `SELECT state, next_at FROM sla_clocks WHERE ticket_id = $1 AND target = 'resolution'`,
      [ticket.id],
    );
    expect(live).toEqual({ state: 'running', next_at: expect.any(Date) as unknown });
    expect((await core.http(`/api/v1/tickets/${ticket.id}`)).body['slaDeadline']).toBe(resumed['first_response_due']);
  });

  it('keep a pause by hand whatever the status does, and tell of one by status alike', async () => {
    const ticket = await openTicket();
    const patch = (status: string) => core.http(`/api/v1/tickets/${ticket.id}`, { method: 'PATCH', json: { status } });
    await patch('pending');
    expect(await tracking(ticket.id)).toMatchObject({ is_paused: true, paused_at: instant, pause_reason: null });
    await mutate('sla.pauseTracking', { ticketId: ticket.id }, 'agent');
    await patch('open');
    expect(await tracking(ticket.id)).toMatchObject({ is_paused: true });
    expect(jsonOf(await mutate('sla.resumeTracking', { ticketId: ticket.id }, 'agent'))).toMatchObject({
      is_paused: false,
    });
  });

  it('refuse who may not, what is not there, and what has ended', async () => {
    const ticket = await openTicket();
    for (const name of ['sla.pauseTracking', 'sla.resumeTracking']) {
      expect(errorOf(await mutate(name, { ticketId: ticket.id }, 'viewer'))).toMatchObject({ code: 'FORBIDDEN' });
      expect(errorOf(await mutate(name, { ticketId: NOWHERE }))).toMatchObject({ code: 'NOT_FOUND' });
      expect(errorOf(await mutate(name, { ticketId: 'ticket-uuid' }))).toMatchObject({
        code: 'BAD_REQUEST',
        problems: [{ pointer: '/ticketId' }],
      });
    }
    await core.http(`/api/v1/tickets/${ticket.id}`, { method: 'PATCH', json: { status: 'resolved' } });
    expect(errorOf(await mutate('sla.pauseTracking', { ticketId: ticket.id }))).toMatchObject({
      status: 422,
      code: 'UNPROCESSABLE_CONTENT',
    });
  });
});

describe('the automatic pauses', () => {
  it('come with the end of business hours, when they are configured', async () => {
    // Closed today and for two days more, whenever this runs: the clocks stand.
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const hours = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => [
        name,
        [
          ['09:00', '12:30'],
          ['13:30', '18:00'],
        ],
      ]),
    );
    const calendar = { timezone: 'Etc/UTC', hours, holidays: [day(0), day(1), day(2)] };
    await policyFor('hours', { calendar, firstResponseTime: 60, nextResponseTime: undefined, resolutionTime: 480 });
    const ticket = await openTicket({ tags: ['hours'] });
    const shown = await tracking(ticket.id);
    expect(shown).toMatchObject({
      is_paused: true,
      first_response_due: `${day(3)}T10:00:00.000Z`,
      resolution_due: `${day(3)}T18:00:00.000Z`,
      timeRemaining: { firstResponse: 60 * MINUTE, resolution: 480 * MINUTE },
    });
    // And still after its history has grown.
    await core.http(`/api/v1/tickets/${ticket.id}`, { method: 'PATCH', json: { priority: 'high' } });
    expect(await tracking(ticket.id)).toMatchObject({ first_response_due: `${day(3)}T10:00:00.000Z` });
  });
});

describe('tRPC', () => {
  it('wants to know who asks: by cookie or by bearer', async () => {
    for (const init of [
      { key: '' },
      { key: '', headers: { cookie: 'deskwire_session=dw_unknown_000000' } },
      { key: 'dw_unknown_000000' },
    ]) {
      expect(errorOf(await core.http('/api/trpc/sla.listPolicies', init))).toMatchObject({
        status: 401,
        code: 'UNAUTHORIZED',
      });
    }
    expect((await core.http('/api/trpc/sla.listPolicies', { key: keys.viewer })).status).toBe(200);
  });

  it('answers what it does not know, and the wrong method, as tRPC does', async () => {
    expect(errorOf(await query('sla.nothing'))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(errorOf(await query('sla.createPolicy', VIP, 'admin'))).toMatchObject({
      status: 405,
      code: 'METHOD_NOT_SUPPORTED',
    });
    const nonsense = await core.http('/api/trpc/sla.createPolicy', { ...cookie('admin'), method: 'POST', body: '{' });
    expect(nonsense.status).toBe(400);
    expect(JSON.stringify(nonsense.body)).not.toMatch(/node_modules|at .*\.js/);
  });

  it('answers a batch', async () => {
    const input = encodeURIComponent(JSON.stringify({ 1: { json: { limit: 1 } } }));
    const { body } = await core.http(
      `/api/trpc/sla.listPolicies,sla.getBreached?batch=1&input=${input}`,
      cookie('agent'),
    );
    expect(body).toMatchObject([
      { result: { data: { json: expect.any(Array) as unknown } } },
      { result: { data: { json: { totals: {} } } } },
    ]);
  });

  it('leaves the rest of the HTTP API as it was', async () => {
    expect((await core.http('/api/v1/tickets', { json: { subject: 'Still JSON' } })).status).toBe(201);
  });
});

describe('a policy that changed', () => {
  /** Its versions, newest first, when the open tickets have followed this one. */
  const followed = (id: string, version: number) =>
    waitFor(async (): Promise<Json[] | null> => {
      const items = (await core.http(`/api/v1/sla/policies/${id}/changes`)).body['items'] as Json[];
      const ours = items.find((item) => item['version'] === version);
      return (ours?.['openTickets'] as Json | undefined)?.['state'] === 'done' ? items : null;
    }, `open tickets to follow version ${version}`);

  it('has its open tickets follow, and says how many and what', async () => {
    const id = await policyFor('follow', { firstResponseTime: 60 });
    const mine = await openTicket({ tags: ['follow'] });
    const other = await openTicket();
    const resolved = await openTicket({ tags: ['follow'] });
    await core.http(`/api/v1/tickets/${resolved.id}`, { method: 'PATCH', json: { status: 'resolved' } });
    const before = await tracking(mine.id);
    await followed(id, 1);
    await mutate('sla.updatePolicy', { id, firstResponseTime: 90 });
    const [latest] = await followed(id, 2);
    expect(latest).toMatchObject({
      version: 2,
      what: 'updated',
      by: { id: core.acme.agents.admin.id },
      changes: [{ field: 'firstResponseMinutes', from: 60, to: 90 }],
      openTickets: { changed: 1, lookedAt: expect.any(Number) as unknown, finishedAt: instant },
    });
    const after = await tracking(mine.id);
    expect(after).toMatchObject({ policy_version: 2, policy: { first_response_time: 90 } });
    expect(at(after['first_response_due']) - at(before['first_response_due'])).toBe(30 * MINUTE);
    expect((await core.http(`/api/v1/tickets/${mine.id}`)).body['slaDeadline']).toBe(after['first_response_due']);
    expect(await tracking(resolved.id)).toMatchObject({ policy_version: 1 });
    const changed = await core.sql(
      `SELECT ticket_id FROM activities WHERE type = 'sla_policy_changed' AND ticket_id = ANY($1::uuid[])`,
      [[mine.id, other.id, resolved.id]],
    );
    expect(changed).toEqual([{ ticket_id: mine.id }]);
  }, 20_000);

  it('takes in tickets that it now fits, and lets go of those it fits no more', async () => {
    const ticket = await openTicket({ tags: ['late-comer'] });
    const id = await policyFor('late-comer');
    await waitFor(async () => (await tracking(ticket.id))['policy_id'] === id, 'the new policy to catch the ticket');
    await mutate('sla.updatePolicy', { id, enabled: false });
    await waitFor(async () => (await tracking(ticket.id))['policy_id'] !== id, 'the policy to let it go');
  }, 20_000);

  it('goes on where it was, when it was killed in the middle', async () => {
    const id = await policyFor('killed');
    const tickets = [];
    for (let i = 0; i < 4; i += 1) tickets.push(await openTicket({ tags: ['killed'] }));
    await followed(id, 1);
    await mutate('sla.updatePolicy', { id, priority: 60, firstResponseTime: 20 });
    // A worker that got to the second ticket and died: its lease is over.
    await core.sql(
      `UPDATE sla_reckonings SET after_ticket = $2, looked_at = 2, changed = 2, started_at = now(), next_at = now()
       WHERE policy_id = $1 AND version = 2`,
      [id, tickets[1]!.id],
    );
    const [row] = await waitFor(
      () =>
        core.sql(
          'SELECT changed FROM sla_reckonings WHERE policy_id = $1 AND version = 2 AND finished_at IS NOT NULL',
          [id],
        ),
      'the walk to go on',
    );
    expect(row).toEqual({ changed: 4 });
    const versions = await core.sql<{ policy_version: number }>(
      'SELECT policy_version FROM sla_trackings WHERE ticket_id = ANY($1::uuid[]) ORDER BY ticket_id',
      [tickets.map((ticket) => ticket.id)],
    );
    expect(versions.map(({ policy_version }) => policy_version)).toEqual([1, 1, 2, 2]);
  }, 20_000);

  it('replaced or deleted before they followed, has them follow the latest, or none', async () => {
    const id = await policyFor('replaced');
    const ticket = await openTicket({ tags: ['replaced'] });
    await mutate('sla.updatePolicy', { id, firstResponseTime: 20 });
    await mutate('sla.updatePolicy', { id, firstResponseTime: 25 });
    const [three, two, one] = await followed(id, 3);
    expect([three, two, one].map((version) => (version!['openTickets'] as Json)['state'])).toEqual([
      'done',
      'replaced',
      'replaced',
    ]);
    expect(await tracking(ticket.id)).toMatchObject({ policy_version: 3, policy: { first_response_time: 25 } });
    await mutate('sla.updatePolicy', { id, firstResponseTime: 30 });
    await mutate('sla.deletePolicy', { id });
    const states = await core.sql('SELECT version, replaced FROM sla_reckonings WHERE policy_id = $1 AND version > 3', [
      id,
    ]);
    expect(states).toEqual([{ version: 4, replaced: true }]);
    expect(await tracking(ticket.id)).toMatchObject({ policy_id: id, policy_version: 3 });
  }, 20_000);

  it('only renamed, disturbs nobody; unchanged, is no new version', async () => {
    const id = await policyFor('renamed');
    const renamed = jsonOf(await mutate('sla.updatePolicy', { id, name: 'Renamed' }));
    expect(renamed).toMatchObject({ name: 'Renamed', version: 2 });
    expect(jsonOf(await mutate('sla.updatePolicy', { id, name: 'Renamed' }))).toMatchObject({ version: 2 });
    const { body } = await core.http(`/api/v1/sla/policies/${id}/changes`);
    expect(body['items']).toMatchObject([
      { version: 2, openTickets: null },
      { version: 1, what: 'created' },
    ]);
  });
});
