import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type SlaAction =
  | 'read_policies'
  | 'change_policies'
  | 'change_calendars'
  | 'read_reports'
  | 'preview_policies'
  | 'read_breaches'
  | 'pause'
  | 'resume';

const MAY: Readonly<Record<SlaAction, readonly Actor['role'][]>> = {
  read_policies: ['viewer', 'agent', 'manager', 'admin'],
  read_breaches: ['viewer', 'agent', 'manager', 'admin'],
  preview_policies: ['agent', 'manager', 'admin'],
  pause: ['agent', 'manager', 'admin'],
  resume: ['agent', 'manager', 'admin'],
  change_policies: ['admin'],
  change_calendars: ['manager', 'admin'],
  read_reports: ['viewer', 'agent', 'manager', 'admin'],
};

/** May this actor do this with the organisation's SLA? Pure. What is not theirs to see at all is no business of a contact. */
export function can(actor: Actor, action: SlaAction): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'agent' && actor.role !== null && MAY[action].includes(actor.role);
}

const WORDS: Readonly<Record<SlaAction, string>> = {
  read_policies: 'see SLA policies',
  read_breaches: 'see SLA breaches',
  preview_policies: 'try SLA policies',
  pause: 'pause SLA clocks',
  resume: 'resume SLA clocks',
  change_policies: 'create, update or delete SLA policies',
  change_calendars: 'create, update or delete SLA calendars',
  read_reports: 'see SLA reports',
};

const ONLY: Partial<Record<SlaAction, string>> = {
  change_policies: 'Only admins',
  change_calendars: 'Only managers and admins',
};

/** FORBIDDEN unless they may. */
export function demand(actor: Actor, action: SlaAction): void {
  if (can(actor, action)) return;
  const only = ONLY[action] ?? 'Only agents';
  throw new DeskError('FORBIDDEN', `${only} may ${WORDS[action]}; your role is ${actor.role ?? actor.kind}`);
}
