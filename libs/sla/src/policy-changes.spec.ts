import { describe, expect, it } from '@jest/globals';
import { evaluateSla } from './evaluate-sla.js';
import type { SlaPolicy } from './policy.schema.js';
import type { SlaEvent } from './sla-event.schema.js';
import {
  MINUTE,
  agentReplied,
  at,
  buildHistory,
  buildPolicy,
  evaluate,
  firstResponse,
  movedTo,
  opened,
} from './testing/build-history.js';

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
