import { describe, expect, it } from '@jest/globals';
import type { SlaEvent } from './sla-event.schema.js';
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
  noteAdded,
  opened,
} from './testing/build-history.js';

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
