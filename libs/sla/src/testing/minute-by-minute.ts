import { IANAZone } from 'luxon';
import type { Calendar } from '../calendar.schema.js';
import type { SlaQuestion } from '../evaluate-sla.js';
import type { SlaRules } from '../policy.schema.js';
import type { SlaEvent } from '../sla-event.schema.js';

/**
 * The SLA rules a second time, deliberately dumb, for tests only: it walks from minute to minute (and stops at every
 * event in between), looks at the wall clock each time, and counts. It shares no code with the engine but types,
 * so the two agree only where both are right.
 * It relies on wall clocks changing at whole quarters of an hour, as all do in the years that the tests use.
 */
export type DumbClock = {
  target: string;
  cycle: number;
  startedAt: number;
  stoppedAt: number | null;
  dueAt: number;
  breachedAt: number | null;
  warnings: { threshold: number; at: number; reached: boolean }[];
  state: string;
  consumedMs: number;
  pausedMs: number;
  heldMs: number;
  isPaused: boolean;
  isHeld: boolean;
  escalations: { step: number; at: number; reached: boolean; counted: boolean; do: unknown }[];
};

type Step = { from: number; to: number; status: string; byHand: boolean };
type Watch = {
  target: string;
  cycle: number;
  on: { from: number; to: number }[];
  stopped: 'no' | 'done' | 'cancelled';
  rules: SlaRules | null;
  calendar: Calendar | null;
  /** Under which rules it stood since when. */
  under: { since: number; rules: SlaRules | null; calendar: Calendar | null }[];
};

const MINUTE = 60_000;
const FOREVER = Number.POSITIVE_INFINITY;

export function minuteByMinute(question: SlaQuestion): {
  clocks: DumbClock[];
  dueSoonest: number | null;
  status: string;
} {
  const { now } = question;
  const byId = new Map<string, SlaEvent>();
  for (const event of question.events) byId.set(event.id, event);
  const opened = [...byId.values()].find((event) => event.type === 'opened');
  if (!opened || opened.at > now) return { clocks: [], dueSoonest: null, status: 'none' };
  const events = [...byId.values()]
    .filter((event) => event.at <= now)
    .sort((a, b) => Number(b === opened) - Number(a === opened) || a.at - b.at || a.seq - b.seq);

  const { steps, watches, heldNow } = walk(events, question, opened.at);
  const clocks = watches.flatMap((watch) => count(watch, steps, now, heldNow));
  const order = ['first_response', 'next_response', 'resolution'];
  clocks.sort((a, b) => order.indexOf(a.target) - order.indexOf(b.target) || a.cycle - b.cycle);

  const ahead = clocks.flatMap((clock) => {
    const coming = clock.escalations
      .filter(({ reached, counted }) => !reached && (counted || !clock.isHeld))
      .map(({ at }) => at)
      .filter((at) => clock.stoppedAt === null && at >= now);
    const stuckAtDue = clock.state === 'paused' && clock.dueAt === now && clock.consumedMs === targetMs(clock, watches);
    if (clock.state !== 'running' && !stuckAtDue) return coming;
    const warnings = clock.warnings.map(({ at }) => at).filter((at) => at > now);
    return clock.dueAt >= now ? [...warnings, ...coming, clock.dueAt] : [...warnings, ...coming];
  });
  const anyBreached = clocks.some((clock) => clock.breachedAt !== null);
  const anyWarned = clocks.some((clock) => clock.stoppedAt === null && clock.warnings[0]?.reached);
  return {
    clocks,
    dueSoonest: ahead.length > 0 ? Math.min(...ahead) : null,
    status: anyBreached ? 'breached' : anyWarned ? 'warning' : 'none',
  };
}

