import type { Feature } from '../feature.js';
import { NotificationRepository } from './notification.repository.js';
import { NotificationsHttp } from './notifications.http.js';
import { NotificationsNats } from './notifications.nats.js';
import { NotifyAgents } from './notify-agents.js';
import { ReadNotifications } from './read-notifications.js';

export const notifications: Feature = {
  controllers: [NotificationsHttp, NotificationsNats],
  providers: [NotificationRepository, NotifyAgents, ReadNotifications],
};
