import { describe, expect, it } from '@jest/globals';
import { type Actor, ROLES, systemActor } from '#shared/contracts/actor.js';
import { can, demand, type SlaAction } from './sla.policy.js';

const ORG = '0190a000-0000-7000-8000-000000000001';
const agent = (role: Actor['role'], kind: Actor['kind'] = 'agent'): Actor => ({
  orgId: ORG,
  kind,
  id: '0190a000-0000-7000-8000-000000000002',
  name: 'Bea',
  role,
  teamIds: null,
  surface: 'api',
});
const ACTIONS: SlaAction[] = [
  'read_policies',
  'change_policies',
  'preview_policies',
  'read_breaches',
  'pause',
  'resume',
];

describe('who may do what with SLA', () => {
  it('lets admins alone change policies', () => {
    expect(ROLES.filter((role) => can(agent(role), 'change_policies'))).toEqual(['admin']);
    expect(() => demand(agent('manager'), 'change_policies')).toThrow(/Only admins .* manager/);
  });

  it('lets a viewer look and touch nothing', () => {
    expect(ACTIONS.filter((action) => can(agent('viewer'), action))).toEqual(['read_policies', 'read_breaches']);
    expect(ACTIONS.filter((action) => can(agent('agent'), action))).toEqual(
      ACTIONS.filter((action) => action !== 'change_policies'),
    );
  });

  it('lets a contact and an agent without a role do nothing, and our own services everything', () => {
    expect(ACTIONS.filter((action) => can(agent(null, 'contact'), action))).toEqual([]);
    expect(ACTIONS.filter((action) => can(agent('admin', 'contact'), action))).toEqual([]);
    expect(ACTIONS.filter((action) => can(agent(null), action))).toEqual([]);
    expect(ACTIONS.filter((action) => can(systemActor(ORG), action))).toEqual(ACTIONS);
  });
});
