import { z } from 'zod';
import { contract } from './contract.js';
import { agentRef } from './tickets.js';
import { instant, priority, status } from './values.js';

/** Somebody named them, gave them a ticket, or a customer wrote on one that they watch or have. */
export const NOTIFICATION_KINDS = ['mentioned', 'assigned', 'watched'] as const;
export const notificationKind = z.enum(NOTIFICATION_KINDS);

export const notificationView = z
  .object({
    id: z.uuid(),
    kind: notificationKind,
    ticketId: z.uuid(),
    ticket: z.object({ id: z.uuid(), number: z.int().positive(), subject: z.string(), status, priority }),
    /** Null: it is about no message, or that was deleted. */
    message: z.object({ id: z.uuid(), isInternalNote: z.boolean(), excerpt: z.string() }).nullable(),
    /** Who did it. */
    actor: z.object({ name: z.string() }),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .meta({ id: 'Notification' });
export type NotificationView = z.output<typeof notificationView>;

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});
export const listNotificationsInput = z.strictObject({
  /** Only those that were not read. */
  unread: flag.default(false),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});
export const notificationPage = z.object({
  items: z.array(notificationView),
  nextCursor: z.string().nullable(),
  /** How many were not read, on all pages; counted up to 1,000. */
  unread: z.int().nonnegative(),
});
/** The asking agent's own, newest first. */
export const listNotifications = contract('notifications.list', {
  request: listNotificationsInput,
  reply: notificationPage,
});

export const readNotificationsInput = z
  .strictObject({ ids: z.array(z.uuid()).min(1).max(500).optional(), all: z.literal(true).optional() })
  .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), {
    error: 'must be either a list of ids, or all: true',
    path: ['ids'],
  })
  .meta({ example: { all: true } });
export const readNotifications = contract('notifications.read', {
  request: readNotificationsInput,
  reply: z.object({ read: z.int().nonnegative() }),
});

/** For a surface that tells somebody: what, and whom; null when there is nothing to be told any more. */
export const getNotification = contract('notifications.get', {
  bySystem: true,
  request: z.strictObject({ id: z.uuid() }),
  reply: z.object({ notification: notificationView, agent: agentRef }).nullable(),
});
