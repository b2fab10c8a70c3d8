import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { ticketOpened } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { CardPosts } from './card-posts.js';

@Controller()
export class PostCardOnTicketOpened {
  constructor(
    private readonly cards: CardPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(ticketOpened, { durable: 'slack-post-card-on-ticket-opened', concurrency: 4, backoffMs: SLACK_BACKOFF_MS })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof ticketOpened.payload>>): Promise<void> {
    if (await this.own.isOurs(event)) await this.cards.ensure(event.payload.ticketId);
  }
}
