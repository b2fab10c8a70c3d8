import { describe, expect, it } from '@jest/globals';
import {
  MINUTE,
  agentReplied,
  at,
  buildHistory,
  clocksOf,
  customerReplied,
  evaluate,
  movedTo,
  noteAdded,
  opened,
  resolved,
} from './testing/build-history.js';

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
