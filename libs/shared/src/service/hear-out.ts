import type { IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A client that sends more, or for longer, finds its connection closed. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_MS = 5_000;

/**
 * Reads what is left of a body that was refused (too large, of a type that is not read) before the refusal goes out.
 * Fastify closes the connection after it, and a client that is still writing then sees a broken pipe instead of the 413
 * (RFC 9112 9.6): `fetch` throws it away.
 */
export function hearOutRefusedBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (reply.getHeader('connection') === 'close' && !request.raw.complete) await hearOut(request.raw);
    return payload;
  });
}

function hearOut(body: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const done = (): void => {
      clearTimeout(giveUp);
      body.off('data', count).off('end', done).off('close', done);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) done();
    };
    const giveUp = setTimeout(done, LONGEST_MS);
    body.on('data', count).on('end', done).on('close', done).resume();
  });
}
