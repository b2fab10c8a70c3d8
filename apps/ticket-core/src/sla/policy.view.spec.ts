import { describe, expect, it } from '@jest/globals';
import { priorityAndTeamOf } from './policy.view.js';

describe('a policy as the tickets’ document shows it', () => {
  it.each(['teamId', 'team_id', 'team'])('has a team, by whatever name its condition says it: %s', (field) => {
    const conditions = [
      { field: 'priority', operator: 'equals', value: 'high' },
      { field, operator: 'equals', value: 'a-team' },
    ] as const;
    expect(priorityAndTeamOf(conditions)).toEqual({ priority: 'high', teamId: 'a-team' });
  });

  it('has neither when its conditions ask for more', () => {
    const conditions = [
      { field: 'priority', operator: 'equals', value: 'high' },
      { field: 'channel', operator: 'equals', value: 'email' },
    ] as const;
    expect(priorityAndTeamOf(conditions)).toEqual({ priority: null, teamId: null });
  });
});
