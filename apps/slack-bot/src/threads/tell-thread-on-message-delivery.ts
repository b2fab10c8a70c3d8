import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { messageDelivery } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { deliveryLine } from './thread.cards.js';
import { ThreadPosts } from './thread-posts.js';

@Controller()
export class TellThreadOnMessageDelivery {
  constructor(
    private readonly thread: ThreadPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(messageDelivery, {
    durable: 'slack-tell-thread-on-message-delivery',
    concurrency: 1,
    backoffMs: SLACK_BACKOFF_MS,
  })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof messageDelivery.payload>>): Promise<void> {
    const { ticketId, messageId, state, detail } = event.payload;
    if (deliveryLine(state, detail, []) === null || !(await this.own.isOurs(event))) return;
    if (state === 'cancelled') return this.thread.tellTakenBack(ticketId, messageId);
    const message = await this.thread.message(ticketId, messageId);
    const line = deliveryLine(state, detail, message?.delivery?.to ?? []);
    if (line) await this.thread.tell(event.id, ticketId, line);
  }
}
