import type { z } from 'zod';
import type { slaBreachView } from '#shared/contracts/sla-breaches.js';
import type { SlaTrackingView } from '#shared/contracts/sla-tracking.js';
import type { SlaClock } from '#sla/clock.js';
import type { SlaTarget } from '#sla/clock-lives.js';
import { evaluateSla, type SlaEvaluation } from '#sla/evaluate-sla.js';
import { pausesOf, pauseSwitches } from '#sla/pauses.js';
import type { ActivityRead } from '../activities/activity.view.js';
import { rulesInForce, slaQuestionOf, type StoredRules } from './stored-rules.js';

/** What a ticket's tracking is made of: what was chosen for it, and its own history, oldest first. */
export interface TrackingSource {
  tracking: {
    id: string;
    policy_id: string | null;
    policy_version: number | null;
    policy_name: string | null;
    initial_rules: StoredRules | null;
    created_at: Date;
  };
  ticket: { id: string; first_response_at: Date | null; resolved_at: Date | null };
  history: readonly ActivityRead[];
}

const iso = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();

/** Where the ticket stands at `nowMs`, reckoned from its history there and then: nobody need have looked before. */
export function trackingOf(
  { tracking, ticket, history }: TrackingSource,
  nowMs: number,
): { view: SlaTrackingView; evaluation: SlaEvaluation } {
  const question = slaQuestionOf(tracking.initial_rules, history, nowMs);
  const evaluation = evaluateSla(question);
  const { clocks } = evaluation;
  const rules = rulesInForce(tracking.initial_rules, history);
  const last = (target: SlaTarget) => clocks.findLast((clock) => clock.target === target);
  const [first, next, resolution] = [last('first_response'), last('next_response'), last('resolution')];
  // Late, too, where a change of status is an answer: without a message the clock alone knows when.
  const answered = first?.state === 'met' || rules?.firstResponseBy === 'public_reply_or_status_change';
  const answeredBy = answered && first?.state !== 'cancelled' ? first?.stoppedAt : null;
  const view: SlaTrackingView = {
    id: tracking.id,
    ticket_id: ticket.id,
    policy_id: tracking.policy_id,
    policy_version: tracking.policy_version,
    first_response_due: iso(first?.dueAt),
    first_response_at: iso(ticket.first_response_at?.getTime() ?? answeredBy),
    next_response_due: next?.stoppedAt === null ? iso(next.dueAt) : null,
    resolution_due: iso(resolution?.dueAt),
    resolved_at: iso(ticket.resolved_at?.getTime()),
    is_paused: clocks.some(({ isPaused }) => isPaused),
    paused_at: iso(evaluation.pausedAt),
    pause_reason: evaluation.pauseReasons.includes('manual') ? reasonOf(history) : null,
    total_paused_duration: pausedMs(clocks, rules, question.events, nowMs),
    breach_status: evaluation.status,
    created_at: tracking.created_at.toISOString(),
    policy: rules && {
      name: tracking.policy_name ?? '',
      first_response_time: rules.firstResponseMinutes,
      next_response_time: rules.nextResponseMinutes,
      resolution_time: rules.resolutionMinutes,
    },
    timeRemaining: {
      firstResponse: first?.remainingMs ?? null,
      nextResponse: next?.remainingMs ?? null,
      resolution: resolution?.remainingMs ?? null,
    },
  };
  return { view, evaluation };
}

/** The reason of the pause by hand that lasts. */
function reasonOf(history: readonly ActivityRead[]): string | null {
  const pause = history.findLast(({ type }) => type === 'sla_paused');
  return (pause?.new_value as { reason?: string | null } | null)?.reason ?? null;
}

/** By status and by hand, while the resolution clock was on; without one, all there were. */
function pausedMs(
  clocks: readonly SlaClock[],
  rules: StoredRules | null,
  events: Parameters<typeof pauseSwitches>[0],
  nowMs: number,
): number {
  const resolution = clocks.filter(({ target }) => target === 'resolution');
  if (resolution.length > 0) return resolution.reduce((sum, { heldMs }) => sum + heldMs, 0);
  const pauses = pausesOf(pauseSwitches(events), rules?.pauseOn ?? []);
  return pauses.reduce((sum, { from, to }) => sum + (to ?? nowMs) - from, 0);
}

export type Breach = z.output<typeof slaBreachView>;

const ORDER: Record<SlaTarget, number> = { first_response: 0, next_response: 1, resolution: 2 };

/** Missed targets, the one that hurts most first: not met yet before met late, then by target, the latest round first. */
export function breachesOf({ clocks }: SlaEvaluation, nowMs: number): Breach[] {
  return clocks
    .filter((clock) => clock.breachedAt !== null)
    .toSorted(
      (a, b) =>
        Number(a.stoppedAt !== null) - Number(b.stoppedAt !== null) ||
        ORDER[a.target] - ORDER[b.target] ||
        b.cycle - a.cycle,
    )
    .map((clock) => ({
      breachType: clock.target,
      cycle: clock.cycle,
      dueAt: new Date(clock.dueAt).toISOString(),
      stoppedAt: iso(clock.stoppedAt),
      breachDuration: (clock.stoppedAt ?? nowMs) - clock.dueAt,
    }));
}

/** The target past its first threshold that is due soonest; null when there is none. */
export function warningOf({ clocks }: SlaEvaluation): { warningType: SlaTarget; timeRemaining: number } | null {
  const [soonest] = clocks
    .filter((clock) => clock.stoppedAt === null && clock.breachedAt === null && clock.warnings[0]?.reached === true)
    .toSorted((a, b) => (a.remainingMs ?? 0) - (b.remainingMs ?? 0));
  return soonest ? { warningType: soonest.target, timeRemaining: soonest.remainingMs ?? 0 } : null;
}

/** In the first document's words: a response (the first or a later one), the resolution, or both. */
export function violatedBy(breaches: readonly Pick<Breach, 'breachType'>[]): 'response' | 'resolve' | 'both' {
  const resolve = breaches.some(({ breachType }) => breachType === 'resolution');
  const response = breaches.some(({ breachType }) => breachType !== 'resolution');
  return resolve && response ? 'both' : resolve ? 'resolve' : 'response';
}
