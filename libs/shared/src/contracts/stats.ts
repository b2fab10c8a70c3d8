import { z } from 'zod';
import { contract } from './contract.js';
import { gatherFields, ticketFilters } from './ticket-lists.js';
import { givenDay } from './values.js';

export const ticketStatsInput = ticketFilters
  .omit({ deleted: true })
  .extend({
    /** Tickets that were opened from this day on, in the organisation's time zone. */
    from: givenDay.optional(),
    /** And no later than on this one. */
    to: givenDay.optional(),
    /** Adds a series; with neither `from` nor `to` it is of the last 30 days, 26 weeks or 24 months. */
    period: z.enum(['day', 'week', 'month']).optional(),
  })
  .meta({ example: { from: '2026-01-01', to: '2026-03-31', period: 'month' } });
export const ticketStatsQuery = z.preprocess(gatherFields, ticketStatsInput);

const counts = z.record(z.string(), z.int().nonnegative());
const duration = z.object({
  /** How many have come so far. */
  tickets: z.int().nonnegative(),
  medianMs: z.int().nonnegative().nullable(),
  p90Ms: z.int().nonnegative().nullable(),
});

export const ticketStats = z
  .object({
    total: z.int().nonnegative(),
    byStatus: counts,
    byPriority: counts,
    byCategory: counts,
    bySource: counts,
    /** By agent's id; tickets of nobody are `unassigned`. */
    byAssignee: counts,
    byTeam: counts,
    unassigned: z.int().nonnegative(),
    /** With a missed target, whether it was resolved since or not. */
    slaBreached: z.int().nonnegative(),
    /** Past a warning now, and nothing missed. Null where `from` or `to` ask about the past. */
    slaWarnings: z.int().nonnegative().nullable(),
    /** From opening to the first public answer. */
    firstResponse: duration,
    resolution: duration,
    /** Opened, resolved and missed in each period, in order; `start` is its first day. */
    series: z
      .array(z.object({ start: z.iso.date(), opened: z.int(), resolved: z.int(), breached: z.int() }))
      .optional(),
    timezone: z.string(),
    /** True: counted just now, durations exact. False: counted as tickets changed (a second ago), durations within 2.5 %. */
    exact: z.boolean(),
  })
  .meta({ id: 'TicketStats' });
export type TicketStats = z.output<typeof ticketStats>;

export const getTicketStats = contract('tickets.stats', {
  request: ticketStatsInput,
  reply: ticketStats,
  timeoutMs: 15_000,
});
