import type { Actor } from '#shared/contracts/actor.js';
import type { Priority, Status } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity, type ActivityRow, type ActivityType } from '../activities/activity.view.js';
import { mayFollow } from './ticket.state.js';
import type { TicketRow } from './ticket.view.js';

interface Person {
  id: string;
  name: string;
  email: string;
}

/** What may change about a ticket; what is absent stays. */
export interface TicketChanges {
  subject?: string | undefined;
  description?: string | undefined;
  status?: Status | undefined;
  priority?: Priority | undefined;
  category?: string | undefined;
  kind?: string | null | undefined;
  team?: { id: string; name: string; handle: string } | null | undefined;
  assignee?: Person | null | undefined;
  contact?: Person | null | undefined;
  entity?: TicketRow['entity'] | undefined;
  tags?: string[] | undefined;
  customFields?: Record<string, unknown> | undefined;
  cc?: string[] | undefined;
  deleted?: boolean | undefined;
  /** Messages written (or, below nought, removed) in the same transaction. */
  addMessages?: number;
  /** A first public answer by the agents' side, if there was none before. */
  answeredAtMs?: number;
}

export interface Change {
  field: string;
  from: unknown;
  to: unknown;
}

/** Fields that are simply replaced, and the line of history that each change makes. */
const PLAIN_FIELDS = [
  ['subject', 'subject_edited'],
  ['description', 'description_edited'],
  ['priority', 'priority_changed'],
  ['category', 'category_changed'],
  ['kind', 'kind_changed'],
  ['entity', 'entity_changed'],
] as const;

/** People and teams: what the row keeps of them, and what the history and events call them. */
const LINKED_FIELDS = [
  ['team', 'team_changed', 'teamId', ['team_id', 'team_name', 'team_handle'], ['id', 'name', 'handle']],
  ['assignee', 'assigned', 'assigneeId', ['assignee_id', 'assignee_name', 'assignee_email'], ['id', 'name', 'email']],
  [
    'contact',
    'contact_changed',
    'contactId',
    ['contact_id', 'contact_name', 'contact_email', 'company_id', 'company_name'],
    ['id', 'name', 'email', 'company_id', 'company_name'],
  ],
] as const;

/** Lines that the clocks are reckoned again for. */
export const MOVES_CLOCKS: ReadonlySet<ActivityType> = new Set<ActivityType>([
  'status_changed',
  'resolved',
  'reopened',
  'priority_changed',
  'team_changed',
  'assigned',
  'contact_changed',
  'entity_changed',
  'category_changed',
  'kind_changed',
  'tag_added',
  'tag_removed',
  'subject_edited',
  'description_edited',
  'custom_field_changed',
  'message_added',
  'message_taken_back',
  'restored',
  'merged',
  'unmerged',
  'split',
]);

/** What the history needs to rebuild the ticket, but for its description: that is the first message, or was never edited. */
export const bornWith = (row: TicketRow) => ({
  subject: row.subject,
  priority: row.priority,
  source: row.source,
  ...(row.status !== 'open' && { status: row.status }),
  ...(row.category !== 'general' && { category: row.category }),
  ...(row.kind !== null && { kind: row.kind }),
  ...(row.team_id !== null && { teamId: row.team_id }),
  ...(row.assignee_id !== null && { assigneeId: row.assignee_id }),
  ...(row.contact_id !== null && { contactId: row.contact_id }),
  ...(row.entity !== null && { entity: row.entity }),
  ...(row.tags.length > 0 && { tags: row.tags }),
  ...(Object.keys(row.custom_fields).length > 0 && { customFields: row.custom_fields }),
  ...(row.follow_up_of !== null && { followUpOf: row.follow_up_of }),
  ...(row.message_count > 0 && { messageCount: row.message_count }),
});

/**
 * A ticket after a change, with the lines of its history and what an event tells of it. Pure; UNPROCESSABLE when the status
 * may not follow. `lines` empty and no messages: nothing is different.
 */
