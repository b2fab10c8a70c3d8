import type { Calendar } from './calendar.schema.js';
import type { SlaClock } from './clock.js';
import { closedDaysBetween, sayClosedDay } from './closed-days.js';
import { evaluateSla, type SlaQuestion } from './evaluate-sla.js';
import { orderHistory } from './order-history.js';
import { sayEscalation } from './say-escalation.js';
import { sayDuration, sayInstant, sayShort } from './say-time.js';
import type { SlaEvent } from './sla-event.schema.js';

const TARGET_NAMES = { first_response: 'first response', next_response: 'next response', resolution: 'resolution' };

/**
 * The clocks' story for somebody who asks "why is this late?": a line for each event and what it did, one for each
 * warning, breach, step of escalation and holiday in between at its exact instant, and one for `now`.
 * `2026-11-02T09:00+01:00 opened: first response due 09:30; resolution due 13:00`.
 * `timezone` is that of the times shown; absent, the calendar's, or UTC. `names` tells what teams and agents are called. Reads the history once per event: for people,
 * not for the path of every write.
 */
export function explainSla(question: SlaQuestion & { timezone?: string; names?: Record<string, string> }): string[] {
  const { now, names = {} } = question;
  let { calendar } = question;
  const timezone = question.timezone ?? question.calendar?.timezone ?? 'UTC';
  const history = orderHistory(question.events, now);
  if (history.length === 0) return [`${sayInstant(now, timezone)} now: the ticket is not open yet`];
  const lines: string[] = [];
  let before: SlaClock[] = [];
  for (const [index, event] of history.entries()) {
    const { clocks } = evaluateSla({ ...question, events: history.slice(0, index + 1), now: event.at });
    if (event.type === 'policy_changed') ({ calendar } = event);
    const seen = { timezone, calendar };
    const changes = clocks.flatMap((clock) => sayChange(clock, before.find(isSame(clock)), event, seen));
    const gone = before.filter((clock) => !clocks.some(isSame(clock))).map((clock) => `${nameOf(clock)} has no target`);
    const what = [...changes, ...gone].join('; ') || 'no clock changes';
    lines.push(`${sayInstant(event.at, timezone)} ${sayEvent(event)}: ${what}`);
    lines.push(...sayPassing(clocks, event.at, history[index + 1]?.at ?? now, seen, names));
    before = clocks;
  }
  const { clocks, pauseReasons } = evaluateSla(question);
  const live = clocks
    .filter(({ stoppedAt }) => stoppedAt === null)
    .map((clock) => sayStanding(clock, now, { timezone, calendar }));
  const why = pauseReasons.length > 0 ? ` (standing still: ${pauseReasons.map(sayReason).join(', ')})` : '';
  lines.push(`${sayInstant(now, timezone)} now: ${live.join('; ') || 'no clock runs'}${why}`);
  return lines;
}

type Seen = { timezone: string; calendar: Calendar | null };

/** `due 2026-12-28 10:00 (closed on 2026-12-25 Christmas Day)`: the days that a reader would miss. */
function sayDue(clock: SlaClock, from: number, { timezone, calendar }: Seen): string {
  const closed = closedDaysBetween(calendar, from, clock.dueAt);
  const named = closed.slice(0, 3).map(sayClosedDay).join(', ');
  const more = closed.length > 3 ? ` and ${closed.length - 3} more` : '';
  return `due ${sayShort(clock.dueAt, from, timezone)}${closed.length > 0 ? ` (closed on ${named}${more})` : ''}`;
}

function sayChange(clock: SlaClock, before: SlaClock | undefined, event: SlaEvent, seen: Seen): string[] {
  const name = nameOf(clock);
  const due = sayDue(clock, event.at, seen);
  const used = `${sayDuration(clock.consumedMs)} of ${sayDuration(clock.targetMs)} used`;
  if (clock.stoppedAt !== null) {
    if (before?.stoppedAt === clock.stoppedAt && before.state === clock.state) return [];
    if (clock.state === 'breached')
      return [`${name} breached, ${sayDuration(clock.consumedMs - clock.targetMs)} late (was ${due})`];
    return [`${name} ${clock.state}, ${used}`];
  }
  if (clock.state === 'breached') {
    return before?.state === 'breached' && before.dueAt === clock.dueAt ? [] : [`${name} overdue (was ${due})`];
  }
  if (!before) return [clock.state === 'paused' ? `${name} paused from the start, ${used}` : `${name} ${due}`];
  if (before.stoppedAt !== null) {
    return [clock.state === 'paused' ? `${name} reopened but paused, ${used}` : `${name} goes on, ${used}, ${due}`];
  }
  if (before.state !== clock.state) {
    if (clock.state === 'paused') return [`${name} paused, ${used}`];
    return [before.state === 'paused' ? `${name} resumes, ${used}, ${due}` : `${name} now ${due}, ${used}`];
  }
  const moved = clock.state === 'running' ? before.dueAt !== clock.dueAt : before.targetMs !== clock.targetMs;
  return moved ? [`${name} now ${due}, ${used}`] : [];
}

