import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { TestCore } from '../../../../test/support/core.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { AREA } from './area.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

interface Route {
  name: string;
  paths: string[];
  area: unknown;
  guarded: boolean;
}

/** Every HTTP method of every controller that runs, as Nest knows it: nobody has to remember this list. */
function routes(): Route[] {
  const found: Route[] = [];
  for (const module of core.app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, unknown>;
      const path = Reflect.getMetadata('path', metatype) as string | string[] | undefined;
      const guards = (Reflect.getMetadata('__guards__', metatype) ?? []) as unknown[];
      for (const method of Object.getOwnPropertyNames(prototype)) {
        const handler = method === 'constructor' ? undefined : prototype[method];
        if (typeof handler !== 'function' || Reflect.getMetadata('method', handler) === undefined) continue;
        found.push({
          name: `${metatype.name}.${method}`,
          paths: [path ?? ''].flat(),
          area: Reflect.getMetadata(AREA, handler) ?? Reflect.getMetadata(AREA, metatype),
          guarded: guards.includes(ApiKeyGuard),
        });
      }
    }
  }
  return found;
}

describe('every route of the API', () => {
  it('asks for a key and says which area it belongs to', () => {
    const api = routes().filter(({ paths }) => paths.some((path) => path.startsWith('api')));
    expect(api.length).toBeGreaterThan(40);
    expect(api.filter(({ guarded }) => !guarded).map(({ name }) => name)).toEqual([]);
    expect(api.filter(({ area }) => area === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('is at /api/v1 and at /api', () => {
    const lonely = routes().filter(
      ({ paths }) =>
        paths.some((path) => path.startsWith('api/v1/')) &&
        paths.some((path) => path.startsWith('api/v1/') && !paths.includes(path.replace('api/v1/', 'api/'))),
    );
    expect([...new Set(lonely.map(({ name }) => name.split('.')[0]))]).toEqual([]);
  });

  it('is there without a key only where it says nothing of any organisation', () => {
    const open = routes().filter(({ guarded }) => !guarded);
    expect(open.every(({ paths }) => paths.every((path) => !path.startsWith('api')))).toBe(true);
  });

  it('is behind a service that says whether it can work', async () => {
    const { status, body } = await core.http('/health/ready', { key: '' });
    expect([status, body]).toEqual([200, { status: 'ready', checks: { nats: true, postgres: true } }]);
  });
});
