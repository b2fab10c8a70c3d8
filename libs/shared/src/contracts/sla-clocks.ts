import { z } from 'zod';
import { contract } from './contract.js';
import { instant } from './values.js';

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
