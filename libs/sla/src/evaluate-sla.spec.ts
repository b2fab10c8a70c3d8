import { describe, expect, it } from '@jest/globals';
import type { SlaClock } from './clock.js';
import { evaluateSla, type SlaEvaluation } from './evaluate-sla.js';
import type { SlaPolicy } from './policy.schema.js';
import type { SlaEvent } from './sla-event.schema.js';
import {
  agentReplied,
  at,
  buildHistory,
  buildPolicy,
  customerReplied,
  movedTo,
  noteAdded,
  opened,
  paused,
  reopenedByAgent,
  reopenedByCustomer,
  resolved,
  resumed,
} from './testing/build-history.js';

const MINUTE = 60_000;

function evaluate(events: SlaEvent[], now: string, overrides: Partial<SlaPolicy> = {}): SlaEvaluation {
  return evaluateSla({ policy: buildPolicy(overrides), calendar: null, events, now: at(now) });
}

function clocksOf(evaluation: SlaEvaluation, target: SlaClock['target']): SlaClock[] {
  return evaluation.clocks.filter((clock) => clock.target === target);
}

function firstResponse(evaluation: SlaEvaluation): SlaClock {
  return clocksOf(evaluation, 'first_response')[0]!;
}

function resolution(evaluation: SlaEvaluation): SlaClock {
  return clocksOf(evaluation, 'resolution').at(-1)!;
}

describe('a clock that runs', () => {
  const events = buildHistory(['09:00', opened]);

  it('says when it is due, when it warns and what it has consumed', () => {
    const evaluation = evaluate(events, '09:10');
    expect(firstResponse(evaluation)).toEqual({
      target: 'first_response',
      cycle: 1,
      startedAt: at('09:00'),
      targetMs: 30 * MINUTE,
      warnAt: at('09:24'),
      warnings: [{ threshold: 0.8, at: at('09:24'), reached: false }],
      dueAt: at('09:30'),
      stoppedAt: null,
      breachedAt: null,
      state: 'running',
      consumedMs: 10 * MINUTE,
      pausedMs: 0,
      heldMs: 0,
      remainingMs: 20 * MINUTE,
      isPaused: false,
    });
    expect(evaluation).toMatchObject({ dueSoonest: at('09:24'), status: 'none', pauseReasons: [], pausedAt: null });
  });

  it('warns at 80 % of the target, at the instant itself', () => {
    expect(evaluate(events, '09:23:59.999').status).toBe('none');
    expect(evaluate(events, '09:24')).toMatchObject({ status: 'warning', dueSoonest: at('09:30') });
  });

  it('is in time at the due instant and breached a millisecond after it, at the exact due instant', () => {
    const atDue = evaluate(events, '09:30');
    expect(firstResponse(atDue)).toMatchObject({ state: 'running', breachedAt: null, remainingMs: 0 });
    expect(atDue.dueSoonest).toBe(at('09:30'));
    for (const now of ['09:30:00.001', '11:00', '+30 09:00']) {
      const late = evaluate(events, now);
      expect(firstResponse(late)).toMatchObject({ state: 'breached', breachedAt: at('09:30'), dueAt: at('09:30') });
      expect(late.status).toBe('breached');
    }
    expect(evaluate(events, '09:31').dueSoonest).toBe(at('12:12'));
  });

  it('takes a list of thresholds, and none', () => {
    const many = evaluate(events, '09:20', { warnAt: [0.95, 0.5, 0.8] });
    expect(firstResponse(many).warnings).toEqual([
      { threshold: 0.5, at: at('09:15'), reached: true },
      { threshold: 0.8, at: at('09:24'), reached: false },
      { threshold: 0.95, at: at('09:28:30'), reached: false },
    ]);
    expect(many).toMatchObject({ status: 'warning', dueSoonest: at('09:24') });
    const none = evaluate(events, '09:29', { warnAt: [] });
    expect(none).toMatchObject({ status: 'none', dueSoonest: at('09:30') });
    expect(firstResponse(none).warnAt).toBeNull();
  });

  it('exists only for targets that the policy sets', () => {
    const evaluation = evaluate(events, '09:10', { firstResponseMinutes: null });
    expect(evaluation.clocks.map(({ target }) => target)).toEqual(['resolution']);
    expect(evaluateSla({ policy: null, calendar: null, events, now: at('10:00') })).toEqual({
      clocks: [],
      dueSoonest: null,
      status: 'none',
      pauseReasons: [],
      pausedAt: null,
    });
  });

  it('has not happened before the ticket is open, and not at all without an opening', () => {
    expect(evaluate(events, '08:59').clocks).toEqual([]);
    expect(evaluate(buildHistory(['09:00', agentReplied]), '10:00').clocks).toEqual([]);
  });
});

