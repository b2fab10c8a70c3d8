import { describe, expect, it } from '@jest/globals';
import { policyChangesSchema, policySchema, slaRulesSchema } from './policy.schema.js';
import { slaEventSchema } from './sla-event.schema.js';

function issuesOf(policy: unknown, schema: { safeParse: typeof policySchema.safeParse } = policySchema): string[] {
  const result = schema.safeParse(policy);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a policy', () => {
  it('has its defaults', () => {
    expect(policySchema.parse({ name: 'Standard' })).toEqual({
      name: 'Standard',
      description: null,
      conditions: [],
      priority: 0,
      enabled: true,
      firstResponseMinutes: null,
      nextResponseMinutes: null,
      resolutionMinutes: null,
      warnAt: [0.8],
      pauseOn: ['on_hold', 'pending'],
      firstResponseBy: 'public_reply',
      nextResponseFrom: 'agent_response',
      onReopen: 'resume',
      calendar: null,
      calendarId: null,
      escalation: [],
    });
  });

  it('takes targets by the documents’ names', () => {
    const targets = { firstResponseMinutes: 15, nextResponseMinutes: 30, resolutionMinutes: 120 };
    const camel = { name: 'VIP', firstResponseTime: 15, nextResponseTime: 30, resolutionTime: 120 };
    const snake = { name: 'VIP', first_response_time: 15, next_response_time: 30, resolution_time: 120 };
    expect(policySchema.parse(camel)).toMatchObject(targets);
    expect(policySchema.parse(snake)).toMatchObject(targets);
    expect(policySchema.parse(camel)).not.toHaveProperty('firstResponseTime');
  });

  it('as parsed can be parsed again', () => {
    const policy = policySchema.parse({ name: 'VIP', resolutionTime: 5, warnAt: [0.9, 0.5], pauseOn: ['waiting'] });
    expect(policy).toMatchObject({ warnAt: [0.5, 0.9], pauseOn: ['pending'] });
    expect(policySchema.parse(policy)).toEqual(policy);
  });

  it.each([
    [{ name: '' }, /^name: must be 1 to 200/],
    [{ name: 'x'.repeat(201) }, /^name: must be 1 to 200/],
    [{}, /^name: /],
    [{ name: 'x', firstResponseTime: 0 }, /^firstResponseTime: must be at least 1/],
    [{ name: 'x', resolutionTime: 1.5 }, /^resolutionTime: must be whole minutes/],
    [{ name: 'x', resolutionTime: '60' }, /^resolutionTime: must be whole minutes/],
    [
      { name: 'x', resolutionTime: 60, resolutionMinutes: 61 },
      /^resolutionTime: says otherwise than resolutionMinutes/,
    ],
    [{ name: 'x', warnAt: [1] }, /^warnAt\.0: /],
    [{ name: 'x', warnAt: [0] }, /^warnAt\.0: /],
    [{ name: 'x', pauseOn: ['asleep'] }, /^pauseOn\.0: "asleep" is not a status/],
    [{ name: 'x', pauseOn: ['resolved'] }, /^pauseOn\.0: must be a status before resolved/],
    [{ name: 'x', onReopen: 'again' }, /^onReopen: /],
    [{ name: 'x', firstResponseTme: 5 }, /"firstResponseTme"/],
    [{ name: 'x', escalation: [{ at: 0.8, do: { raisePriority: 'high' } }] }, /^escalation\.0\.at: .*percent: 80/],
    [{ name: 'x', escalation: [{ at: { pct: 8 }, do: { raisePriority: 'high' } }] }, /percent/],
    [{ name: 'x', calendar: { timezone: 'UTC', hours: {} } }, /^calendar\.hours: has no open hours/],
    [{ name: 'x', conditions: [{ field: 'mood', operator: 'equals', value: 'x' }] }, /^conditions\.0\.field: "mood"/],
  ])('that is wrong is refused by the field: %j', (policy, message) => {
    expect(issuesOf(policy)[0]).toMatch(message);
  });

  it('change holds only what was said', () => {
    expect(policyChangesSchema.parse({ firstResponseTime: 10, resolutionTime: null })).toEqual({
      firstResponseMinutes: 10,
      resolutionMinutes: null,
    });
    expect(() => policyChangesSchema.parse({ name: '' })).toThrow();
    expect(policyChangesSchema.parse({})).toEqual({});
  });

  it('takes its hours from one place', () => {
    const calendar = { timezone: 'UTC', hours: { mon: [['09:00', '17:00']] } };
    const calendarId = '0190c1a2-0000-7000-8000-0000000000aa';
    const read = policySchema.safeParse({ name: 'x', calendar, calendarId });
    expect(read.error?.issues).toMatchObject([{ path: ['calendarId'] }]);
    expect(policySchema.parse({ name: 'x', calendar: null, calendarId })).toMatchObject({ calendarId });
  });

  it('is also the rules that a ticket’s history keeps', () => {
    const policy = policySchema.parse({ name: 'VIP', firstResponseTime: 15 });
    const {
      name: _n,
      description: _d,
      conditions: _c,
      priority: _p,
      enabled: _e,
      calendar: _k,
      calendarId: _i,
      ...rules
    } = policy;
    expect(slaRulesSchema.parse(policy)).toEqual(rules);
    const event = { id: 'a', seq: 1, at: 5, type: 'policy_changed', policy: rules, calendar: null };
    expect(slaEventSchema.parse(event)).toEqual(event);
  });
});

describe('an event of the history', () => {
  it.each([
    [{ id: 'a', seq: 1, at: 5, type: 'exploded' }],
    [{ id: 'a', seq: 1, at: 5.5, type: 'paused' }],
    [{ id: '', seq: 1, at: 5, type: 'paused' }],
    [{ id: 'a', seq: 1, at: 5, type: 'status_changed', by: 'agent', to: 'asleep' }],
    [{ id: 'a', seq: 1, at: 5, type: 'customer_replied', by: 'agent' }],
  ])('that is wrong is refused: %j', (event) => {
    expect(slaEventSchema.safeParse(event).success).toBe(false);
  });
});
