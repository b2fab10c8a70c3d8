import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HttpAnswer, TestCore } from '../support/core.js';
import { documentedOperations, filledPath, type Operation } from './documentation.js';
import { ResponseSchemas } from './response-schemas.js';
import { Things } from './things.js';

// Every operation that the API documents is called with its own example, and answers as documented. Only ids cannot be
// taken from an example: things are made for them.

type Json = Record<string, unknown>;
type Known = Map<string, string>;

let core: TestCore;
let things: Things;
let operations: Operation[];
let schemas: ResponseSchemas;
beforeAll(async () => {
  core = await TestCore.start();
  things = new Things(core, core.acme, 'Example');
  const documented = await documentedOperations(core);
  ({ operations } = documented);
  schemas = new ResponseSchemas(documented.document);
}, 90_000);
afterAll(() => core.close());

const make = async (name: string, ...others: string[]) => (await things.forPath([name, ...others])).get(name)!;

/** Fields of examples that name a thing, and what stands there instead. */
const REAL: Readonly<Record<string, (known: Known) => unknown>> = {
  into: () => make('ticket'),
  to: () => make('ticket'),
  ticket: () => make('ticket'),
  tickets: async () => [await make('ticket'), await make('ticket')],
  messageIds: async (known) => [await messageOn(known.get('ticket')!)],
  intoId: () => make('contact'),
  views: async () => [await make('view')],
  version: () => 1,
  categories: async () => {
    const { body } = await core.http('/api/v1/ticket-categories');
    return (body['items'] as { name: string }[]).map(({ name }) => name).toReversed();
  },
};

async function messageOn(ticket: string): Promise<string> {
  const { id } = await things.post<{ id: string }>(`/tickets/${ticket}/messages`, { content: things.words('message') });
  await things.post(`/tickets/${ticket}/messages`, { content: things.words('message that stays') });
  return id;
}

const startTimer = async () => {
  await things.post(`/tickets/${await make('ticket')}/timer/start`, { switch: true });
};
const step = (name: string) => async (known: Known) => {
  await things.post(`/tickets/${known.get('ticket')}/${name}`, {});
};
const address = (email: (known: Known) => string) => async (known: Known) => {
  await things.post(`/contacts/${known.get('contact')}/addresses`, { email: email(known) });
};

/** What must have happened before. */
const BEFORE: Readonly<Record<string, (known: Known) => Promise<void>>> = {
  Contacts_removeAddress: address((known) => known.get('email')!),
  // It has been given to somebody by the example of adding one.
  Contacts_removeNamedAddress: async (known) => {
    const { body } = await core.http('/api/v1/contacts?q=casey@home.example');
    const [holder] = body['items'] as { id: string }[];
    if (holder) known.set('contact', holder.id);
    else await address(() => 'casey@home.example')(known);
  },
  Merges_unmerge: async (known) => {
    await things.post(`/tickets/${known.get('ticket')}/merge`, { into: await make('ticket') });
  },
  Teams_removeMember: async (known) => {
    await core.http(`/api/v1/teams/${known.get('team')}/members/${known.get('agent')}`, { method: 'PUT' });
  },
  TicketSla_resume: step('sla/pause'),
  TicketSteps_reopen: step('resolve'),
  TicketSteps_restore: async (known) => {
    await core.http(`/api/v1/tickets/${known.get('ticket')}`, { method: 'DELETE' });
  },
  Timer_stop: startTimer,
  Timer_discard: startTimer,
};

async function real(example: unknown, known: Known): Promise<unknown> {
  if (typeof example !== 'object' || example === null || Array.isArray(example)) return example;
  const body: Json = { ...(example as Json) };
  for (const name of Object.keys(body)) if (REAL[name]) body[name] = await REAL[name](known);
  return body;
}

/** As `style` and `explode` of the document say. */
const queryOf = (parameters: Operation['queries']): string =>
  new URLSearchParams(
    parameters.flatMap(({ name, example, style }): [string, string][] =>
      style === 'deepObject'
        ? Object.entries(example as Json).map(([key, value]) => [`${name}[${key}]`, String(value)])
        : [[name, Array.isArray(example) ? example.join(',') : String(example)]],
    ),
  ).toString();

function expectAsDocumented(operation: Operation, asked: string, answer: HttpAnswer): void {
  const told = `${operation.method} ${operation.path} ${asked}`;
  const expected = operation.success.status;
  if (answer.status !== expected) {
    throw new Error(`${told}: ${answer.status} instead of ${expected}: ${JSON.stringify(answer.body)}`);
  }
  const json = operation.success.contents.find(({ type }) => type === 'application/json');
  if (!json?.schema || operation.method === 'HEAD') return;
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const problems = schemas.problemsOf(json.schema, answer.body);
  if (problems.length > 0) throw new Error(`${told} answers otherwise than documented:\n${problems.join('\n')}`);
}

