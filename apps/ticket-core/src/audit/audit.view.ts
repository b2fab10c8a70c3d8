import type { AuditEntryView } from '#shared/contracts/audit.js';
import type { Actor } from '#shared/contracts/actor.js';

/** All that there are: the list without an action reads each of them (audit.repository.ts). */
export const AUDIT_ACTIONS = ['created', 'updated', 'deleted', 'restored', 'merged'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** An entry as it is read. */
export interface AuditRead {
  id: string;
  action: AuditAction;
  subject_type: string;
  subject_id: string | null;
  subject_name: string;
  actor_kind: Actor['kind'];
  actor_id: string | null;
  actor_name: string;
  surface: string;
  old_value: unknown;
  new_value: unknown;
  at: Date;
}

export const auditEntryViewOf = (row: AuditRead): AuditEntryView => ({
  id: row.id,
  action: row.action,
  subjectType: row.subject_type,
  subjectId: row.subject_id,
  subjectName: row.subject_name,
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  surface: row.surface,
  oldValue: row.old_value,
  newValue: row.new_value,
  at: row.at.toISOString(),
});
