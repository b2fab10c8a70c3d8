import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RawServerDefault } from 'fastify';
import { DeskError } from '#shared/errors/desk-error.js';
import { jsonReader } from '#shared/service/read-json.js';

const SEND_JSON = 'Send JSON: with the header “Content-Type: application/json”';
const FORM = 'application/x-www-form-urlencoded';

/**
 * The API takes JSON. What a page of somebody else's may send with a visitor's cookie and without asking (a form, plain
 * text: "simple requests" of the Fetch standard) is refused, so that no such page acts for who has a session.
 * `curl -d '{…}'` calls its JSON a form: with a key in the Authorization header, which no page can send, it is read.
 */
export function takeJsonOnly(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const read = jsonReader(fastify);
  app.useBodyParser<RawServerDefault>(FORM, {}, (request, body: Buffer, done) => {
    const text = body.toString('utf8');
    if (request.headers.authorization !== undefined && text.trimStart().startsWith('{')) read(request, text, done);
    else if (text === '' && request.headers.authorization !== undefined) done(null, undefined);
    else done(new DeskError('UNSUPPORTED_MEDIA_TYPE', SEND_JSON), undefined);
  });
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser('*', (_request, _payload, done) =>
    done(new DeskError('UNSUPPORTED_MEDIA_TYPE', SEND_JSON)),
  );
}
