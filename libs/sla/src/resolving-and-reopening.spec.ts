import { describe, expect, it } from '@jest/globals';
import {
  MINUTE,
  agentReplied,
  at,
  buildHistory,
  clocksOf,
  customerReplied,
  evaluate,
  firstResponse,
  movedTo,
  opened,
  reopenedByAgent,
  reopenedByCustomer,
  resolution,
  resolved,
} from './testing/build-history.js';

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
