import { z } from 'zod';
import { contract } from './contract.js';
import { slaTarget, slaTrackingView } from './sla-tracking.js';
import { instant, priority, status } from './values.js';

const limit = z
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be a whole number from 1 to 100')
  .max(100, 'must be a whole number from 1 to 100');

export const getBreachedInput = z
  .strictObject({
    includeWarnings: z.boolean().default(true),
    policyId: z.uuid().optional(),
    limit: limit.default(50),
  })
  .prefault({});

/** The same in a query string. */
export const listBreachesInput = z.strictObject({
  includeWarnings: z.stringbool({ error: 'must be true or false' }).default(true),
  policyId: z.uuid().optional(),
  limit: z.coerce.number().pipe(limit).default(50),
});

export const slaTicketView = z
  .object({
    id: z.uuid(),
    number: z.int().positive(),
    subject: z.string(),
    priority,
    status,
  })
  .meta({ id: 'SlaTicket' });

/** One missed target: `breachDuration` is the plain time from the due instant to the stop, or to now. */
export const slaBreachView = z.object({
  breachType: slaTarget,
  cycle: z.int().positive(),
  dueAt: instant,
  stoppedAt: instant.nullable(),
  breachDuration: z.int().nonnegative(),
});

/** Tickets that missed a target, open ones first and then the latest first; and those past a threshold with nothing missed. */
export const breachedView = z.object({
  breached: z.array(
    z.object({
      tracking: slaTrackingView,
      ticket: slaTicketView,
      policy: z.object({ name: z.string() }).nullable(),
      /** The one that hurts most: one that is still not met before one that was met late, then in the order of the targets. */
      breachType: slaTarget,
      breachDuration: z.int().nonnegative(),
      breaches: z.array(slaBreachView),
    }),
  ),
  warnings: z.array(
    z.object({
      tracking: slaTrackingView,
      ticket: slaTicketView,
      policy: z.object({ name: z.string() }).nullable(),
      /** The target that is due soonest. */
      warningType: slaTarget,
      timeRemaining: z.int(),
    }),
  ),
  /** Of all, however many are listed. */
  totals: z.object({ breached: z.int().nonnegative(), warnings: z.int().nonnegative() }),
});
export type BreachedView = z.output<typeof breachedView>;

/** The same in the words of the first document: what each of them violated. */
export const violationsView = z.object({
  items: z.array(breachedView.shape.breached.element.extend({ violated: z.enum(['response', 'resolve', 'both']) })),
  warnings: breachedView.shape.warnings,
  totals: breachedView.shape.totals,
});

export const getSlaBreached = contract('sla.get-breached', { request: getBreachedInput, reply: breachedView });
