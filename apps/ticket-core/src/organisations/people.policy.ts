import type { Actor, Role } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type PeopleAction =
  | 'read_organisation'
  | 'change_organisation'
  | 'read_people'
  | 'change_agents'
  | 'change_teams'
  | 'use_keys'
  | 'manage_all_keys'
  | 'read_audit';

const EVERYBODY: readonly Role[] = ['viewer', 'agent', 'manager', 'admin'];
const ADMINS: readonly Role[] = ['admin'];

const MAY: Readonly<Record<PeopleAction, { roles: readonly Role[]; words: string }>> = {
  read_organisation: { roles: EVERYBODY, words: 'see the organisation’s settings' },
  change_organisation: { roles: ADMINS, words: 'change the organisation' },
  read_people: { roles: EVERYBODY, words: 'see agents and teams' },
  change_agents: { roles: ADMINS, words: 'change agents' },
  change_teams: { roles: ADMINS, words: 'change teams' },
  use_keys: { roles: EVERYBODY, words: 'have API keys' },
  manage_all_keys: { roles: ADMINS, words: 'manage the API keys of others' },
  read_audit: { roles: ['manager', 'admin'], words: 'read the audit' },
};

/** May this actor do this in their organisation? Pure. A contact has no business with the people behind the desk. */
export function can(actor: Actor, action: PeopleAction): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'agent' && actor.role !== null && MAY[action].roles.includes(actor.role);
}

/** FORBIDDEN unless they may. */
export function demand(actor: Actor, action: PeopleAction): void {
  if (can(actor, action)) return;
  const { roles, words } = MAY[action];
  const who = roles === EVERYBODY ? 'Only agents' : `Only ${roles.map((role) => `${role}s`).join(' and ')}`;
  throw new DeskError('FORBIDDEN', `${who} may ${words}; your role is ${actor.role ?? actor.kind}`);
}
