import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore, waitFor } from '../support/core.js';
import { documentedOperations, filledPath, type Operation } from './documentation.js';
import { Things } from './things.js';

// A second organisation attacks every operation that the API documents: by id, number, key, header and cursor. What it gets
// is what it would get for something that is nowhere.

const MARK = 'Zanzibar';
let core: TestCore;
let things: Things;
let operations: Operation[];
beforeAll(async () => {
  core = await TestCore.start();
  things = new Things(core, core.acme, MARK);
  ({ operations } = await documentedOperations(core));
  // Acme has some of everything, Globex one ticket of its own.
  await things.forPath([
    'ticket',
    'message',
    'agent',
    'team',
    'company',
    'tag',
    'canned',
    'template',
    'view',
    'policy',
    'entry',
    'attachment',
  ]);
  await core.http('/api/v1/tickets', { json: { subject: 'Globex’s own' }, key: core.globex.apiKey });
}, 90_000);
afterAll(() => core.close());

const asGlobex = (method: string, path: string, body: unknown) =>
  core.http(`/api/v1${path}`, {
    method,
    ...(body !== undefined && { json: body }),
    key: core.globex.apiKey,
  });
const withoutItsPlace = (text: string, ids: Iterable<string>) =>
  [...ids].reduce((told, id) => told.replaceAll(id, '…').replaceAll(encodeURIComponent(id), '…'), text);

const requiredOf = ({ queries }: Operation): string => {
  const asked = queries.filter(({ required }) => required).map(({ name, example }) => [name, String(example)]);
  return asked.length === 0
    ? ''
    : `?${new URLSearchParams(Object.fromEntries(asked) as Record<string, string>).toString()}`;
};

/** What follows a moment later by itself: the search and the counts of tickets, made of what tickets are. */
const FOLLOWS = ['ticket_search', 'search_queue', 'search_words', 'written_words', 'ticket_counted', 'ticket_counts'];
/** When a key was used, and when an event was sent. */
const MOVES = ['last_used_at', 'sent_at'];

/** All of Acme's rows, so that nothing can have changed unseen. */
async function allOfAcme(): Promise<string> {
  await waitFor(
    async () =>
      (await core.sql('SELECT 1 FROM sla_reckonings WHERE org_id = $1 AND finished_at IS NULL', [core.acme.id]))
        .length === 0,
    'open tickets to have followed new policies',
  );
  const tables = await core.sql<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const sums = await Promise.all(
    tables
      .filter(({ name }) => !FOLLOWS.includes(name))
      .map(async ({ name }) => {
        const [row] = await core.sql<{ sum: string }>(
          `SELECT md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), '')) AS sum
           FROM (SELECT to_jsonb(t) - $2::text[] AS row FROM ${name} t WHERE org_id = $1) AS rows`,
          [core.acme.id, MOVES],
        );
        return `${name} ${row!.sum}`;
      }),
  );
  return sums.join('\n');
}

