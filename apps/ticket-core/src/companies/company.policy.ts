import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type CompanyAction = 'read' | 'change' | 'delete';

const MAY: Readonly<Record<CompanyAction, readonly Actor['role'][]>> = {
  read: ['viewer', 'agent', 'manager', 'admin'],
  change: ['agent', 'manager', 'admin'],
  delete: ['manager', 'admin'],
};
const ONLY: Readonly<Record<CompanyAction, string>> = {
  read: 'Only people of the organisation may see companies',
  change: 'Only agents may change companies',
  delete: 'Only managers may delete companies',
};

/** May this actor do this with companies? Pure. Customers know nothing of each other. */
export const can = (actor: Actor, action: CompanyAction): boolean =>
  actor.kind === 'system' || (actor.kind === 'agent' && MAY[action].includes(actor.role));

/** FORBIDDEN unless they may. */
export function demand(actor: Actor, action: CompanyAction): void {
  if (!can(actor, action))
    throw new DeskError('FORBIDDEN', `${ONLY[action]}; your role is ${actor.role ?? actor.kind}`);
}
