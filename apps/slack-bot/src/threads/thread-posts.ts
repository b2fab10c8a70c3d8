import { Injectable } from '@nestjs/common';
import { listMessages, type MessageView } from '#shared/contracts/messages.js';
import { CardPosts, isGone } from '../cards/card-posts.js';
import { Desk } from '../desk/desk.js';
import type { PostRef } from '../posts/post-ref.js';
import { PostOnce } from '../posts/post-once.js';
import { deliveryLine } from './thread.cards.js';
import type { SlackMessage } from '../slack/blocks.view.js';

/** What happens to a ticket, told under its card, each thing once. */
@Injectable()
export class ThreadPosts {
  constructor(
    private readonly desk: Desk,
    private readonly cards: CardPosts,
    private readonly posts: PostOnce,
  ) {}

  /** `eventId` is what makes it once. */
  async tell(eventId: string, ticketId: string, line: SlackMessage): Promise<void> {
    const card = await this.cards.ensure(ticketId);
    if (!card) return;
    try {
      await this.post(eventId, ticketId, line, card);
    } catch (error) {
      if (!isGone(error)) throw error;
      const again = await this.cards.replace(ticketId, card);
      if (again) await this.post(eventId, ticketId, line, again);
    }
  }

  private async post(eventId: string, ticketId: string, line: SlackMessage, card: PostRef): Promise<void> {
    const { channel, ts: threadTs } = card;
    await this.posts.post({ key: `thread:${eventId}`, ticketId, channel, threadTs, draw: () => line });
  }

  /** Taken back: told by whoever hears of it first, the person who did it or the event. */
  async tellTakenBack(ticketId: string, messageId: string): Promise<void> {
    await this.tell(`cancelled:${messageId}`, ticketId, deliveryLine('cancelled', '', [])!);
  }

  /** The message with that id; null when it was taken back or deleted meanwhile. */
  async message(ticketId: string, messageId: string): Promise<MessageView | null> {
    for (let cursor: string | null = null; ;) {
      const page: { items: MessageView[]; nextCursor: string | null } = await this.desk.ask(listMessages, {
        ticket: ticketId,
        limit: 100,
        ...(cursor !== null && { cursor }),
      });
      const found = page.items.find(({ id }) => id === messageId);
      if (found) return found;
      if (page.nextCursor === null) return null;
      cursor = page.nextCursor;
    }
  }
}
