import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '#shared/contracts/actor.js';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/error-codes.js';
import { TestCore } from '../support/core.js';

// The same wrong request by HTTP, NATS, tRPC and the command line: the same code, the same words, the same fields.
// (What is wrong with SLA policies and trackings has its own table in apps/ticket-core/src/sla/sla-parity.int.spec.ts.)

type Json = Record<string, unknown>;
interface Refused {
  code: string;
  message: string;
  pointers: string[];
}

const root = join(import.meta.dirname, '../..');
const nowhere = randomUUID();
let core: TestCore;
const keys = {} as Record<Role, string>;
/** Numbers and ids of what the rows speak of. */
const known: Record<string, string> = {};

async function keyFor(role: Role): Promise<string> {
  const key = `dw_${role}_${randomBytes(24).toString('base64url')}`;
  await core.sql(`INSERT INTO api_keys (org_id, id, name, hash, agent_id) VALUES ($1, gen_random_uuid(), $2, $3, $4)`, [
    core.acme.id,
    role,
    createHash('sha256').update(key).digest(),
    core.acme.agents[role].id,
  ]);
  return key;
}

const posted = async (path: string, json: unknown): Promise<Json> => {
  const { status, body } = await core.http(`/api/v1${path}`, { method: 'POST', json });
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body;
};

beforeAll(async () => {
  core = await TestCore.start();
  for (const role of ['viewer', 'agent', 'manager', 'admin'] as const) keys[role] = await keyFor(role);
  const subject = async (name: string) => {
    const ticket = await posted('/tickets', { subject: name, contactEmail: 'casey@customer.example' });
    known[name] = String(ticket['number']);
    return ticket;
  };
  const open = await subject('open');
  known['id'] = String(open['id']);
  for (const name of ['closed', 'resolved', 'merged', 'deleted', 'other']) await subject(name);
  await posted(`/tickets/${known['closed']}/close`, {});
  await posted(`/tickets/${known['resolved']}/resolve`, {});
  await posted(`/tickets/${known['merged']}/merge`, { into: Number(known['other']) });
  await core.http(`/api/v1/tickets/${known['deleted']}`, { method: 'DELETE' });
  const note = await posted(`/tickets/${known['open']}/messages`, { content: 'a note', isInternalNote: true });
  known['note'] = String(note['id']);
  const contact = await posted('/contacts', { email: 'dana@customer.example' });
  known['contact'] = String(contact['id']);
  const entry = await posted(`/tickets/${known['open']}/time`, { minutes: 5 });
  known['entry'] = String(entry['id']);
}, 90_000);
afterAll(() => core.close());

interface Row {
  what: string;
  role?: Role;
  http: { method: string; path: string; json?: unknown };
  nats: { subject: string; data: unknown };
  trpc?: { procedure: string; isQuery?: boolean };
  cli?: string[];
  code: ErrorCode;
  /** Of what NATS is asked; over HTTP the same. */
  pointers: string[];
}

/** `~open` in a path, a body or an argument is the number of the ticket called so. */
function filled<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll(/~(\w+)/g, (_, name: string) => known[name]!) as T;
  if (Array.isArray(value)) return value.map((one) => filled<unknown>(one)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled<unknown>(one)])) as T;
}