/** Lives through the ticket's history: what the status was in every minute, and which clocks were on. */
function walk(events: SlaEvent[], { policy, calendar, now }: SlaQuestion, start: number) {
  const watches: Watch[] = [];
  const steps: Step[] = [];
  let rules = policy;
  let hours = calendar;
  let status = 'open';
  let byHand = false;
  let rounds = 0;
  let t = start;
  let next = 0;
  let gone = false;

  const running = (target: string) => watches.find((watch) => watch.target === target && watch.stopped === 'no');
  const switchOn = (target: string, cycle: number) => {
    const under = [{ since: t, rules, calendar: hours }];
    watches.push({ target, cycle, on: [{ from: t, to: FOREVER }], stopped: 'no', rules, calendar: hours, under });
  };
  const switchOff = (target: string, how: 'done' | 'cancelled') => {
    const watch = running(target);
    if (!watch) return;
    watch.on[watch.on.length - 1]!.to = t;
    watch.stopped = how;
  };
  const judge = (watch: Watch) => {
    if (watch.rules !== rules || watch.calendar !== hours) watch.under.push({ since: t, rules, calendar: hours });
    Object.assign(watch, { rules, calendar: hours });
  };
  const newRound = () => {
    if (running('next_response')) return;
    rounds += 1;
    switchOn('next_response', rounds);
  };
  const over = (what: string) => what === 'resolved' || what === 'closed';
  const become = (to: string, by: string) => {
    const from = status;
    status = to;
    if (!over(from) && over(to)) {
      switchOff('first_response', rules?.firstResponseBy === 'public_reply_or_status_change' ? 'done' : 'cancelled');
      switchOff('next_response', 'cancelled');
      switchOff('resolution', 'done');
    } else if (over(from) && !over(to)) {
      const last = watches.filter((watch) => watch.target === 'resolution').at(-1)!;
      if (rules?.onReopen === 'restart') switchOn('resolution', last.cycle + 1);
      else {
        last.on.push({ from: t, to: FOREVER });
        last.stopped = 'no';
        judge(last);
      }
      if (by === 'contact') newRound();
    } else if (from !== to && !over(to) && by === 'agent') {
      if (rules?.firstResponseBy === 'public_reply_or_status_change') switchOff('first_response', 'done');
    }
  };
  const happen = (event: SlaEvent) => {
    if (gone) return;
    if (event.type === 'withdrawn') {
      gone = true;
      for (const target of ['first_response', 'next_response', 'resolution']) switchOff(target, 'cancelled');
    } else if (event.type === 'opened') {
      switchOn('first_response', 1);
      switchOn('resolution', 1);
      if (event.status) become(event.status, 'nobody');
    } else if (event.type === 'agent_replied' && event.by !== 'system' && !over(status)) {
      switchOff('first_response', 'done');
      switchOff('next_response', 'done');
      if (rules === null || rules.nextResponseFrom === 'agent_response') newRound();
    } else if (event.type === 'customer_replied' && event.by !== 'system' && !over(status)) {
      if (!running('first_response') && rules?.nextResponseFrom === 'customer_message') newRound();
    } else if (event.type === 'status_changed') become(event.to, event.by);
    else if (event.type === 'resolved') become('resolved', event.by);
    else if (event.type === 'reopened') become(event.to ?? 'open', event.by);
    else if (event.type === 'paused') byHand = true;
    else if (event.type === 'resumed') byHand = false;
    else if (event.type === 'policy_changed') {
      rules = event.policy;
      hours = event.calendar;
      for (const watch of watches) if (watch.stopped === 'no') judge(watch);
    }
  };

  for (;;) {
    while (next < events.length && events[next]!.at <= t) {
      happen(events[next]!);
      next += 1;
    }
    if (t >= now) break;
    const to = Math.min(now, (Math.floor(t / MINUTE) + 1) * MINUTE, events[next]?.at ?? FOREVER);
    steps.push({ from: t, to, status, byHand });
    t = to;
  }
  const heldNow = (pauseOn: readonly string[]) => byHand || pauseOn.includes(status);
  return { steps, watches, heldNow };
}

/** Counts one clock, step by step, and goes on past its end to see where its milestones would have been. */
function count(watch: Watch, steps: Step[], now: number, heldNow: (on: readonly string[]) => boolean): DumbClock[] {
  const { rules, calendar } = watch;
  const minutes = rules && minutesOf(watch.target, rules);
  if (!rules || !minutes) return [];
  const milestones = [...rules.warnAt.map((share) => Math.round(share * minutes * MINUTE)), minutes * MINUTE];
  const at: (number | null)[] = milestones.map(() => null);
  let consumedMs = 0;
  let pausedMs = 0;
  let heldMs = 0;
  const consume = (from: number, to: number) => {
    for (const [index, milestone] of milestones.entries()) {
      if (at[index] === null && consumedMs + (to - from) >= milestone) at[index] = from + (milestone - consumedMs);
    }
    consumedMs += to - from;
  };
  for (const step of steps) {
    if (!watch.on.some(({ from, to }) => from <= step.from && step.to <= to)) continue;
    const held = step.byHand || rules.pauseOn.some((status) => status === step.status);
    if (held) heldMs += step.to - step.from;
    if (held || !isOpen(calendar, step.from)) pausedMs += step.to - step.from;
    else consume(step.from, step.to);
  }
  const end = watch.stopped === 'no' ? now : watch.on.at(-1)!.to;
  const consumedAtEnd = consumedMs;
  const reached = at.map((instant) => instant !== null);
  for (let t = end; at.includes(null);) {
    const to = (Math.floor(t / MINUTE) + 1) * MINUTE;
    if (isOpen(calendar, t)) consume(t, to);
    t = to;
  }
  const dueAt = at.at(-1)!;
  const breached = reached.at(-1)! && end > dueAt;
  const settled = watch.stopped === 'done' ? 'met' : 'cancelled';
  const live = heldNow(rules.pauseOn) ? 'paused' : 'running';
  return [
    {
      target: watch.target,
      cycle: watch.cycle,
      startedAt: watch.on[0]!.from,
      stoppedAt: watch.stopped === 'no' ? null : end,
      dueAt,
      breachedAt: breached ? dueAt : null,
      warnings: rules.warnAt.map((threshold, index) => ({ threshold, at: at[index]!, reached: reached[index]! })),
      state: breached ? 'breached' : watch.stopped === 'no' ? live : settled,
      consumedMs: consumedAtEnd,
      pausedMs,
      heldMs,
      isPaused: watch.stopped === 'no' && (live === 'paused' || !isOpen(calendar, now)),
      isHeld: watch.stopped === 'no' && live === 'paused',
      escalations: escalate(watch, steps, end),
    },
  ];
}

