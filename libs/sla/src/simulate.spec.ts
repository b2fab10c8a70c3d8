import { describe, expect, it } from '@jest/globals';
import { ZodError } from 'zod';
import { simulateSla } from './simulate.js';

const office = [
  ['09:00', '12:30'],
  ['13:30', '18:00'],
];
const berlin = {
  timezone: 'Europe/Berlin',
  hours: { mon: office, tue: office, wed: office, thu: office, fri: office },
  holidays: ['2026-12-25'],
};

function issuesOf(input: unknown): string[] {
  try {
    simulateSla(input);
  } catch (error) {
    if (error instanceof ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw error;
  }
  return [];
}

describe('a scenario', () => {
  const scenario = {
    policy: { name: 'Urgent', firstResponseTime: 30, nextResponseTime: 60, resolutionTime: 240 },
    calendar: berlin,
    events: [
      { at: '2026-11-02T09:00:00+01:00', type: 'opened', by: 'contact' },
      { at: '2026-11-02T09:26:00+01:00', type: 'agent_replied', by: 'agent' },
      { at: '2026-11-02T09:26:00+01:00', type: 'status_changed', to: 'waiting' },
      { at: '2026-11-02T17:30:00+01:00', type: 'customer_replied' },
      { at: '2026-11-02T17:30:00+01:00', type: 'status_changed', to: 'open', by: 'contact' },
      { at: '2026-11-03T09:45:00+01:00', type: 'agent_replied' },
      { at: '2026-11-03T11:00:00+01:00', type: 'resolved' },
    ],
    now: '2026-11-03T12:00:00+01:00',
  };

  it('gives ISO instants, the breach status and an explanation that a manager can read', () => {
    const { clocks, breachStatus, explanation } = simulateSla(scenario);
    expect(breachStatus).toBe('breached');
    expect(
      clocks.map(({ target, cycle, state, dueAt, breachedAt }) => [target, cycle, state, dueAt, breachedAt]),
    ).toEqual([
      ['first_response', 1, 'met', '2026-11-02T08:30:00.000Z', null],
      ['next_response', 1, 'breached', '2026-11-03T08:30:00.000Z', '2026-11-03T08:30:00.000Z'],
      ['next_response', 2, 'breached', '2026-11-03T09:45:00.000Z', '2026-11-03T09:45:00.000Z'],
      ['resolution', 1, 'met', '2026-11-03T11:04:00.000Z', null],
    ]);
    expect(explanation).toEqual([
      '2026-11-02T09:00+01:00 opened: first response due 09:30; resolution due 14:00',
      '2026-11-02T09:24+01:00 warning: first response at 80 %, 6 min left',
      '2026-11-02T09:26+01:00 agent replied: first response met, 26 min of 30 min used; next response due 10:26',
      '2026-11-02T09:26+01:00 status changed to pending: next response paused, 0 min of 1 h used; resolution paused, 26 min of 4 h used',
      '2026-11-02T17:30+01:00 customer replied: no clock changes',
      '2026-11-02T17:30+01:00 status changed to open: next response resumes, 0 min of 1 h used, due 2026-11-03 09:30; resolution resumes, 26 min of 4 h used, due 2026-11-03 12:04',
      '2026-11-03T09:18+01:00 warning: next response at 80 %, 12 min left',
      '2026-11-03T09:30+01:00 breach: next response used its 1 h',
      '2026-11-03T09:45+01:00 agent replied: next response breached, 15 min late (was due 09:30); next response 2 due 10:45',
      '2026-11-03T10:33+01:00 warning: next response 2 at 80 %, 12 min left',
      '2026-11-03T10:45+01:00 breach: next response 2 used its 1 h',
      '2026-11-03T11:00+01:00 resolved: next response 2 breached, 15 min late (was due 10:45); resolution met, 2 h 56 min of 4 h used',
      '2026-11-03T12:00+01:00 now: no clock runs',
    ]);
  });

  it('without a calendar is round the clock, in UTC; the policy’s own calendar is used when there is no other', () => {
    const alone = { ...scenario, calendar: null };
    expect(simulateSla(alone).explanation[0]).toBe(
      '2026-11-02T08:00+00:00 opened: first response due 08:30; resolution due 12:00',
    );
    const own = { ...alone, policy: { ...scenario.policy, calendar: berlin } };
    expect(simulateSla(own)).toEqual(simulateSla(scenario));
  });

  it('leaves out what happens after now', () => {
    const { clocks, explanation } = simulateSla({ ...scenario, now: '2026-11-02T09:10+01:00' });
    expect(clocks.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(explanation.at(-1)).toBe(
      '2026-11-02T09:10+01:00 now: first response running, 10 min of 30 min used, due 09:30; resolution running, 10 min of 4 h used, due 14:00',
    );
  });

  it('says why the clocks stand still', () => {
    const night = simulateSla({ ...scenario, events: scenario.events.slice(0, 3), now: '2026-11-02T22:00+01:00' });
    expect(night.explanation.at(-1)).toMatch(
      /paused, .* if it resumed now \(standing still: by status, outside opening hours\)$/,
    );
    expect(night.clocks.at(-1)).toMatchObject({ state: 'paused', isPaused: true });
  });

  it('is running at night, though nothing counts: it will go on by itself', () => {
    const night = simulateSla({
      ...scenario,
      events: scenario.events.slice(0, 1),
      policy: { resolutionTime: 600 },
      now: '2026-11-02T22:00+01:00',
    });
    expect(night.clocks).toMatchObject([
      {
        state: 'running',
        isPaused: true,
        consumedMs: 8 * 3_600_000,
        pausedMs: 5 * 3_600_000,
        heldMs: 0,
        dueAt: '2026-11-03T10:00:00.000Z',
      },
    ]);
  });

  it('applies events of one instant in the order given, whatever their place in the file', () => {
    const at = '2026-11-02T10:00:00Z';
    const run = (...types: string[]) =>
      simulateSla({
        policy: { resolutionTime: 60 },
        events: [...types.map((type) => ({ at, type })), { at: '2026-11-02T09:30:00Z', type: 'opened' }],
        now: '2026-11-02T10:10:00Z',
      }).clocks[0]!.state;
    expect(run('resolved', 'reopened')).toBe('running');
    expect(run('reopened', 'resolved')).toBe('met');
    expect(run('resumed', 'paused')).toBe('paused');
  });

  it('takes a policy as the API returned it', () => {
    const returned = {
      id: 'uuid',
      organization_id: 'uuid',
      name: 'Standard',
      conditions: [],
      first_response_time: 480,
      resolution_time: 2880,
      priority: 0,
      enabled: true,
      created_at: '2024-01-01T00:00:00.000Z',
      updated_at: '2024-01-01T00:00:00.000Z',
    };
    expect(simulateSla({ ...scenario, policy: returned }).clocks).toHaveLength(2);
  });

  const opening = { at: '2026-11-02T09:00:00Z', type: 'opened' };
  it.each([
    [{ events: [{ at: '2026-11-02T09:00:00Z', type: 'paused' }] }, 'events: need one "opened"'],
    [{ events: [opening, opening] }, 'events.1.type: a ticket is opened once'],
    [{ events: [{ ...opening, at: '2026-11-02T09:00:00' }] }, /^events\.0\.at: .*with its offset/],
    [{ events: [{ ...opening, at: '2026-11-31T09:00:00Z' }] }, /^events\.0\.at: /],
    [{ events: [opening, { ...opening, type: 'exploded' }] }, /^events\.1\.type: "exploded" is not an event/],
    [{ events: [opening, { ...opening, type: 'status_changed' }] }, /^events\.1\.to: must say/],
    [{ events: [opening, { ...opening, type: 'status_changed', to: 'asleep' }] }, /^events\.1\.to: "asleep"/],
    [{ events: [opening, { ...opening, type: 'paused', to: 'open' }] }, 'events.1.to: does not belong to paused'],
    [{ events: [opening, { ...opening, type: 'agent_replied', by: 'contact' }] }, /^events\.1\.by: /],
    [{ events: [opening, { ...opening, type: 'reopened', to: 'closed' }] }, /^events\.1\.to: must be an open status/],
    [{ now: 'tomorrow' }, /^now: "tomorrow" is not an instant/],
    [{ policy: { resolutionTime: -1 } }, /^policy\.resolutionTime: /],
    [{ calendar: { timezone: 'UTC', hours: {} } }, /^calendar\.hours: /],
    [{ extra: 1 }, /"extra"/],
  ])('that is wrong is refused by the field: %j', (wrong, message) => {
    const [first] = issuesOf({ ...scenario, ...wrong });
    if (typeof message === 'string') expect(first).toBe(message);
    else expect(first).toMatch(message);
  });
});
