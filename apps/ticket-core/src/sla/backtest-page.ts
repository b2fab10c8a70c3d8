import type { TicketFacts } from '#sla/ticket-facts.js';
import type { BacktestPage, BacktestDifference } from '#shared/contracts/sla-reports.js';
import type { SlaClock } from '#sla/clock.js';
import { conditionsHold } from '#sla/conditions-hold.js';
import { evaluateSla } from '#sla/evaluate-sla.js';
import type { SlaPolicy } from '#sla/policy.schema.js';
import type { ResolvedCalendar } from '#sla/shared-calendar.schema.js';
import type { ActivityRead } from '../activities/activity.view.js';
import { factsAtOpening } from './facts-at-opening.js';
import { slaEventsOf } from './sla-history.js';
import { slaQuestionOf, type StoredRules } from './stored-rules.js';

const TARGETS = ['first_response', 'next_response', 'resolution'] as const;

export interface PastTicket {
  id: string;
  number: number;
  subject: string;
  /** As they are now; what they were when it was opened follows from the history. */
  facts: TicketFacts;
  initial_rules: StoredRules | null;
  history: readonly ActivityRead[];
}

type Counts = Omit<BacktestPage, 'nextCursor' | 'total'>;

/**
 * What would have become of these tickets under the proposed policy, beside what has. It applies to those that its conditions
 * held for when they were opened, from their opening to their end, in place of every policy that they had; to others nothing
 * changes and they are not counted. A target is breached when any of its cycles is. Pure; `nowMs` is for those still open.
 */
export function backtestOf(
  tickets: readonly PastTicket[],
  policy: SlaPolicy,
  calendar: ResolvedCalendar | null,
  nowMs: number,
): Counts {
  const rows = new Map<string, Counts['rows'][number]>();
  const differing: BacktestDifference[] = [];
  let applies = 0;
  for (const { id, number, subject, facts: factsNow, initial_rules, history } of tickets) {
    const facts = factsAtOpening(factsNow, history);
    if (!conditionsHold(policy.conditions, facts)) continue;
    applies += 1;
    const before = evaluateSla(slaQuestionOf(initial_rules, history, nowMs)).clocks;
    const events = slaEventsOf(history).filter(({ type }) => type !== 'policy_changed');
    const after = evaluateSla({ policy, calendar, events, now: nowMs }).clocks;
    for (const target of TARGETS) {
      const [was, would] = [outcomeOf(before, target), outcomeOf(after, target)];
      if (was === null && would === null) continue;
      const key = `${facts.priority} ${target}`;
      let row = rows.get(key);
      if (!row)
        rows.set(key, (row = { priority: facts.priority, target, tickets: 0, breached: 0, wouldBeBreached: 0 }));
      row.tickets += 1;
      if (was === 'breached') row.breached += 1;
      if (would === 'breached') row.wouldBeBreached += 1;
      if ((was === 'breached') !== (would === 'breached')) {
        const due = after.findLast(
          (clock) => clock.target === target && (would !== 'breached' || clock.breachedAt !== null),
        );
        const lateMs = due && due.breachedAt !== null ? due.consumedMs - due.targetMs : null;
        const ticket = { id, number, subject, priority: facts.priority };
        differing.push({ ticket, target, was, would, dueAt: due ? new Date(due.dueAt).toISOString() : null, lateMs });
      }
    }
  }
  return { tickets: tickets.length, applies, rows: [...rows.values()], differing };
}

/** The worst of its cycles; null when the policy has no such target (or the round never came). */
function outcomeOf(clocks: readonly SlaClock[], target: (typeof TARGETS)[number]): BacktestDifference['was'] {
  const states = clocks.filter((clock) => clock.target === target).map(({ state }) => state);
  if (states.includes('breached')) return 'breached';
  if (states.includes('running') || states.includes('paused')) return 'open';
  if (states.includes('met')) return 'met';
  return states.length > 0 ? 'cancelled' : null;
}
