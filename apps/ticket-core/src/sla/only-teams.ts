import type { Actor } from '#shared/contracts/actor.js';

/** A restricted agent's share of the tickets: those of these teams, and their own; null is all. */
export const onlyTeamsOf = (actor: Actor): { teamIds: string[]; agentId: string | null } | null =>
  actor.kind === 'agent' && actor.teamIds !== null ? { teamIds: actor.teamIds, agentId: actor.id } : null;
