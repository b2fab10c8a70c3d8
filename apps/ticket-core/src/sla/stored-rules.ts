import type { SlaQuestion } from '#sla/evaluate-sla.js';
import { type SlaPolicy, type SlaRules, slaRulesSchema } from '#sla/policy.schema.js';
import type { ResolvedCalendar } from '#sla/shared-calendar.schema.js';
import type { ActivityRead } from '../activities/activity.view.js';
import { calendarByNow } from './calendar-in-force.js';
import { slaEventsOf } from './sla-history.js';

/** What is kept with a ticket of the policy that was chosen: its rules and its calendar as they were then. */
export type StoredRules = SlaRules & { calendar?: ResolvedCalendar | null };

/** `calendar` is what the policy's own or its shared one comes to. */
export const storedRulesOf = (policy: SlaPolicy, calendar: ResolvedCalendar | null = policy.calendar): StoredRules => ({
  ...slaRulesSchema.parse(policy),
  calendar,
});

/** What evaluateSla is asked about a ticket: the rules that it was opened under, and its history. */
export const slaQuestionOf = (
  initial: StoredRules | null,
  history: readonly ActivityRead[],
  nowMs: number,
): SlaQuestion => ({
  policy: initial,
  calendar: calendarByNow(initial?.calendar ?? null, nowMs),
  events: slaEventsOf(history).map((event) =>
    event.type === 'policy_changed' ? { ...event, calendar: calendarByNow(event.calendar, nowMs) } : event,
  ),
  now: nowMs,
});

/** All the rules that ever applied. */
export const rulesEver = (initial: StoredRules | null, history: readonly ActivityRead[]): (StoredRules | null)[] => [
  initial,
  ...history.filter(({ type }) => type === 'sla_policy_changed').map(rulesOf),
];

const rulesOf = ({ new_value }: ActivityRead): StoredRules | null =>
  (new_value as { rules?: StoredRules | null } | null)?.rules ?? null;

/** The rules that apply at the end of the history (which is in order). */
export function rulesInForce(initial: StoredRules | null, history: readonly ActivityRead[]): StoredRules | null {
  const change = history.findLast(({ type }) => type === 'sla_policy_changed');
  return change ? rulesOf(change) : initial;
}
