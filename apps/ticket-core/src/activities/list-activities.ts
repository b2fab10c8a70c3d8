import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { activityPage, listActivities } from '#shared/contracts/messages.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { ActivityRepository } from './activity.repository.js';
import { activityViewOf } from './activity.view.js';

@Injectable()
export class ListActivities {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly activities: ActivityRepository,
  ) {}

  /** A ticket's history, oldest first. */
  execute(actor: Actor, input: z.output<(typeof listActivities)['request']>): Promise<z.output<typeof activityPage>> {
    const after = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, input.ticket, 'read_activities');
      const rows = await this.activities.page(tx, ticket.id, after, input.limit + 1);
      return pageOf(rows, input.limit, activityViewOf, (row) => row);
    });
  }
}
