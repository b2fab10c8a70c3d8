import type { BusinessTime } from './business-time.js';
import type { ClockLife, Ruling } from './clock-lives.js';
import { countOpenTime } from './count-open-time.js';
import type { EscalationAct } from './escalation.schema.js';
import { MINUTE_MS } from './opening-days.js';
import type { Pause } from './pauses.js';
import type { SlaRules } from './policy.schema.js';

/** A step of a policy's escalation as it meets one clock. */
export type ClockEscalation = {
  /** Its place in the policy's list, from 1: with ticket, target and cycle it names the step for ever. */
  step: number;
  /** The instant at which the consumed time reaches its amount. Ahead: as for a warning, if the clock ran on from `now`. */
  at: number;
  /** The clock still ran after `at`: the step is to be taken, whoever looks when. */
  reached: boolean;
  /** The time that leads to `at` has been consumed: no pause to come moves it any more. */
  counted: boolean;
  do: EscalationAct;
};

/** How one policy counts: its target for this clock in minutes (null: none), its business time and its pauses. */
export type Counting = { minutes: number | null; time: BusinessTime; pauses: readonly Pause[] };

/**
 * The steps of a clock, by their numbers. Pure, like all of the clock:
 * - a step is taken when the clock still ran *after* its instant, like a breach: who answers in that instant is in time;
 * - each policy (each version) takes those whose instants lie within the time that it was in force. A policy that comes
 *   later takes none for the time before it was chosen, and what a former one had taken stays taken;
 * - a step's number is taken once a clock, whatever later policies have under that number.
 */
export function escalationsOf(
  life: ClockLife,
  countingOf: (ruling: Ruling) => Counting | null,
  now: number,
): ClockEscalation[] {
  if (!life.rulings.some(({ ruling }) => (ruling.policy?.escalation?.length ?? 0) > 0)) return [];
  const end = life.ended ? life.spans.at(-1)!.to! : now;
  const steps = new Map<number, ClockEscalation>();
  for (const [index, { from, ruling }] of life.rulings.entries()) {
    const next = life.rulings[index + 1]?.from;
    const inForceTo = Math.min(next ?? end, end);
    const counting = countingOf(ruling);
    if (!ruling.policy || !counting) continue;
    for (const step of instantsOf(life, ruling.policy, counting, inForceTo)) {
      if (steps.get(step.step)?.reached) continue;
      // Before the policy was chosen: that was not its time. (The first one was there from the beginning.)
      if (index > 0 && step.at < from) continue;
      const reached = step.counted && step.at < inForceTo;
      // What an earlier policy had ahead is a later one's business.
      if (next !== undefined && !reached) continue;
      steps.set(step.step, { ...step, reached });
    }
  }
  return [...steps.values()].toSorted((a, b) => a.step - b.step);
}

function instantsOf(
  { target, spans }: ClockLife,
  { escalation = [] }: SlaRules,
  { minutes, time, pauses }: Counting,
  end: number,
): Omit<ClockEscalation, 'reached'>[] {
  if (!minutes) return [];
  const wanted = escalation
    .map((step, index) => ({ ...step, step: index + 1 }))
    .filter((step) => step.target === undefined || step.target === target)
    .map(({ step, at: { percent, plusMinutes }, do: act }) => {
      const amountMs = Math.round((percent / 100) * minutes * MINUTE_MS) + plusMinutes * MINUTE_MS;
      return { step, amountMs, act };
    })
    .toSorted((a, b) => a.amountMs - b.amountMs);
  const amounts = wanted.map(({ amountMs }) => amountMs);
  const { reachedAt, counted } = countOpenTime(spans, amounts, time, pauses, end);
  return wanted.map(({ step, act }, index) => ({ step, at: reachedAt[index]!, counted: index < counted, do: act }));
}
