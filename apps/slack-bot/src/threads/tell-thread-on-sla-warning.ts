import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { slaWarning } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { clockEventLine } from './thread.cards.js';
import { ThreadPosts } from './thread-posts.js';

@Controller()
export class TellThreadOnSlaWarning {
  constructor(
    private readonly thread: ThreadPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(slaWarning, { durable: 'slack-tell-thread-on-sla-warning', concurrency: 1, backoffMs: SLACK_BACKOFF_MS })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof slaWarning.payload>>): Promise<void> {
    const { ticketId, target, dueAt } = event.payload;
    if (await this.own.isOurs(event))
      await this.thread.tell(event.id, ticketId, clockEventLine('warning', target, dueAt));
  }
}