type Ways = Pick<Row, 'role' | 'cli' | 'trpc'>;
const creating = (what: string, json: Json, code: ErrorCode, pointers: string[], ways: Ways = {}): Row => ({
  what: `open: ${what}`,
  http: { method: 'POST', path: '/tickets', json },
  nats: { subject: 'tickets.open', data: json },
  trpc: { procedure: 'tickets.create' },
  code,
  pointers,
  ...ways,
});
const changing = (
  what: string,
  ticket: string,
  json: Json,
  code: ErrorCode,
  pointers: string[],
  ways: Ways = {},
): Row => ({
  what: `change: ${what}`,
  http: { method: 'PATCH', path: `/tickets/${ticket}`, json },
  nats: { subject: 'tickets.update', data: { ticket, ...json } },
  trpc: { procedure: 'tickets.update' },
  code,
  pointers,
  ...ways,
});
/** POST /tickets/{ticket}/{step}, and the contract and procedure of the same name unless said otherwise. */
const step = (
  path: string,
  ticket: string,
  json: Json,
  code: ErrorCode,
  pointers: string[],
  ways: Ways & { what?: string; subject?: string } = {},
): Row => {
  const { what = '', subject = `tickets.${path}`, ...others } = ways;
  return {
    what: `${path}: ${what || ticket}`,
    http: { method: 'POST', path: `/tickets/${ticket}/${path}`, json },
    nats: { subject, data: { ticket, ...json } },
    trpc: { procedure: `tickets.${path}` },
    code,
    pointers,
    ...others,
  };
};
const noTrpc = { trpc: undefined } as unknown as { trpc: never };
const replying = (
  what: string,
  ticket: string,
  json: Json,
  code: ErrorCode,
  pointers: string[],
  ways: Ways = {},
): Row =>
  step('messages', ticket, json, code, pointers, {
    what,
    subject: 'messages.post',
    trpc: { procedure: 'tickets.messages.post' },
    ...ways,
  });
const logging = (what: string, ticket: string, json: Json, code: ErrorCode, pointers: string[], ways: Ways = {}): Row =>
  step('time', ticket, json, code, pointers, { what, subject: 'time.log', ...noTrpc, ...ways });
const listing = (what: string, query: Json, code: ErrorCode, pointers: string[], ways: Ways = {}): Row => ({
  what: `list: ${what}`,
  http: {
    method: 'GET',
    path: `/tickets?${new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()}`,
  },
  nats: { subject: 'tickets.list', data: query },
  trpc: { procedure: 'tickets.list', isQuery: true },
  code,
  pointers,
  ...ways,
});

