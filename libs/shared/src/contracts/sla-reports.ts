import { z } from 'zod';
import { contract } from './contract.js';
import { slaTarget } from './sla-tracking.js';
import { givenMoment, instant, priority } from './values.js';

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

/** `from` and `to` are instants or dates in text. */
export const getSlaReport = contract('sla.report', {
  request: slaReportInput,
  reply: slaReportView,
  timeoutMs: 20_000,
});
