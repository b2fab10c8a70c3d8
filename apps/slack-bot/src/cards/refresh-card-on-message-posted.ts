import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { messagePosted } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { CardPosts } from './card-posts.js';

@Controller()
export class RefreshCardOnMessagePosted {
  constructor(
    private readonly cards: CardPosts,
    private readonly own: OwnEvents,
  ) {}

  // Many at once: those of one ticket wait together for one edit.
  @OnEvent(messagePosted, {
    durable: 'slack-refresh-card-on-message-posted',
    concurrency: 64,
    backoffMs: SLACK_BACKOFF_MS,
  })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof messagePosted.payload>>): Promise<void> {
    if (await this.own.isOurs(event)) await this.cards.refresh(event.payload.ticketId);
  }
}