export function applied(
  actor: Actor,
  row: TicketRow,
  wanted: TicketChanges,
  atMs: number,
): { next: TicketRow; changes: Change[]; lines: ActivityRow[] } {
  const next: TicketRow = { ...row };
  const changes: Change[] = [];
  const lines: ActivityRow[] = [];
  const note = (
    field: string,
    type: ActivityType,
    from: unknown,
    to: unknown,
    values: { from?: unknown; to?: unknown },
  ) => {
    changes.push({ field, from, to });
    lines.push(activity(actor, row.id, type, atMs, values));
  };

  for (const [field, type] of PLAIN_FIELDS) {
    const [from, to] = [row[field], wanted[field]];
    if (to === undefined || JSON.stringify(to) === JSON.stringify(from)) continue;
    Object.assign(next, { [field]: to });
    // A whole body does not belong into an event; the history keeps both.
    const seen = field === 'description' ? [null, null] : [from, to];
    note(field, type, seen[0], seen[1], { from: { [field]: from }, to: { [field]: to } });
  }
  for (const [field, type, idField, columns, keys] of LINKED_FIELDS) {
    const to = wanted[field];
    const [idColumn, nameColumn] = columns;
    if (to === undefined || (to?.id ?? null) === row[idColumn]) continue;
    keys.forEach((key, place) => {
      const value = to === null ? null : (to as unknown as Record<string, string>)[key];
      Object.assign(next, { [columns[place]!]: value ?? null });
    });
    note(field, type, row[nameColumn], next[nameColumn], {
      from: { [idField]: row[idColumn], name: row[nameColumn] },
      to: { [idField]: next[idColumn], name: next[nameColumn] },
    });
  }
  if (wanted.tags !== undefined) {
    const tags = [...new Set(wanted.tags)];
    for (const tag of tags) if (!row.tags.includes(tag)) note('tags', 'tag_added', null, tag, { to: { tag } });
    for (const tag of new Set(row.tags))
      if (!tags.includes(tag)) note('tags', 'tag_removed', tag, null, { from: { tag } });
    next.tags = tags;
  }
  if (wanted.customFields !== undefined) {
    for (const key of new Set([...Object.keys(row.custom_fields), ...Object.keys(wanted.customFields)])) {
      const [from, to] = [own(row.custom_fields, key), own(wanted.customFields, key)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      note(`customFields.${key}`, 'custom_field_changed', from, to, { from: { [key]: from }, to: { [key]: to } });
    }
    next.custom_fields = wanted.customFields;
  }
  if (wanted.status !== undefined && wanted.status !== row.status) {
    changeStatus(next, row.status, wanted.status, atMs);
    note('status', statusLine(row.status, wanted.status), row.status, wanted.status, {
      from: { status: row.status },
      to: { status: wanted.status },
    });
  }
  if (wanted.deleted !== undefined && wanted.deleted !== (row.deleted_at !== null)) {
    next.deleted_at = wanted.deleted ? new Date(atMs) : null;
    note('deleted', wanted.deleted ? 'deleted' : 'restored', !wanted.deleted, wanted.deleted, {});
  }
  if (wanted.cc !== undefined) next.cc = wanted.cc;
  next.message_count += wanted.addMessages ?? 0;
  if (wanted.answeredAtMs !== undefined && row.first_response_at === null)
    next.first_response_at = new Date(wanted.answeredAtMs);
  return { next, changes, lines };
}

/** A field may be called `constructor`. */
const own = (fields: Record<string, unknown>, key: string): unknown =>
  Object.hasOwn(fields, key) ? (fields[key] ?? null) : null;

function changeStatus(next: TicketRow, from: Status, to: Status, atMs: number): void {
  if (!mayFollow(from, to)) {
    const why = from === 'closed' ? 'it is closed: reopen it, which opens a follow-up' : `${from} cannot become ${to}`;
    throw new DeskError('UNPROCESSABLE', `The status cannot change: ${why}`, [{ pointer: '/status', message: why }]);
  }
  next.status = to;
  const at = new Date(atMs);
  if (to === 'resolved') next.resolved_at = at;
  if (to === 'closed') {
    next.closed_at = at;
    next.resolved_at ??= at;
  }
  if (from === 'resolved' && to !== 'closed') next.resolved_at = null;
}

const statusLine = (from: Status, to: Status): ActivityType =>
  to === 'resolved' ? 'resolved' : from === 'resolved' && to !== 'closed' ? 'reopened' : 'status_changed';

/**
 * Is a public message by this author the desk's answer? Every agent's is; but on a ticket that an agent opened for
 * themselves that agent is the customer, and the first answer is the first message of somebody else.
 */
export const isAnswer = (
  author: { kind: Actor['kind']; id: string | null },
  ticket: Pick<TicketRow, 'contact_id' | 'creator_id'>,
): boolean =>
  author.kind === 'agent' &&
  author.id !== null &&
  (ticket.contact_id !== null || ticket.creator_id === null || author.id !== ticket.creator_id);
