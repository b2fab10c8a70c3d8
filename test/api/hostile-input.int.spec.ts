import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../support/core.js';
import { documentedOperations, filledPath, type Operation } from './documentation.js';
import { Things } from './things.js';

// What nobody means and somebody sends, to every operation that the API documents: refused with the field's name, or taken
// for what it is, but never “something went wrong here”, and never kept where it breaks what comes after.

type Path = (string | number)[];

let core: TestCore;
let operations: Operation[];
let known: Map<string, string>;
beforeAll(async () => {
  core = await TestCore.start();
  ({ operations } = await documentedOperations(core));
  const things = new Things(core, core.acme, 'Target');
  known = await things.forPath([...new Set(operations.flatMap(({ pathNames }) => pathNames))]);
}, 90_000);
afterAll(() => core.close());

const pathsOf = (value: unknown, at: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...at, Array.isArray(value) ? Number(key) : key]))
    : [at];
const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((item: unknown, key) => (item as Record<string, unknown>)[key], value);
function withAt(value: unknown, [key, ...rest]: Path, item: unknown): unknown {
  if (key === undefined) return item;
  const changed = withAt((value as Record<string, unknown>)[key], rest, item);
  if (!Array.isArray(value)) return { ...(value as object), [key]: changed };
  return value.map((one: unknown, at) => (at === key ? changed : one));
}
const pointerOf = (path: Path) =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const withExample = () =>
  operations.filter(({ body }) => body?.contentType === 'application/json' && typeof body.example === 'object');
