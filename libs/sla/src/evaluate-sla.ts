import { businessTimeOf } from './business-time-of.js';
import type { Calendar } from './calendar.schema.js';
import { measureClock, type PauseReason, type SlaClock } from './clock.js';
import { escalationsOf } from './escalations.js';
import { clockLives, type Ruling, type SlaTarget } from './clock-lives.js';
import { orderHistory } from './order-history.js';
import { pausesOf, pauseSwitches, type Pause } from './pauses.js';
import type { SlaRules } from './policy.schema.js';
import type { SlaEvent } from './sla-event.schema.js';
import type { TicketStatus } from './ticket-status.js';

export type BreachStatus = 'none' | 'warning' | 'breached';

export type SlaQuestion = {
  /** The policy chosen when the ticket was opened; null when none fitted. Later ones are `policy_changed` events. */
  policy: SlaRules | null;
  /** That policy's calendar; null is 24x7. (A policy's own `calendar` field is not looked at.) */
  calendar: Calendar | null;
  /** The ticket's history, in any order and with any repeats. */
  events: readonly SlaEvent[];
  /** Epoch milliseconds. Events later than it have not happened yet. */
  now: number;
};

export type SlaEvaluation = {
  /** first_response, then next_response and resolution by cycle; only those that the policy sets a target for. */
  clocks: SlaClock[];
  /**
   * The soonest instant at which something will happen by itself: a threshold after `now`, or a due instant at or
   * after `now` (a clock is breached only once `now` is *past* it: look again at `dueSoonest + 1`), over running
   * clocks, and the steps of escalation ahead of clocks that count. Closed hours are reckoned in. null when every clock
   * stands by status or hand, is breached with no step ahead, or has stopped.
   */
  dueSoonest: number | null;
  /** `breached` if any clock of the ticket ever was; else `warning` while one that has not stopped is past its first threshold. */
  status: BreachStatus;
  /** Why the clocks stand still at `now`; empty when they count, and when the ticket has no clock that still runs. */
  pauseReasons: PauseReason[];
  /** When the present pause by status or hand began; null when there is none. */
  pausedAt: number | null;
};

/**
 * The SLA clocks of a ticket as a pure function of its history. Costs microseconds: no I/O, no clock, no counters,
 * and a calendar's tables are built once.
 */
export function evaluateSla({ policy, calendar, events, now }: SlaQuestion): SlaEvaluation {
  const history = orderHistory(events, now);
  const switches = pauseSwitches(history);
  // One list of pauses per policy: a later policy that pauses on other statuses does so from the ticket's creation.
  const pausesByPolicy = new Map<SlaRules, Pause[]>();
  const pausesUnder = (rules: SlaRules): Pause[] => {
    let pauses = pausesByPolicy.get(rules);
    if (!pauses) pausesByPolicy.set(rules, (pauses = pausesOf(switches, rules.pauseOn)));
    return pauses;
  };
  const countingOf = (target: SlaTarget, ruling: Ruling) =>
    ruling.policy && {
      minutes: minutesFor(target, ruling.policy),
      time: businessTimeOf(ruling.calendar),
      pauses: pausesUnder(ruling.policy),
    };
  const clocks: SlaClock[] = [];
  let current: { pauses: Pause[]; rules: SlaRules; calendar: Calendar | null } | null = null;
  for (const life of clockLives(history, { policy, calendar })) {
    const rules = life.ruling.policy;
    const minutes = rules && minutesFor(life.target, rules);
    if (!rules || !minutes) continue;
    const pauses = pausesUnder(rules);
    const clock = measureClock(life, minutes, rules, businessTimeOf(life.ruling.calendar), pauses, now);
    clock.escalations = escalationsOf(life, (ruling) => countingOf(life.target, ruling), now);
    clocks.push(clock);
    if (!life.ended) current = { pauses, rules, calendar: life.ruling.calendar };
  }
  clocks.sort((a, b) => ORDER[a.target] - ORDER[b.target] || a.cycle - b.cycle);

  const pauseReasons: PauseReason[] = [];
  const last = switches.at(-1);
  if (current && last) {
    const pauseOn: readonly TicketStatus[] = current.rules.pauseOn;
    if (pauseOn.includes(last.status)) pauseReasons.push('status');
    if (last.byHand) pauseReasons.push('manual');
    if (!businessTimeOf(current.calendar).isOpenAt(now)) pauseReasons.push('outside_hours');
  }
  const lastPause = current?.pauses.at(-1);
  return {
    clocks,
    dueSoonest: soonestOf(clocks, now),
    status: breachStatusOf(clocks),
    pauseReasons,
    pausedAt: lastPause && lastPause.to === null ? lastPause.from : null,
  };
}

const ORDER: Record<SlaTarget, number> = { first_response: 0, next_response: 1, resolution: 2 };

function minutesFor(target: SlaTarget, rules: SlaRules): number | null {
  if (target === 'first_response') return rules.firstResponseMinutes;
  return target === 'next_response' ? rules.nextResponseMinutes : rules.resolutionMinutes;
}

function soonestOf(clocks: readonly SlaClock[], now: number): number | null {
  let soonest = Number.POSITIVE_INFINITY;
  for (const clock of clocks) {
    for (const { at, counted, reached } of clock.escalations) {
      const comes = clock.stoppedAt === null && !reached && (counted || !clock.isHeld);
      if (comes && at >= now) soonest = Math.min(soonest, at);
    }
    // Paused in the very instant at which it fell due: that pause comes too late, and the breach needs no event.
    const dueThisInstant = clock.state === 'paused' && clock.remainingMs === 0;
    if (clock.state !== 'running' && !dueThisInstant) continue;
    if (clock.dueAt >= now) soonest = Math.min(soonest, clock.dueAt);
    for (const { at } of clock.warnings) if (at > now) soonest = Math.min(soonest, at);
  }
  return soonest === Number.POSITIVE_INFINITY ? null : soonest;
}

function breachStatusOf(clocks: readonly SlaClock[]): BreachStatus {
  if (clocks.some(({ state }) => state === 'breached')) return 'breached';
  const warned = clocks.some(({ stoppedAt, warnings }) => stoppedAt === null && warnings[0]?.reached);
  return warned ? 'warning' : 'none';
}
