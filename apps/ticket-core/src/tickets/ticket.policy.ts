import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';

export type TicketAction =
  'open' | 'read' | 'list' | 'list_own' | 'update' | 'delete' | 'link' | 'watch' | 'reply' | 'note' | 'read_activities';

/** What each role may do with tickets of its own organisation. A system actor is a service of ours at its own work. */
const AGENT_MAY: Readonly<Record<TicketAction, boolean>> = {
  open: true,
  read: true,
  list: true,
  // A customer's own; everybody else lists what they see.
  list_own: false,
  update: true,
  delete: true,
  link: true,
  watch: true,
  reply: true,
  note: true,
  read_activities: true,
};
const VIEWER_MAY: readonly TicketAction[] = ['read', 'list', 'watch', 'read_activities'];
const CONTACT_MAY: readonly TicketAction[] = ['open', 'read', 'list_own', 'reply'];

export interface TicketSubject {
  contactId: string | null;
  teamId: string | null;
  assigneeId: string | null;
}

export const subjectOf = (row: Record<'contact_id' | 'team_id' | 'assignee_id', string | null>): TicketSubject => ({
  contactId: row.contact_id,
  teamId: row.team_id,
  assigneeId: row.assignee_id,
});

/** May this actor do this? `ticket` is null for actions on no ticket in particular. Pure; surfaces ask it too. */
export function can(actor: Actor, action: TicketAction, ticket: TicketSubject | null): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'contact') {
    // In particular none: they open their own, and list their own only (`ticketFilterOf`).
    const own = ticket === null ? actor.id !== null : ticket.contactId !== null && ticket.contactId === actor.id;
    const theirs = own && (ticket !== null || action === 'open' || action === 'list_own');
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

export const UNDELETE_WITHIN_MS = 24 * 60 * 60_000;

/**
 * A deleted ticket is there for those who may bring it back: managers and admins at any time, and within a day whoever
 * deleted it. `ticket` is as it was: nobody gets one back that they could not see.
 */
export function mayRestore(
  actor: Actor,
  ticket: TicketSubject,
  deletion: { byId: string | null; atMs: number },
  nowMs: number,
): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'contact' || !can(actor, 'delete', ticket)) return false;
  if (actor.role === 'manager' || actor.role === 'admin') return true;
  return actor.id !== null && deletion.byId === actor.id && nowMs - deletion.atMs < UNDELETE_WITHIN_MS;
}
