import { describe, expect, it } from '@jest/globals';
import { systemActor } from '#shared/contracts/actor.js';
import { policySchema } from '#sla/policy.schema.js';
import { activity, type ActivityRead, type ActivityType } from '../activities/activity.view.js';
import { storedRulesOf } from './stored-rules.js';
import { breachesOf, trackingOf, violatedBy, warningOf } from './tracking.view.js';

const MINUTE = 60_000;
const T0 = Date.parse('2026-11-02T09:00:00Z');
const TICKET = '0190a000-0000-7000-8000-000000000001';
const ACTOR = { ...systemActor('0190a000-0000-7000-8000-000000000002'), kind: 'agent' as const };
const rulesOf = (minutes: object) => storedRulesOf(policySchema.parse({ name: 'P', ...minutes }));

const line = (minute: number, type: ActivityType, to?: object): ActivityRead => ({
  ...activity(ACTOR, TICKET, type, T0 + minute * MINUTE, { to }),
  at: new Date(T0 + minute * MINUTE),
});
const look = (
  minute: number,
  history: ActivityRead[],
  minutes: object = { firstResponseTime: 30, resolutionTime: 240 },
) =>
  trackingOf(
    {
      tracking: {
        id: 'tracking',
        policy_id: 'policy',
        policy_version: 1,
        policy_name: 'P',
        initial_rules: rulesOf(minutes),
        created_at: new Date(T0),
      },
      ticket: { id: TICKET, first_response_at: null, resolved_at: null },
      history: [line(0, 'created'), ...history],
    },
    T0 + minute * MINUTE,
  );
const instant = (minute: number) => new Date(T0 + minute * MINUTE).toISOString();

describe('where a ticket stands', () => {
  it('is due later by a pause by hand, which is frozen while it lasts', () => {
    const history = [line(10, 'sla_paused', { reason: 'Waiting' })];
    expect(look(40, history).view).toMatchObject({
      is_paused: true,
      paused_at: instant(10),
      pause_reason: 'Waiting',
      first_response_due: instant(60),
      timeRemaining: { firstResponse: 20 * MINUTE, nextResponse: null, resolution: 230 * MINUTE },
      total_paused_duration: 30 * MINUTE,
    });
    expect(look(45, [...history, line(40, 'sla_resumed')]).view).toMatchObject({
      is_paused: false,
      paused_at: null,
      pause_reason: null,
      first_response_due: instant(60),
      resolution_due: instant(270),
      total_paused_duration: 30 * MINUTE,
    });
  });

  it('counts pauses that overlap once, also without a resolution clock', () => {
    const history = [
      line(10, 'sla_paused', { reason: null }),
      line(20, 'status_changed', { status: 'pending' }),
      line(30, 'sla_resumed'),
      line(40, 'status_changed', { status: 'open' }),
    ];
    for (const minutes of [{ resolutionTime: 240 }, { firstResponseTime: 30 }])
      expect(look(50, history, minutes).view.total_paused_duration).toBe(30 * MINUTE);
  });

  it('follows the policy that applies now, with its calendar', () => {
    const calendar = { timezone: 'Etc/UTC', hours: { mon: [['09:00', '12:00']], tue: [['09:00', '12:00']] } };
    const to = { rules: rulesOf({ firstResponseTime: 300, calendar }) };
    expect(look(30, [line(10, 'sla_policy_changed', to)]).view).toMatchObject({
      first_response_due: '2026-11-03T11:00:00.000Z',
      resolution_due: null,
      policy: { first_response_time: 300, resolution_time: null },
    });
    expect(look(30, [line(10, 'sla_policy_changed', { rules: null })]).view).toMatchObject({
      policy: null,
      first_response_due: null,
      breach_status: 'none',
      timeRemaining: { firstResponse: null, nextResponse: null, resolution: null },
    });
  });

  it('was answered when a change of status answered it, late or not', () => {
    const minutes = { firstResponseTime: 30, firstResponseBy: 'public_reply_or_status_change' };
    const changed = (minute: number) => [line(minute, 'status_changed', { status: 'in_progress' })];
    expect(look(60, [], minutes).view.first_response_at).toBeNull();
    expect(look(60, changed(20), minutes).view.first_response_at).toBe(instant(20));
    expect(look(60, changed(40), minutes).view).toMatchObject({
      first_response_at: instant(40),
      breach_status: 'breached',
    });
    expect(look(60, [line(40, 'status_changed', { status: 'resolved' })]).view.first_response_at).toBeNull();
  });

  it('tells the breach that hurts most first: what is not met yet before what was met late', () => {
    const { evaluation } = look(300, [line(45, 'message_added', { messageId: 'm' })]);
    const breaches = breachesOf(evaluation, T0 + 300 * MINUTE);
    expect(breaches).toEqual([
      { breachType: 'resolution', cycle: 1, dueAt: instant(240), stoppedAt: null, breachDuration: 60 * MINUTE },
      {
        breachType: 'first_response',
        cycle: 1,
        dueAt: instant(30),
        stoppedAt: instant(45),
        breachDuration: 15 * MINUTE,
      },
    ]);
    expect(warningOf(evaluation)).toBeNull();
  });

  it('warns of what is due soonest', () => {
    expect(warningOf(look(20, []).evaluation)).toBeNull();
    expect(warningOf(look(25, [], { firstResponseTime: 30, resolutionTime: 28 }).evaluation)).toEqual({
      warningType: 'resolution',
      timeRemaining: 3 * MINUTE,
    });
  });

  it('is violated in the response, the resolution, or both', () => {
    const of = (...types: ('first_response' | 'next_response' | 'resolution')[]) =>
      violatedBy(types.map((breachType) => ({ breachType })));
    expect([of('first_response'), of('next_response'), of('resolution'), of('resolution', 'next_response')]).toEqual([
      'response',
      'response',
      'resolve',
      'both',
    ]);
  });
});
