import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { ErrorFilter } from '#shared/service/error.filter.js';
import { tooDeep } from '#shared/service/read-json.js';
import { ListActivities } from '../activities/list-activities.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { apiKeyOf } from '../http/session.js';
import { ListMerges } from '../merges/list-merges.js';
import { MergeTickets } from '../merges/merge-tickets.js';
import { SplitTicket } from '../merges/split-ticket.js';
import { UndoMerge } from '../merges/undo-merge.js';
import { EditMessage } from '../messages/edit-message.js';
import { ListMessages } from '../messages/list-messages.js';
import { PostMessage } from '../messages/post-message.js';
import { ChangePolicies } from '../sla/change-policies.js';
import { GetTracking } from '../sla/get-tracking.js';
import { ListBreaches } from '../sla/list-breaches.js';
import { PauseTracking } from '../sla/pause-tracking.js';
import { ReadPolicies } from '../sla/read-policies.js';
import { DeleteTicket } from '../tickets/delete-ticket.js';
import { OpenTicket } from '../tickets/open-ticket.js';
import { ReadTickets } from '../tickets/read-tickets.js';
import { SearchTickets } from '../tickets/search-tickets.js';
import { StepTicket } from '../tickets/step-ticket.js';
import { UpdateTicket } from '../tickets/update-ticket.js';
import { type AppRouter, buildAppRouter } from './app-router.js';

const PREFIXES = ['/api/trpc', '/api/v1/trpc'];

/** tRPC at /api/trpc and /api/v1/trpc, inside the same HTTP server: a plugin of Fastify's with a JSON parser of its own. */
export async function serveTrpc(app: NestFastifyApplication): Promise<void> {
  const keys = app.get(ApiKeys);
  const log = app.get<Logger>(LOG);
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    trpcOptions: {
      router: buildAppRouter({
        sla: {
          policies: app.get(ReadPolicies),
          changePolicies: app.get(ChangePolicies),
          tracking: app.get(GetTracking),
          pauses: app.get(PauseTracking),
          breaches: app.get(ListBreaches),
        },
        tickets: {
          read: app.get(ReadTickets),
          search: app.get(SearchTickets),
          open: app.get(OpenTicket),
          update: app.get(UpdateTicket),
          step: app.get(StepTicket),
          remove: app.get(DeleteTicket),
          merge: app.get(MergeTickets),
          undoMerge: app.get(UndoMerge),
          merges: app.get(ListMerges),
          split: app.get(SplitTicket),
          history: app.get(ListActivities),
          messages: app.get(ListMessages),
          post: app.get(PostMessage),
          edit: app.get(EditMessage),
        },
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
  const errors = new ErrorFilter(log);
  await app.register(async (scope: FastifyInstance) => {
    // What goes wrong before a procedure is reached (too many requests, too large, no JSON) is told as everywhere else.
    scope.setErrorHandler((thrown, request, reply) => errors.catch(thrown, new ExecutionContextHost([request, reply])));
    // Its own parser hands the text on as it is.
    scope.addHook('preValidation', (request, _reply, done) => {
      done(typeof request.body === 'string' ? tooDeep(request.body) : undefined);
    });
    for (const prefix of PREFIXES) await scope.register(fastifyTRPCPlugin, { ...options, prefix });
  });
}
