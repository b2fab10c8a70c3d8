import { z } from 'zod';
import { contract } from './contract.js';
import { givenMoment, instant, priority, priorityInput, status, ticketRef } from './values.js';

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
export const slaPolicyView = z
  .object({
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
  })
  .meta({ id: 'SlaPolicy' });
export type SlaPolicyView = z.output<typeof slaPolicyView>;
export const slaPolicyList = z.object({ items: z.array(slaPolicyView) });

/** What a policy would do if it were made now: of all open tickets, those that fit, and those that no other has before it. */
export const policyPreview = z.object({
  openTickets: z.int().nonnegative(),
  matches: z.int().nonnegative(),
  catches: z.int().nonnegative(),
});

/** A policy as the tickets' document shows it: targets for a ticket priority, perhaps of one team. */
export const priorityPolicyView = z
  .object({
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
  })
  .meta({ id: 'PriorityPolicy' });
export type PriorityPolicyView = z.output<typeof priorityPolicyView>;
export const priorityPolicyList = z.object({ items: z.array(priorityPolicyView) });

const targetMinutes = z
  .int('must be whole minutes')
  .min(1, 'must be at least 1 minute (null is no target)')
  .max(5_256_000, 'must be at most 5256000 minutes')
  .nullable();
export const priorityPolicyInput = z
  .strictObject({
    priority: priorityInput,
    firstResponseMinutes: targetMinutes.optional(),
    nextResponseMinutes: targetMinutes.optional(),
    resolutionMinutes: targetMinutes.optional(),
    teamId: z.uuid().nullable().optional(),
    name: z.string().trim().min(1).max(200).optional(),
    description: z.string().max(5_000).nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ example: { priority: 'urgent', firstResponseMinutes: 15, resolutionMinutes: 240 } });
export const priorityPolicyChanges = priorityPolicyInput.partial().meta({ example: { resolutionMinutes: 300 } });

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
export const slaCalendarView = z
  .object({
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
  })
  .meta({ id: 'SlaCalendar' });
export type SlaCalendarView = z.output<typeof slaCalendarView>;
export const slaCalendarList = z.object({ items: z.array(slaCalendarView), nextCursor: z.null() });

/** Who changed what of a policy, newest first, and how far open tickets have followed. */
export const policyChangeList = z.object({
  items: z.array(
    z.object({
      version: z.int().positive(),
      what: z.enum(['created', 'updated', 'deleted']),
      by: z.object({ kind: z.enum(['agent', 'contact', 'system']), id: z.uuid().nullable(), name: z.string() }),
      at: instant,
      changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
      openTickets: openTicketsProgress,
    }),
  ),
});

/** When the desk is open, day by day. */
export const openHoursView = z.object({
  timezone: z.string(),
  from: instant,
  to: instant,
  openMs: z.int().nonnegative(),
  days: z.array(
    z.object({
      date: z.iso.date(),
      weekday: z.string(),
      open: z.array(z.object({ from: instant, to: instant })),
      openMs: z.int().nonnegative(),
      isHoliday: z.boolean(),
      holiday: z.string().nullable(),
    }),
  ),
});

/** From `from` up to and without `to`; days are those of the calendar's zone. */
export const openHoursInput = z.strictObject({ from: givenMoment, to: givenMoment });

export const breachStatus = z.enum(['none', 'warning', 'breached']);

/** Where a ticket stands. Durations are milliseconds; instants that are not (yet) are null. */
export const slaTrackingView = z
  .object({
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
  })
  .meta({ id: 'SlaTracking' });
export type SlaTrackingView = z.output<typeof slaTrackingView>;

/** The same with each clock's arithmetic, and how it came to be so, a line an event. */
export const slaExplanation = z.object({
  tracking: slaTrackingView,
  clocks: z.array(
    z.object({
      target: slaTarget,
      cycle: z.int().positive(),
      state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
      startedAt: instant,
      warnAt: instant.nullable(),
      dueAt: instant,
      stoppedAt: instant.nullable(),
      breachedAt: instant.nullable(),
      targetMs: z.int(),
      consumedMs: z.int(),
      pausedMs: z.int(),
      remainingMs: z.int().nullable(),
      isPaused: z.boolean(),
      warnings: z.array(z.object({ threshold: z.number(), at: instant, reached: z.boolean() })),
    }),
  ),
  explanation: z.array(z.string()),
});

export const ticketInput = z.strictObject({ ticketId: ticketRef });
export const pauseReason = z.string().trim().max(1_000, 'must be at most 1,000 characters').optional();
export const pauseInput = z
  .strictObject({ reason: pauseReason })
  .meta({ example: { reason: 'Waiting for a spare part from the vendor' } })
  .default({});
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

export const SLA_REPORT_GROUPS = ['week', 'policy', 'priority', 'team', 'agent'] as const;
const groups = z
  .array(z.enum(SLA_REPORT_GROUPS, { error: `must be one of ${SLA_REPORT_GROUPS.join(', ')}` }))
  .max(SLA_REPORT_GROUPS.length)
  .transform((said) => SLA_REPORT_GROUPS.filter((group) => said.includes(group)));
