import { describe, expect, it } from '@jest/globals';
import { type Actor, ROLES, systemActor } from '#shared/contracts/actor.js';
import { canChange, canSee } from '../views/view.policy.js';
import { canManage, canManageForTeam, canRead, canSeeOfTeam } from './vocabulary.policy.js';

const ORG = '0190c1a2-0000-7000-8000-000000000001';
const actor = (role: Actor['role'], kind: Actor['kind'] = 'agent'): Actor => ({
  ...systemActor(ORG),
  kind,
  role,
  id: 'me',
});
const whoMay = (may: (actor: Actor) => boolean) => ROLES.filter((role) => may(actor(role)));

describe('who may what with the desk’s words', () => {
  it('reads: everybody who works here', () => {
    expect(whoMay(canRead)).toEqual(['viewer', 'agent', 'manager', 'admin']);
    expect(canRead(systemActor(ORG))).toBe(true);
  });

  it('changes: managers and admins; a team’s responses also its agents', () => {
    expect(whoMay(canManage)).toEqual(['manager', 'admin']);
    expect(whoMay((one) => canManageForTeam(one, 't', ['t']))).toEqual(['agent', 'manager', 'admin']);
    expect(whoMay((one) => canManageForTeam(one, 'other', ['t']))).toEqual(['manager', 'admin']);
    expect(whoMay((one) => canManageForTeam(one, null, ['t']))).toEqual(['manager', 'admin']);
  });

  it('sees of a team: its members, managers and admins', () => {
    expect(whoMay((one) => canSeeOfTeam(one, null, []))).toEqual(['viewer', 'agent', 'manager', 'admin']);
    expect(whoMay((one) => canSeeOfTeam(one, 't', ['t']))).toEqual(['viewer', 'agent', 'manager', 'admin']);
    expect(whoMay((one) => canSeeOfTeam(one, 't', []))).toEqual(['manager', 'admin']);
  });

  it('views: nobody sees or changes another’s own, viewers keep none', () => {
    const [mine, theirs] = [
      { agent_id: 'me', team_id: null },
      { agent_id: 'they', team_id: null },
    ];
    const [all, team] = [
      { agent_id: null, team_id: null },
      { agent_id: null, team_id: 't' },
    ];
    expect(whoMay((one) => canSee(one, theirs, []) || canChange(one, theirs))).toEqual([]);
    expect(whoMay((one) => canChange(one, mine))).toEqual(['agent', 'manager', 'admin']);
    expect(whoMay((one) => canChange(one, all) || canChange(one, team))).toEqual(['manager', 'admin']);
    expect(whoMay((one) => canSee(one, team, ['t']) && canSee(one, all, []))).toEqual([...ROLES]);
    expect(whoMay((one) => canSee(one, team, []))).toEqual(['manager', 'admin']);
  });

  it('a customer nothing', () => {
    const contact = actor(null, 'contact');
    for (const may of [canRead, canManage]) expect(may(contact)).toBe(false);
    expect(
      canManageForTeam(contact, 't', ['t']) ||
        canSeeOfTeam(contact, null, []) ||
        canSee(contact, { agent_id: 'me', team_id: null }, []),
    ).toBe(false);
  });
});
