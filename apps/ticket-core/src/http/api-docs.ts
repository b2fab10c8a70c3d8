import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ERROR_CODES } from '#shared/errors/error-codes.js';
import { wordsOf } from './api-parameters.js';
import { apiSchemaOf } from './api-schemas.js';
import { SESSION_COOKIE } from './session.js';

const ABOUT = `Tickets, messages, people and SLA by HTTP. Every path is there without \`/v1\` too.

Send an API key as \`Authorization: Bearer dw_…\`. What is refused is \`application/problem+json\` (RFC 9457) with a \`code\`, and
in \`errors\` a JSON pointer (RFC 6901) to each field that is wrong. A POST with an \`Idempotency-Key\` does its work once.`;

/** A page at /api/docs, JSON at /api/docs-json. */
export function serveApiDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => describeApi(app));
}

/** OpenAPI 3.0 from the same schemas that parse the requests. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Deskwire')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'this desk')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: dw_…' })
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie', description: 'The same key, as a cookie' })
    .build();
  return readable(SwaggerModule.createDocument(app, config, { standardSchemaConverter: apiSchemaOf }));
}

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { name: string }>;
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

/** In the order in which people ask for them; what is not named here comes last. */
const CHAPTERS = [
  'tickets',
  'messages',
  'comments',
  'attachments',
  'time',
  'sla',
  'links',
  'watchers',
  'notifications',
  'tags',
  'categories',
  'custom fields',
  'canned responses',
  'templates',
  'views',
  'contacts',
  'companies',
  'agents',
  'teams',
  'api keys',
  'organisation',
  'audit',
];

/** Each operation once, by its first name, with what each parameter means and with what it refuses. */
export function readable(document: OpenAPIObject): OpenAPIObject {
  const paths: Paths = {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      // A controller with several addresses has its operations numbered: TagsHttp_list[0], [1] …
      const [, name, place = '0'] = /^(\w+?)(?:\[(\d+)\])?$/.exec(operation?.operationId ?? '') ?? [];
      if (!operation || !name || place !== '0' || !path.startsWith('/api/v1/')) continue;
      const told = described(operation, name.replace('Http', ''), method);
      paths[path] = { ...paths[path], [method]: told };
    }
  }
  const components = { ...document.components, responses: { ...document.components?.responses, Problem: PROBLEM } };
  return { ...document, tags: CHAPTERS.map((name) => ({ name })), paths, components };
}

function described(operation: Operation, operationId: string, method: (typeof METHODS)[number]): Operation {
  const parameters = (operation.parameters ?? []).map((one) => ('$ref' in one ? one : withWords(operationId, one)));
  const isKeptOnce = method === 'post' && !operationId.startsWith('ApiKeys_');
  return {
    ...operation,
    operationId,
    ...(operation.requestBody && { requestBody: perhapsOptional(operation.requestBody) }),
    parameters: isKeptOnce ? [...parameters, IDEMPOTENCY_KEY] : parameters,
    responses: { ...asCsvToo(operation), default: { $ref: '#/components/responses/Problem' } },
    security: [{ bearer: [] }, { cookie: [] }],
  };
}

function withWords(operationId: string, parameter: Parameter): Parameter {
  const { description, example } = wordsOf(operationId, parameter.in, parameter.name) ?? parameter;
  const told = { ...parameter, ...(description && { description }) };
  const { schema } = parameter;
  const type = schema && 'type' in schema ? schema.type : undefined;
  // Nest takes a header that is read for one that must be there.
  if (parameter.in === 'header') told.required = false;
  if (parameter.in !== 'query') return { ...told, ...(example !== undefined && { example: example as unknown }) };
  if (type === 'array') {
    const values = typeof example === 'string' ? example.split(',') : example;
    return { ...told, style: 'form', explode: false, ...(values !== undefined && { example: values as unknown }) };
  }
  if (type === 'object') {
    const texts: Parameter['schema'] = { type: 'object', additionalProperties: { type: 'string' } };
    return { ...told, schema: texts, style: 'deepObject', explode: true, example: example as unknown };
  }
  return { ...told, ...(example !== undefined && { example: example as unknown }) };
}

/** What has a default may be left out. */
function perhapsOptional(body: NonNullable<Operation['requestBody']>): NonNullable<Operation['requestBody']> {
  const schema = '$ref' in body ? undefined : body.content['application/json']?.schema;
  return schema && 'default' in schema ? { ...body, required: false } : body;
}

/** What takes a `format` answers a table, too. */
function asCsvToo({ parameters = [], responses }: Operation): Operation['responses'] {
  const answer = responses['200'];
  if (!answer || '$ref' in answer || !parameters.some((one) => 'name' in one && one.name === 'format'))
    return responses;
  const csv = { schema: { type: 'string' as const, description: 'RFC 4180, with a header' } };
  return { ...responses, '200': { ...answer, content: { ...answer.content, 'text/csv': csv } } };
}

const IDEMPOTENCY_KEY: Parameter = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description: 'The same key does the work once, and is answered the same for a day.',
  schema: { type: 'string', maxLength: 200 },
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
};

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
