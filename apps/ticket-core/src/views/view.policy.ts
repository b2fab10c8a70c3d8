import type { Actor } from '#shared/contracts/actor.js';
import { canManage, canRead } from '../vocabulary/vocabulary.policy.js';

/** Whose view: one agent's, a team's or, both null, everybody's. */
export interface ViewOwner {
  agent_id: string | null;
  team_id: string | null;
}

/** One's own, everybody's, and those of the teams that one belongs to; managers see every team's. Nobody sees another's own. */
export function canSee(actor: Actor, owner: ViewOwner, theirTeams: readonly string[]): boolean {
  if (!canRead(actor)) return false;
  if (owner.agent_id !== null) return owner.agent_id === actor.id;
  return owner.team_id === null || canManage(actor) || theirTeams.includes(owner.team_id);
}

/** One's own; managers also those of teams and of everybody. Viewers keep none. */
export function canChange(actor: Actor, owner: ViewOwner): boolean {
  if (owner.agent_id === null) return canManage(actor);
  return actor.kind === 'agent' && owner.agent_id === actor.id && actor.role !== 'viewer' && actor.role !== null;
}
