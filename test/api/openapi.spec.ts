import 'reflect-metadata';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { NatsConnection } from '@nats-io/transport-node';
import { createLogger } from '#shared/service/logger.js';
import { readConfig } from '#shared/service/read-config.js';
import { coreVariables } from '../../apps/ticket-core/src/config.js';
import { CoreModule } from '../../apps/ticket-core/src/core.module.js';
import { describeApi } from '../../apps/ticket-core/src/http/api-docs.js';
import { type Operation, operationsOf } from './documentation.js';

let document: OpenAPIObject;
let operations: Operation[];
beforeAll(async () => {
  // In preview nothing is instantiated: no database and no NATS is asked.
  const config = readConfig(coreVariables, {
    DATABASE_APP_URL: 'postgres://nobody@127.0.0.1:1/none',
    DATABASE_WORKER_URL: 'postgres://nobody@127.0.0.1:1/none',
  });
  const parts = { nats: {} as NatsConnection, log: createLogger('ticket-core', 'fatal') };
  const app = await NestFactory.create<NestFastifyApplication>(CoreModule.with(config, parts), new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  document = JSON.parse(JSON.stringify(describeApi(app))) as OpenAPIObject;
  operations = operationsOf(document as never);
});

const name = ({ method, path }: Operation) => `${method} ${path}`;
const those = (wrong: (operation: Operation) => boolean) => operations.filter(wrong).map(name);

describe('the API’s document', () => {
  it('is valid OpenAPI 3.0', async () => {
    expect(document.openapi).toMatch(/^3\.0\./);
    const { valid, errors } = await new Validator({ strict: false, allErrors: true }).validate(
      structuredClone(document) as unknown as Record<string, unknown>,
    );
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('says where it is, what may be null by a type, and asks for no header that may be left out', () => {
    expect(document.servers).toEqual([{ url: '/', description: 'this desk' }]);
    const untyped: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('nullable' in value && !('type' in value)) untyped.push(path);
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}/${key}`);
    };
    look(document, '');
    expect(untyped).toEqual([]);
    const headers = operations.flatMap((one) =>
      one.parameters.filter((parameter) => parameter.in === 'header' && parameter.required).map(() => name(one)),
    );
    expect(headers).toEqual([]);
  });

  it('names each operation once, with a tag and a line that says what it does', () => {
    expect(operations.length).toBeGreaterThan(140);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(those(({ tags }) => tags.length !== 1)).toEqual([]);
    expect(those(({ summary = '' }) => summary.length < 8 || !summary.endsWith('.') || summary.includes('\n'))).toEqual(
      [],
    );
  });

  it('has an example of every JSON body', () => {
    expect(those(({ body }) => body?.contentType === 'application/json' && body.example === undefined)).toEqual([]);
    expect(those(({ method, body }) => ['PUT', 'PATCH'].includes(method) && body?.example === null)).toEqual([]);
  });

  it('says of every parameter what it means, and of those in paths an example', () => {
    const silent = operations.flatMap((operation) =>
      operation.parameters
        .filter(({ description, example, in: place }) => !description || (place === 'path' && example === undefined))
        .map((parameter) => `${name(operation)} ${parameter.in} ${parameter.name}`),
    );
    expect(silent).toEqual([]);
  });

  it('says what every operation answers: a schema, or a file', () => {
    expect(
      those(({ method, success }) => method !== 'HEAD' && (success.contents.length === 0 || !success.description)),
    ).toEqual([]);
    const open = operations.flatMap((operation) =>
      operation.success.contents
        .filter(({ schema }) => !schema || Object.keys(schema).length === 0)
        .map(({ type }) => `${name(operation)} ${type}`),
    );
    expect(open).toEqual([]);
  });

  it('refers to nothing that is not there, and has no component that nobody needs', () => {
    const text = JSON.stringify(document);
    const named = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, one]) => one!));
    const there = Object.keys(document.components?.schemas ?? {});
    expect([...named].toSorted()).toEqual(there.toSorted());
    expect(there).toEqual(expect.arrayContaining(['Ticket', 'Message', 'TimeEntry', 'SlaPolicy', 'Contact']));
  });
});
