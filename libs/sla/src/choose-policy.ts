import type { Condition } from './condition.schema.js';
import { conditionsHold } from './conditions-hold.js';
import type { TicketFacts } from './ticket-facts.js';

export type PolicyCandidate = {
  id: string;
  enabled: boolean;
  priority: number;
  /** Epoch milliseconds. */
  createdAt: number;
  conditions: readonly Condition[];
};

/** The order in which policies are tried and listed: priority descending, then oldest first (then by id, so that it is total). */
export function byPrecedence(a: PolicyCandidate, b: PolicyCandidate): number {
  return b.priority - a.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The policy of a ticket: the first enabled one whose conditions all hold, or null. */
export function choosePolicy<Policy extends PolicyCandidate>(
  policies: readonly Policy[],
  facts: TicketFacts,
): Policy | null {
  const tried = policies.filter((policy) => policy.enabled).toSorted(byPrecedence);
  return tried.find((policy) => conditionsHold(policy.conditions, facts)) ?? null;
}
