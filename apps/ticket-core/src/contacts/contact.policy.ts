import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type ContactAction = 'read' | 'change' | 'delete' | 'delete_with_tickets' | 'merge';

const MAY: Readonly<Record<ContactAction, readonly Actor['role'][]>> = {
  read: ['viewer', 'agent', 'manager', 'admin'],
  change: ['agent', 'manager', 'admin'],
  delete: ['agent', 'manager', 'admin'],
  // What cannot be undone.
  delete_with_tickets: ['manager', 'admin'],
  merge: ['manager', 'admin'],
};
const ONLY: Readonly<Record<ContactAction, string>> = {
  read: 'Only people of the organisation may see contacts',
  change: 'Only agents may change contacts',
  delete: 'Only agents may delete contacts',
  delete_with_tickets: 'Only managers may delete contacts who have open tickets',
  merge: 'Only managers may merge contacts',
};

/** May this actor do this with contacts? Pure. Customers know nothing of each other, and do not see what is noted of them. */
export const can = (actor: Actor, action: ContactAction): boolean =>
  actor.kind === 'system' || (actor.kind === 'agent' && MAY[action].includes(actor.role));

/** FORBIDDEN unless they may. */
export function demand(actor: Actor, action: ContactAction): void {
  if (!can(actor, action))
    throw new DeskError('FORBIDDEN', `${ONLY[action]}; your role is ${actor.role ?? actor.kind}`);
}
