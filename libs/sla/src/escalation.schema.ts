import { z } from 'zod';
import { TICKET_PRIORITIES } from './ticket-facts.js';

/** Ten years. */
const MAX_MINUTES = 5_256_000;
const MAX_STEPS = 20;

const when = z.strictObject(
  {
    percent: z
      .number({ error: 'must be a share of the target in percent, such as 80' })
      .int('must be whole percent')
      .min(1, 'must be at least 1 percent of the target')
      .max(1_000, 'must be at most 1,000 percent of the target'),
    /** Minutes of the policy’s business time after that: `{ percent: 100, plusMinutes: 60 }` is an hour overdue. */
    plusMinutes: z.number().int('must be whole minutes').min(0).max(MAX_MINUTES).default(0),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'must say when, as { percent: 80 } or { percent: 100, plusMinutes: 60 }' : undefined,
  },
);

const channel = z
  .string()
  .transform((name) => name.trim().replace(/^#/, ''))
  .refine((name) => /^[\p{L}\p{N}_-]{1,80}$/u.test(name), 'must be a channel’s name or id, such as #sla-alerts');

const alert = z.union([z.strictObject({ channel }), z.strictObject({ agentId: z.uuid() })], {
  error: 'must be { channel } or { agentId }',
});

/** `critical` is another name of `urgent`; `by_one` is the next higher one, whatever it is then. */
const raisePriority = z.preprocess(
  (value) => (value === 'critical' ? 'urgent' : value === 'by one' ? 'by_one' : value),
  z.enum([...TICKET_PRIORITIES, 'by_one'], { error: `must be one of ${TICKET_PRIORITIES.join(', ')}, by_one` }),
);

const act = z.union(
  [
    z.strictObject({ alert }),
    z.strictObject({ assignTeam: z.uuid() }),
    z.strictObject({ assignAgent: z.uuid() }),
    z.strictObject({ raisePriority }),
  ],
  {
    error:
      'must be one of { alert: { channel } }, { alert: { agentId } }, { assignTeam }, { assignAgent }, { raisePriority }',
  },
);

/**
 * What a policy does about a clock that nobody stops: `do` at the instant at which the consumed time reaches `percent`
 * of the target and `plusMinutes` more. Without `target` for each of the three. A step is known by its place in the list.
 */
export const escalationSchema = z
  .array(
    z.strictObject({
      at: when,
      target: z.enum(['first_response', 'next_response', 'resolution']).optional(),
      do: act,
    }),
  )
  .max(MAX_STEPS, `at most ${MAX_STEPS} steps`);

export type EscalationStep = z.output<typeof escalationSchema>[number];
export type EscalationAct = EscalationStep['do'];