describe('first response', () => {
  it('is met by a reply at exactly the due instant', () => {
    const evaluation = evaluate(buildHistory(['09:00', opened], ['09:30', agentReplied]), '12:00');
    expect(firstResponse(evaluation)).toMatchObject({
      state: 'met',
      stoppedAt: at('09:30'),
      breachedAt: null,
      remainingMs: null,
    });
  });

  it('is breached by a late reply even if nobody looked in between', () => {
    const evaluation = evaluate(buildHistory(['09:00', opened], ['09:30:00.001', agentReplied]), '+5 12:00', {
      resolutionMinutes: null,
      nextResponseMinutes: null,
    });
    expect(firstResponse(evaluation)).toMatchObject({
      state: 'breached',
      stoppedAt: at('09:30:00.001'),
      breachedAt: at('09:30'),
      consumedMs: 30 * MINUTE + 1,
    });
    expect(evaluation).toMatchObject({ status: 'breached', dueSoonest: null });
  });

  it('is not given by a note, an automatic acknowledgement or the customer', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:00', { type: 'agent_replied', by: 'system' }],
      ['09:05', noteAdded],
      ['09:06', customerReplied],
    );
    expect(firstResponse(evaluate(events, '09:10')).state).toBe('running');
  });

  it('is not given by an agent who opened the ticket for themselves, but by a colleague', () => {
    const self: SlaEvent[] = buildHistory(
      ['09:00', { type: 'opened', by: 'agent', actorId: 'bea', forThemselves: true, publicReply: true }],
      ['09:05', { type: 'agent_replied', actorId: 'bea' }],
    );
    expect(firstResponse(evaluate(self, '09:10')).state).toBe('running');
    const answered = [...self, ...buildHistory(['09:08', { type: 'agent_replied', actorId: 'max' }])].map(
      (event, seq) => ({ ...event, id: String(seq), seq }),
    );
    expect(firstResponse(evaluate(answered, '09:10'))).toMatchObject({ state: 'met', stoppedAt: at('09:08') });
  });

  it('treats the self-opening agent as the customer in later rounds too', () => {
    const events = buildHistory(
      ['09:00', { type: 'opened', by: 'agent', actorId: 'bea', forThemselves: true }],
      ['09:08', { type: 'agent_replied', actorId: 'max' }],
      ['09:20', { type: 'agent_replied', actorId: 'bea' }],
    );
    const rounds = clocksOf(evaluate(events, '09:30', { nextResponseFrom: 'customer_message' }), 'next_response');
    expect(rounds).toMatchObject([{ startedAt: at('09:20'), state: 'running' }]);
  });

  it('is answered at birth when an agent opens the ticket with a first public message', () => {
    const born = evaluate(buildHistory(['09:00', { type: 'opened', by: 'agent', publicReply: true }]), '09:10');
    expect(firstResponse(born)).toMatchObject({ state: 'met', stoppedAt: at('09:00'), consumedMs: 0 });
    expect(clocksOf(born, 'next_response')).toMatchObject([{ cycle: 1, startedAt: at('09:00'), state: 'running' }]);
    const silent = evaluate(buildHistory(['09:00', { type: 'opened', by: 'agent' }]), '09:10');
    expect(firstResponse(silent).state).toBe('running');
  });

  it('is given by an agent’s status change only where the policy says so', () => {
    const events = buildHistory(['09:00', opened], ['09:10', movedTo('in_progress')]);
    expect(firstResponse(evaluate(events, '09:20')).state).toBe('running');
    const lenient = evaluate(events, '09:20', { firstResponseBy: 'public_reply_or_status_change' });
    expect(firstResponse(lenient)).toMatchObject({ state: 'met', stoppedAt: at('09:10') });
    // No response was sent: no round of next_response begins.
    expect(clocksOf(lenient, 'next_response')).toEqual([]);
  });

  it('is not given by a status that the customer or a workflow changed, nor by "changing" to the same one', () => {
    const lenient = { firstResponseBy: 'public_reply_or_status_change' } as const;
    for (const change of [movedTo('in_progress', 'contact'), movedTo('pending', 'system'), movedTo('open')]) {
      const evaluation = evaluate(buildHistory(['09:00', opened], ['09:10', change]), '09:20', lenient);
      expect(firstResponse(evaluation).stoppedAt).toBeNull();
    }
  });
});

