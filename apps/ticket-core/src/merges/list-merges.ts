import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { listMergesInput, mergePage } from '#shared/contracts/merges.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { can, subjectOf } from '../tickets/ticket.policy.js';
import { type ListedMerge, MergeRepository } from './merge.repository.js';
import { mergeViewOf } from './merge.view.js';

/**
 * The merges that a ticket had a part in, newest first, those that were undone too. For those who read the history, and with
 * those tickets only that they may see.
 */
@Injectable()
export class ListMerges {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly merges: MergeRepository,
  ) {}

  execute(
    actor: Actor,
    ref: TicketRef,
    { limit, cursor }: z.output<typeof listMergesInput>,
  ): Promise<z.output<typeof mergePage>> {
    const before = readCursor(cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { id } = await this.find.execute(tx, actor, ref, 'read_activities');
      const rows = await this.merges.page(tx, id, before, limit + 1);
      const seen = (row: ListedMerge) => (can(actor, 'read', subjectOf(row)) ? mergeViewOf(row) : null);
      const { items, nextCursor } = pageOf(rows, limit, seen, ({ merged_at: at, id: merge }) => ({ at, id: merge }));
      return { items: items.filter((item) => item !== null), nextCursor };
    });
  }
}
