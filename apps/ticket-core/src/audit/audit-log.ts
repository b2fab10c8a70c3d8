import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { AuditRepository } from './audit.repository.js';
import type { AuditAction } from './audit.view.js';

export interface Audited {
  action: AuditAction;
  /** What it is, in the words of the API: `tag`, `team`, `api_key`. */
  subjectType: string;
  subjectId: string | null;
  /** As people call it; it may be gone when somebody reads this. */
  subjectName: string;
  /** The fields that changed, before and after. Never a secret. */
  from?: Record<string, unknown> | null;
  to?: Record<string, unknown> | null;
}

/** Who changed what of the organisation, and by which surface. Changes of tickets are not here but in activities. */
@Injectable()
export class AuditLog {
  constructor(private readonly entries: AuditRepository) {}

  /** In the transaction of the change itself: neither is there without the other. */
  add(tx: Tx, actor: Actor, { action, subjectType, subjectId, subjectName, from, to }: Audited): Promise<void> {
    return this.entries.add(tx, actor.orgId, {
      id: uuidv7(),
      action,
      subject_type: subjectType,
      subject_id: subjectId,
      subject_name: subjectName,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      surface: actor.surface,
      old_value: from ?? null,
      new_value: to ?? null,
      at: new Date().toISOString(),
    });
  }
}