describe('pauses', () => {
  it('stand by a status in pauseOn: due moves as it would if the clock resumed now, what remains is frozen', () => {
    const events = buildHistory(['09:00', opened], ['09:10', movedTo('pending')]);
    const evaluation = evaluate(events, '11:00');
    expect(firstResponse(evaluation)).toMatchObject({
      state: 'paused',
      isPaused: true,
      dueAt: at('11:20'),
      warnAt: at('11:14'),
      consumedMs: 10 * MINUTE,
      pausedMs: 110 * MINUTE,
      remainingMs: 20 * MINUTE,
    });
    expect(evaluation).toMatchObject({
      dueSoonest: null,
      status: 'none',
      pauseReasons: ['status'],
      pausedAt: at('09:10'),
    });
  });

  it('do not stand by a status that the policy does not name', () => {
    const events = buildHistory(['09:00', opened], ['09:10', movedTo('pending')]);
    expect(firstResponse(evaluate(events, '09:20', { pauseOn: ['on_hold'] })).state).toBe('running');
  });

  it('stand by hand until resumed, whatever the status does, and shift the due instant by their length', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:10', paused],
      ['09:15', movedTo('in_progress')],
      ['09:40', resumed],
    );
    expect(evaluate(events, '09:20')).toMatchObject({ pauseReasons: ['manual'], pausedAt: at('09:10') });
    expect(firstResponse(evaluate(events, '09:50'))).toMatchObject({
      state: 'running',
      dueAt: at('10:00'),
      consumedMs: 20 * MINUTE,
      pausedMs: 30 * MINUTE,
    });
  });

  it('count once where they overlap, and while either lasts the clock stands', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:10', movedTo('pending')],
      ['09:20', paused],
      ['09:30', movedTo('on_hold')],
      ['09:35', movedTo('open')],
      ['09:40', resumed],
    );
    expect(evaluate(events, '09:38').pauseReasons).toEqual(['manual']);
    expect(resolution(evaluate(events, '10:00'))).toMatchObject({
      consumedMs: 30 * MINUTE,
      pausedMs: 30 * MINUTE,
      heldMs: 30 * MINUTE,
    });
  });

  it('a ticket created while paused has consumed nothing and is due a whole target after it resumes', () => {
    const events = buildHistory(['09:00', { ...opened, status: 'pending' }], ['13:00', movedTo('open')]);
    expect(firstResponse(evaluate(events, '10:00'))).toMatchObject({
      state: 'paused',
      consumedMs: 0,
      dueAt: at('10:30'),
    });
    expect(firstResponse(evaluate(events, '13:10'))).toMatchObject({ state: 'running', dueAt: at('13:30') });
  });

  it('a ticket resolved while paused stops with what it had consumed', () => {
    const events = buildHistory(['09:00', opened], ['10:00', movedTo('on_hold')], ['20:00', resolved]);
    expect(resolution(evaluate(events, '23:00'))).toMatchObject({
      state: 'met',
      stoppedAt: at('20:00'),
      dueAt: at('23:00'),
      consumedMs: 60 * MINUTE,
      pausedMs: 600 * MINUTE,
      isPaused: false,
    });
  });

  it('a ticket reopened while paused by hand stays paused until it is resumed', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['10:00', paused],
      ['11:00', resolved],
      ['12:00', reopenedByCustomer],
      ['13:00', resumed],
    );
    const reopened = evaluate(events, '12:30');
    expect(resolution(reopened)).toMatchObject({ state: 'paused', consumedMs: 60 * MINUTE, pausedMs: 90 * MINUTE });
    expect(clocksOf(reopened, 'next_response')).toMatchObject([{ state: 'paused', consumedMs: 0 }]);
    expect(resolution(evaluate(events, '13:30'))).toMatchObject({ state: 'running', dueAt: at('16:00') });
  });

  it('that begin after the due instant make no difference, and one in that very instant comes too late', () => {
    for (const time of ['09:30', '09:45']) {
      const events = buildHistory(['09:00', opened], [time, movedTo('pending')]);
      expect(firstResponse(evaluate(events, '12:00'))).toMatchObject({ state: 'breached', breachedAt: at('09:30') });
    }
    // Nobody will write anything more, so the instant must still be in the index.
    const inTheInstant = buildHistory(['09:00', opened], ['09:30', movedTo('pending')]);
    expect(evaluate(inTheInstant, '09:30').dueSoonest).toBe(at('09:30'));
  });

  it('keep a warning that was reached before', () => {
    const events = buildHistory(['09:00', opened], ['09:25', movedTo('pending')]);
    expect(evaluate(events, '15:00').status).toBe('warning');
  });

  it('of no length are none', () => {
    const events = buildHistory(['09:00', opened], ['09:10', paused], ['09:10', resumed]);
    expect(firstResponse(evaluate(events, '09:20'))).toMatchObject({ pausedMs: 0, dueAt: at('09:30') });
  });
});

