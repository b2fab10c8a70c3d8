import { z } from 'zod';
import type { priorityPolicyChanges, priorityPolicyInput } from '#shared/contracts/sla-policies.js';
import { policyChangesSchema, policySchema } from '#sla/policy.schema.js';

export type PolicyChanges = z.output<typeof policyChangesSchema>;

const policyId = z.uuid({ error: 'must be the policy’s id, a uuid' });
export const policyPath = z.object({ policy: policyId });
export const deletePolicyInput = z.strictObject({ id: policyId });

/** `{ id, …changes }` in one object, as the document's updatePolicy takes it. What is wrong is told of its field. */
export const updatePolicyInput = z
  .custom<{ id: string } & z.input<typeof policyChangesSchema>>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'must be an object with the policy’s id and what changes',
  )
  .transform((input, context) => {
    const { id, ...changes } = input;
    const readId = policyId.safeParse(id);
    const read = policyChangesSchema.safeParse(changes);
    for (const issue of readId.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['id', ...issue.path], message: issue.message });
    }
    for (const issue of read.error?.issues ?? []) {
      const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      context.addIssue({ code: 'custom', path: [...issue.path, ...unknownKeys], message: issue.message });
    }
    if (!readId.success || !read.success) return z.NEVER;
    return { id: readId.data, changes: read.data };
  });

/** A policy for one team is more exact than one for all; both come before a policy for everything (0), and the seeded ones. */
const PRECEDENCE = { team: 20, all: 10 };

type PriorityInput = z.output<typeof priorityPolicyInput>;

/** The tickets' document's policy as one of ours: the priority and the team become conditions. */
export function policyOfPriority(input: PriorityInput): z.output<typeof policySchema> {
  const { priority, teamId, name, ...rest } = input;
  return policySchema.parse({
    ...rest,
    name: name ?? `${priority[0]!.toUpperCase()}${priority.slice(1)} priority${teamId ? ' of a team' : ''}`,
    ...conditionsOf(priority, teamId ?? null),
  });
}

/** The same for changes; null when they name a priority or a team and the policy's conditions say something else. */
export function changesOfPriority(
  changes: z.output<typeof priorityPolicyChanges>,
  now: { priority: string | null; teamId: string | null },
): PolicyChanges | null {
  const { priority, teamId, ...rest } = changes;
  if (priority === undefined && teamId === undefined) return policyChangesSchema.parse(rest);
  if (now.priority === null) return null;
  const conditions = conditionsOf(priority ?? now.priority, teamId === undefined ? now.teamId : teamId);
  return policyChangesSchema.parse({ ...rest, ...conditions });
}

const conditionsOf = (priority: string, teamId: string | null) => ({
  conditions: [
    { field: 'priority', operator: 'equals', value: priority },
    ...(teamId ? [{ field: 'teamId', operator: 'equals', value: teamId }] : []),
  ],
  priority: teamId ? PRECEDENCE.team : PRECEDENCE.all,
});
