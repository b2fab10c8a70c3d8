import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { AuditEntryView, listAuditInput } from '#shared/contracts/audit.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { demand } from '../organisations/people.policy.js';
import { AuditRepository } from './audit.repository.js';
import { auditEntryViewOf } from './audit.view.js';

@Injectable()
export class ReadAudit {
  constructor(
    private readonly database: Database,
    private readonly entries: AuditRepository,
  ) {}

  /** Newest first, for managers and admins. Changes of a ticket are not here but in its activities. */
  page(
    actor: Actor,
    { limit, cursor, ...filter }: z.output<typeof listAuditInput>,
  ): Promise<{ items: AuditEntryView[]; nextCursor: string | null }> {
    demand(actor, 'read_audit');
    const before = readCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.entries.list(tx, { ...filter, before, limit: limit + 1 });
      return pageOf(rows, limit, auditEntryViewOf, (row) => row);
    });
  }
}