describe('next response from agent_response', () => {
  const events = buildHistory(
    ['09:00', opened],
    ['09:10', agentReplied],
    ['09:40', agentReplied],
    ['10:50', agentReplied],
  );

  it('starts when a response is sent and is reset by each later one, a cycle each', () => {
    expect(clocksOf(evaluate(events, '11:00'), 'next_response')).toMatchObject([
      { cycle: 1, startedAt: at('09:10'), stoppedAt: at('09:40'), state: 'met', breachedAt: null },
      { cycle: 2, startedAt: at('09:40'), stoppedAt: at('10:50'), state: 'breached', breachedAt: at('10:40') },
      { cycle: 3, startedAt: at('10:50'), stoppedAt: null, state: 'running', dueAt: at('11:50') },
    ]);
  });

  it('waits for the customer while the ticket is pending', () => {
    const waiting = buildHistory(
      ['09:00', opened],
      ['09:10', agentReplied],
      ['09:10', movedTo('pending')],
      ['15:00', customerReplied],
      ['15:00', movedTo('open', 'contact')],
    );
    expect(clocksOf(evaluate(waiting, '15:10'), 'next_response')).toMatchObject([
      { cycle: 1, startedAt: at('09:10'), dueAt: at('16:00'), consumedMs: 10 * MINUTE, state: 'running' },
    ]);
  });

  it('is not started or reset by the customer', () => {
    const evaluation = evaluate(
      buildHistory(['09:00', opened], ['09:10', agentReplied], ['09:30', customerReplied]),
      '09:40',
    );
    expect(clocksOf(evaluation, 'next_response')).toMatchObject([{ cycle: 1, startedAt: at('09:10') }]);
  });
});

