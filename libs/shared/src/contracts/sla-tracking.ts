import { z } from 'zod';
import { contract } from './contract.js';
import { slaMinutes } from './sla-policies.js';
import { instant, ticketRef } from './values.js';

export const slaTarget = z.enum(['first_response', 'next_response', 'resolution']);
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
        first_response_time: slaMinutes,
        next_response_time: slaMinutes,
        resolution_time: slaMinutes,
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

export const getSlaTracking = contract('sla.get-tracking', {
  bySystem: true,
  request: ticketInput,
  reply: slaTrackingView,
});

export const pauseSlaTracking = contract('sla.pause-tracking', {
  request: pauseTrackingInput,
  reply: slaTrackingView,
});

export const resumeSlaTracking = contract('sla.resume-tracking', { request: ticketInput, reply: slaTrackingView });
