import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOG } from '#shared/messaging/messaging.module.js';
import { SlackWeb } from '../slack/slack-web.js';
import { CardPosts } from './card-posts.js';

const permalink = z.object({ permalink: z.string() });

/** The address of a ticket's card in Slack. A convenience: a message without it is better than none. */
@Injectable()
export class CardLink {
  constructor(
    private readonly cards: CardPosts,
    private readonly web: SlackWeb,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Null when there is no card, or Slack does not say. */
  async to(ticketId: string): Promise<string | null> {
    try {
      const card = await this.cards.find(ticketId);
      if (!card) return null;
      const { channel, ts } = card;
      const answer = await this.web.call('chat.getPermalink', { channel, message_ts: ts }, { patienceMs: 1_000 });
      return permalink.parse(answer).permalink;
    } catch (error) {
      this.log.info({ err: error, ticketId }, 'no link to the card');
      return null;
    }
  }
}
