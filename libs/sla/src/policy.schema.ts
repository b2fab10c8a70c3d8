import { z } from 'zod';
import { calendarSchema } from './calendar.schema.js';
import { conditionsSchema } from './condition.schema.js';
import { escalationSchema } from './escalation.schema.js';
import { isFinished, ticketStatusSchema } from './ticket-status.js';

/** Ten years. */
const MAX_MINUTES = 5_256_000;

const minutes = z
  .number({ error: 'must be whole minutes, or null for no target' })
  .int('must be whole minutes')
  .min(1, 'must be at least 1 minute (null is no target)')
  .max(MAX_MINUTES, `must be at most ${MAX_MINUTES} minutes`)
  .nullable()
  .optional();

const warnAt = z
  .array(z.number().gt(0, 'must be a share of the target above 0').lt(1, 'must be a share of the target below 1'))
  .max(10)
  .transform((shares) => [...new Set(shares)].toSorted((a, b) => a - b));

const pauseOn = z
  .array(
    ticketStatusSchema.refine((status) => !isFinished(status), {
      error: 'must be a status before resolved: resolving stops the clocks anyway',
    }),
  )
  .transform((statuses) => [...new Set(statuses)].toSorted());

const firstResponseBy = z.enum(['public_reply', 'public_reply_or_status_change']);
const nextResponseFrom = z.enum(['agent_response', 'customer_message']);
const onReopen = z.enum(['resume', 'restart']);

/** Fields by their own names, and targets also by the documents' (`firstResponseTime`, `first_response_time`). */
const fields = {
  name: z.string().trim().min(1, 'must be 1 to 200 characters').max(200, 'must be 1 to 200 characters'),
  description: z.string().max(5_000).nullable().optional(),
  conditions: conditionsSchema.optional(),
  priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
  enabled: z.boolean().optional(),
  warnAt: warnAt.optional(),
  pauseOn: pauseOn.optional(),
  firstResponseBy: firstResponseBy.optional(),
  nextResponseFrom: nextResponseFrom.optional(),
  onReopen: onReopen.optional(),
  /** null and absent: 24x7. */
  calendar: calendarSchema.nullable().optional(),
  /** One of the organisation’s shared calendars, in place of one of its own. */
  calendarId: z.uuid({ error: 'must be the id of a calendar, a uuid' }).nullable().optional(),
  escalation: escalationSchema.optional(),
  firstResponseMinutes: minutes,
  firstResponseTime: minutes,
  first_response_time: minutes,
  nextResponseMinutes: minutes,
  nextResponseTime: minutes,
  next_response_time: minutes,
  resolutionMinutes: minutes,
  resolutionTime: minutes,
  resolution_time: minutes,
};

type TargetInput = Partial<Record<(typeof TARGET_NAMES)[TargetField][number], number | null>> & {
  calendar?: unknown;
  calendarId?: string | null | undefined;
};
type TargetField = keyof typeof TARGET_NAMES;

const TARGET_NAMES = {
  firstResponseMinutes: ['firstResponseMinutes', 'firstResponseTime', 'first_response_time'],
  nextResponseMinutes: ['nextResponseMinutes', 'nextResponseTime', 'next_response_time'],
  resolutionMinutes: ['resolutionMinutes', 'resolutionTime', 'resolution_time'],
} as const;

/** A target said twice under two names must say the same; opening hours come from one place. */
function refuseContradictions(input: TargetInput, context: z.RefinementCtx): void {
  if (input.calendar && input.calendarId) {
    context.addIssue({ code: 'custom', path: ['calendarId'], message: 'give either calendar or calendarId' });
  }
  for (const names of Object.values(TARGET_NAMES)) {
    const said = names.filter((name) => input[name] !== undefined);
    const [first, ...others] = said;
    for (const other of others) {
      if (first && input[other] !== input[first]) {
        context.addIssue({ code: 'custom', path: [other], message: `says otherwise than ${first}: give one of them` });
      }
    }
  }
}

function oneNameEach<Input extends TargetInput>(input: Input) {
  const { firstResponseMinutes, firstResponseTime, first_response_time, ...a } = input;
  const { nextResponseMinutes, nextResponseTime, next_response_time, ...b } = a;
  const { resolutionMinutes, resolutionTime, resolution_time, ...rest } = b;
  return {
    ...rest,
    firstResponseMinutes: firstSaid(firstResponseMinutes, firstResponseTime, first_response_time),
    nextResponseMinutes: firstSaid(nextResponseMinutes, nextResponseTime, next_response_time),
    resolutionMinutes: firstSaid(resolutionMinutes, resolutionTime, resolution_time),
  };
}

