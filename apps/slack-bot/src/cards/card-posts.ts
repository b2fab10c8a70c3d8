import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { findPost, settlePost } from '#shared/contracts/posts.js';
import { getTicket, type TicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Desk } from '../desk/desk.js';
import { PostOnce } from '../posts/post-once.js';
import { type PostRef, readPostRef, writePostRef } from '../posts/post-ref.js';
import type { SlackMessage } from '../slack/blocks.view.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { Workspace } from '../slack/workspace.js';
import { EditQueue } from './edit-queue.js';
import { deletedCard, ticketCard } from './ticket.cards.js';

const EVERY_MS = 1_000;
const REMEMBER_DRAWN = 5_000;
const GONE = ['message_not_found', 'thread_not_found', 'cant_update_message', 'channel_not_found', 'is_archived'];

/** The card that this was about is not there any more. */
export const isGone = (error: unknown): boolean => error instanceof SlackProblem && GONE.includes(error.code);

const keyOf = (ticketId: string): string => `card:${ticketId}`;

type Ensured = (PostRef & { isNew: boolean }) | null;

/** The one card of each ticket in the triage channel: posted once, edited in place, always showing the state of now. */
@Injectable()
export class CardPosts implements OnModuleDestroy {
  private readonly queues = new Map<string, EditQueue>();
  /** What a card shows, by ticket, so that an edit that would change nothing is left out. */
  private readonly drawn = new Map<string, string>();
  private readonly posting = new Map<string, Promise<Ensured>>();
  private ended = false;

  constructor(
    private readonly desk: Desk,
    private readonly web: SlackWeb,
    private readonly workspace: Workspace,
    private readonly posts: PostOnce,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleDestroy(): void {
    this.ended = true;
    for (const queue of this.queues.values()) queue.end();
  }

  /** Where the card of this ticket is; posts it when it is not there yet. Null when the ticket is gone. */
  async ensure(ticketId: string): Promise<Ensured> {
    // Events of a new ticket come together: in this process they share one posting instead of claiming against each other.
    const running = this.posting.get(ticketId);
    if (running) {
      const card = await running;
      return card && { ...card, isNew: false };
    }
    const started = this.findOrPost(ticketId).finally(() => this.posting.delete(ticketId));
    this.posting.set(ticketId, started);
    return started;
  }

  private async findOrPost(ticketId: string): Promise<Ensured> {
    const known = await this.find(ticketId);
    if (known) return { ...known, isNew: false };
    // Before it is claimed: a ticket that is gone, or a core that is away, shall leave no claim behind.
    const ticket = await this.ticket(ticketId);
    if (!ticket || ticket.deletedAt !== null) return null;
    return this.post(keyOf(ticketId), ticketId);
  }

  /**
   * Posts a card again that somebody deleted, or that a workspace lost: what happens to a ticket needs a place to be told.
   * The claim names the one that is gone, so that all who miss it make one new card.
   */
  async replace(ticketId: string, gone: PostRef): Promise<PostRef | null> {
    const now = await this.find(ticketId);
    if (now && now.ts !== gone.ts) return now;
    const ticket = await this.ticket(ticketId);
    if (!ticket || ticket.deletedAt !== null) return null;
    const card = await this.post(`${keyOf(ticketId)}:after:${gone.ts}`, ticketId);
    await this.desk.ask(settlePost, { surface: 'slack', key: keyOf(ticketId), ref: writePostRef(card) });
    this.log.info({ ticketId, gone, card }, 'the card was gone and is posted again');
    return card;
  }

  private async post(key: string, ticketId: string): Promise<PostRef & { isNew: boolean }> {
    return this.posts.post({
      key,
      ticketId,
      channel: await this.workspace.triageChannel(),
      draw: async () => {
        const now = await this.desk.ask(getTicket, { ticket: ticketId });
        const card = ticketCard(now);
        this.remember(now, card);
        return card;
      },
    });
  }

  /** Where the card is, if it is. */
  async find(ticketId: string): Promise<PostRef | null> {
    const post = await this.desk.ask(findPost, { surface: 'slack', key: keyOf(ticketId) });
    return post?.state === 'posted' && post.ref !== null ? readPostRef(post.ref) : null;
  }

  /** The ticket whose card this message is, or null. */
  async ticketOf(ref: PostRef): Promise<string | null> {
    const post = await this.desk.ask(findPost, { surface: 'slack', ref: writePostRef(ref) });
    return post?.key.startsWith('card:') ? post.ticketId : null;
  }

  /** Draws the card anew. Resolves when the card shows a state at least as new as that of the call. */
  async refresh(ticketId: string): Promise<void> {
    if (this.ended) throw new Error('The bot is ending');
    const card = await this.ensure(ticketId);
    if (!card || card.isNew) return;
    await this.queueOf(card.channel).edit(ticketId, async () => this.draw(ticketId, card));
  }

  private async draw(ticketId: string, { channel, ts }: PostRef): Promise<void> {
    const ticket = await this.ticket(ticketId);
    if (!ticket) return;
    const card = ticket.deletedAt === null ? ticketCard(ticket) : deletedCard(ticket);
    if (this.drawn.get(ticketId) === fingerprint(ticket, card)) return;
    try {
      await this.web.call('chat.update', { channel, ts, ...card });
      this.remember(ticket, card);
    } catch (error) {
      if (!isGone(error)) throw error;
      await this.replace(ticketId, { channel, ts });
    }
  }

  /** Also a deleted one: its card says so. */
  private async ticket(ticketId: string): Promise<TicketView | null> {
    try {
      return await this.desk.ask(getTicket, { ticket: ticketId, deleted: true });
    } catch (error) {
      if (error instanceof DeskError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  private queueOf(channel: string): EditQueue {
    let queue = this.queues.get(channel);
    if (!queue) {
      queue = new EditQueue(EVERY_MS);
      this.queues.set(channel, queue);
    }
    return queue;
  }

  private remember(ticket: TicketView, card: SlackMessage): void {
    if (this.drawn.size >= REMEMBER_DRAWN) this.drawn.clear();
    this.drawn.set(ticket.id, fingerprint(ticket, card));
  }
}

/** With the version: another process may have drawn what came in between. */
const fingerprint = ({ version }: TicketView, card: SlackMessage): string =>
  createHash('sha256')
    .update(`${version} ${JSON.stringify(card)}`)
    .digest('base64');
