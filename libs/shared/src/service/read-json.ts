import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, RawServerDefault } from 'fastify';
import { DeskError } from '../errors/desk-error.js';
import { nestsDeeper } from './json-depth.js';

/** Deeper than anything that is meant; a custom field's value or an SLA condition takes a handful. */
const MAX_LEVELS = 100;

export const tooDeep = (text: string): DeskError | undefined =>
  nestsDeeper(text, MAX_LEVELS)
    ? new DeskError('BAD_REQUEST', `The body must not nest deeper than ${MAX_LEVELS} levels`)
    : undefined;

type Done = (error: Error | null, body?: unknown) => void;
type ReadsJson = (
  request: Parameters<ReturnType<FastifyInstance['getDefaultJsonParser']>>[0],
  text: string,
  done: Done,
) => void;

/** Fastify's own reader of JSON, which refuses `__proto__`, and refuses what nests too deeply too. */
export function jsonReader(fastify: FastifyInstance): ReadsJson {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  return (request, text, done) => {
    const error = tooDeep(text);
    if (error) done(error);
    else void parse(request, text, done);
  };
}

/**
 * JSON bodies as Fastify reads them, but that an empty one counts as none: clients set the type on every request, and
 * `POST …/resolve` needs no body.
 */
export function readJsonBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const read = jsonReader(fastify);
  const { bodyLimit } = fastify.initialConfig;
  // By Nest's own way, or it would register its parser over this one.
  app.useBodyParser<RawServerDefault>(
    'application/json',
    bodyLimit === undefined ? {} : { bodyLimit },
    (request, body: Buffer, done) => {
      if (body.length === 0) done(null, undefined);
      else read(request, body.toString('utf8'), done);
    },
  );
}
