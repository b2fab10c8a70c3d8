import { describe, expect, it } from '@jest/globals';
import { policyFileSchema, policySchema } from '#sla/policy.schema.js';
import { changesOfPriority, policyOfPriority, updatePolicyInput } from './policy-input.js';
import { movesClocks, policyDifference, policyViewOf, priorityAndTeamOf } from './policy.view.js';

const ID = '0190a000-0000-7000-8000-000000000001';
const TEAM = '0190a000-0000-7000-8000-0000000000bb';

describe('what updatePolicy takes', () => {
  it('is the id apart from what changes, by any name of a target', () => {
    expect(updatePolicyInput.parse({ id: ID, first_response_time: 10, resolutionTime: null })).toEqual({
      id: ID,
      changes: { firstResponseMinutes: 10, resolutionMinutes: null },
    });
  });

  it('is refused with each field that is wrong', () => {
    const pathsOf = (input: unknown) =>
      updatePolicyInput.safeParse(input).error?.issues.map(({ path }) => path.join('.'));
    expect(pathsOf({ id: 'x', name: '', colour: 'red' })).toEqual(['id', 'name', 'colour']);
    expect(pathsOf({ name: 'x' })).toEqual(['id']);
    expect(pathsOf([])).toEqual(['']);
    expect(pathsOf(null)).toEqual(['']);
  });
});

describe('a policy as the API answers with it', () => {
  it('can be tried as it stands', () => {
    const policy = policySchema.parse({
      name: 'VIP',
      conditions: [{ field: 'tags', operator: 'contains', value: 'vip' }],
      firstResponseTime: 15,
      priority: 7,
      enabled: false,
      warnAt: [0.5, 0.9],
      pauseOn: ['on_hold'],
      firstResponseBy: 'public_reply_or_status_change',
      nextResponseFrom: 'customer_message',
      onReopen: 'restart',
      calendarId: ID,
      escalation: [{ at: { percent: 90 }, do: { raisePriority: 'by_one' } }],
    });
    const [created_at, updated_at] = [new Date(0), new Date(1)];
    const answer = policyViewOf({ org_id: ID, id: ID, version: 3, policy, created_at, updated_at });
    expect(policyFileSchema.parse(answer)).toEqual(policy);
    expect(policyFileSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(policy);
  });
});

describe('a policy of a ticket priority', () => {
  it('is one with conditions, a team’s before that of all', () => {
    const [all, team] = [policyOfPriority({ priority: 'high' }), policyOfPriority({ priority: 'high', teamId: TEAM })];
    expect(priorityAndTeamOf(all.conditions)).toEqual({ priority: 'high', teamId: null });
    expect(priorityAndTeamOf(team.conditions)).toEqual({ priority: 'high', teamId: TEAM });
    expect(team.priority).toBeGreaterThan(all.priority);
    // And before the documents' policy for everything else, which has priority 0.
    expect(all.priority).toBeGreaterThan(0);
  });

  it('is not what has other conditions', () => {
    const read = (conditions: object[]) => priorityAndTeamOf(policySchema.parse({ name: 'x', conditions }).conditions);
    const urgent = { field: 'priority', operator: 'equals', value: 'urgent' };
    expect(read([])).toEqual({ priority: null, teamId: null });
    expect(read([urgent, { field: 'tags', operator: 'contains', value: 'vip' }]).priority).toBeNull();
    expect(read([urgent, urgent]).priority).toBeNull();
    expect(read([{ ...urgent, operator: 'not_equals' }]).priority).toBeNull();
    expect(read([{ field: 'team', operator: 'equals', value: TEAM }])).toEqual({ priority: null, teamId: null });
  });

  it('changes its priority and team as long as it has them', () => {
    const now = { priority: 'high', teamId: TEAM };
    expect(changesOfPriority({ teamId: null }, now)).toMatchObject({ conditions: [{ value: 'high' }], priority: 10 });
    expect(changesOfPriority({ priority: 'low' }, now)?.conditions).toHaveLength(2);
    expect(changesOfPriority({ firstResponseMinutes: 5 }, now)).toEqual({ firstResponseMinutes: 5 });
    expect(changesOfPriority({ priority: 'low' }, { priority: null, teamId: null })).toBeNull();
  });
});

describe('what differs between two versions', () => {
  const before = policySchema.parse({ name: 'A', firstResponseTime: 5 });

  it('is told by field', () => {
    expect(policyDifference(before, { ...before, firstResponseMinutes: 6 })).toEqual([
      { field: 'firstResponseMinutes', from: 5, to: 6 },
    ]);
    expect(policyDifference(before, before)).toEqual([]);
  });

  it('moves clocks unless it is words only, or the policy was and stays off', () => {
    expect(movesClocks(null, before)).toBe(true);
    expect(movesClocks(before, { ...before, name: 'B', description: 'x' })).toBe(false);
    expect(movesClocks(before, { ...before, enabled: false })).toBe(true);
    const off = { ...before, enabled: false };
    expect(movesClocks(off, { ...off, priority: 5 })).toBe(false);
    expect(movesClocks(null, off)).toBe(false);
  });
});
