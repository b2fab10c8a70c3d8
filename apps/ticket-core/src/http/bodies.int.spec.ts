import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let url: string;
beforeAll(async () => {
  core = await TestCore.start();
  url = await core.app.getUrl();
}, 60_000);
afterAll(() => core.close());

const send = async (path: string, type: string | null, body: string, headers: Record<string, string> = bearer()) => {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { ...headers, ...(type !== null && { 'content-type': type }) },
    // Bytes, or fetch would name a type of its own.
    body: Buffer.from(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const bearer = () => ({ authorization: `Bearer ${core.acme.apiKey}` });
const FORM = 'application/x-www-form-urlencoded';

describe('bodies of requests', () => {
  it('count as none when they are empty, whatever the type says', async () => {
    const { body } = await send('/tickets', 'application/json', '{"subject":"Steps"}');
    for (const [step, status] of [
      ['start', 'in_progress'],
      ['resolve', 'resolved'],
      ['reopen', 'open'],
      ['close', 'closed'],
      ['restore', 'closed'],
    ])
      expect(await send(`/tickets/${String(body['number'])}/${step}`, 'application/json', '')).toMatchObject({
        status: 200,
        body: { status },
      });
    expect(await send('/tickets', 'application/json', '')).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
  });

  it('are JSON by curl’s -d too, for who shows a key', async () => {
    expect(await send('/tickets', FORM, ' {"subject":"By curl -d"}')).toMatchObject({
      status: 201,
      body: { subject: 'By curl -d' },
    });
    expect(await send('/tickets', FORM, '{"subject":')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  it.each([
    [FORM, 'subject=Forged'],
    [FORM, '{"subject":"Forged"}'],
    ['text/plain', '{"subject":"Forged"}'],
    ['application/xml', '<subject>Forged</subject>'],
  ])('are not taken as %s with a cookie: a page of somebody else’s could send %s', async (type, text) => {
    expect(await send('/tickets', type, text, { cookie: `deskwire_session=${core.acme.apiKey}` })).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE', detail: expect.stringContaining('application/json') },
    });
    expect(await core.sql(`SELECT 1 FROM tickets WHERE subject = 'Forged'`)).toEqual([]);
  });

  it('nest no deeper than anything that is meant', async () => {
    const deep = `{"subject":"deep","customFields":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`;
    for (const type of ['application/json', FORM])
      expect(await send('/tickets', type, deep)).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', detail: 'The body must not nest deeper than 100 levels' },
      });
    const answer = await fetch(`${url}/api/trpc/tickets.create`, {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: `{"json":${deep}}`,
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'BAD_REQUEST' }]);
  });

  it('and procedures are found with and without /v1', async () => {
    for (const base of ['/api', '/api/v1']) {
      const answer = await fetch(`${url}${base}/trpc/sla.listPolicies`, { headers: bearer() });
      expect([base, answer.status, await answer.json()]).toMatchObject([base, 200, { result: { data: {} } }]);
    }
  });

  it('and addresses that cannot be read are told like any other mistake', async () => {
    for (const path of ['/tickets/%zz', '/tickets/%ff'])
      expect(await send(path, 'application/json', '{}')).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', instance: `/api/v1${path}` },
      });
  });

  it('larger than is read are refused when all is said, or a client that is still writing finds a broken pipe', async () => {
    const text = `{"subject":"${'x'.repeat(4_000_000)}"}`;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    socket.write(
      `POST /api/v1/tickets HTTP/1.1\r\nHost: desk\r\nAuthorization: ${bearer().authorization}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, 1_000)}`,
    );
    // Time enough to answer too early.
    await sleep(500);
    const before = heard;
    socket.end(text.slice(1_000));
    await once(socket, 'close');
    expect(before).toBe('');
    expect(heard).toMatch(/^HTTP\/1\.1 413 [\s\S]+"code":"PAYLOAD_TOO_LARGE"/);
  }, 30_000);

  it('and methods that an address does not take are told with those that it does', async () => {
    for (const [method, path, allow] of [
      ['PUT', '/tickets/1', 'DELETE, GET, HEAD, PATCH'],
      ['DELETE', '/tickets/', 'GET, HEAD, POST'],
      ['GET', '/tickets/1/assign?x=1', 'POST'],
    ] as const) {
      const answer = await fetch(`${url}/api${path}`, { method, headers: bearer() });
      expect([answer.status, answer.headers.get('allow'), await answer.json()]).toMatchObject([
        405,
        allow,
        { code: 'METHOD_NOT_ALLOWED', detail: `This address takes ${allow}` },
      ]);
    }
    const nowhere = await fetch(`${url}/api/tickets/1/nowhere`, { method: 'PUT', headers: bearer() });
    expect([nowhere.status, nowhere.headers.get('allow')]).toEqual([404, null]);
  });

  it('set no prototype', async () => {
    for (const text of ['{"subject":"x","__proto__":{"a":1}}', '{"subject":"x","customFields":{"__proto__":{"a":1}}}'])
      expect(await send('/tickets', 'application/json', text)).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST' },
      });
  });
});