const zoneName = z.string().refine(
  (name) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
    } catch {
      return false;
    }
  },
  { error: 'must be an IANA time zone, such as Europe/Berlin' },
);
/** Tickets opened from `from` up to and without `to`. Days and weeks, which begin on Monday, are those of `timezone`, or else of the organisation. */
const reportFields = { from: givenMoment, to: givenMoment, timezone: zoneName.optional() };
export const slaReportInput = z.strictObject({ ...reportFields, groupBy: groups.default([]) });
/** The same in a query string: `groupBy=week,priority`. */
export const slaReportQuery = z.strictObject({
  ...reportFields,
  groupBy: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((said) => [said].flat().flatMap((part) => part.split(',').map((word) => word.trim())))
    .transform((words) => words.filter((word) => word !== ''))
    .pipe(groups),
  format: z.enum(['json', 'csv']).optional(),
});

const targetReport = z.object({
  met: z.int().nonnegative(),
  breached: z.int().nonnegative(),
  /** Nobody waited for it any more: resolved before an answer was needed, merged. */
  cancelled: z.int().nonnegative(),
  /** Neither yet. */
  open: z.int().nonnegative(),
  /** met / (met + breached); null when there is neither. */
  compliancePercent: z.number().min(0).max(100).nullable(),
  /** Business time consumed until it stopped, in time or late. */
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
});
const named = z.object({ id: z.uuid(), name: z.string() }).nullable();
export const slaReportRow = z
  .object({
    /** The Monday. */
    week: z.iso.date().optional(),
    /** The policy that the ticket has now; null without. */
    policy: named.optional(),
    priority: priority.optional(),
    team: named.optional(),
    agent: named.optional(),
    tickets: z.int().nonnegative(),
    targets: z.object({ first_response: targetReport, next_response: targetReport, resolution: targetReport }),
  })
  .meta({ id: 'SlaReportRow' });
export type SlaReportRow = z.output<typeof slaReportRow>;
export const slaReportView = z.object({
  from: instant,
  to: instant,
  timezone: z.string(),
  groupBy: z.array(z.enum(SLA_REPORT_GROUPS)),
  total: slaReportRow,
  rows: z.array(slaReportRow),
});
export type SlaReportView = z.output<typeof slaReportView>;

const outcome = z.enum(['met', 'breached', 'cancelled', 'open']).nullable();
/** A target that would have been breached and was not, or the other way round; null: there is no such target. */
export const backtestDifference = z
  .object({
    ticket: z.object({ id: z.uuid(), number: z.int().positive(), subject: z.string(), priority }),
    target: slaTarget,
    was: outcome,
    would: outcome,
    /** When it would have been due. */
    dueAt: instant.nullable(),
    /** By how much business time it would have been late. */
    lateMs: z.number().nullable(),
  })
  .meta({ id: 'BacktestDifference' });
export type BacktestDifference = z.output<typeof backtestDifference>;
/** One page of tickets, in the order in which they were opened; whoever asks adds the pages up. */
export const backtestPage = z.object({
  /** Looked at on this page, and those of them that the policy would have had. */
  tickets: z.int().nonnegative(),
  applies: z.int().nonnegative(),
  /** By the priority at the opening. */
  rows: z.array(
    z.object({
      priority,
      target: slaTarget,
      tickets: z.int().nonnegative(),
      breached: z.int().nonnegative(),
      wouldBeBreached: z.int().nonnegative(),
    }),
  ),
  differing: z.array(backtestDifference),
  /** Of all pages; only on the first. */
  total: z.int().nonnegative().nullable(),
  nextCursor: z.string().nullable(),
});
export type BacktestPage = z.output<typeof backtestPage>;

// The document's procedures over NATS. What a policy may say stands in libs/sla, which reads it at the core's door.

const policyFields = z.record(z.string(), z.unknown());
export const listSlaPolicies = contract('sla.list-policies', {
  request: z.strictObject({}).prefault({}),
  reply: z.object({ items: z.array(slaPolicyView) }),
});
export const createSlaPolicy = contract('sla.create-policy', { request: policyFields, reply: slaPolicyView });
/** `{ id, …changes }`. */
export const updateSlaPolicy = contract('sla.update-policy', { request: policyFields, reply: slaPolicyView });
export const deleteSlaPolicy = contract('sla.delete-policy', {
  request: z.strictObject({ id: z.uuid({ error: 'must be the policy’s id, a uuid' }) }),
  reply: z.object({ success: z.literal(true) }),
});
export const getSlaTracking = contract('sla.get-tracking', {
  bySystem: true,
  request: ticketInput,
  reply: slaTrackingView,
});
export const getSlaBreached = contract('sla.get-breached', { request: getBreachedInput, reply: breachedView });
export const pauseSlaTracking = contract('sla.pause-tracking', {
  request: pauseTrackingInput,
  reply: slaTrackingView,
});
export const resumeSlaTracking = contract('sla.resume-tracking', { request: ticketInput, reply: slaTrackingView });
/** `from` and `to` are instants or dates in text. */
export const getSlaReport = contract('sla.report', {
  request: slaReportInput,
  reply: slaReportView,
  timeoutMs: 20_000,
});