const ROWS: Row[] = [
  creating('no subject', {}, 'BAD_REQUEST', ['/subject'], { cli: ['ticket', 'create', '--priority', 'high'] }),
  creating('an empty subject', { subject: '  ' }, 'BAD_REQUEST', ['/subject']),
  creating('a subject of 501 characters', { subject: 'x'.repeat(501) }, 'BAD_REQUEST', ['/subject'], {
    cli: ['ticket', 'create', 'x'.repeat(501)],
  }),
  creating('a subject of two lines', { subject: 'a\nb' }, 'BAD_REQUEST', ['/subject']),
  creating('a subject that is a number', { subject: 7 }, 'BAD_REQUEST', ['/subject']),
  creating('a field that nobody knows', { subject: 'x', prioritty: 'high' }, 'BAD_REQUEST', ['']),
  creating('two names that disagree', { subject: 'x', title: 'y' }, 'BAD_REQUEST', ['/title']),
  creating('two fields at once', { subject: '', priority: 'huge' }, 'BAD_REQUEST', ['/priority', '/subject']),
  creating('a priority that is none', { subject: 'x', priority: 'huge' }, 'BAD_REQUEST', ['/priority'], {
    cli: ['ticket', 'create', 'x', '--priority', 'huge'],
  }),
  creating('a category that the desk has not', { subject: 'x', category: 'weather' }, 'BAD_REQUEST', ['/category']),
  creating('an assignee whom nobody knows', { subject: 'x', assignee: 'nobody' }, 'BAD_REQUEST', ['/assigneeId']),
  creating('a team that is not there', { subject: 'x', teamId: nowhere }, 'BAD_REQUEST', ['/teamId']),
  creating('a template that is not there', { subject: 'x', templateId: nowhere }, 'BAD_REQUEST', ['/templateId']),
  creating('an address that is none', { subject: 'x', contactEmail: 'casey' }, 'BAD_REQUEST', ['/contactEmail'], {
    cli: ['ticket', 'create', 'x', '--contact', 'casey'],
  }),
  creating('51 tags', { subject: 'x', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }, 'BAD_REQUEST', ['/tags']),
  creating('a tag that is empty', { subject: 'x', tags: ['ok', ''] }, 'BAD_REQUEST', ['/tags/1']),
  creating('a viewer', { subject: 'x' }, 'FORBIDDEN', [], { role: 'viewer', cli: ['ticket', 'create', 'x'] }),

  changing('a ticket that is not there', nowhere, { priority: 'low' }, 'NOT_FOUND', []),
  changing('a number that is not there', '999999', { priority: 'low' }, 'NOT_FOUND', [], {
    cli: ['ticket', 'update', '999999', '--priority', 'low'],
  }),
  changing('something that names no ticket', 'abc', { priority: 'low' }, 'BAD_REQUEST', ['/ticket']),
  changing('a deleted ticket', '~deleted', { priority: 'low' }, 'NOT_FOUND', []),
  changing('an older version', '~open', { priority: 'low', version: 999 }, 'CONFLICT', ['/version']),
  changing('a version that is none', '~open', { priority: 'low', version: 0 }, 'BAD_REQUEST', ['/version']),
  changing('from closed to open', '~closed', { status: 'open' }, 'UNPROCESSABLE', ['/status'], {
    cli: ['ticket', 'update', '~closed', '--status', 'open'],
  }),
  changing('a merged ticket', '~merged', { priority: 'low' }, 'UNPROCESSABLE', []),
  changing('a viewer', '~open', { priority: 'low' }, 'FORBIDDEN', [], { role: 'viewer' }),
  step('start', '~closed', {}, 'UNPROCESSABLE', ['/status'], { cli: ['ticket', 'start', '~closed'] }),
  step('resolve', '~closed', {}, 'UNPROCESSABLE', ['/status']),
  step('assign', '~open', {}, 'BAD_REQUEST', ['/assigneeId'], { what: 'to whom?' }),
  step('assign', '~open', { assignee: 'nobody' }, 'BAD_REQUEST', ['/assigneeId'], { what: 'to nobody we know' }),
  step('restore', '~deleted', {}, 'NOT_FOUND', [], { what: 'by a viewer', role: 'viewer' }),
  step('merge', '~open', { into: '~open' }, 'UNPROCESSABLE', ['/into'], {
    what: 'into itself',
    cli: ['ticket', 'merge', '~open', '--into', '~open'],
  }),
  step('merge', '~open', {}, 'BAD_REQUEST', ['/into'], { what: 'into what?' }),
  step('merge', '~open', { into: '999999' }, 'NOT_FOUND', ['/into'], { what: 'into what is not there' }),
  step('unmerge', '~open', {}, 'UNPROCESSABLE', [], { what: 'what was never merged' }),
  step('split', '~open', { messageIds: [] }, 'BAD_REQUEST', ['/messageIds'], { what: 'no message' }),
  step('split', '~open', { messageIds: [nowhere] }, 'UNPROCESSABLE', ['/messageIds/0'], {
    what: 'a message that is not there',
  }),

  replying('nothing said', '~open', { content: ' ' }, 'BAD_REQUEST', ['/content']),
  replying('nothing at all', '~open', {}, 'BAD_REQUEST', ['/content']),
  replying('a canned response that is not there', '~open', { cannedResponse: 'nope' }, 'BAD_REQUEST', [
    '/cannedResponse',
  ]),
  replying('a file that is not there', '~open', { content: 'x', attachmentIds: [nowhere] }, 'BAD_REQUEST', [
    '/attachmentIds/0',
  ]),
  replying('on a closed ticket', '~closed', { content: 'x' }, 'UNPROCESSABLE', [], {
    cli: ['message', 'add', '~closed', 'x'],
  }),
  replying('a viewer', '~open', { content: 'x' }, 'FORBIDDEN', [], { role: 'viewer' }),
  {
    what: 'edit: somebody else’s note',
    role: 'agent',
    http: { method: 'PATCH', path: '/tickets/~open/messages/~note', json: { content: 'x' } },
    nats: { subject: 'messages.change', data: { ticket: '~open', messageId: '~note', content: 'x' } },
    trpc: { procedure: 'tickets.messages.change' },
    code: 'FORBIDDEN',
    pointers: [],
  },

  logging('0 minutes', '~open', { minutes: 0 }, 'BAD_REQUEST', ['/minutes'], { cli: ['time', 'log', '~open', '0'] }),
  logging('half a minute', '~open', { minutes: 0.5 }, 'BAD_REQUEST', ['/minutes']),
  logging('more than a day', '~open', { minutes: 1441 }, 'BAD_REQUEST', ['/minutes']),
  logging('no minutes', '~open', {}, 'BAD_REQUEST', ['/minutes']),
  logging('for somebody else', '~open', { minutes: 5, agentId: '~admin' }, 'FORBIDDEN', [], { role: 'agent' }),
  {
    what: 'time: somebody else’s entry',
    role: 'agent',
    http: { method: 'PATCH', path: '/time-entries/~entry', json: { minutes: 6 } },
    nats: { subject: 'time.change', data: { id: '~entry', minutes: 6 } },
    code: 'FORBIDDEN',
    pointers: [],
  },
  {
    what: 'timer: stop where none runs',
    http: { method: 'POST', path: '/timer/stop', json: {} },
    nats: { subject: 'timer.stop', data: {} },
    cli: ['time', 'stop'],
    code: 'NOT_FOUND',
    pointers: [],
  },

  listing('a status that is none', { status: 'open,lost' }, 'BAD_REQUEST', ['/status/1'], {
    cli: ['ticket', 'list', '--status', 'open,lost'],
  }),
  listing('a cursor of somewhere else', { cursor: 'abc' }, 'BAD_REQUEST', ['/cursor']),
  listing('a filter that nobody knows', { colour: 'red' }, 'BAD_REQUEST', ['']),
  listing('a page of 1,000', { limit: 1000 }, 'BAD_REQUEST', ['/limit']),
  listing('a sort that is none', { sort: 'colour' }, 'BAD_REQUEST', ['/sort']),
  listing('a day that is none', { createdFrom: '2026-02-30' }, 'BAD_REQUEST', ['/createdFrom']),

  {
    what: 'bulk: 501 tickets',
    http: {
      method: 'POST',
      path: '/tickets/bulk',
      json: { tickets: Array.from({ length: 501 }, (_, i) => i + 1), changes: { priority: 'low' } },
    },
    nats: {
      subject: 'tickets.bulk',
      data: { tickets: Array.from({ length: 501 }, (_, i) => i + 1), changes: { priority: 'low' } },
    },
    code: 'BAD_REQUEST',
    pointers: ['/tickets'],
  },
  {
    what: 'bulk: what to change?',
    http: { method: 'POST', path: '/tickets/bulk', json: { tickets: [1] } },
    nats: { subject: 'tickets.bulk', data: { tickets: [1] } },
    code: 'BAD_REQUEST',
    pointers: ['/changes'],
  },
  step('links', '~open', { to: '~open' }, 'BAD_REQUEST', ['/to'], {
    what: 'with itself',
    subject: 'links.add',
    ...noTrpc,
  }),
  step('links', '~open', { to: '~other', kind: 'hates' }, 'BAD_REQUEST', ['/kind'], {
    what: 'of a kind that is none',
    subject: 'links.add',
    ...noTrpc,
  }),
  step('tags', '~open', { tags: [''] }, 'BAD_REQUEST', ['/tags/0'], {
    what: 'an empty tag',
    subject: 'tickets.add-tags',
    ...noTrpc,
  }),
  {
    what: 'canned: fill in one that is not there',
    http: { method: 'POST', path: '/canned-responses/nope/render', json: { ticket: '~open' } },
    nats: { subject: 'canned.render', data: { canned: 'nope', ticket: '~open' } },
    code: 'NOT_FOUND',
    pointers: [],
  },
  {
    what: 'contact: an address that another has',
    http: { method: 'POST', path: '/contacts', json: { email: 'dana@customer.example' } },
    nats: { subject: 'contacts.create', data: { email: 'dana@customer.example' } },
    code: 'CONFLICT',
    pointers: ['/email'],
  },
  {
    what: 'contact: merged with itself',
    http: { method: 'POST', path: '/contacts/~contact/merge', json: { intoId: '~contact' } },
    nats: { subject: 'contacts.merge', data: { id: '~contact', intoId: '~contact' } },
    code: 'BAD_REQUEST',
    pointers: ['/intoId'],
  },
  {
    what: 'organisation: changed by an agent',
    role: 'agent',
    http: { method: 'PATCH', path: '/organisation', json: { name: 'Mine' } },
    nats: { subject: 'organisations.update', data: { name: 'Mine' } },
    code: 'FORBIDDEN',
    pointers: [],
  },
  {
    what: 'organisation: a zone that is none',
    http: { method: 'PATCH', path: '/organisation', json: { settings: { timezone: 'Mars/Olympus' } } },
    nats: { subject: 'organisations.update', data: { settings: { timezone: 'Mars/Olympus' } } },
    code: 'BAD_REQUEST',
    pointers: ['/settings/timezone'],
  },
  {
    what: 'watch: somebody whom nobody knows',
    http: { method: 'PUT', path: '/tickets/~open/watchers/nobody' },
    nats: { subject: 'watchers.watch', data: { ticket: '~open', agent: 'nobody' } },
    code: 'BAD_REQUEST',
    pointers: ['/agent'],
  },
];