/** What of the escalation was taken while each of the rules stood, and what is ahead under the last of them. */
function escalate(watch: Watch, steps: Step[], end: number): DumbClock['escalations'] {
  const known: DumbClock['escalations'] = [];
  for (const [place, { since, rules, calendar }] of watch.under.entries()) {
    const isLast = place === watch.under.length - 1;
    const until = isLast ? end : watch.under[place + 1]!.since;
    const minutes = rules && minutesOf(watch.target, rules);
    if (!rules || !minutes) continue;
    for (const [index, { at, target, do: act }] of (rules.escalation ?? []).entries()) {
      if (target && target !== watch.target) continue;
      if (known.some(({ step, reached }) => step === index + 1 && reached)) continue;
      let leftMs = Math.round((at.percent / 100) * minutes * MINUTE) + at.plusMinutes * MINUTE;
      let instant: number | null = null;
      for (const step of steps) {
        if (instant !== null || step.to > until) break;
        if (!watch.on.some(({ from, to }) => from <= step.from && step.to <= to)) continue;
        if (step.byHand || rules.pauseOn.some((status) => status === step.status)) continue;
        if (!isOpen(calendar, step.from)) continue;
        if (leftMs <= step.to - step.from) instant = step.from + leftMs;
        else leftMs -= step.to - step.from;
      }
      const counted = instant !== null;
      if (!counted && !isLast) continue;
      for (let t = until; instant === null;) {
        const to = (Math.floor(t / MINUTE) + 1) * MINUTE;
        if (isOpen(calendar, t)) {
          if (leftMs <= to - t) instant = t + leftMs;
          leftMs -= to - t;
        }
        t = to;
      }
      if (place > 0 && instant < since) continue;
      const reached = counted && instant < until;
      if (reached || isLast) known.push({ step: index + 1, at: instant, reached, counted, do: act });
    }
  }
  return known.toSorted((a, b) => a.step - b.step);
}

function minutesOf(target: string, rules: SlaRules): number | null {
  if (target === 'first_response') return rules.firstResponseMinutes;
  return target === 'next_response' ? rules.nextResponseMinutes : rules.resolutionMinutes;
}

function targetMs(clock: DumbClock, watches: Watch[]): number {
  const watch = watches.find(({ target, cycle }) => target === clock.target && cycle === clock.cycle);
  return (watch?.rules ? (minutesOf(clock.target, watch.rules) ?? 0) : 0) * MINUTE;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const offsets = new Map<string, Map<number, number>>();

/** Looks at the clock on the wall: does it show an open hour of this date? */
export function isOpen(calendar: Calendar | null, instant: number): boolean {
  if (!calendar) return true;
  const wall = new Date(instant + offsetAt(calendar.timezone, instant));
  const written = wall.toISOString();
  const date = written.slice(0, 10);
  const time = written.slice(11, 16);
  const special = calendar.exceptions[date] ?? (calendar.holidays.includes(date) ? [] : undefined);
  const hours = special ?? calendar.hours[DAYS[wall.getUTCDay()]!];
  return hours.some(([from, to]) => from <= time && time < to);
}

function offsetAt(timezone: string, instant: number): number {
  let zone = offsets.get(timezone);
  if (!zone) offsets.set(timezone, (zone = new Map()));
  const quarter = Math.floor(instant / (15 * MINUTE));
  let offset = zone.get(quarter);
  if (offset === undefined) zone.set(quarter, (offset = IANAZone.create(timezone).offset(instant) * MINUTE));
  return offset;
}
