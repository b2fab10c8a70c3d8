import { describe, expect, it } from '@jest/globals';
import { evaluateSla } from './evaluate-sla.js';
import {
  MINUTE,
  agentReplied,
  at,
  buildHistory,
  clocksOf,
  evaluate,
  firstResponse,
  movedTo,
  opened,
  reopenedByCustomer,
  resolution,
  resolved,
} from './testing/build-history.js';

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
      isHeld: false,
      escalations: [],
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