const pointersOf = (problems: unknown): string[] =>
  ((problems ?? []) as { pointer: string }[]).map(({ pointer }) => pointer).toSorted((a, b) => (a < b ? -1 : 1));

async function byHttp(row: Row, key: string): Promise<Refused> {
  const { method, path, json } = filled(row.http);
  const { body } = await core.http(`/api/v1${path}`, { method, key, ...(json !== undefined && { json }) });
  return { code: String(body['code']), message: String(body['detail']), pointers: pointersOf(body['errors']) };
}

async function byNats(row: Row, role: Role): Promise<Refused> {
  const { subject, data } = filled(row.nats);
  const { err } = (await core.ask(`desk.core.${subject}`, data, core.actorOf(core.acme, role, { surface: 'api' }))) as {
    err?: { code: string; message: string; problems?: unknown };
  };
  return { code: String(err?.code), message: String(err?.message), pointers: pointersOf(err?.problems) };
}

async function byTrpc(row: Row, key: string): Promise<Refused> {
  const url = `/api/trpc/${row.trpc!.procedure}`;
  const input = filled(row.nats.data);
  const { body } = row.trpc!.isQuery
    ? await core.http(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { key })
    : await core.http(url, { key, json: { json: input } });
  const { json } = (body['error'] ?? {}) as { json?: { message: string; data: { code: string; problems?: unknown } } };
  return { code: String(json?.data.code), message: String(json?.message), pointers: pointersOf(json?.data.problems) };
}