describe('next response from customer_message', () => {
  const mode = { nextResponseFrom: 'customer_message' } as const;

  it('starts at the oldest unanswered message and stops at the next reply, a cycle each', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:05', customerReplied],
      ['09:10', agentReplied],
      ['10:00', customerReplied],
      ['10:30', customerReplied],
      ['10:40', noteAdded],
      ['11:00', agentReplied],
      ['11:10', agentReplied],
      ['12:00', customerReplied],
    );
    expect(clocksOf(evaluate(events, '13:01', mode), 'next_response')).toMatchObject([
      { cycle: 1, startedAt: at('10:00'), stoppedAt: at('11:00'), state: 'met', dueAt: at('11:00') },
      { cycle: 2, startedAt: at('12:00'), stoppedAt: null, state: 'breached', breachedAt: at('13:00') },
    ]);
  });

  it('leaves messages before the first response to first_response, even when that has no target', () => {
    const events = buildHistory(['09:00', opened], ['09:05', customerReplied]);
    const evaluation = evaluate(events, '09:10', { ...mode, firstResponseMinutes: null });
    expect(clocksOf(evaluation, 'next_response')).toEqual([]);
  });

  it('follows the first response by status change as well', () => {
    const events = buildHistory(['09:00', opened], ['09:10', movedTo('in_progress')], ['09:20', customerReplied]);
    const evaluation = evaluate(events, '09:30', { ...mode, firstResponseBy: 'public_reply_or_status_change' });
    expect(clocksOf(evaluation, 'next_response')).toMatchObject([{ startedAt: at('09:20') }]);
  });

  it('counts from when the mail arrived, however late it was filed', () => {
    const [first, reply, late] = buildHistory(['09:00', opened], ['09:10', agentReplied], ['09:40', customerReplied]);
    const events = [first!, reply!, { ...late!, seq: 99, at: at('09:40') }];
    expect(clocksOf(evaluate(events, '10:41', mode), 'next_response')).toMatchObject([{ breachedAt: at('10:40') }]);
  });

  it('is not started by an auto-reply, nor by a thank-you on a resolved ticket', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:10', agentReplied],
      ['09:20', { type: 'customer_replied', by: 'system' }],
      ['09:30', resolved],
      ['09:40', customerReplied],
    );
    expect(clocksOf(evaluate(events, '10:00', mode), 'next_response')).toEqual([]);
  });
});

describe('resolving', () => {
  it('stops resolution, in time or late', () => {
    const inTime = evaluate(buildHistory(['09:00', opened], ['13:00', resolved]), '20:00');
    expect(resolution(inTime)).toMatchObject({ state: 'met', stoppedAt: at('13:00'), breachedAt: null });
    const late = evaluate(buildHistory(['09:00', opened], ['14:00', movedTo('resolved')]), '20:00');
    expect(resolution(late)).toMatchObject({ state: 'breached', stoppedAt: at('14:00'), breachedAt: at('13:00') });
  });

  it('is what closing an open ticket does; closing a resolved one changes nothing', () => {
    const closed = evaluate(buildHistory(['09:00', opened], ['10:00', movedTo('closed')]), '20:00');
    expect(resolution(closed)).toMatchObject({ state: 'met', stoppedAt: at('10:00') });
    const later = buildHistory(['09:00', opened], ['10:00', resolved], ['19:00', movedTo('closed', 'system')]);
    expect(resolution(evaluate(later, '20:00')).stoppedAt).toBe(at('10:00'));
  });

  it('cancels a first response that is not overdue, breaches one that is', () => {
    const early = evaluate(buildHistory(['09:00', opened], ['09:30', resolved]), '20:00');
    expect(firstResponse(early)).toMatchObject({ state: 'cancelled', stoppedAt: at('09:30'), breachedAt: null });
    expect(early.status).toBe('none');
    const overdue = evaluate(buildHistory(['09:00', opened], ['09:31', resolved]), '20:00');
    expect(firstResponse(overdue)).toMatchObject({ state: 'breached', breachedAt: at('09:30') });
  });

  it('meets the first response where a status change is one', () => {
    const mode = { firstResponseBy: 'public_reply_or_status_change' } as const;
    const evaluation = evaluate(buildHistory(['09:00', opened], ['09:20', resolved]), '20:00', mode);
    expect(firstResponse(evaluation)).toMatchObject({ state: 'met', stoppedAt: at('09:20') });
    const late = evaluate(buildHistory(['09:00', opened], ['09:40', resolved]), '20:00', mode);
    expect(firstResponse(late)).toMatchObject({ state: 'breached', breachedAt: at('09:30') });
  });

  it('cancels a running next response; a deadline missed before stays a breach', () => {
    const running = evaluate(buildHistory(['09:00', opened], ['09:10', agentReplied], ['09:50', resolved]), '20:00');
    expect(clocksOf(running, 'next_response')).toMatchObject([{ state: 'cancelled', stoppedAt: at('09:50') }]);
    expect(running).toMatchObject({ status: 'none', dueSoonest: null, pauseReasons: [] });
    const missed = evaluate(buildHistory(['09:00', opened], ['09:10', agentReplied], ['10:11', resolved]), '20:00');
    expect(clocksOf(missed, 'next_response')).toMatchObject([{ state: 'breached', breachedAt: at('10:10') }]);
  });

  it('is not undone by a farewell: a reply on a resolved ticket starts nothing', () => {
    const events = buildHistory(['09:00', opened], ['09:10', resolved], ['09:20', agentReplied]);
    const evaluation = evaluate(events, '20:00');
    expect(clocksOf(evaluation, 'next_response')).toEqual([]);
    expect(firstResponse(evaluation).state).toBe('cancelled');
  });
});

