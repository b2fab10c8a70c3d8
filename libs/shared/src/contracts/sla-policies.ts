import { z } from 'zod';
import { contract } from './contract.js';
import { instant, priority, priorityInput } from './values.js';

/** A target of a policy; null is none. */
export const slaMinutes = z.int().positive().nullable();

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
    first_response_time: slaMinutes,
    next_response_time: slaMinutes,
    resolution_time: slaMinutes,
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
    firstResponseMinutes: slaMinutes,
    nextResponseMinutes: slaMinutes,
    resolutionMinutes: slaMinutes,
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