function byCommandLine(args: string[], key: string): Promise<{ exitCode: number; said: string }> {
  return new Promise((resolve) => {
    const source = join(root, 'test/support/typescript-sources.mjs');
    execFile(
      join(root, 'node_modules/.bin/node'),
      ['--import', source, join(root, 'apps/cli/src/main.ts'), ...args],
      { cwd: root, env: { PATH: process.env['PATH'], DESKWIRE_URL: core.url, DESKWIRE_API_KEY: key } },
      (error, _out, said) => resolve({ exitCode: Number(error?.code ?? 0), said }),
    );
  });
}

const EXIT_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_REQUEST: 2,
  FORBIDDEN: 3,
  NOT_FOUND: 4,
  CONFLICT: 5,
  UNPROCESSABLE: 5,
};

describe('what is wrong is said alike by every way in', () => {
  it.each(ROWS.map((row) => [row.what, row] as const))('%s', async (_, row) => {
    known['admin'] = core.acme.agents.admin.id;
    const { role = 'admin', code, pointers } = row;
    const http = await byHttp(row, keys[role]);
    expect(http).toEqual({ code, message: expect.stringMatching(/\w/), pointers });
    expect(await byNats(row, role)).toEqual(http);
    // tRPC has names of its own for some codes.
    const { trpc: trpcCode } = ERROR_CODES[code];
    if (row.trpc) expect(await byTrpc(row, keys[role])).toEqual({ ...http, code: trpcCode });
  });

  it.each(ROWS.filter(({ cli }) => cli).map((row) => [row.cli!.join(' ').slice(0, 60), row] as const))(
    'deskwire %s',
    async (_, row) => {
      const key = keys[row.role ?? 'admin'];
      const { message } = await byHttp(row, key);
      const { exitCode, said } = await byCommandLine(filled(row.cli!), key);
      expect({ exitCode, said }).toEqual({ exitCode: EXIT_CODES[row.code], said: expect.stringContaining(message) });
    },
    20_000,
  );
});
