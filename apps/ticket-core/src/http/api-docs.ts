import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_CODES } from '#shared/errors/error-codes.js';
import { SESSION_COOKIE } from './session.js';

const ABOUT = `Tickets, messages, people and SLA by HTTP. Every path is there without \`/v1\` too.

Send an API key as \`Authorization: Bearer dw_…\`. What is refused is \`application/problem+json\` (RFC 9457) with a \`code\`, and
in \`errors\` a JSON pointer (RFC 6901) to each field that is wrong. A POST with an \`Idempotency-Key\` does its work once.`;

/** OpenAPI from the same schemas that parse the requests: a page at /api/docs, JSON at /api/docs-json. */
export function serveApiDocs(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Deskwire')
    .setDescription(ABOUT)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: dw_…' })
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie', description: 'The same key, as a cookie' })
    .build();
  SwaggerModule.setup('api/docs', app, () => readable(SwaggerModule.createDocument(app, config)));
}

type Paths = OpenAPIObject['paths'];
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

/** Each operation once, by its first name, and with what it refuses. */
export function readable(document: OpenAPIObject): OpenAPIObject {
  const paths: Paths = {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      // A controller with several addresses has its operations numbered: TagsHttp_list[0], [1] …
      const [, name, place = '0'] = /^(\w+?)(?:\[(\d+)\])?$/.exec(operation?.operationId ?? '') ?? [];
      if (!operation || !name || place !== '0' || !path.startsWith('/api/v1/')) continue;
      const operationId = name.replace('Http', '');
      const responses = { ...operation.responses, default: { $ref: '#/components/responses/Problem' } };
      const security = [{ bearer: [] }, { cookie: [] }];
      paths[path] = { ...paths[path], [method]: { ...operation, operationId, responses, security } };
    }
  }
  const components = { ...document.components, responses: { ...document.components?.responses, Problem: PROBLEM } };
  return { ...document, paths, components };
}

const PROBLEM = {
  description: 'It was refused.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code', 'detail'],
        properties: {
          type: { type: 'string', example: 'https://deskwire.dev/errors/bad_request' },
          title: { type: 'string', example: ERROR_CODES.BAD_REQUEST.title },
          status: { type: 'integer', example: 400 },
          code: { type: 'string', enum: Object.keys(ERROR_CODES) },
          detail: { type: 'string', example: 'subject: must not be empty' },
          instance: { type: 'string', example: '/api/v1/tickets' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              required: ['pointer', 'message'],
              properties: {
                pointer: { type: 'string', example: '/subject' },
                message: { type: 'string', example: 'must not be empty' },
              },
            },
          },
        },
      },
    },
  },
};
