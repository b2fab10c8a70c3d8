import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '#shared/contracts/actor.js';
import { TestCore } from '../../../../test/support/core.js';

// The same bad input and the same forbidden act, by REST, NATS and tRPC: the same code, the same fields.

type Json = Record<string, unknown>;
let core: TestCore;
const keys = {} as Record<Role, string>;
let ticket: string;
let policy: string;
beforeAll(async () => {
  core = await TestCore.start();
  for (const role of ['viewer', 'agent', 'manager', 'admin'] as const) {
    keys[role] = `dw_${role}_${randomBytes(24).toString('base64url')}`;
    await core.sql(
      `INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), $2, $3, $4)`,
      [core.acme.id, role, createHash('sha256').update(keys[role]).digest(), core.acme.agents[role].id],
    );
  }
  ticket = String((await core.http('/api/v1/tickets', { json: { subject: 'x' } })).body['id']);
  policy = String((await core.http('/api/v1/sla/policies', { json: { name: 'x' } })).body['id']);
}, 60_000);
afterAll(() => core.close());

interface Way {
  method: string;
  path: string;
  /** The body; for GET the query is part of the path. */
  json?: unknown;
}
interface Case {
  what: string;
  role: Role;
  rest: () => Way;
  subject: string;
  procedure: string;
  isQuery?: boolean;
  input: () => unknown;
  expected: { code: string; pointers: string[] };
  /** Where REST has it in the path: its pointer there. */
  restPointers?: string[];
}

const bad = (...pointers: string[]) => ({ code: 'BAD_REQUEST', pointers });
const nothing = { code: 'NOT_FOUND', pointers: [] };
const forbidden = { code: 'FORBIDDEN', pointers: [] };
const nowhere = randomUUID();
const creating = (what: string, role: Role, json: Json, expected: Case['expected']): Case => ({
  what,
  role,
  rest: () => ({ method: 'POST', path: '/api/v1/sla/policies', json }),
  subject: 'create-policy',
  procedure: 'createPolicy',
  input: () => json,
  expected,
});
const changing = (
  what: string,
  role: Role,
  id: () => string,
  json: Json,
  expected: Case['expected'],
  restPointers?: string[],
): Case => ({
  what,
  role,
  rest: () => ({ method: 'PATCH', path: `/api/v1/sla/policies/${id()}`, json }),
  subject: 'update-policy',
  procedure: 'updatePolicy',
  input: () => ({ id: id(), ...json }),
  expected,
  ...(restPointers && { restPointers }),
});
const ofTicket = (
  verb: 'pause' | 'resume' | '',
  what: string,
  role: Role,
  id: () => string,
  more: Json,
  expected: Case['expected'],
  restPointers?: string[],
): Case => ({
  what: `${verb || 'tracking'}: ${what}`,
  role,
  rest: () => ({
    method: verb === '' ? 'GET' : 'POST',
    path: `/api/v1/tickets/${encodeURIComponent(id())}/sla${verb && `/${verb}`}`,
    ...(verb === 'pause' && { json: more }),
  }),
  subject: verb === '' ? 'get-tracking' : `${verb}-tracking`,
  procedure: verb === '' ? 'getTracking' : `${verb}Tracking`,
  isQuery: verb === '',
  input: () => ({ ticketId: id(), ...more }),
  expected,
  ...(restPointers && { restPointers }),
});

