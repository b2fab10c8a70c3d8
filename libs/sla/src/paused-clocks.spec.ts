import { describe, expect, it } from '@jest/globals';
import {
  MINUTE,
  at,
  buildHistory,
  clocksOf,
  evaluate,
  firstResponse,
  movedTo,
  opened,
  paused,
  reopenedByCustomer,
  resolution,
  resolved,
  resumed,
} from './testing/build-history.js';

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