async function call(operation: Operation, queries: Operation['queries']): Promise<void> {
  const known = await things.forPath(operation.pathNames, operation.id);
  await BEFORE[operation.id]?.(known);
  const isJson = operation.body?.contentType === 'application/json';
  const json = isJson ? await real(operation.body!.example, known) : undefined;
  const asked = queryOf(queries);
  const answer = await core.http(`/api/v1${filledPath(operation.path, known)}${asked && `?${asked}`}`, {
    method: operation.method,
    ...(json !== undefined && { json }),
    ...(operation.body && !isJson && upload()),
  });
  expectAsDocumented(operation, `?${asked} ${JSON.stringify(json)}`, answer);
}

const upload = () => ({ body: 'a line of a log\n', headers: { 'content-type': 'application/octet-stream' } });

describe('every documented operation', () => {
  it('is held to its schema: a field too many, too few or of another kind is noticed', async () => {
    const read = operations.find(({ id }) => id === 'Tickets_get')!;
    const schema = read.success.contents[0]!.schema!;
    const { body } = await core.http(`/api/v1/tickets/${await make('ticket')}`);
    expect(schemas.problemsOf(schema, body)).toEqual([]);
    expect(schemas.problemsOf(schema, { ...body, secret: 1 })).toHaveLength(1);
    expect(schemas.problemsOf(schema, { ...body, subject: undefined })).toHaveLength(1);
    expect(schemas.problemsOf(schema, { ...body, number: '42' })).toHaveLength(1);
    expect(schemas.problemsOf(schema, { ...body, status: 'lost' })).toHaveLength(1);
  });

  it('is called with its own example and answers as documented', async () => {
    const failures: string[] = [];
    for (const operation of operations) {
      await call(
        operation,
        operation.queries.filter(({ required }) => required),
      ).catch((error: unknown) => failures.push((error as Error).message));
    }
    expect(failures).toEqual([]);
    expect(operations.length).toBeGreaterThan(140);
  }, 120_000);

  it('takes each of its parameters as in its example', async () => {
    const failures: string[] = [];
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const required = operation.queries.filter((one) => one.required);
      for (const query of operation.queries.filter((one) => !one.required && one.example !== undefined)) {
        await call(operation, [...required, query]).catch((error: unknown) => failures.push((error as Error).message));
      }
    }
    expect(failures).toEqual([]);
  }, 120_000);

  it('needs a body where the document says so, and nowhere else', async () => {
    const optional: string[] = [];
    for (const operation of operations.filter(({ body }) => body?.contentType === 'application/json')) {
      const known = await things.forPath(operation.pathNames, operation.id);
      await BEFORE[operation.id]?.(known);
      const { method, path, body } = operation;
      const { status } = await core.http(`/api/v1${filledPath(path, known)}`, { method });
      expect([method, path, status]).toEqual([method, path, body!.required ? 400 : operation.success.status]);
      if (!body!.required) optional.push(operation.id);
    }
    expect(optional).toEqual(expect.arrayContaining(['TicketSteps_resolve', 'TicketTimer_start', 'TicketSla_pause']));
  }, 60_000);

  it('takes a form with files where it takes files', async () => {
    const uploads = operations.filter(({ id }) => id === 'TicketAttachments_upload');
    expect(uploads).toHaveLength(1);
    const form = new FormData();
    form.append('file', new Blob(['one']), 'one.txt');
    form.append('file', new Blob(['two']), 'two.txt');
    const response = await fetch(`${core.url}/api/v1/tickets/${await make('ticket')}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${core.acme.apiKey}` },
      body: form,
    });
    const body = (await response.json()) as { items: { name: string }[] };
    expect(schemas.problemsOf(uploads[0]!.success.contents[0]!.schema!, body)).toEqual([]);
    expect(body.items.map(({ name }) => name)).toEqual(['one.txt', 'two.txt']);
  });

  it('answers a table where it says that it can', async () => {
    const tables = operations.filter(({ success }) => success.contents.some(({ type }) => type === 'text/csv'));
    expect(tables.map(({ id }) => id)).toEqual(['SlaReports_get', 'TimeEntries_list']);
    for (const { path, queries } of tables) {
      const asked = queryOf(queries.filter(({ required }) => required));
      const { status, headers } = await core.http(`/api/v1${path}?${asked}`, { headers: { accept: 'text/csv' } });
      expect([path, status, headers.get('content-type')]).toEqual([path, 200, expect.stringMatching(/^text\/csv/)]);
    }
  });
});