const CASES: Case[] = [
  creating('no name', 'admin', {}, bad('/name')),
  creating('a long name', 'admin', { name: 'x'.repeat(201) }, bad('/name')),
  creating('half a minute', 'admin', { name: 'x', firstResponseTime: 0.5 }, bad('/firstResponseTime')),
  creating('two things at once', 'admin', { name: '', resolutionTime: 0 }, bad('/name', '/resolutionTime')),
  creating(
    'an unknown field in a condition',
    'admin',
    { name: 'x', conditions: [{ field: 'mood', operator: 'equals', value: 'x' }] },
    bad('/conditions/0/field'),
  ),
  creating('a calendar of nobody', 'admin', { name: 'x', calendarId: nowhere }, bad('/calendarId')),
  creating(
    'a wrong step',
    'admin',
    { name: 'x', escalation: [{ at: { percent: 0 }, do: { raisePriority: 'high' } }] },
    bad('/escalation/0/at/percent'),
  ),
  creating('a manager', 'manager', { name: 'x' }, forbidden),
  creating('an agent', 'agent', { name: 'x' }, forbidden),
  changing('nobody’s policy', 'admin', () => nowhere, { name: 'x' }, nothing),
  changing('no id', 'admin', () => 'x', { name: 'x' }, bad('/id'), ['/policy']),
  changing('a wrong value', 'admin', () => policy, { priority: 'high' }, bad('/priority')),
  changing('an agent', 'agent', () => policy, { name: 'x' }, forbidden),
  {
    what: 'deleting nobody’s policy',
    role: 'admin',
    rest: () => ({ method: 'DELETE', path: `/api/v1/sla/policies/${nowhere}` }),
    subject: 'delete-policy',
    procedure: 'deletePolicy',
    input: () => ({ id: nowhere }),
    expected: nothing,
  },
  {
    what: 'deleting as an agent',
    role: 'agent',
    rest: () => ({ method: 'DELETE', path: `/api/v1/sla/policies/${policy}` }),
    subject: 'delete-policy',
    procedure: 'deletePolicy',
    input: () => ({ id: policy }),
    expected: forbidden,
  },
  ofTicket('', 'nobody’s ticket', 'agent', () => nowhere, {}, nothing),
  ofTicket('', 'no ticket', 'agent', () => 'x', {}, bad('/ticketId'), ['/ticket']),
  ofTicket('pause', 'nobody’s ticket', 'agent', () => nowhere, {}, nothing),
  ofTicket('pause', 'a long reason', 'agent', () => ticket, { reason: 'x'.repeat(1_001) }, bad('/reason')),
  ofTicket('pause', 'a viewer', 'viewer', () => ticket, {}, forbidden),
  ofTicket('resume', 'nobody’s ticket', 'agent', () => nowhere, {}, nothing),
  ofTicket('resume', 'a viewer', 'viewer', () => ticket, {}, forbidden),
  ...[0, 101].map((limit): Case => ({
    what: `${limit} breaches`,
    role: 'agent',
    rest: () => ({ method: 'GET', path: `/api/v1/sla/breaches?limit=${limit}` }),
    subject: 'get-breached',
    procedure: 'getBreached',
    isQuery: true,
    input: () => ({ limit }),
    expected: bad('/limit'),
  })),
];

const pointersOf = (errors: unknown) =>
  ((errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer).toSorted((a, b) => (a < b ? -1 : 1));

describe('the same answer by every way in', () => {
  it.each(CASES.map((one) => [`${one.what} (${one.role})`, one] as const))('%s', async (_, one) => {
    const { method, path, json } = one.rest();
    const rest = await core.http(path, { method, key: keys[one.role], ...(json !== undefined && { json }) });
    expect({ code: rest.body['code'], pointers: pointersOf(rest.body['errors']) }).toEqual({
      ...one.expected,
      pointers: one.restPointers ?? one.expected.pointers,
    });

    const { err } = (await core.ask(
      `desk.core.sla.${one.subject}`,
      one.input(),
      core.actorOf(core.acme, one.role),
    )) as {
      err?: { code: string; problems?: unknown };
    };
    expect({ code: err?.code, pointers: pointersOf(err?.problems) }).toEqual(one.expected);

    const url = `/api/trpc/sla.${one.procedure}`;
    const key = keys[one.role];
    const trpc = one.isQuery
      ? await core.http(`${url}?input=${encodeURIComponent(JSON.stringify(one.input()))}`, { key })
      : await core.http(url, { key, json: { json: one.input() } });
    const data = (trpc.body['error'] as { json: { data: { code: string; problems?: unknown; errors?: unknown } } }).json
      .data;
    expect({ code: data.code, pointers: pointersOf(data.problems ?? data.errors) }).toEqual(one.expected);
  });

  it('and the same views where all is well', async () => {
    const asked = await core.ask('desk.core.sla.list-policies', {}, core.actorOf(core.acme, 'agent'));
    const rest = await core.http('/api/v1/sla/policies', { key: keys.agent });
    expect((asked.response as Json)['items']).toEqual(rest.body['items']);
    const pausedHere = await core.ask(
      'desk.core.sla.pause-tracking',
      { ticketId: ticket, reason: 'by NATS' },
      core.actorOf(core.acme, 'agent'),
    );
    expect(pausedHere.response).toMatchObject({ is_paused: true, pause_reason: 'by NATS' });
    const resumed = await core.http(`/api/v1/tickets/${ticket}/sla/resume`, { key: keys.agent, method: 'POST' });
    expect(resumed.body).toMatchObject({ is_paused: false });
  });
});
