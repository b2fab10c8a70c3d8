import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { slaEscalated } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { EscalationPosts } from './escalation-posts.js';

@Controller()
export class AlertOnSlaEscalated {
  constructor(
    private readonly posts: EscalationPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(slaEscalated, { durable: 'slack-alert-on-sla-escalated', concurrency: 8, backoffMs: SLACK_BACKOFF_MS })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof slaEscalated.payload>>): Promise<void> {
    if (await this.own.isOurs(event)) await this.posts.tell(event.payload);
  }
}
