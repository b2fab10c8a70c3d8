import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../support/core.js';

// What the document “What are tickets” (incidents about devices, integrations, spaces) says, against the real server.

type Json = Record<string, unknown>;
let core: TestCore;
beforeAll(async () => void (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const call = async <T = Json>(method: string, path: string, json?: unknown) => {
  const { status, body } = await core.http(`/api${path}`, { method, ...(json !== undefined && { json }) });
  return { status, body: body as T };
};
const timeline = async (id: unknown) => {
  const { body } = await call<{ items: { type: string; oldValue: unknown; newValue: unknown }[] }>(
    'GET',
    `/tickets/${String(id)}/activities`,
  );
  return body.items;
};
const opened = async (fields: Json = {}) =>
  (
    await call('POST', '/tickets', {
      subject: 'Device offline',
      source: 'health_monitor',
      kind: 'Device offline',
      entity: { type: 'device', id: 'device-7', name: 'Lobby sensor' },
      ...fields,
    })
  ).body;

describe('What a ticket is', () => {
  it('carries state, source, subject, kind, description and a running number', async () => {
    const first = await opened({ description: 'The **lobby** sensor is silent.' });
    expect(first).toMatchObject({
      status: 'open',
      source: 'health_monitor',
      kind: 'Device offline',
      entity: { type: 'device', id: 'device-7', name: 'Lobby sensor' },
      description: 'The **lobby** sensor is silent.',
    });
    const second = await opened();
    expect(second['number']).toBe((first['number'] as number) + 1);
    // “used in URLs”
    expect((await call('GET', `/tickets/${String(second['number'])}`)).body['id']).toBe(second['id']);
    expect((await call('GET', `/tickets/%23${String(second['number'])}`)).body['id']).toBe(second['id']);
  });

  it.each(['health_monitor', 'user', 'workflow'])('comes from %s', async (source) => {
    const ticket = await opened({ source });
    expect(ticket['source']).toBe(source);
    const list = await call<{ items: Json[] }>('GET', `/tickets?source=${source}`);
    expect(list.body.items.map(({ id }) => id)).toContain(ticket['id']);
    expect(new Set(list.body.items.map((one) => one['source']))).toEqual(new Set([source]));
  });

  it('a workflow may supply a kind of its own', async () => {
    expect(await opened({ source: 'workflow', kind: 'Freezer too warm in aisle 5' })).toMatchObject({
      kind: 'Freezer too warm in aisle 5',
    });
  });

  it.each(['device', 'integration', 'space', 'user'])('is about a %s', async (type) => {
    const ticket = await opened({ entity: { type, id: `${type}-1` } });
    const list = await call<{ items: Json[] }>('GET', `/tickets?entity=${type}:${type}-1`);
    expect(list.body.items.map(({ id }) => id)).toEqual([ticket['id']]);
  });
});

it('a subject is its type, id and name, and no more', async () => {
  const entity = { type: 'device', id: 'device-7', floor: 3 };
  expect(await call('POST', '/tickets', { subject: 'x', entity })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/entity', message: 'has no field “floor”' }] },
  });
});

describe('What you do with a ticket', () => {
  it('start, comment, edit the description, resolve, reopen: each on the timeline', async () => {
    const ticket = await opened({ description: 'First words' });
    const path = `/tickets/${String(ticket['id'])}`;
    expect(await call('POST', `${path}/start`)).toMatchObject({ body: { status: 'in_progress' } });
    expect(await call('POST', `${path}/comments`, { body: 'Power cycled it.', internal: true })).toMatchObject({
      status: 201,
    });
    expect(await call('PATCH', path, { description: 'Better words' })).toMatchObject({
      body: { description: 'Better words' },
    });
    expect(await call('POST', `${path}/resolve`)).toMatchObject({
      body: { status: 'resolved', resolvedAt: expect.any(String) },
    });
    expect(await call('POST', `${path}/reopen`)).toMatchObject({
      body: { id: ticket['id'], status: 'open', resolvedAt: null },
    });
    const lines = await timeline(ticket['id']);
    expect(lines.map(({ type }) => type)).toEqual([
      'created',
      'status_changed',
      'note_added',
      'description_edited',
      'resolved',
      'reopened',
    ]);
    expect(lines[3]).toMatchObject({
      oldValue: { description: 'First words' },
      newValue: { description: 'Better words' },
    });
  });

  it('every transition is told to whoever listens', async () => {
    const ticket = await opened();
    const path = `/tickets/${String(ticket['id'])}`;
    for (const step of ['start', 'resolve', 'reopen']) await call('POST', `${path}/${step}`);
    await call('POST', `${path}/comments`, { body: 'Looking', internal: true });
    const events = await core.sql<{ name: string; payload: { changes?: { to: string }[] } }>(
      `SELECT name, payload FROM outbox WHERE payload->>'ticketId' = $1 ORDER BY id`,
      [ticket['id']],
    );
    expect(events.map(({ name, payload }) => [name, payload.changes?.[0]?.to].filter(Boolean).join(' '))).toEqual([
      'ticket.opened',
      'ticket.updated in_progress',
      'ticket.updated resolved',
      'ticket.updated open',
      'message.posted',
    ]);
  });
});
