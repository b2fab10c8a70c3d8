import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  getNotification,
  listNotificationsInput,
  notificationPage,
  readNotificationsInput,
} from '#shared/contracts/notifications.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { can, subjectOf } from '../tickets/ticket.policy.js';
import { NotificationRepository } from './notification.repository.js';
import { notificationViewOf } from './notification.view.js';
import { asActor } from './notify-agents.js';

/** What an agent was told, for that agent only. Tickets that they do not see any more are left out. */
@Injectable()
export class ReadNotifications {
  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationRepository,
  ) {}

  page(actor: Actor, input: z.output<typeof listNotificationsInput>): Promise<z.output<typeof notificationPage>> {
    const agentId = agentOf(actor);
    const before = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { limit, unread } = input;
      const rows = await this.notifications.page(tx, agentId, actor.teamIds, before, limit + 1, unread);
      const page = pageOf(rows, limit, notificationViewOf, (row) => row);
      return { ...page, unread: await this.notifications.unread(tx, agentId, actor.teamIds) };
    });
  }

  /** Those of others, and those that were read before, count for nothing. */
  read(actor: Actor, { ids }: z.output<typeof readNotificationsInput>): Promise<{ read: number }> {
    const agentId = agentOf(actor);
    return this.database.tenant(actor.orgId, async (tx) => ({
      read: await this.notifications.read(tx, agentId, ids ?? null, new Date()),
    }));
  }

  /** For a surface that tells somebody: null when it was read, or there is nothing (or nobody) to tell any more. */
  one(actor: Actor, id: string): Promise<z.output<(typeof getNotification)['reply']>> {
    if (actor.kind !== 'system') throw new DeskError('FORBIDDEN', 'Notifications are delivered by services');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.notifications.byId(tx, id);
      if (!row || row.read_at) return null;
      const notification = notificationViewOf(row);
      if (row.message_id !== null && notification.message === null) return null;
      const reader = await this.notifications.reader(tx, row.agent_id);
      if (!reader || !can(asActor(actor.orgId, reader), 'read', subjectOf(row))) return null;
      if (row.kind === 'assigned' && row.assignee_id !== reader.id) return null;
      const { id: agentId, name, email } = reader;
      return { notification, agent: { id: agentId, name, email } };
    });
  }
}

function agentOf(actor: Actor): string {
  if (actor.kind === 'agent' && actor.id !== null && actor.role !== null) return actor.id;
  throw new DeskError('FORBIDDEN', 'Only agents have notifications');
}
