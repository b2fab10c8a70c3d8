import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { messagePosted } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { isThreadNote } from './note-ref.js';
import { messageLine } from './thread.cards.js';
import { ThreadPosts } from './thread-posts.js';

@Controller()
export class TellThreadOnMessagePosted {
  constructor(
    private readonly thread: ThreadPosts,
    private readonly own: OwnEvents,
  ) {}

  // One after the other: a conversation is read in its order.
  @OnEvent(messagePosted, {
    durable: 'slack-tell-thread-on-message-posted',
    concurrency: 1,
    backoffMs: SLACK_BACKOFF_MS,
  })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof messagePosted.payload>>): Promise<void> {
    const { ticketId, messageId, externalRef } = event.payload;
    if (!(await this.own.isOurs(event)) || isThreadNote(externalRef)) return;
    const message = await this.thread.message(ticketId, messageId);
    if (message) await this.thread.tell(event.id, ticketId, messageLine(message));
  }
}