function firstSaid(...values: (number | null | undefined)[]): number | null | undefined {
  return values.find((value) => value !== undefined);
}

function withDefaults<Input extends z.output<z.ZodObject<typeof fields>>>(input: Input) {
  const said = oneNameEach(input);
  return {
    ...said,
    description: said.description ?? null,
    conditions: said.conditions ?? [],
    priority: said.priority ?? 0,
    enabled: said.enabled ?? true,
    firstResponseMinutes: said.firstResponseMinutes ?? null,
    nextResponseMinutes: said.nextResponseMinutes ?? null,
    resolutionMinutes: said.resolutionMinutes ?? null,
    warnAt: said.warnAt ?? [0.8],
    pauseOn: said.pauseOn ?? (['on_hold', 'pending'] as z.output<typeof pauseOn>),
    firstResponseBy: said.firstResponseBy ?? ('public_reply' as const),
    nextResponseFrom: said.nextResponseFrom ?? ('agent_response' as const),
    onReopen: said.onReopen ?? ('resume' as const),
    calendar: said.calendar ?? null,
    calendarId: said.calendarId ?? null,
    escalation: said.escalation ?? [],
  };
}

const POLICY_EXAMPLE = {
  name: 'Enterprise',
  conditions: [{ field: 'tags', operator: 'contains', value: 'enterprise-customer' }],
  firstResponseTime: 30,
  resolutionTime: 480,
  priority: 10,
  warnAt: [0.75],
  escalation: [{ at: { percent: 90 }, do: { alert: { channel: '#sla-alerts' } } }],
};

/** A whole policy, as `createPolicy` takes it: targets in minutes by either name, everything else with its default. */
export const policySchema = z
  .strictObject(fields)
  .meta({ example: POLICY_EXAMPLE })
  .superRefine(refuseContradictions)
  .transform(withDefaults);

/** What `updatePolicy` may change; what is absent stays as it is, a target of null is taken away. */
export const policyChangesSchema = z
  .strictObject(fields)
  .partial()
  .meta({ example: { resolutionTime: 240, enabled: true } })
  .superRefine(refuseContradictions)
  .transform((input) =>
    Object.fromEntries(Object.entries(oneNameEach(input)).filter(([, value]) => value !== undefined)),
  )
  .transform((changes) => changes as Partial<SlaPolicy>);

/** How answers of the API call what it takes by another name, and what they say of a policy beside itself. */
const answered = {
  warn_at: fields.warnAt,
  pause_on: fields.pauseOn,
  first_response_by: fields.firstResponseBy,
  next_response_from: fields.nextResponseFrom,
  on_reopen: fields.onReopen,
  calendar_id: fields.calendarId,
  id: z.unknown().optional(),
  organization_id: z.unknown().optional(),
  version: z.unknown().optional(),
  created_at: z.unknown().optional(),
  updated_at: z.unknown().optional(),
};

/** A policy in a file, or one that is only tried: a name is not needed, and it may be what the API answered with one. */
export const policyFileSchema = z
  .strictObject({ ...fields, name: fields.name.default('Scenario'), ...answered })
  .meta({ example: POLICY_EXAMPLE })
  .superRefine(refuseContradictions)
  .transform((input) => {
    const { warn_at, pause_on, first_response_by, next_response_from, on_reopen, calendar_id, ...said } = input;
    const {
      id: _id,
      organization_id: _org,
      version: _version,
      created_at: _made,
      updated_at: _changed,
      ...rest
    } = said;
    return withDefaults({
      ...rest,
      warnAt: rest.warnAt ?? warn_at,
      pauseOn: rest.pauseOn ?? pause_on,
      firstResponseBy: rest.firstResponseBy ?? first_response_by,
      nextResponseFrom: rest.nextResponseFrom ?? next_response_from,
      onReopen: rest.onReopen ?? on_reopen,
      calendarId: rest.calendarId ?? calendar_id,
    });
  });

export type SlaPolicy = z.output<typeof policySchema>;

const target = z.number().int().min(1).max(MAX_MINUTES).nullable();

/**
 * The part of a policy that the clocks need, as kept with a ticket's history. Targets are minutes of business time;
 * null is no such clock. Any `SlaPolicy` is one; what else it holds is dropped.
 */
export const slaRulesSchema = z.object({
  firstResponseMinutes: target,
  nextResponseMinutes: target,
  resolutionMinutes: target,
  warnAt,
  pauseOn,
  firstResponseBy,
  nextResponseFrom,
  onReopen,
  /** Absent in what was kept before there was escalation. */
  escalation: escalationSchema.optional(),
});

export type SlaRules = z.output<typeof slaRulesSchema>;
