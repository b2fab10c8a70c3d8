import type { ActivityType } from '../../activities/activity.view.js';
import { isAnswer } from '../ticket-changes.js';
import type { TicketRow } from '../ticket.view.js';

/** A line of history, as it is read back. */
export interface Line {
  type: ActivityType;
  actor_kind: 'agent' | 'contact' | 'system';
  actor_id: string | null;
  old_value: unknown;
  new_value: unknown;
  at: Date;
}

/** What a ticket's history says of it. The description is known once somebody has edited it. */
export interface Rebuilt {
  subject: string;
  description: string | undefined;
  status: string;
  priority: string;
  category: string;
  kind: string | null;
  source: string;
  teamId: string | null;
  assigneeId: string | null;
  contactId: string | null;
  entity: unknown;
  tags: string[];
  customFields: Record<string, unknown>;
  messageCount: number;
  firstResponseAt: number | null;
  resolvedAt: number | null;
  closedAt: number | null;
  isDeleted: boolean;
}

type Values = Record<string, unknown>;

/** The ticket, from nothing but its history, oldest line first. */
export function rebuilt(history: readonly Line[]): Rebuilt {
  const [created, ...rest] = history;
  if (created?.type !== 'created') throw new Error('A history begins with `created`');
  const born = created.new_value as Values;
  const creatorId = created.actor_kind === 'agent' ? created.actor_id : null;
  const ticket: Rebuilt = {
    subject: born['subject'] as string,
    description: undefined,
    status: (born['status'] as string | undefined) ?? 'open',
    priority: born['priority'] as string,
    category: (born['category'] as string | undefined) ?? 'general',
    kind: (born['kind'] as string | undefined) ?? null,
    source: born['source'] as string,
    teamId: (born['teamId'] as string | undefined) ?? null,
    assigneeId: (born['assigneeId'] as string | undefined) ?? null,
    contactId: (born['contactId'] as string | undefined) ?? null,
    entity: born['entity'] ?? null,
    tags: (born['tags'] as string[] | undefined) ?? [],
    customFields: { ...(born['customFields'] as Values | undefined) },
    messageCount: (born['messageCount'] as number | undefined) ?? 0,
    firstResponseAt: null,
    resolvedAt: null,
    closedAt: null,
    isDeleted: false,
  };
  const answers = new Map<string, { at: number; line: Line }>();
  for (const line of rest) apply(ticket, line, creatorId, answers);
  return ticket;
}

const PLAIN: Partial<Record<ActivityType, keyof Rebuilt>> = {
  subject_edited: 'subject',
  description_edited: 'description',
  priority_changed: 'priority',
  category_changed: 'category',
  kind_changed: 'kind',
  entity_changed: 'entity',
  team_changed: 'teamId',
  assigned: 'assigneeId',
  contact_changed: 'contactId',
};

function apply(
  ticket: Rebuilt,
  line: Line,
  creatorId: string | null,
  messages: Map<string, { at: number; line: Line }>,
): void {
  const [from, to] = [(line.old_value ?? {}) as Values, (line.new_value ?? {}) as Values];
  const at = line.at.getTime();
  const answered = (one: Line) =>
    isAnswer({ kind: one.actor_kind, id: one.actor_id }, { contact_id: ticket.contactId, creator_id: creatorId });
  const field = PLAIN[line.type];
  if (field) {
    // Each line begins where the one before it ended.
    const known = ticket[field];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(from[field] ?? null))
      throw new Error(`${line.type}: the history jumps`);
    Object.assign(ticket, { [field]: to[field] ?? null });
  }
  switch (line.type) {
    case 'tag_added':
      ticket.tags = [...ticket.tags, to['tag'] as string];
      return;
    case 'tag_removed':
      ticket.tags = ticket.tags.filter((tag) => tag !== from['tag']);
      return;
    case 'custom_field_changed':
      Object.assign(ticket.customFields, to);
      return;
    case 'status_changed':
    case 'resolved':
    case 'reopened':
      if (from['status'] !== ticket.status) throw new Error(`${line.type}: the history jumps`);
      ticket.status = to['status'] as string;
      if (ticket.status === 'resolved') ticket.resolvedAt = at;
      else if (ticket.status === 'closed') [ticket.closedAt, ticket.resolvedAt] = [at, ticket.resolvedAt ?? at];
      else ticket.resolvedAt = null;
      return;
    case 'message_added':
      ticket.messageCount += 1;
      messages.set(to['messageId'] as string, { at, line });
      if (ticket.firstResponseAt === null && answered(line)) ticket.firstResponseAt = at;
      return;
    case 'note_added':
    case 'auto_reply_received':
      ticket.messageCount += 1;
      return;
    case 'message_deleted':
      ticket.messageCount -= 1;
      return;
    case 'message_taken_back':
      ticket.messageCount -= 1;
      messages.delete(to['messageId'] as string);
      ticket.firstResponseAt = [...messages.values()].find((one) => answered(one.line))?.at ?? null;
      return;
    case 'deleted':
    case 'restored':
      ticket.isDeleted = line.type === 'deleted';
      return;
    default:
      return;
  }
}

/** The same of a row. */
export const stateOf = (row: TicketRow, description: string | undefined): Rebuilt => ({
  subject: row.subject,
  description,
  status: row.status,
  priority: row.priority,
  category: row.category,
  kind: row.kind,
  source: row.source,
  teamId: row.team_id,
  assigneeId: row.assignee_id,
  contactId: row.contact_id,
  entity: row.entity,
  tags: row.tags,
  customFields: row.custom_fields,
  messageCount: row.message_count,
  firstResponseAt: row.first_response_at?.getTime() ?? null,
  resolvedAt: row.resolved_at?.getTime() ?? null,
  closedAt: row.closed_at?.getTime() ?? null,
  isDeleted: row.deleted_at !== null,
});

/** Tags are a set, and a custom field that is null is none. */
export const comparable = (ticket: Rebuilt): Rebuilt => ({
  ...ticket,
  tags: ticket.tags.toSorted(),
  customFields: Object.fromEntries(
    Object.entries(ticket.customFields)
      .filter(([, value]) => value !== null)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ),
});
