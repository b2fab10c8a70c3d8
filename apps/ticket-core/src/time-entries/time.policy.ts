import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type TimeAction = 'read' | 'log' | 'log_for_others' | 'run_timer' | 'change';

/** Whose time it is; null for actions on no entry in particular. */
export interface TimeSubject {
  agentId: string;
}

const MAY: Readonly<Record<Exclude<TimeAction, 'change'>, readonly Actor['role'][]>> = {
  read: ['viewer', 'agent', 'manager', 'admin'],
  log: ['agent', 'manager', 'admin'],
  run_timer: ['agent', 'manager', 'admin'],
  log_for_others: ['manager', 'admin'],
};

/**
 * May this actor do this with working time? Pure. Agents change their own entries, managers everybody's. Customers know
 * nothing of it. Which tickets they see at all is the tickets' policy.
 */
export function can(actor: Actor, action: TimeAction, entry: TimeSubject | null = null): boolean {
  if (actor.kind === 'system') return action === 'read';
  if (actor.kind !== 'agent' || actor.role === null || actor.id === null) return false;
  if (action !== 'change') return MAY[action].includes(actor.role);
  const own = entry === null || entry.agentId === actor.id;
  return own ? MAY.log.includes(actor.role) : MAY.log_for_others.includes(actor.role);
}

const ONLY: Readonly<Record<TimeAction, string>> = {
  read: 'Only people of the organisation may see time entries',
  log: 'Only agents may log time',
  run_timer: 'Only agents may run a timer',
  log_for_others: 'Only managers may log time for somebody else',
  change: 'Only who worked it, or a manager, may change a time entry',
};

/** FORBIDDEN unless they may. */
export function demand(actor: Actor, action: TimeAction, entry: TimeSubject | null = null): void {
  if (can(actor, action, entry)) return;
  throw new DeskError('FORBIDDEN', `${ONLY[action]}; your role is ${actor.role ?? actor.kind}`);
}
