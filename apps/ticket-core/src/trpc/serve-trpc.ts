import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { ChangePolicies } from '../sla/change-policies.js';
import { GetTracking } from '../sla/get-tracking.js';
import { ListBreaches } from '../sla/list-breaches.js';
import { PauseTracking } from '../sla/pause-tracking.js';
import { ReadPolicies } from '../sla/read-policies.js';
import { type AppRouter, buildAppRouter } from './app-router.js';
import { apiKeyOf } from '../http/session.js';

/** tRPC at /api/trpc, inside the same HTTP server: a plugin of Fastify's with a JSON parser of its own. */
export async function serveTrpc(app: NestFastifyApplication): Promise<void> {
  const keys = app.get(ApiKeys);
  const log = app.get<Logger>(LOG);
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    prefix: '/api/trpc',
    trpcOptions: {
      router: buildAppRouter({
        policies: app.get(ReadPolicies),
        changePolicies: app.get(ChangePolicies),
        tracking: app.get(GetTracking),
        pauses: app.get(PauseTracking),
        breaches: app.get(ListBreaches),
      }),
      createContext: async ({ req }) => {
        const key = apiKeyOf(req.headers);
        return { holder: key === null ? null : await keys.holderOf(key, 'trpc') };
      },
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause ?? error, path }, 'a request failed');
      },
    },
  };
  await app.register(fastifyTRPCPlugin, options as never);
}
