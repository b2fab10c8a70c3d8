import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RawServerDefault } from 'fastify';

/**
 * JSON bodies as Fastify reads them, but that an empty one counts as none: clients set the type on every request, and
 * `POST …/resolve` needs no body. A `__proto__` in it is refused, as before.
 */
export function readJsonBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const { bodyLimit } = fastify.initialConfig;
  // By Nest's own way, or it would register its parser over this one.
  app.useBodyParser<RawServerDefault>(
    'application/json',
    bodyLimit === undefined ? {} : { bodyLimit },
    (request, body: Buffer, done) => {
      if (body.length === 0) done(null, undefined);
      else void parse(request, body.toString('utf8'), done);
    },
  );
}
