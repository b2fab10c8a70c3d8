import type { NotificationView } from '#shared/contracts/notifications.js';
import type { Priority, Status } from '#shared/contracts/values.js';

export interface NotificationRow {
  id: string;
  agent_id: string;
  kind: NotificationView['kind'];
  ticket_id: string;
  number: number;
  subject: string;
  status: Status;
  priority: Priority;
  message_id: string | null;
  is_internal: boolean | null;
  content: string | null;
  actor_name: string;
  at: Date;
  read_at: Date | null;
}

const EXCERPT_CHARS = 300;

/** The beginning of a text on one line. */
export const excerptOf = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  // Never half of a surrogate pair.
  const cut = line.slice(0, EXCERPT_CHARS).replace(/[\uD800-\uDBFF]$/, '');
  return cut.length < line.length ? `${cut.trimEnd()}…` : line;
};

/** What an agent reads of it: these fields and no others. A message that was deleted says nothing any more. */
export const notificationViewOf = (row: NotificationRow): NotificationView => ({
  id: row.id,
  kind: row.kind,
  ticketId: row.ticket_id,
  ticket: {
    id: row.ticket_id,
    number: row.number,
    subject: row.subject,
    status: row.status,
    priority: row.priority,
  },
  message:
    row.message_id !== null && row.content !== null
      ? { id: row.message_id, isInternalNote: row.is_internal === true, excerpt: excerptOf(row.content) }
      : null,
  actor: { name: row.actor_name },
  createdAt: row.at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
});