describe('reopening', () => {
  const events = buildHistory(['09:00', opened], ['10:00', resolved], ['15:00', reopenedByAgent]);

  it('resumes resolution with what was consumed; the time while resolved neither counts nor is a pause', () => {
    expect(resolution(evaluate(events, '16:00'))).toMatchObject({
      cycle: 1,
      startedAt: at('09:00'),
      stoppedAt: null,
      state: 'running',
      consumedMs: 120 * MINUTE,
      pausedMs: 0,
      dueAt: at('18:00'),
    });
  });

  it('starts a new cycle under "restart" and leaves the first as it was', () => {
    expect(clocksOf(evaluate(events, '16:00', { onReopen: 'restart' }), 'resolution')).toMatchObject([
      { cycle: 1, state: 'met', stoppedAt: at('10:00') },
      { cycle: 2, state: 'running', startedAt: at('15:00'), dueAt: at('19:00'), consumedMs: 60 * MINUTE },
    ]);
  });

  it('by an agent starts no next response; by the customer it does, in both modes, at that message', () => {
    expect(clocksOf(evaluate(events, '16:00'), 'next_response')).toEqual([]);
    const byCustomer = buildHistory(
      ['09:00', opened],
      ['10:00', resolved],
      ['15:00', customerReplied],
      ['15:00', reopenedByCustomer],
    );
    for (const nextResponseFrom of ['agent_response', 'customer_message'] as const) {
      expect(clocksOf(evaluate(byCustomer, '15:30', { nextResponseFrom }), 'next_response')).toMatchObject([
        { cycle: 1, startedAt: at('15:00'), dueAt: at('16:00'), state: 'running' },
      ]);
    }
  });

  it('starts one round, whichever of message and reopening was recorded first', () => {
    const reversed = buildHistory(
      ['09:00', opened],
      ['10:00', resolved],
      ['15:00', movedTo('open', 'contact')],
      ['15:00', customerReplied],
    );
    const evaluation = evaluate(reversed, '15:30', { nextResponseFrom: 'customer_message' });
    expect(clocksOf(evaluation, 'next_response')).toHaveLength(1);
  });

  it('does not bring back a cancelled first response', () => {
    expect(firstResponse(evaluate(events, '16:00'))).toMatchObject({ state: 'breached', stoppedAt: at('10:00') });
    const early = buildHistory(['09:00', opened], ['09:10', resolved], ['15:00', reopenedByCustomer]);
    expect(firstResponse(evaluate(early, '16:00')).state).toBe('cancelled');
  });

  it('finds a breached resolution still breached', () => {
    const late = buildHistory(['09:00', opened], ['14:00', resolved], ['15:00', reopenedByAgent]);
    expect(resolution(evaluate(late, '15:00'))).toMatchObject({
      state: 'breached',
      breachedAt: at('13:00'),
      stoppedAt: null,
    });
  });

  it('straight into a pausing status is paused', () => {
    const held = buildHistory(['09:00', opened], ['10:00', resolved], ['15:00', { ...reopenedByAgent, to: 'pending' }]);
    expect(resolution(evaluate(held, '17:00'))).toMatchObject({
      state: 'paused',
      consumedMs: 60 * MINUTE,
      pausedMs: 120 * MINUTE,
    });
  });

  it('of a ticket that is not resolved is a mere status change', () => {
    const pending = buildHistory(['09:00', opened], ['09:10', movedTo('pending')], ['09:20', reopenedByCustomer]);
    const evaluation = evaluate(pending, '09:30');
    expect(clocksOf(evaluation, 'next_response')).toEqual([]);
    expect(firstResponse(evaluation)).toMatchObject({ state: 'running', dueAt: at('09:40') });
  });
});

