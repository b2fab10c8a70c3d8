import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { ticketUpdated } from '#shared/contracts/events.js';
import type { ReceivedEvent } from '#shared/messaging/jetstream-strategy.js';
import { OnEvent } from '#shared/messaging/on-event.js';
import { OwnEvents, SLACK_BACKOFF_MS } from '../desk/own-events.js';
import { changesLine } from './thread.cards.js';
import { ThreadPosts } from './thread-posts.js';

@Controller()
export class TellThreadOnTicketUpdated {
  constructor(
    private readonly thread: ThreadPosts,
    private readonly own: OwnEvents,
  ) {}

  @OnEvent(ticketUpdated, {
    durable: 'slack-tell-thread-on-ticket-updated',
    concurrency: 1,
    backoffMs: SLACK_BACKOFF_MS,
  })
  async handle(@Payload() event: ReceivedEvent<z.output<typeof ticketUpdated.payload>>): Promise<void> {
    const { ticketId, actor, changes } = event.payload;
    const line = changesLine(actor.name, changes);
    if (line && (await this.own.isOurs(event))) await this.thread.tell(event.id, ticketId, line);
  }
}
