import { z } from 'zod';

export const TICKET_STATUSES = ['open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/** A ticket status; `waiting` is another name of `pending`. */
export const ticketStatusSchema = z.preprocess(
  (value) => (value === 'waiting' ? 'pending' : value),
  z.enum(TICKET_STATUSES, {
    error: ({ input }) => `${JSON.stringify(input)} is not a status: use one of ${TICKET_STATUSES.join(', ')}, waiting`,
  }),
);

/** Resolved and closed are alike to the clocks: nothing runs. Closing an open ticket resolves it. */
export function isFinished(status: TicketStatus): boolean {
  return status === 'resolved' || status === 'closed';
}
