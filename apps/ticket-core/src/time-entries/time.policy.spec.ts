import { describe, expect, it } from '@jest/globals';
import { type Actor, type Role, ROLES, systemActor } from '#shared/contracts/actor.js';
import { can, demand, type TimeAction } from './time.policy.js';

const agent = (role: Role | null, kind: Actor['kind'] = 'agent'): Actor => ({
  ...systemActor('0190a000-0000-7000-8000-000000000001'),
  kind,
  id: 'me',
  role,
  surface: 'api',
});
const allowed = (action: TimeAction, agentId?: string) =>
  ROLES.filter((role) => can(agent(role), action, agentId === undefined ? null : { agentId }));

describe('who may do what with time', () => {
  it('is a matter of the role, and of whose entry it is', () => {
    expect(allowed('read')).toEqual(['viewer', 'agent', 'manager', 'admin']);
    expect(allowed('log')).toEqual(['agent', 'manager', 'admin']);
    expect(allowed('run_timer')).toEqual(['agent', 'manager', 'admin']);
    expect(allowed('log_for_others')).toEqual(['manager', 'admin']);
    expect(allowed('change', 'me')).toEqual(['agent', 'manager', 'admin']);
    expect(allowed('change', 'somebody else')).toEqual(['manager', 'admin']);
  });

  it('is nothing for customers, whatever they claim to be, and reading only for services', () => {
    for (const action of ['read', 'log', 'run_timer', 'log_for_others', 'change'] as const) {
      expect(can(agent('admin', 'contact'), action, { agentId: 'me' })).toBe(false);
      expect(can(agent(null), action, { agentId: 'me' })).toBe(false);
      expect(can(systemActor('x'), action)).toBe(action === 'read');
    }
    expect(() => demand(agent(null, 'contact'), 'read')).toThrow(
      'Only people of the organisation may see time entries',
    );
  });
});