describe('what another organisation gets', () => {
  it('for every path that names a thing: as if it were nowhere', async () => {
    const named = operations.filter(({ pathNames }) => pathNames.length > 0);
    expect(named.length).toBeGreaterThan(90);
    const targets: { operation: Operation; known: Map<string, string> }[] = [];
    for (const operation of named)
      targets.push({ operation, known: await things.forPath(operation.pathNames, operation.id) });
    const before = await allOfAcme();
    for (const { operation, known } of targets) {
      const { method, path, body } = operation;
      const answer = await asGlobex(method, filledPath(path, known) + requiredOf(operation), body?.example);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      // Its own path is told back to it.
      const told = withoutItsPlace(JSON.stringify(answer.body), known.values());
      expect(told).not.toContain(MARK);
      const nowhere = new Map(
        [...known.keys()].map((name) => [name, name === 'email' ? 'x@customer.example' : randomUUID()]),
      );
      const absent = await asGlobex(method, filledPath(path, nowhere) + requiredOf(operation), body?.example);
      expect([path, told]).toEqual([path, withoutItsPlace(JSON.stringify(absent.body), nowhere.values())]);
    }
    expect(await allOfAcme()).toBe(before);
  }, 120_000);

  it('for tickets by number: its own or none', async () => {
    const { number } = await things.post<{ number: number }>('/tickets', { subject: things.words('by number') });
    for (const operation of operations.filter(({ pathNames }) => pathNames.length === 1 && pathNames[0] === 'ticket')) {
      const answer = await asGlobex(
        operation.method,
        filledPath(operation.path, new Map([['ticket', String(number)]])),
        operation.body?.example,
      );
      expect([operation.method, operation.path, answer.status]).toEqual([operation.method, operation.path, 404]);
    }
  }, 60_000);

  it('for what goes by a name: its own or none, whatever organisation its headers speak of', async () => {
    const agent = await things.post<{ email: string }>('/agents', { email: 'zanzibar@acme.test', name: MARK });
    const team = await things.post<{ handle: string }>('/teams', { name: MARK, handle: 'zanzibar' });
    const canned = await things.post<{ shortcut: string }>('/canned-responses', {
      title: MARK,
      content: MARK,
      shortcut: 'zanzibar',
    });
    await things.post('/ticket-categories', { name: MARK });
    await things.post('/custom-fields', { key: 'zanzibar', label: MARK, type: 'text' });
    for (const path of [
      `/agents/${agent.email}`,
      '/agents/zanzibar',
      `/agents/${MARK}`,
      `/teams/${team.handle}`,
      `/teams/${MARK}`,
      `/canned-responses/${canned.shortcut}`,
      `/ticket-categories/${MARK}`,
      '/custom-fields/zanzibar',
    ]) {
      expect([path, (await core.http(`/api/v1${path}`)).status]).toEqual([path, 200]);
      for (const headers of <Record<string, string>[]>[
        {},
        { 'x-org-id': core.acme.id },
        { 'x-organization-id': core.acme.id, 'x-tenant': 'acme', 'x-forwarded-host': 'acme.test' },
        { cookie: `org=${core.acme.id}; orgId=${core.acme.id}` },
      ]) {
        const answer = await core.http(`/api/v1${path}`, { headers, key: core.globex.apiKey });
        expect([path, answer.status]).toEqual([path, 404]);
      }
    }
  });

  it('in lists, whatever is asked for: nothing of the other', async () => {
    const known = await things.forPath(['ticket', 'agent', 'team', 'contact', 'company', 'tag', 'policy', 'view']);
    const guesses = (name: string): string[] => {
      const about = [...known].filter(([kind]) => name.toLowerCase().startsWith(kind)).map(([, id]) => id);
      return [...about, ...(name === 'q' || name === 'text' ? [MARK] : [])];
    };
    for (const operation of operations.filter(({ method, pathNames }) => method === 'GET' && pathNames.length === 0)) {
      const asked = operation.queries.flatMap(({ name }) =>
        guesses(name).map((value) => `?${name}=${encodeURIComponent(value)}`),
      );
      for (const query of ['', '?limit=100', ...asked]) {
        const answer = await asGlobex('GET', `${operation.path}${query}`, undefined);
        expect([operation.path, query, answer.status < 500]).toEqual([operation.path, query, true]);
        expect([operation.path, query, JSON.stringify(answer.body).replaceAll(query.slice(1), '')]).not.toEqual([
          operation.path,
          query,
          expect.stringContaining(MARK),
        ]);
      }
    }
  }, 60_000);

  it('for a cursor of the other: nothing of it', async () => {
    const tried: string[] = [];
    for (const operation of operations.filter(
      ({ method, queries }) => method === 'GET' && queries.some(({ name }) => name === 'cursor'),
    )) {
      const known = await things.forPath(operation.pathNames);
      const mine = await core.http(`/api/v1${filledPath(operation.path, known)}?limit=1`);
      const cursor = mine.body['nextCursor'];
      if (typeof cursor !== 'string' || operation.pathNames.length > 0) continue;
      tried.push(operation.path);
      const answer = await asGlobex('GET', `${operation.path}?limit=1&cursor=${encodeURIComponent(cursor)}`, undefined);
      expect([operation.path, JSON.stringify(answer.body)]).not.toEqual([
        operation.path,
        expect.stringContaining(MARK),
      ]);
    }
    expect(tried).toEqual(
      expect.arrayContaining(['/tickets', '/agents', '/contacts', '/companies', '/audit', '/keys']),
    );
  }, 60_000);

  it('when it names things of the other in what it sends: nothing of it', async () => {
    const known = await things.forPath([
      'ticket',
      'agent',
      'team',
      'company',
      'contact',
      'template',
      'calendar',
      'attachment',
      'message',
    ]);
    const id = (name: string) => known.get(name)!;
    const own = (await core.http('/api/v1/tickets?limit=1', { key: core.globex.apiKey })).body['items'] as {
      id: string;
    }[];
    const ticket = own[0]!.id;
    const before = await allOfAcme();
    for (const [method, path, body] of [
      ['POST', '/tickets', { subject: 'x', assigneeId: id('agent') }],
      ['POST', '/tickets', { subject: 'x', teamId: id('team') }],
      ['POST', '/tickets', { subject: 'x', templateId: id('template') }],
      ['PATCH', `/tickets/${ticket}`, { assigneeId: id('agent') }],
      ['PATCH', `/tickets/${ticket}`, { teamId: id('team') }],
      ['POST', `/tickets/${ticket}/assign`, { assigneeId: id('agent') }],
      ['POST', `/tickets/${ticket}/merge`, { into: id('ticket') }],
      ['POST', `/tickets/${ticket}/merge`, { tickets: [id('ticket')] }],
      ['POST', `/tickets/${ticket}/split`, { messageIds: [id('message')] }],
      ['POST', `/tickets/${ticket}/links`, { to: id('ticket'), kind: 'blocks' }],
      ['POST', `/tickets/${ticket}/messages`, { content: 'x', attachmentIds: [id('attachment')] }],
      ['PUT', `/tickets/${ticket}/watchers/${id('agent')}`, {}],
      ['POST', '/contacts', { email: 'new@globex.example', companyId: id('company') }],
      ['POST', '/keys', { name: 'x', agentId: id('agent') }],
      ['POST', '/ticket-tags', { name: 'x', teamId: id('team') }],
      ['POST', '/canned-responses', { title: 'x', content: 'x', teamId: id('team') }],
      ['POST', '/sla/policies', { name: 'x', calendarId: id('calendar'), firstResponseTime: 10 }],
    ] as const) {
      const answer = await asGlobex(method, path, body);
      expect([method, path, body, answer.status >= 400 && answer.status < 500]).toEqual([method, path, body, true]);
      expect(JSON.stringify(answer.body)).not.toContain(MARK);
    }
    expect(await allOfAcme()).toBe(before);
  }, 60_000);

  it('with no key, a wrong one or the other’s in a header that is not asked: nobody', async () => {
    for (const operation of operations) {
      const known = new Map(operation.pathNames.map((name) => [name, randomUUID()]));
      for (const headers of <Record<string, string>[]>[
        {},
        { authorization: 'Bearer dw_wrong_wrong_wrong' },
        { 'x-api-key': core.acme.apiKey },
        { authorization: core.acme.apiKey },
      ]) {
        const { status } = await core.http(`/api/v1${filledPath(operation.path, known)}`, {
          method: operation.method,
          headers,
          key: '',
        });
        expect([operation.method, operation.path, status]).toEqual([operation.method, operation.path, 401]);
      }
    }
  }, 60_000);
});
