import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { readStackConfig } from './config.js';
import { freePorts } from './free-ports.js';
import { makeRoom } from './make-room.js';

const PORTS = ['CORE_HTTP_PORT', 'SMTP_PORT', 'SLACK_HTTP_PORT', 'PLAYGROUND_PORT', 'POSTGRES_PORT', 'NATS_PORT'];

it('moves a quiet port that is taken, unless somebody chose it, and no other', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as { port: number };
  const [mail, playground, ...others] = (await freePorts(2 + PORTS.length)).map(String);
  const env = Object.fromEntries(PORTS.map((name, place) => [name, others[place]]));
  const quiet = { MAIL_HTTP_PORT: Number(mail), SLA_HTTP_PORT: taken, PLAYGROUND_SMTP_PORT: Number(playground) };

  const free = await makeRoom({ ...readStackConfig(env), ...quiet });
  expect(free).toMatchObject({ ...quiet, SLA_HTTP_PORT: expect.any(Number) });
  expect([taken, ...others.map(Number)]).not.toContain(free.SLA_HTTP_PORT);
  const chosen = await makeRoom(readStackConfig({ ...env, SLA_HTTP_PORT: String(taken) }));
  expect(chosen.SLA_HTTP_PORT).toBe(taken);
  server.close();
});
