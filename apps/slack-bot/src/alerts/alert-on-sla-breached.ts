import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { slaBreached } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { AlertPosts } from './alert-posts.js';

@Controller()
export class AlertOnSlaBreached {
  constructor(
    private readonly alerts: AlertPosts,
    private readonly own: OwnEvents,
  ) {}

  // Many at once: those beyond ten a minute wait together for one digest.
  @OnEvent(slaBreached, { durable: 'slack-alert-on-sla-breached', concurrency: 32, backoffMs: SLACK_BACKOFF_MS })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof slaBreached.payload>>): Promise<void> {
    const { ticketId, target, cycle, dueAt } = event.payload;
    if (await this.own.isOurs(event)) await this.alerts.raise({ level: 'breached', ticketId, target, cycle }, dueAt);
  }
}
