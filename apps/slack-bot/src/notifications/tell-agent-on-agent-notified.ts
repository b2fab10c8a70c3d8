import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { agentNotified } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { NotificationPosts } from './notification-posts.js';

@Controller()
export class TellAgentOnAgentNotified {
  constructor(
    private readonly notifications: NotificationPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(agentNotified, {
    durable: 'slack-tell-agent-on-agent-notified',
    concurrency: 8,
    backoffMs: SLACK_BACKOFF_MS,
  })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof agentNotified.payload>>): Promise<void> {
    if (await this.own.isOurs(event)) await this.notifications.tell(event.payload.notificationId);
  }
}
