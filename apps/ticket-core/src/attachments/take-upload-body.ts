import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RouteOptions } from 'fastify';

/** Of a request whose body is left in its stream. No client's type: it never comes from outside the upload's route. */
const LEFT_IN_STREAM = 'application/x-deskwire-upload';

/**
 * The bodies of uploads are not parsed, whatever their type: a JSON file is a file there, and the limit on bodies is not for
 * them. The handler reads the request's own stream. What stands in `body` is what the upload is, for the idempotency key.
 */
export function leaveUploadsInStream(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addContentTypeParser(LEFT_IN_STREAM, (request, _payload, done) => done(null, headOf(request)));
  fastify.addHook('onRoute', (route: RouteOptions) => {
    if (route.method !== 'POST' || !route.url.endsWith('/tickets/:ticket/attachments')) return;
    route.onRequest = [
      ...[route.onRequest ?? []].flat(),
      (request, _reply, done) => {
        request.headers = { ...request.headers, 'content-type': LEFT_IN_STREAM };
        done();
      },
    ];
  });
}

const headOf = ({ raw: { headers } }: FastifyRequest) => ({
  // The boundary of a form is another one with each try.
  type: headers['content-type']?.split(';')[0],
  disposition: headers['content-disposition'],
  length: headers['content-length'],
});
