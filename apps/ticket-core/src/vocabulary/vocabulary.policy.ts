import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type Words = 'tags' | 'categories' | 'custom fields' | 'canned responses' | 'templates' | 'views';

/** Everybody who works here reads the desk's vocabulary; customers have no business with it. */
export const canRead = (actor: Actor): boolean =>
  actor.kind === 'system' || (actor.kind === 'agent' && actor.role !== null);

/** Managers and admins change what everybody uses, and what any team uses. */
export const canManage = (actor: Actor): boolean =>
  actor.kind === 'system' || (actor.kind === 'agent' && (actor.role === 'manager' || actor.role === 'admin'));

/** Beside managers, agents word the canned responses of the teams that they belong to themselves. */
export const canManageForTeam = (actor: Actor, teamId: string | null, theirTeams: readonly string[]): boolean =>
  canManage(actor) ||
  (actor.kind === 'agent' && actor.role === 'agent' && teamId !== null && theirTeams.includes(teamId));

/** What is everybody's, or their teams'. A manager sees what every team has. */
export const canSeeOfTeam = (actor: Actor, teamId: string | null, theirTeams: readonly string[]): boolean =>
  canRead(actor) && (teamId === null || canManage(actor) || theirTeams.includes(teamId));

const roleOf = (actor: Actor): string => `your role is ${actor.role ?? actor.kind}`;

export function demandRead(actor: Actor, words: Words): void {
  if (!canRead(actor)) throw new DeskError('FORBIDDEN', `Only agents may see ${words}; ${roleOf(actor)}`);
}

export function demandManage(actor: Actor, words: Words): void {
  if (!canManage(actor)) throw new DeskError('FORBIDDEN', `Only managers may change ${words}; ${roleOf(actor)}`);
}
