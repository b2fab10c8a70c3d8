import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type TicketAction = 'open' | 'read' | 'list' | 'update' | 'reply' | 'note' | 'read_activities';

/** What each role may do with tickets of its own organisation. A system actor is a service of ours at its own work. */
const AGENT_MAY: Readonly<Record<TicketAction, boolean>> = {
  open: true,
  read: true,
  list: true,
  update: true,
  reply: true,
  note: true,
  read_activities: true,
};
const VIEWER_MAY: readonly TicketAction[] = ['read', 'list', 'read_activities'];
const CONTACT_MAY: readonly TicketAction[] = ['open', 'read', 'reply'];

export interface TicketSubject {
  contactId: string | null;
  teamId: string | null;
  assigneeId: string | null;
}

/** May this actor do this? `ticket` is null for actions on no ticket in particular. Pure; surfaces ask it too. */
export function can(actor: Actor, action: TicketAction, ticket: TicketSubject | null): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'contact') {
    const theirs = ticket === null ? action === 'open' : ticket.contactId !== null && ticket.contactId === actor.id;
    return theirs && CONTACT_MAY.includes(action);
  }
  if (actor.role === null || (ticket !== null && outsideTheirTeams(actor, ticket))) return false;
  return actor.role === 'viewer' ? VIEWER_MAY.includes(action) : AGENT_MAY[action];
}

/** Of an agent restricted to teams: a ticket that is neither theirs nor their teams'. */
const outsideTheirTeams = ({ teamIds, id }: Actor, { teamId, assigneeId }: TicketSubject): boolean =>
  teamIds !== null && !(teamId !== null && teamIds.includes(teamId)) && (assigneeId === null || assigneeId !== id);

export function demand(actor: Actor, action: TicketAction, ticket: TicketSubject | null): void {
  if (can(actor, action, ticket)) return;
  // Somebody else's ticket is not even confirmed to exist (FindTicket says it in the words of one that is absent).
  if (ticket && !can(actor, 'read', ticket)) throw new DeskError('NOT_FOUND', 'There is no such ticket');
  throw new DeskError(
    'FORBIDDEN',
    `Your role (${actor.role ?? actor.kind}) may not ${action.replace('_', ' ')} tickets`,
  );
}
