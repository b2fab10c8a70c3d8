import { describe, expect, it } from '@jest/globals';
import { escalationSchema } from './escalation.schema.js';
import { evaluateSla } from './evaluate-sla.js';
import { explainSla } from './explain-sla.js';
import type { SlaPolicy } from './policy.schema.js';
import {
  agentReplied,
  at,
  buildHistory,
  buildPolicy,
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

const steps: SlaPolicy['escalation'] = escalationSchema.parse([
  { at: { percent: 50 }, do: { alert: { channel: '#managers' } } },
  { at: { percent: 100 }, do: { raisePriority: 'critical' } },
  { at: { percent: 100, plusMinutes: 60 }, target: 'resolution', do: { raisePriority: 'by_one' } },
]);
const taken = (clock: { escalations: { step: number; reached: boolean }[] }) =>
  clock.escalations.filter(({ reached }) => reached).map(({ step }) => step);
const iso = (ms: number) => new Date(ms).toISOString().slice(5, 16);

describe('the steps of an escalation', () => {
  const born = buildHistory(['09:00', opened]);

  it('fall at their shares of the target, and minutes after it', () => {
    const evaluation = evaluate(born, '09:00', { escalation: steps });
    expect(firstResponse(evaluation).escalations.map((step) => [step.step, iso(step.at), step.reached])).toEqual([
      [1, '11-02T09:15', false],
      [2, '11-02T09:30', false],
    ]);
    expect(resolution(evaluation).escalations.map((step) => [step.step, iso(step.at)])).toEqual([
      [1, '11-02T11:00'],
      [2, '11-02T13:00'],
      [3, '11-02T14:00'],
    ]);
    // The soonest thing to happen is a step, not the warning at 80 %.
    expect(evaluation.dueSoonest).toBe(at('09:15'));
  });

  it('are taken by a clock that ran past them: in the very instant one is still in time', () => {
    expect(taken(firstResponse(evaluate(born, '09:15', { escalation: steps })))).toEqual([]);
    expect(taken(firstResponse(evaluate(born, '09:15:00.001', { escalation: steps })))).toEqual([1]);
    const answered = buildHistory(['09:00', opened], ['09:15', agentReplied]);
    expect(taken(firstResponse(evaluate(answered, '12:00', { escalation: steps })))).toEqual([]);
    const late = buildHistory(['09:00', opened], ['09:40', agentReplied]);
    expect(taken(firstResponse(evaluate(late, '12:00', { escalation: steps })))).toEqual([1, 2]);
  });

  it('go on after the breach, and wait while the clock is held, before it and after it', () => {
    const held = buildHistory(['09:00', opened], ['12:00', paused]);
    const pausedBefore = evaluate(held, '20:00', { escalation: steps });
    expect(taken(resolution(pausedBefore))).toEqual([1]);
    expect(pausedBefore.dueSoonest).toBeNull();

    const heldLate = buildHistory(['09:00', opened], ['13:30', movedTo('pending')]);
    const afterDue = evaluate(heldLate, '20:00', { escalation: steps });
    expect([taken(resolution(afterDue)), afterDue.dueSoonest]).toEqual([[1, 2], null]);
    const on = buildHistory(['09:00', opened], ['13:30', movedTo('pending')], ['20:00', movedTo('open')]);
    const resumedLate = evaluate(on, '20:10', { escalation: steps });
    expect(resolution(resumedLate).escalations[2]).toMatchObject({ step: 3, at: at('20:30'), reached: false });
    expect(resumedLate.dueSoonest).toBe(at('20:30'));
    expect(taken(resolution(evaluate(on, '20:31', { escalation: steps })))).toEqual([1, 2, 3]);
  });

  it('count only business time', () => {
    const calendar = {
      timezone: 'UTC',
      hours: { mon: [['09:00', '10:00']], tue: [['09:00', '17:00']], wed: [], thu: [], fri: [], sat: [], sun: [] },
      holidays: [],
      exceptions: {},
    } as never;
    const policy = buildPolicy({ escalation: steps });
    const evaluation = evaluateSla({ policy, calendar, events: born, now: at('09:00') });
    // 4 hours: one on Monday, three on Tuesday; an hour more is an hour of Tuesday.
    expect(resolution(evaluation).escalations.map((step) => iso(step.at))).toEqual([
      '11-03T10:00',
      '11-03T12:00',
      '11-03T13:00',
    ]);
  });

  it('begin anew with a new cycle, and go on when a ticket is reopened', () => {
    const rounds = buildHistory(
      ['09:00', opened],
      ['09:05', agentReplied],
      ['09:50', agentReplied],
      ['10:55', agentReplied],
    );
    const evaluation = evaluate(rounds, '12:00', { escalation: steps });
    expect(clocksOf(evaluation, 'next_response').map(taken)).toEqual([[1], [1, 2], [1, 2]]);
    const again = buildHistory(['09:00', opened], ['10:00', resolved], ['15:00', reopenedByCustomer]);
    expect(resolution(evaluate(again, '15:30', { escalation: steps })).escalations[0]).toMatchObject({
      at: at('16:00'),
      reached: false,
    });
  });

  it('of a policy that comes later are taken for its own time only, and a number is taken once', () => {
    const later = buildPolicy({
      resolutionMinutes: 240,
      escalation: escalationSchema.parse([
        { at: { percent: 75 }, target: 'resolution', do: { alert: { channel: 'a' } } },
        { at: { percent: 25 }, target: 'resolution', do: { alert: { channel: 'b' } } },
        { at: { percent: 60 }, target: 'resolution', do: { alert: { channel: 'c' } } },
      ]),
    });
    const changed = { type: 'policy_changed', policy: later, calendar: null } as const;
    const events = buildHistory(['09:00', opened], ['11:10', changed]);
    const clock = resolution(evaluate(events, '20:00', { escalation: steps }));
    // Step 1 was taken by the first policy at 50 % (11:00); 25 % (10:00) was before the second one's time; 60 % is 11:24.
    expect(clock.escalations.map((step) => [step.step, iso(step.at), step.reached])).toEqual([
      [1, '11-02T11:00', true],
      [3, '11-02T11:24', true],
    ]);
    // None at all for a policy that is taken away.
    const gone = buildHistory(['09:00', opened], ['10:00', { type: 'policy_changed', policy: null, calendar: null }]);
    expect(evaluate(gone, '20:00', { escalation: steps }).clocks).toEqual([]);
  });

  it('whatever was chosen while the clock stood, none is taken twice', () => {
    const policy = buildPolicy({ escalation: steps });
    const events = buildHistory(
      ['09:00', opened],
      ['13:10', { type: 'policy_changed', policy, calendar: null }],
      ['13:20', { type: 'policy_changed', policy: buildPolicy({ escalation: steps }), calendar: null }],
      ['13:30', paused],
      ['13:40', resumed],
    );
    const { escalations } = resolution(evaluate(events, '20:00', { escalation: steps }));
    expect(escalations.map((step) => [step.step, iso(step.at), step.reached])).toEqual([
      [1, '11-02T11:00', true],
      [2, '11-02T13:00', true],
      [3, '11-02T14:10', true],
    ]);
  });

  it('are told in the explanation, at their instants', () => {
    const question = { policy: buildPolicy({ escalation: steps }), calendar: null, events: born, now: at('13:30') };
    expect(explainSla(question)).toEqual(
      expect.arrayContaining([
        '2026-11-02T09:15+00:00 escalation step 1 of first response: alert #managers',
        '2026-11-02T09:30+00:00 escalation step 2 of first response: raise the priority to urgent',
        '2026-11-02T13:00+00:00 escalation step 2 of resolution: raise the priority to urgent',
      ]),
    );
    expect(explainSla(question).join('\n')).not.toContain('step 3');
  });
});

describe('an escalation in a policy', () => {
  it.each([
    [{ at: { percent: 0 }, do: { raisePriority: 'high' } }, ['0', 'at', 'percent']],
    [{ at: { percent: 80, plusMinutes: -1 }, do: { raisePriority: 'high' } }, ['0', 'at', 'plusMinutes']],
    [{ at: { percent: 80 }, do: {} }, ['0', 'do']],
    [{ at: { percent: 80 }, do: { raisePriority: 'high', assignTeam: 'x' } }, ['0', 'do']],
    [{ at: { percent: 80 }, do: { alert: { channel: 'a b' } } }, ['0', 'do']],
    [{ at: { percent: 80 }, target: 'answer', do: { raisePriority: 'high' } }, ['0', 'target']],
    [{ do: { raisePriority: 'high' } }, ['0', 'at']],
  ])('names what is wrong with %j', (step, path) => {
    const read = escalationSchema.safeParse([step]);
    expect(read.error?.issues[0]?.path.slice(0, path.length).map(String)).toEqual(path);
  });

  it('may be long, but not endless', () => {
    const step = { at: { percent: 80 }, do: { raisePriority: 'by one' } };
    expect(escalationSchema.parse(Array.from({ length: 20 }, () => step))[0]).toMatchObject({
      at: { percent: 80, plusMinutes: 0 },
      do: { raisePriority: 'by_one' },
    });
    expect(escalationSchema.safeParse(Array.from({ length: 21 }, () => step)).success).toBe(false);
  });
});
