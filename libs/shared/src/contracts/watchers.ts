import { z } from 'zod';
import { contract } from './contract.js';
import { agentRef, success } from './tickets.js';
import { instant, ticketRef } from './values.js';

/** `me`, or an agent by id, e-mail address, handle or name. */
export const watcherNamed = z.string().trim().min(1).max(254);

export const watcherView = z.object({ agent: agentRef, since: instant }).meta({ id: 'Watcher' });
export type WatcherView = z.output<typeof watcherView>;
export const watcherPage = z.object({ items: z.array(watcherView), nextCursor: z.null() });

/** Who is told when the customer writes, beside whoever has the ticket. */
export const listWatchers = contract('watchers.list', {
  request: z.strictObject({ ticket: ticketRef }),
  reply: watcherPage,
});
export const watchTicket = contract('watchers.watch', {
  request: z.strictObject({ ticket: ticketRef, agent: watcherNamed.default('me') }),
  reply: watcherView,
});
export const unwatchTicket = contract('watchers.unwatch', {
  request: z.strictObject({ ticket: ticketRef, agent: watcherNamed.default('me') }),
  reply: success,
});
