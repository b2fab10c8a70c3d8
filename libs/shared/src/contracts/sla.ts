import { z } from 'zod';
import { contract } from './contract.js';
import { instant, priority, priorityInput, status, ticketRef } from './values.js';

export const dueClock = z.object({
  orgId: z.uuid(),
  ticketId: z.uuid(),
  ticketNumber: z.int(),
  target: z.enum(['first_response', 'next_response', 'resolution']),
  cycle: z.int().positive(),
  level: z.enum(['warning', 'breached']),
  /** The exact instant at which the warning or the breach was due, however late anyone looked. */
  at: instant,
  dueAt: instant,
});
export type DueClock = z.output<typeof dueClock>;

/** A step of an escalation whose instant has come. */
export const dueStep = dueClock.pick({ orgId: true, ticketId: true, target: true, cycle: true }).extend({
  step: z.int().positive(),
});
export type DueStep = z.output<typeof dueStep>;

/** Claim clocks whose warning or due instant has come. Unsettled claims come back after `leaseMs`. */
export const claimDueClocks = contract('sla.claim-due', {
  request: z.strictObject({ limit: z.int().min(1).max(500), leaseMs: z.int().min(500).max(600_000) }),
  reply: z.object({
    clocks: z.array(dueClock),
    /** Steps of escalation; each is to be taken by `takeEscalationStep`. */
    steps: z.array(dueStep),
    /** Until the next clock is due, in ms; null when none runs. */
    nextInMs: z.number().nullable(),
  }),
});

export const settleDueClocks = contract('sla.settle', {
  request: z.strictObject({
    clocks: z
      .array(dueClock.pick({ orgId: true, ticketId: true, target: true, cycle: true, level: true }))
      .min(1)
      .max(500),
  }),
  reply: z.object({ settled: z.int() }),
});

/** Does what a step says, once however often it is asked. `taken` is false when it was done before or is not to be done. */
export const takeEscalationStep = contract('sla.take-step', {
  request: z.strictObject(dueStep.shape),
  reply: z.object({ taken: z.boolean() }),
});

export const slaTarget = z.enum(['first_response', 'next_response', 'resolution']);
const minutes = z.int().positive().nullable();

/**
 * A policy as the SLA document shows it. Targets are minutes of the policy's calendar, null is no such target.
 * `priority` is its precedence (higher is tried first), not a ticket's.
 */
export const slaPolicyView = z.object({
  id: z.uuid(),
  organization_id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  conditions: z.array(z.object({ field: z.string(), operator: z.string(), value: z.unknown() })),
  first_response_time: minutes,
  next_response_time: minutes,
  resolution_time: minutes,
  priority: z.int(),
  enabled: z.boolean(),
  version: z.int().positive(),
  /** Shares of a target at which a warning is given. */
  warn_at: z.array(z.number()),
  pause_on: z.array(z.string()),
  first_response_by: z.string(),
  next_response_from: z.string(),
  on_reopen: z.string(),
  /** Opening hours; null is around the clock. */
  calendar: z.unknown(),
  /** The shared calendar that it refers to, in place of one of its own. */
  calendar_id: z.uuid().nullable(),
  /** What happens at which share of the target, in order; steps are known by their place. */
  escalation: z.array(z.object({ at: z.unknown(), target: z.string().optional(), do: z.unknown() })),
  created_at: instant,
  updated_at: instant,
});
export type SlaPolicyView = z.output<typeof slaPolicyView>;

/** A policy as the tickets' document shows it: targets for a ticket priority, perhaps of one team. */
export const priorityPolicyView = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  /** Null when the policy's conditions say something else than one priority and perhaps one team: see `conditions`. */
  priority: priority.nullable(),
  teamId: z.uuid().nullable(),
  firstResponseMinutes: minutes,
  nextResponseMinutes: minutes,
  resolutionMinutes: minutes,
  enabled: z.boolean(),
  conditions: slaPolicyView.shape.conditions,
  /** Higher is tried first. */
  precedence: z.int(),
  version: z.int().positive(),
  createdAt: instant,
  updatedAt: instant,
});
export type PriorityPolicyView = z.output<typeof priorityPolicyView>;

const targetMinutes = z
  .int('must be whole minutes')
  .min(1, 'must be at least 1 minute (null is no target)')
  .max(5_256_000)
  .nullable();
