import type { BusinessTime } from './business-time.js';
import type { ClockLife, SlaTarget } from './clock-lives.js';
import { countOpenTime } from './count-open-time.js';
import type { ClockEscalation } from './escalations.js';
import { MINUTE_MS } from './opening-days.js';
import type { Pause } from './pauses.js';
import type { SlaRules } from './policy.schema.js';

/**
 * `running`: counts, or will by itself when the desk opens. `paused`: stands by status or by hand, and only an event
 * will move it. (So a stored state never goes stale by the mere passing of a night; `isPaused` tells the moment.)
 * `breached`: it ran after its due instant, whether it has stopped since or not. `met`, `cancelled`: stopped in time.
 */
export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

export type PauseReason = 'status' | 'manual' | 'outside_hours';

/** One clock. Instants are epoch milliseconds, durations milliseconds. */
export type SlaClock = {
  target: SlaTarget;
  /** 1, 2, …: rounds of next_response, restarts of resolution. */
  cycle: number;
  startedAt: number;
  targetMs: number;
  /** The instant of the first threshold; null when the policy has none. */
  warnAt: number | null;
  /**
   * Every threshold, ascending, and whether the clock got there. Like `dueAt`: for a clock that stands or has stopped,
   * thresholds ahead of it are where they would be if it resumed (had gone on) at that instant.
   */
  warnings: { threshold: number; at: number; reached: boolean }[];
  /** The first instant at which the consumed time equals the target. */
  dueAt: number;
  /** Met, cancelled, or answered late; null while it is not. */
  stoppedAt: number | null;
  /** `dueAt` if breached, whoever looks when; else null. */
  breachedAt: number | null;
  state: ClockState;
  /** Business time less the pauses, from start to stop (or now). Goes on past the target. */
  consumedMs: number;
  /** All time that did not count: pauses and closed hours, overlaps once. consumedMs + pausedMs is all the time it was on. */
  pausedMs: number;
  /** The part of pausedMs that was by status or by hand, in plain time. */
  heldMs: number;
  /** targetMs - consumedMs, below 0 when overdue; frozen while paused; null once stopped. */
  remainingMs: number | null;
  /** Whether it stands still at `now`, by status, by hand, or because the desk is closed. False once stopped. */
  isPaused: boolean;
  /** By status or by hand: only an event will move it. False once stopped. */
  isHeld: boolean;
  /** What the policy does about it, by step: see escalations.ts. Empty without escalation. */
  escalations: ClockEscalation[];
};

/**
 * Does a clock's arithmetic. `pauses` are those of an history up to `now`, sorted and apart.
 * A clock is breached when it stopped, or `now` is, after `dueAt`: at the due instant itself it is in time.
 * That also holds for one that ended exactly at its due instant in time, when it is reopened: nothing was left of it.
 */
export function measureClock(
  life: ClockLife,
  targetMinutes: number,
  rules: SlaRules,
  time: BusinessTime,
  pauses: readonly Pause[],
  now: number,
): SlaClock {
  const targetMs = targetMinutes * MINUTE_MS;
  // Milestones are amounts of consumed time: the thresholds, then the target itself.
  const milestones = rules.warnAt.map((share) => Math.round(share * targetMs));
  milestones.push(targetMs);
  const startedAt = life.spans[0]!.from;
  const stoppedAt = life.ended ? life.spans.at(-1)!.to : null;
  const end = stoppedAt ?? now;
  const { counted: gotTo, reachedAt, ...sum } = countOpenTime(life.spans, milestones, time, pauses, end);
  const warnings = rules.warnAt.map((threshold, index) => ({
    threshold,
    at: reachedAt[index]!,
    reached: index < gotTo,
  }));
  const dueAt = reachedAt.at(-1)!;
  const breached = gotTo === milestones.length && end > dueAt;
  const held = pauses.at(-1)?.to === null;
  return {
    target: life.target,
    cycle: life.cycle,
    startedAt,
    targetMs,
    warnAt: warnings[0]?.at ?? null,
    warnings,
    dueAt,
    stoppedAt,
    breachedAt: breached ? dueAt : null,
    state: stateOf(life, breached, held),
    consumedMs: sum.openMs,
    pausedMs: sum.wallMs - sum.openMs,
    heldMs: sum.heldMs,
    remainingMs: life.ended ? null : targetMs - sum.openMs,
    isPaused: !life.ended && (held || !time.isOpenAt(now)),
    isHeld: !life.ended && held,
    escalations: [],
  };
}

function stateOf(life: ClockLife, breached: boolean, held: boolean): ClockState {
  // Also when it was cancelled: a deadline that was missed before stays missed.
  if (breached) return 'breached';
  if (life.ended) return life.ended === 'done' ? 'met' : 'cancelled';
  return held ? 'paused' : 'running';
}
