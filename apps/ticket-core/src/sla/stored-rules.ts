import type { Calendar } from '#sla/calendar.schema.js';
import type { SlaQuestion } from '#sla/evaluate-sla.js';
import { type SlaPolicy, type SlaRules, slaRulesSchema } from '#sla/policy.schema.js';
import type { ActivityRead } from '../activities/activity.view.js';
import { slaEventsOf } from './sla-history.js';

/** What is kept with a ticket of the policy that was chosen: its rules and its calendar as they were then. */
export type StoredRules = SlaRules & { calendar?: Calendar | null };

export const storedRulesOf = (policy: SlaPolicy): StoredRules => ({
  ...slaRulesSchema.parse(policy),
  calendar: policy.calendar,
});

/** What evaluateSla is asked about a ticket: the rules that it was opened under, and its history. */
export const slaQuestionOf = (
  initial: StoredRules | null,
  history: readonly ActivityRead[],
  nowMs: number,
): SlaQuestion => ({
  policy: initial,
  calendar: initial?.calendar ?? null,
  events: slaEventsOf(history),
  now: nowMs,
});

/** The rules that apply at the end of the history (which is in order). */
export function rulesInForce(initial: StoredRules | null, history: readonly ActivityRead[]): StoredRules | null {
  const change = history.findLast(({ type }) => type === 'sla_policy_changed');
  if (!change) return initial;
  return (change.new_value as { rules?: StoredRules | null } | null)?.rules ?? null;
}
