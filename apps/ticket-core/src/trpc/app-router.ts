import { router } from './desk-trpc.js';
import { type SlaUseCases, slaRouter } from './sla-router.js';
import { type TicketUseCases, ticketsRouter } from './tickets-router.js';

export interface UseCases {
  sla: SlaUseCases;
  tickets: TicketUseCases;
}

/** Routers are called as the areas of a key's scopes are (api-keys): `tickets.list` asks for `tickets:read`. */
export const buildAppRouter = (use: UseCases) =>
  router({ sla: slaRouter(use.sla), tickets: ticketsRouter(use.tickets) });

/** For typed clients: desk-client.ts has one. */
export type AppRouter = ReturnType<typeof buildAppRouter>;
