import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { activityView } from '#shared/contracts/messages.js';

export type ActivityType =
  | 'created'
  | 'status_changed'
  | 'priority_changed'
  | 'assigned'
  | 'category_changed'
  | 'tag_added'
  | 'tag_removed'
  | 'message_added'
  | 'note_added'
  | 'resolved'
  | 'reopened'
  | 'subject_edited'
  | 'description_edited'
  | 'kind_changed'
  | 'custom_field_changed'
  | 'team_changed'
  | 'entity_changed'
  | 'contact_changed'
  | 'deleted'
  | 'restored'
  | 'link_added'
  | 'link_removed'
  | 'watcher_added'
  | 'watcher_removed'
  | 'merged'
  | 'unmerged'
  | 'split'
  | 'message_edited'
  | 'message_deleted'
  | 'attachment_deleted'
  | 'message_taken_back'
  | 'message_bounced'
  | 'auto_reply_received'
  | 'time_logged'
  | 'time_edited'
  | 'time_deleted'
  | 'sla_policy_changed'
  | 'sla_paused'
  | 'sla_resumed'
  | 'sla_warning'
  | 'sla_breached'
  | 'escalated';

export interface ActivityRow {
  id: string;
  ticket_id: string;
  type: ActivityType;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  actor_name: string;
  surface: string;
  old_value: unknown;
  new_value: unknown;
  at: string;
}

/** One line of a ticket's history. `atMs` is when it happened: a mail's arrival, not its filing. */
export const activity = (
  actor: Actor,
  ticketId: string,
  type: ActivityType,
  atMs: number,
  values: { from?: unknown; to?: unknown } = {},
): ActivityRow => ({
  id: uuidv7(),
  ticket_id: ticketId,
  type,
  actor_kind: actor.kind,
  actor_id: actor.id,
  actor_name: actor.name,
  surface: actor.surface,
  old_value: values.from ?? null,
  new_value: values.to ?? null,
  at: new Date(atMs).toISOString(),
});

export type ActivityRead = Omit<ActivityRow, 'at'> & { at: Date };

export const activityViewOf = (row: ActivityRead): z.output<typeof activityView> => ({
  id: row.id,
  ticketId: row.ticket_id,
  type: row.type,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  oldValue: row.old_value,
  newValue: row.new_value,
  at: row.at.toISOString(),
});