/**
 * Thresholds reached after `from` and up to `to`; breaches and steps of escalation that `to` lies beyond; days on which the
 * desk is closed. Only for clocks that run by themselves.
 */
function sayPassing(
  clocks: readonly SlaClock[],
  from: number,
  to: number,
  { timezone, calendar }: Seen,
  names: Readonly<Record<string, string>>,
): string[] {
  const passed: { at: number; text: string }[] = [];
  if (clocks.some(({ stoppedAt, isHeld }) => stoppedAt === null && !isHeld)) {
    const days = closedDaysBetween(calendar, from, to).filter(({ startsAt }) => startsAt > from && startsAt <= to);
    passed.push(...days.map((day) => ({ at: day.startsAt, text: `closed all day: ${sayClosedDay(day)}` })));
  }
  for (const clock of clocks) {
    for (const { step, at, counted, do: act } of clock.escalations) {
      const comes = clock.stoppedAt === null && (counted || !clock.isHeld);
      const text = `escalation step ${step} of ${nameOf(clock)}: ${sayEscalation(act, names)}`;
      if (comes && at >= from && at < to) passed.push({ at, text });
    }
  }
  for (const clock of clocks) {
    const name = nameOf(clock);
    const dueNow = clock.state === 'paused' && clock.remainingMs === 0;
    if (clock.state !== 'running' && !dueNow) continue;
    for (const { at, threshold } of clock.warnings) {
      const share = Number((threshold * 100).toFixed(6));
      const left = sayDuration(clock.targetMs - Math.round(clock.targetMs * threshold));
      if (at > from && at <= to) passed.push({ at, text: `warning: ${name} at ${share} %, ${left} left` });
    }
    if (clock.dueAt >= from && clock.dueAt < to) {
      passed.push({ at: clock.dueAt, text: `breach: ${name} used its ${sayDuration(clock.targetMs)}` });
    }
  }
  return passed.toSorted((a, b) => a.at - b.at).map(({ at, text }) => `${sayInstant(at, timezone)} ${text}`);
}

function sayStanding(clock: SlaClock, now: number, seen: Seen): string {
  const used = `${sayDuration(clock.consumedMs)} of ${sayDuration(clock.targetMs)} used`;
  const due = sayDue(clock, now, seen);
  if (clock.state === 'breached') return `${nameOf(clock)} breached, ${due}, ${used}`;
  const ifResumed = clock.state === 'paused' ? `${due} if it resumed now` : due;
  return `${nameOf(clock)} ${clock.state}, ${used}, ${ifResumed}`;
}

function sayEvent(event: SlaEvent): string {
  switch (event.type) {
    case 'opened':
      return event.status && event.status !== 'open' ? `opened as ${event.status}` : 'opened';
    case 'agent_replied':
      return event.by === 'system' ? 'automatic reply' : 'agent replied';
    case 'customer_replied':
      return event.by === 'system' ? 'customer’s automatic reply' : 'customer replied';
    case 'status_changed':
      return `status changed to ${event.to}`;
    case 'reopened':
      return `reopened by ${event.by === 'contact' ? 'the customer' : event.by}`;
    case 'note_added':
      return 'note added';
    case 'policy_changed':
      return 'policy changed';
    case 'withdrawn':
      return 'withdrawn: part of another ticket';
    case 'resolved':
    case 'paused':
    case 'resumed':
      return event.type;
  }
}

function sayReason(reason: 'status' | 'manual' | 'outside_hours'): string {
  return { status: 'by status', manual: 'paused by hand', outside_hours: 'outside opening hours' }[reason];
}

function nameOf({ target, cycle }: SlaClock): string {
  return cycle > 1 ? `${TARGET_NAMES[target]} ${cycle}` : TARGET_NAMES[target];
}

function isSame(a: SlaClock): (b: SlaClock) => boolean {
  return (b) => a.target === b.target && a.cycle === b.cycle;
}