export const priorityPolicyInput = z.strictObject({
  priority: priorityInput,
  firstResponseMinutes: targetMinutes.optional(),
  nextResponseMinutes: targetMinutes.optional(),
  resolutionMinutes: targetMinutes.optional(),
  teamId: z.uuid().nullable().optional(),
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(5_000).nullable().optional(),
  enabled: z.boolean().optional(),
});
export const priorityPolicyChanges = priorityPolicyInput.partial();

/** How far open tickets have followed a change of a policy or of its calendar. */
export const openTicketsProgress = z
  .object({
    state: z.enum(['waiting', 'running', 'done', 'replaced']),
    lookedAt: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .nullable();

const hoursView = z.array(z.tuple([z.string(), z.string()]));
/** A calendar that policies share. */
export const slaCalendarView = z.object({
  id: z.uuid(),
  name: z.string(),
  timezone: z.string(),
  hours: z.record(z.string(), hoursView),
  holidays: z.array(z.object({ date: z.string(), name: z.string().nullable() })),
  exceptions: z.record(z.string(), hoursView),
  country: z.string().nullable(),
  region: z.string().nullable(),
  version: z.int().positive(),
  /** Who uses it, and how far their open tickets have followed the last change. */
  policies: z.array(
    z.object({ id: z.uuid(), name: z.string(), version: z.int().positive(), openTickets: openTicketsProgress }),
  ),
  createdAt: instant,
  updatedAt: instant,
});
export type SlaCalendarView = z.output<typeof slaCalendarView>;

const MAX_PREVIEW_DAYS = 366;
const instantOrDate = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be an instant such as 2026-12-21T00:00:00Z, or a date',
  })
  .transform((text) => Date.parse(text));
/** From `from` up to and without `to`; a date is its midnight in UTC. */
export const openHoursInput = z
  .strictObject({ from: instantOrDate, to: instantOrDate })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' })
  .refine(({ from, to }) => to - from <= MAX_PREVIEW_DAYS * 86_400_000, {
    path: ['to'],
    message: `must be at most ${MAX_PREVIEW_DAYS} days after from`,
  });

export const breachStatus = z.enum(['none', 'warning', 'breached']);

/** Where a ticket stands. Durations are milliseconds; instants that are not (yet) are null. */
export const slaTrackingView = z.object({
  id: z.uuid(),
  ticket_id: z.uuid(),
  policy_id: z.uuid().nullable(),
  policy_version: z.int().positive().nullable(),
  first_response_due: instant.nullable(),
  first_response_at: instant.nullable(),
  next_response_due: instant.nullable(),
  resolution_due: instant.nullable(),
  resolved_at: instant.nullable(),
  /** By status, by hand, or because the desk is closed. While it is, due instants are those if it resumed now. */
  is_paused: z.boolean(),
  /** When the pause by status or hand began; null outside opening hours. */
  paused_at: instant.nullable(),
  /** What was said when it was paused by hand. */
  pause_reason: z.string().nullable(),
  /** By status and by hand so far; overlapping pauses count once. */
  total_paused_duration: z.int().nonnegative(),
  breach_status: breachStatus,
  created_at: instant,
  /** The targets that apply to this ticket, as they were when the policy was applied. */
  policy: z
    .object({
      name: z.string(),
      first_response_time: minutes,
      next_response_time: minutes,
      resolution_time: minutes,
    })
    .nullable(),
  /** Null where a clock has stopped or there is none; below 0 when it is overdue; still while it is paused. */
  timeRemaining: z.object({
    firstResponse: z.int().nullable(),
    nextResponse: z.int().nullable(),
    resolution: z.int().nullable(),
  }),
});
export type SlaTrackingView = z.output<typeof slaTrackingView>;

export const ticketInput = z.strictObject({ ticketId: ticketRef });
export const pauseReason = z.string().trim().max(1_000, 'must be at most 1,000 characters').optional();
export const pauseInput = z.strictObject({ reason: pauseReason }).default({});
export const pauseTrackingInput = z.strictObject({ ticketId: ticketRef, reason: pauseReason });

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

export const slaTicketView = z.object({
  id: z.uuid(),
  number: z.int().positive(),
  subject: z.string(),
  priority,
  status,
});

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
