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
  fastify.addContentTypeParser(LEFT_IN_STREAM, (request, _payload, done) => {
    if (isUpload(request.routeOptions.url)) done(null, headOf(request));
    else done(Object.assign(new Error('This type is not for the outside'), { statusCode: 415 }));
  });
  fastify.addHook('onRoute', (route: RouteOptions) => {
    if (route.method !== 'POST' || !isUpload(route.url)) return;
    route.onRequest = [
      ...[route.onRequest ?? []].flat(),
      (request, _reply, done) => {
        request.headers = { ...request.headers, 'content-type': LEFT_IN_STREAM };
        done();
      },
    ];
  });
}

const isUpload = (url: string | undefined): boolean => url?.endsWith('/tickets/:ticket/attachments') ?? false;

const headOf = ({ raw: { headers } }: FastifyRequest) => ({
  // The boundary of a form is another one with each try.
  type: headers['content-type']?.split(';')[0],
  disposition: headers['content-disposition'],
  length: headers['content-length'],
});