describe('another policy', () => {
  const urgent = buildPolicy();
  const slow = buildPolicy({ firstResponseMinutes: 120, resolutionMinutes: 480 });

  const changedAt = (time: string, policy: SlaPolicy | null): SlaEvent => ({
    id: `policy ${time}`,
    seq: 50,
    at: at(time),
    type: 'policy_changed',
    policy,
    calendar: null,
  });

  it('applies its targets from the ticket’s creation and keeps what has elapsed', () => {
    const events = [...buildHistory(['09:00', opened]), changedAt('09:20', slow)];
    expect(firstResponse(evaluate(events, '09:25'))).toMatchObject({ dueAt: at('11:00'), consumedMs: 25 * MINUTE });
    // Before it changed nobody knew.
    expect(firstResponse(evaluate(events, '09:19')).dueAt).toBe(at('09:30'));
  });

  it('with a shorter target is overdue at the exact instant that its target says', () => {
    const events = [...buildHistory(['09:00', opened]), changedAt('10:00', urgent)];
    const { clocks } = evaluateSla({ policy: slow, calendar: null, events, now: at('10:00') });
    expect(clocks[0]).toMatchObject({ state: 'breached', breachedAt: at('09:30') });
  });

  it('does not judge anew what has stopped', () => {
    const events = [...buildHistory(['09:00', opened], ['10:00', agentReplied]), changedAt('10:30', urgent)];
    const { clocks } = evaluateSla({ policy: slow, calendar: null, events, now: at('10:31') });
    expect(clocks[0]).toMatchObject({ target: 'first_response', state: 'met', targetMs: 120 * MINUTE });
    expect(clocks.at(-1)).toMatchObject({ target: 'resolution', targetMs: 240 * MINUTE });
  });

  it('finds the clock running since creation where there was no target before, and takes one away', () => {
    const events = [...buildHistory(['09:00', opened]), changedAt('09:10', urgent), changedAt('10:00', null)];
    expect(evaluateSla({ policy: null, calendar: null, events, now: at('09:15') }).clocks[0]).toMatchObject({
      startedAt: at('09:00'),
      dueAt: at('09:30'),
    });
    expect(evaluateSla({ policy: null, calendar: null, events, now: at('10:00') }).clocks).toEqual([]);
  });

  it('that pauses on other statuses does so from creation', () => {
    const events = [
      ...buildHistory(['09:00', opened], ['09:10', movedTo('in_progress')]),
      changedAt('09:20', buildPolicy({ pauseOn: ['in_progress'] })),
    ];
    expect(firstResponse(evaluate(events, '09:20'))).toMatchObject({ state: 'paused', consumedMs: 10 * MINUTE });
  });
});

describe('the order and number of deliveries', () => {
  const events = buildHistory(
    ['09:00', opened],
    ['09:10', movedTo('pending')],
    ['09:20', movedTo('open')],
    ['09:20', agentReplied],
    ['09:50', resolved],
    ['09:50', reopenedByCustomer],
  );

  it('make no difference: by time, then sequence; a repeated id once', () => {
    const expected = evaluate(events, '10:30');
    expect(clocksOf(expected, 'next_response').map(({ state }) => state)).toEqual(['cancelled', 'running']);
    expect(evaluate(events.toReversed(), '10:30')).toEqual(expected);
    expect(evaluate([...events, ...events.toReversed(), ...events], '10:30')).toEqual(expected);
  });

  it('at one instant the sequence decides', () => {
    const swapped = events.map((event) => ({ ...event, seq: event.at === at('09:50') ? -event.seq : event.seq }));
    expect(resolution(evaluate(swapped, '10:30'))).toMatchObject({ state: 'met', stoppedAt: at('09:50') });
  });

  it('an event stamped before the opening counts as happening at it', () => {
    const early = buildHistory(
      ['09:00', opened],
      ['08:00', movedTo('pending')],
      ['08:30', { type: 'opened', by: 'agent' }],
    );
    const kept = early.map((event) => (event.id === 'e2' ? { ...event, at: at('10:00') } : event));
    expect(firstResponse(evaluate(kept, '09:30'))).toMatchObject({
      state: 'paused',
      startedAt: at('09:00'),
      consumedMs: 0,
    });
  });

  it('the caller’s array is left as it was', () => {
    const given = events.toReversed();
    const copy = structuredClone(given);
    evaluate(given, '10:30');
    expect(given).toEqual(copy);
  });
});