const send = async ({ method, path }: Operation, json?: unknown, query = '') => {
  const answer = await core.http(`/api/v1${filledPath(path, known)}${query}`, {
    method,
    ...(json !== undefined && { json }),
  });
  return {
    ...answer,
    pointers: ((answer.body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer),
  };
};
const required = ({ queries }: Operation, but: string) =>
  queries.filter((one) => one.required && one.name !== but).map(({ name, example }) => `&${name}=${String(example)}`);

describe('the character NUL', () => {
  it('is refused in every text of every body, by the name of its field', async () => {
    let tried = 0;
    for (const operation of withExample()) {
      const { body, method, path } = operation;
      for (const at of pathsOf(body!.example)) {
        const text = valueAt(body!.example, at);
        if (typeof text !== 'string') continue;
        for (const sent of ['\0', `${text}\0`]) {
          const { status, pointers } = await send(operation, withAt(body!.example, at, sent));
          expect([method, path, at, status, pointers]).toEqual([method, path, at, 400, [pointerOf(at)]]);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(150);
  }, 120_000);

  it('is refused in queries', async () => {
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const { name } of operation.queries) {
        const { status, pointers } = await send(
          operation,
          undefined,
          `?${name}=a%00${required(operation, name).join('')}`,
        );
        expect([operation.path, name, status, pointers]).toEqual([operation.path, name, 400, [`/${name}`]]);
      }
    }
  }, 60_000);

  it('is refused as part of a field’s name, and by tRPC and NATS alike', async () => {
    const named = await core.http('/api/v1/tickets', { json: { subject: 'x', customFields: { 'a\0': 1 } } });
    expect([named.status, named.body['errors']]).toEqual([
      400,
      [expect.objectContaining({ pointer: '/customFields' })],
    ]);
    const input = { name: '\0', firstResponseTime: 30 };
    const http = await core.http('/api/v1/sla/policies', { json: input });
    const trpc = await core.http('/api/trpc/sla.createPolicy', { json: { json: input } });
    expect(trpc.body['error']).toMatchObject({ json: { message: http.body['detail'], data: { code: 'BAD_REQUEST' } } });
    const { err } = (await core.ask('desk.core.sla.create-policy', input, core.actorOf(core.acme, 'admin'))) as {
      err: unknown;
    };
    expect(err).toMatchObject({ code: 'BAD_REQUEST', message: http.body['detail'], problems: http.body['errors'] });
  });
});

describe('numbers and days that are out of this world', () => {
  it('in bodies never break anything', async () => {
    for (const operation of withExample()) {
      const { body, method, path } = operation;
      for (const at of pathsOf(body!.example)) {
        if (typeof valueAt(body!.example, at) !== 'number') continue;
        for (const sent of [-1, 0.5, 2_147_483_648, 1e15, 1e308]) {
          const { status } = await send(operation, withAt(body!.example, at, sent));
          expect([method, path, at, sent, status < 500]).toEqual([method, path, at, sent, true]);
        }
      }
    }
  }, 120_000);

  it('in queries never break anything', async () => {
    const days = ['0000-01-01', '0000-12-31T23:59:59Z', '0001-01-01', '0001-01-01T00:00:00%2B14:00', '9999-12-31'];
    const all = [
      ...days,
      '9999-12-31T23:59:59.999Z',
      '9999-12-31T23:59:59-14:00',
      '99999999999999999999',
      '-1',
      '1e308',
    ];
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      for (const { name } of operation.queries.filter((one) => !['cursor', 'q', 'text'].includes(one.name))) {
        for (const sent of all) {
          const { status } = await send(operation, undefined, `?${name}=${sent}${required(operation, name).join('')}`);
          expect([operation.path, name, sent, status < 500]).toEqual([operation.path, name, sent, true]);
        }
      }
    }
  }, 120_000);

  it('are no endless series', async () => {
    for (const period of ['day', 'week', 'month']) {
      const last = await core.http(`/api/v1/tickets/stats?from=9999-12-30&to=9999-12-31&period=${period}`);
      expect([period, last.status, (last.body['series'] as unknown[]).length]).toEqual([
        period,
        200,
        expect.any(Number),
      ]);
      const first = await core.http(`/api/v1/tickets/stats?to=0001-01-05&period=${period}`);
      expect([period, first.status]).toEqual([period, 200]);
    }
  }, 10_000);

  it('mean what they say where they are meant: “never” of .NET and of SQL', async () => {
    const all = '/api/v1/tickets?createdFrom=0001-01-01T00:00:00Z&createdTo=9999-12-31T23:59:59.999Z&limit=1';
    expect((await core.http(all)).body['items']).toHaveLength(1);
    expect(
      (await core.http('/api/v1/tickets?createdFrom=0001-01-01&createdTo=9999-12-31&limit=1')).body['items'],
    ).toHaveLength(1);
    expect((await core.http('/api/v1/tickets?createdFrom=9999-12-31')).body['items']).toEqual([]);
    const tooEarly = await core.http('/api/v1/tickets?createdFrom=0000-12-31');
    expect(tooEarly.body['errors']).toEqual([expect.objectContaining({ pointer: '/createdFrom' })]);
  });
});

describe('a cursor that was written by hand', () => {
  it('is refused, or is a place where nothing is', async () => {
    const id = '01a20094-0000-7000-8000-000000000000';
    const of = (text: string) => encodeURIComponent(Buffer.from(text).toString('base64url'));
    const instants = ['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', '2026-02-28T24:00:00.000Z'];
    const first = await core.http('/api/v1/tickets?limit=1');
    const [list] = Buffer.from(String(first.body['nextCursor']), 'base64url').toString().split('\n');
    const keys = instants.map((at) => of([list, `${at.slice(0, 10)} ${at.slice(11, 19)}+00`, id].join('\n')));
    const all = [...instants.map((at) => of(`${at} ${id}`)), ...keys, of(`${id} \0`), of(`${id} \ud800`), '%FF'];
    const pages = operations.filter(({ queries }) => queries.some(({ name }) => name === 'cursor'));
    expect(pages.length).toBeGreaterThan(15);
    for (const operation of pages) {
      for (const cursor of all) {
        const { status } = await send(
          operation,
          undefined,
          `?cursor=${cursor}${required(operation, 'cursor').join('')}`,
        );
        expect([operation.path, cursor, status < 500]).toEqual([operation.path, cursor, true]);
      }
    }
    const policy = { name: 'x', firstResponseTime: 30 };
    for (const at of instants) {
      const json = { policy, since: '2026-01-01', cursor: `${at}_${id}` };
      expect((await core.http('/api/v1/sla/policies/backtest', { json })).status).toBe(400);
    }
  }, 60_000);
});

it('no request may take for ever to arrive', () => {
  expect(core.app.getHttpServer()).toMatchObject({ requestTimeout: 25 * 1_024 * 32, headersTimeout: 60_000 });
});

it('after all that, tickets are opened and answered as before', async () => {
  const { status, body } = await core.http('/api/v1/tickets', { json: { subject: 'Still there?' } });
  expect(status).toBe(201);
  expect((await core.http(`/api/v1/tickets/${String(body['id'])}/messages`, { json: { content: 'Yes' } })).status).toBe(
    201,
  );
});
