import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listMessages, postMessage } from '#shared/contracts/messages.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import type { WireError } from '#shared/errors/desk-error.js';
import { ERROR_CODES } from '#shared/errors/error-codes.js';
import { ForgetIdempotencyKeys } from '../http/forget-idempotency-keys.js';
import { TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let ticket: { id: string; number: number };
beforeAll(async () => {
  core = await TestCore.start();
  ticket = (await core.http('/api/v1/tickets', { json: { subject: 'The first' } })).body as never;
}, 60_000);
afterAll(() => core.close());

const countOf = async (subject: string) =>
  (await core.sql('SELECT 1 FROM tickets WHERE subject = $1', [subject])).length;

describe('Idempotency-Key', () => {
  const post = (key: string, json: object, org = core.acme) =>
    core.http('/api/v1/tickets', { json, headers: { 'idempotency-key': key }, key: org.apiKey });

  it('gives the same answer again and does the work once', async () => {
    const first = await post('same', { subject: 'Once' });
    const again = await post('same', { subject: 'Once' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(await countOf('Once')).toBe(1);
  });

  it('refuses another body, another path, and knows nothing of other people’s keys', async () => {
    await post('other', { subject: 'Mine' });
    expect(await post('other', { subject: 'Not mine' })).toMatchObject({
      status: 422,
      body: { code: 'UNPROCESSABLE' },
    });
    const elsewhere = await core.http(`/api/v1/tickets/${ticket.number}/messages`, {
      json: { subject: 'Mine' },
      headers: { 'idempotency-key': 'other' },
    });
    expect(elsewhere.status).not.toBe(201);
    expect(await post('other', { subject: 'Theirs' }, core.globex)).toMatchObject({ status: 201 });
  });

  it('lets one of many at once do the work', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('race', { subject: 'Raced' })));
    expect(await countOf('Raced')).toBe(1);
    const done = answers.filter(({ status }) => status === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ body }) => body['id'])).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).every(({ status }) => status === 409)).toBe(true);
  });

  it('lets a request that failed be tried again, with what is right this time', async () => {
    expect((await post('failed', { subject: 'Again', assigneeId: core.globex.agents.agent.id })).status).toBe(400);
    expect((await post('failed', { subject: 'Again' })).status).toBe(201);
    expect((await post('failed', { subject: 'Again' })).status).toBe(201);
    expect(await countOf('Again')).toBe(1);
  });

  it('takes over from a request that died without an answer', async () => {
    await post('died', { subject: 'Died' });
    await core.sql(`UPDATE idempotency_keys SET status = 0 WHERE key LIKE '%:died'`);
    expect((await post('died', { subject: 'Died' })).status).toBe(409);
    await core.sql(`UPDATE idempotency_keys SET created_at = now() - interval '2 minutes' WHERE key LIKE '%:died'`);
    expect((await post('died', { subject: 'Died' })).status).toBe(201);
  });

  it('is forgotten after a day', async () => {
    await post('old', { subject: 'Old' });
    await post('young', { subject: 'Young' });
    await core.sql(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key LIKE '%:old'`);
    await core.app.get(ForgetIdempotencyKeys).execute();
    expect(await core.sql(`SELECT 1 FROM idempotency_keys WHERE key LIKE '%:old'`)).toEqual([]);
    expect(await core.sql(`SELECT 1 FROM idempotency_keys WHERE key LIKE '%:young'`)).toHaveLength(1);
  });

  it.each([
    ['an empty', ''],
    ['a long', 'x'.repeat(201)],
  ])('refuses %s key', async (_, key) => {
    expect((await post(key, { subject: 'Bad key' })).status).toBe(400);
    expect(await countOf('Bad key')).toBe(0);
  });
});

describe('If-Match', () => {
  it('guards a change, as `version` does', async () => {
    const { body } = await core.http('/api/v1/tickets', { json: { subject: 'Guarded' } });
    const patch = (ifMatch: string, subject: string) =>
      core.http(`/api/v1/tickets/${String(body['id'])}`, {
        method: 'PATCH',
        json: { subject },
        headers: { 'if-match': ifMatch },
      });
    expect(await patch('"1"', 'Guarded 2')).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await patch('"1"', 'Guarded 3')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(await patch('*', 'Guarded 3')).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await patch('W/"2"', 'Guarded 4')).toMatchObject({ status: 409 });
    expect(await patch('W/"3"', 'Guarded 4')).toMatchObject({ status: 200, body: { version: 4 } });
    expect(await patch('soon', 'Guarded 5')).toMatchObject({ status: 400 });
  });

  it('takes the ETag of any answer with the ticket', async () => {
    const opened = await core.http('/api/v1/tickets', { json: { subject: 'Tagged' } });
    const path = `/api/tickets/${String(opened.body['id'])}`;
    expect(opened.headers.get('etag')).toBe('"1"');
    const patched = await core.http(path, {
      method: 'PATCH',
      json: { priority: 'high' },
      headers: { 'if-match': (await core.http(path)).headers.get('etag')! },
    });
    expect([patched.status, patched.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await core.http(`${path}/resolve`, { json: {} })).headers.get('etag')).toBe('"3"');
    expect((await core.http(`${path}/messages`)).headers.get('etag')).toBeNull();
  });
});

describe('who is asked', () => {
  it.each([
    ['no key', {}],
    ['an unknown one', { authorization: 'Bearer dw_unknown_0000000000' }],
    ['another scheme', { authorization: 'Basic YWxpY2U6c2VjcmV0' }],
  ])('%s is 401', async (_, headers) => {
    const answer = await core.http('/api/v1/tickets', { key: '', headers });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('another organisation’s key sees nothing of ours', async () => {
    for (const ref of [ticket.id, ticket.id.toUpperCase()]) {
      for (const path of ['', '/messages', '/activities']) {
        const answer = await core.http(`/api/v1/tickets/${ref}${path}`, { key: core.globex.apiKey });
        expect([ref, path, answer.status]).toEqual([ref, path, 404]);
      }
    }
    const list = await core.http('/api/v1/tickets', { key: core.globex.apiKey });
    expect(JSON.stringify(list.body)).not.toContain('The first');
  });
});

/** One wrong request a line: HTTP and NATS must say the same of it. */
interface Wrong {
  what: string;
  nats: [{ subject: string }, Record<string, unknown>];
  http: [method: string, path: string, body?: unknown];
}
const post = (input: Record<string, unknown>): Pick<Wrong, 'nats' | 'http'> => ({
  nats: [openTicket, input],
  http: ['POST', '/api/v1/tickets', input],
});
const list = (query: string): Pick<Wrong, 'nats' | 'http'> => ({
  nats: [listTickets, Object.fromEntries(new URLSearchParams(query))],
  http: ['GET', `/api/v1/tickets?${query}`],
});
const patch = (fields: Record<string, unknown>, ref = '1'): Pick<Wrong, 'nats' | 'http'> => ({
  nats: [updateTicket, { ...fields, ticket: ref }],
  http: ['PATCH', `/api/v1/tickets/${ref}`, fields],
});
const say = (fields: Record<string, unknown>, ref = '1'): Pick<Wrong, 'nats' | 'http'> => ({
  nats: [postMessage, { ...fields, ticket: ref }],
  http: ['POST', `/api/v1/tickets/${ref}/messages`, fields],
});
const get = (ref: string): Pick<Wrong, 'nats' | 'http'> => ({
  nats: [getTicket, { ticket: ref }],
  http: ['GET', `/api/v1/tickets/${ref}`],
});

const WRONG: Wrong[] = [
  { what: 'no subject', ...post({}) },
  { what: 'an empty subject', ...post({ subject: '  ' }) },
  { what: 'a subject of two lines', ...post({ subject: 'a\nb' }) },
  { what: 'a subject that is a number', ...post({ subject: 5 }) },
  { what: 'a long subject', ...post({ subject: 'x'.repeat(501) }) },
  { what: 'an unknown priority and source', ...post({ subject: 'x', priority: 'huge', source: 'fax' }) },
  { what: 'an unknown field', ...post({ subject: 'x', colour: 'red' }) },
  { what: 'no address', ...post({ subject: 'x', contactEmail: 'casey' }) },
  { what: 'an assignee whom nobody knows', ...post({ subject: 'x', assigneeId: 'nobody at all' }) },
  { what: 'an assignee of nowhere', ...post({ subject: 'x', assigneeId: '0190c1a2-0000-7000-8000-0000000000aa' }) },
  { what: 'a tag that is too long', ...post({ subject: 'x', tags: ['ok', 'y'.repeat(51)] }) },
  { what: 'a team of nowhere', ...post({ subject: 'x', teamId: '0190c1a2-0000-7000-8000-0000000000aa' }) },
  { what: 'two names that differ', ...post({ subject: 'x', title: 'y' }) },
  { what: 'an entity without an id', ...post({ subject: 'x', entity: { type: 'device' } }) },
  { what: 'a limit of none', ...list('limit=0') },
  { what: 'a limit of too many', ...list('limit=101') },
  { what: 'a limit that is a word', ...list('limit=many') },
  { what: 'an unknown status in a list', ...list('status=open,asleep') },
  { what: 'an unknown filter', ...list('colour=red') },
  { what: 'a cursor of nowhere', ...list('cursor=nonsense') },
  { what: 'an assignee that is neither', ...list('assigneeId=bea') },
  { what: 'a ticket that is a word', ...get('abc') },
  { what: 'a ticket that is not there', ...get('4711') },
  { what: 'an id that is not there', ...get('0190c1a2-0000-7000-8000-0000000000aa') },
  { what: 'an unknown status', ...patch({ status: 'asleep' }) },
  { what: 'an old version', ...patch({ subject: 'y', version: 99 }) },
  { what: 'a version of nought', ...patch({ version: 0 }) },
  { what: 'a change of nothing there', ...patch({ subject: 'y' }, '4711') },
  { what: 'a change of a word', ...patch({ subject: 'y' }, 'abc') },
  { what: 'a message of nothing', ...say({ content: ' \n ' }) },
  { what: 'a message without words', ...say({}) },
  { what: 'a copy to nobody', ...say({ content: 'x', cc: ['ok@x.example', 'nobody'] }) },
  { what: 'a message to nowhere', ...say({ content: 'x' }, '4711') },
  {
    what: 'messages of a word',
    nats: [listMessages, { ticket: 'abc', limit: '0' }],
    http: ['GET', '/api/v1/tickets/abc/messages?limit=0'],
  },
];

describe('a wrong request', () => {
  it.each(WRONG)('$what is answered alike over HTTP and NATS', async ({ nats, http }) => {
    const [contract, data] = nats;
    const { err } = await core.ask(contract.subject, data, core.actorOf(core.acme, 'admin'));
    const wire = err as WireError;
    const [method, path, json] = http;
    const { status, headers, body } = await core.http(path, { method, ...(json !== undefined && { json }) });

    expect(wire).toMatchObject({ code: expect.stringMatching(/^(BAD_REQUEST|NOT_FOUND|CONFLICT)$/) as unknown });
    expect(body['code']).toBe(wire.code);
    expect(status).toBe(ERROR_CODES[wire.code].http);
    expect(headers.get('content-type')).toContain('application/problem+json');
    const pointers = (problems: unknown) => ((problems ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
    // A path and its query are two things to HTTP and one to NATS: there the first wrong one is told first.
    expect(pointers(wire.problems).slice(0, pointers(body['errors']).length)).toEqual(pointers(body['errors']));
    if (wire.code === 'BAD_REQUEST') expect(pointers(body['errors']).length).toBeGreaterThan(0);
    expect(wire.message.startsWith(String(body['detail']))).toBe(true);
  });

  it.each([
    ['no JSON', { body: '{', method: 'POST' }, 400],
    ['a list', { json: [], method: 'POST' }, 400],
    ['nothing', { method: 'POST' }, 400],
    ['too much', { json: { subject: 'x', description: 'x'.repeat(1_100_000) } }, 413],
  ])('%s is a problem+json over HTTP', async (_, init, status) => {
    const answer = await core.http('/api/v1/tickets', init);
    expect(answer).toMatchObject({ status, body: { status, code: expect.any(String) as unknown } });
  });

  it('of an unknown address is 404 and of an unknown subject not answered', async () => {
    expect(await core.http('/api/v1/nothing')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    await expect(core.ask('desk.core.nothing', {}, null)).rejects.toThrow();
  });

  it('over NATS without an actor, or with one that is none, is refused', async () => {
    expect((await core.ask(getTicket.subject, { ticket: 1 }, null)).err).toMatchObject({ code: 'UNAUTHORIZED' });
    const nobody = { orgId: 'x', kind: 'king' } as never;
    expect((await core.ask(getTicket.subject, { ticket: 1 }, nobody)).err).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('that breaks something inside says nothing of the inside', async () => {
    await core.sql('ALTER TABLE ticket_counters RENAME TO gone');
    const { err } = await core.ask(openTicket.subject, { subject: 'x' }, core.actorOf(core.acme));
    const { status, body } = await core.http('/api/v1/tickets', { json: { subject: 'x' } });
    await core.sql('ALTER TABLE gone RENAME TO ticket_counters');
    expect(err).toMatchObject({ code: 'INTERNAL' });
    expect([status, body['code']]).toEqual([500, 'INTERNAL']);
    for (const told of [err, body]) expect(JSON.stringify(told)).not.toMatch(/constraint|counters|relation|insert/i);
  });
});

describe('the documentation', () => {
  it('is there, with every path', async () => {
    const { body } = await core.http('/api/docs-json', { key: '' });
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining(['/api/v1/tickets', '/api/v1/tickets/{ticket}', '/api/v1/tickets/{ticket}/messages']),
    );
    const paths = body['paths'] as Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
    expect(paths['/api/v1/tickets/{ticket}']!['get']!.parameters).toContainEqual(
      expect.objectContaining({ name: 'ticket', in: 'path' }),
    );
  });
});
