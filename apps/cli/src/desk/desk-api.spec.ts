import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { DeskApi, refusal } from './desk-api.js';

const problem = (code: string, detail: string, errors?: unknown) => JSON.stringify({ code, detail, errors });

describe('what the desk refused', () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 4],
    [409, 5],
    [422, 5],
    [413, 2],
    [429, 6],
    [503, 6],
  ])('%d ends with %d', (status, exitCode) =>
    expect(refusal(status, problem('X', 'why'))).toMatchObject({ exitCode, message: 'why (X)' }),
  );

  it('names each field once', () => {
    const errors = [
      { pointer: '/subject', message: 'must not be empty' },
      { pointer: '/customFields/plan', message: 'must be one of a, b' },
    ];
    const text = refusal(400, problem('BAD_REQUEST', 'subject: must not be empty', errors)).message;
    expect(text).toBe('subject: must not be empty (BAD_REQUEST)\n  customFields.plan: must be one of a, b');
  });

  it('does not pretend to understand a proxy’s page', () => {
    expect(refusal(502, '<html>Bad gateway</html>')).toMatchObject({ exitCode: 6, message: /answered 502/ });
  });
});

describe('asking the desk', () => {
  const asking = async (answers: [number, Record<string, string>][]) => {
    let asked = 0;
    const server = createServer((_, response) => {
      const [status, headers] = answers[Math.min(asked++, answers.length - 1)]!;
      response.writeHead(status, headers).end('{"code":"X","detail":"y"}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const api = new DeskApi({ url: `http://127.0.0.1:${port}`, apiKey: 'dw_12345678', from: 'a test' });
    const outcome = await api.get('/tickets').catch((error: unknown) => error);
    server.close();
    return { asked, outcome };
  };

  it('asks again after too many requests, when the desk says so', async () => {
    expect(
      await asking([
        [429, { 'retry-after': '0' }],
        [429, { 'retry-after': '0' }],
        [200, {}],
      ]),
    ).toMatchObject({
      asked: 3,
      outcome: { code: 'X' },
    });
  });

  it('goes on from the cursor that it was given, page after page', async () => {
    const seen: (string | null)[] = [];
    const server = createServer(({ url }, response) => {
      const cursor = new URL(url!, 'http://desk').searchParams.get('cursor');
      seen.push(cursor);
      response.end(JSON.stringify({ items: [cursor], nextCursor: cursor === 'b' ? 'c' : null }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const api = new DeskApi({ url: `http://127.0.0.1:${port}`, apiKey: 'dw_12345678', from: 'a test' });
    for (const query of [{ cursor: 'b' }, {}]) for await (const _ of api.pages('/tickets', query));
    server.close();
    expect(seen).toEqual(['b', 'c', null]);
  });

  it('knows an answer that is no Deskwire’s', async () => {
    const server = createServer((_, response) => response.end('<html>'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const api = new DeskApi({ url: `http://127.0.0.1:${port}`, apiKey: 'dw_12345678', from: '--url' });
    await expect(api.get('/tickets')).rejects.toMatchObject({ exitCode: 6, message: /not as a Deskwire/ });
    server.close();
  });

  it('does not wait for long, nor where nobody says for how long, nor for other refusals', async () => {
    for (const answer of [
      [429, { 'retry-after': '3600' }],
      [429, {}],
      [503, { 'retry-after': '0' }],
    ] as [number, Record<string, string>][])
      expect(await asking([answer])).toMatchObject({ asked: 1, outcome: { exitCode: 6 } });
  });
});
