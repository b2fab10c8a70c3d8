import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { claimPost, releasePost, settlePost } from '#shared/contracts/posts.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Desk } from '../desk/desk.js';
import type { SlackMessage } from '../slack/blocks.view.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { Workspace } from '../slack/workspace.js';
import { type PostRef, readPostRef, writePostRef } from './post-ref.js';

export interface PostPlan {
  /** The same for every try: `card:<ticketId>`. */
  key: string;
  ticketId: string | null;
  channel: string;
  threadTs?: string;
  /** Drawn when it is certain that it is to be posted now. */
  draw: () => SlackMessage | Promise<SlackMessage>;
}

/** Several things in one message. */
export interface DigestPlan<Item extends { key: string; ticketId: string | null }> {
  channel: string;
  items: readonly Item[];
  /** Draws those that are to be posted now. */
  draw: (items: readonly Item[]) => SlackMessage;
  /** Whether an item tells of a breach, and not only of a warning that one may follow. */
  isBreach: (item: Item) => boolean;
}

export interface Posted extends PostRef {
  /** False when it was there already. */
  isNew: boolean;
}

/** Somebody else is posting it at this moment: the event is tried again. */
export class PostIsBusy extends Error {
  constructor(key: string) {
    super(`${key} is being posted elsewhere`);
    this.name = 'PostIsBusy';
  }
}

export const POST_METADATA = 'deskwire_post';
/** Longer than a call to Slack may take, `Retry-After` excepted: two processes never post the same. */
const LEASE_MS = 15_000;
/** A claim is shorter than the patience for `429`, so a post that has to wait longer gives up its claim instead. */
const PATIENCE_MS = 5_000;
const CLOCKS_APART_MS = 60_000;

const postedMessage = z.object({ ts: z.string() });
const foundMessages = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string().nullish(), event_payload: z.record(z.string(), z.unknown()).nullish() })
          .nullish(),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/**
 * Posts a message once, however often it is asked to and whichever process dies in between: claimed in the core, posted
 * with its key in the message's metadata, settled with where it is. A claim whose owner vanished comes back as
 * `reclaimed`; then the channel is searched for the key before anything is posted.
 */
@Injectable()
export class PostOnce {
  constructor(
    private readonly desk: Desk,
    private readonly web: SlackWeb,
    private readonly workspace: Workspace,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async post(plan: PostPlan): Promise<Posted> {
    const { key, ticketId } = plan;
    const { outcome, post } = await this.desk.ask(claimPost, { surface: 'slack', key, ticketId, leaseMs: LEASE_MS });
    if (outcome === 'busy') throw new PostIsBusy(key);
    if (outcome === 'posted') return { ...readPostRef(post.ref ?? ''), isNew: false };
    if (outcome === 'reclaimed') {
      const found = await this.find(plan, Date.parse(post.claimedAt));
      if (found !== null) return { ...(await this.settle(key, found)), isNew: false };
    }
    const ts = await this.send(plan, { key });
    return { ...(await this.settle(key, { channel: plan.channel, ts })), isNew: true };
  }

  /**
   * One message for several keys; what was posted before is left out. PostIsBusy, after that, when one is being posted
   * elsewhere: whether it got there is not known yet.
   */
  async postDigest<Item extends { key: string; ticketId: string | null }>(plan: DigestPlan<Item>): Promise<void> {
    const { channel, items } = plan;
    const mine: Item[] = [];
    const busy: string[] = [];
    for (const item of items) {
      const { key, ticketId } = item;
      const { outcome, post } = await this.desk.ask(claimPost, { surface: 'slack', key, ticketId, leaseMs: LEASE_MS });
      if (outcome === 'reclaimed') {
        const found = await this.find({ key, channel }, Date.parse(post.claimedAt));
        if (found === null) mine.push(item);
        else await this.settle(key, found);
      } else if (outcome === 'yours') mine.push(item);
      else if (outcome === 'busy' && !mine.some((one) => one.key === key)) busy.push(key);
    }
    if (mine.length > 0) await this.sendDigest(plan, mine);
    if (busy.length > 0) throw new PostIsBusy(busy[0]!);
  }

  private async sendDigest<Item extends { key: string; ticketId: string | null }>(
    { channel, draw, isBreach }: DigestPlan<Item>,
    mine: readonly Item[],
  ): Promise<void> {
    const breached = mine.filter(isBreach).map(({ key }) => key);
    const ts = await this.send({ channel, draw: () => draw(mine) }, { keys: mine.map(({ key }) => key), breached });
    for (const item of mine) await this.settle(item.key, { channel, ts, inDigest: true, isBreach: isBreach(item) });
  }

  private async send(
    { channel, threadTs, draw }: Pick<PostPlan, 'channel' | 'threadTs' | 'draw'>,
    held: { key: string } | { keys: readonly string[]; breached: readonly string[] },
  ): Promise<string> {
    try {
      const message = await draw();
      const answer = await this.web.call(
        'chat.postMessage',
        {
          channel,
          ...message,
          ...(threadTs !== undefined && { thread_ts: threadTs }),
          unfurl_links: false,
          unfurl_media: false,
          metadata: { event_type: POST_METADATA, event_payload: held },
        },
        { patienceMs: PATIENCE_MS },
      );
      return postedMessage.parse(answer).ts;
    } catch (error) {
      // What is certainly not posted may be tried again at once; what may be there waits for the lease and is looked for.
      const isCertain = !(error instanceof SlackProblem) || error.certainlyNotDone;
      const keys = 'key' in held ? [held.key] : held.keys;
      if (isCertain) await Promise.all(keys.map((key) => this.release(key)));
      if (error instanceof SlackProblem) this.workspace.doubt(error, channel);
      throw error;
    }
  }

  private async settle(key: string, ref: PostRef): Promise<PostRef> {
    await this.desk.ask(settlePost, { surface: 'slack', key, ref: writePostRef(ref) });
    return ref;
  }

  private async release(key: string): Promise<void> {
    try {
      await this.desk.ask(releasePost, { surface: 'slack', key });
    } catch (error) {
      this.log.info({ err: error, key }, 'a claim was not given back; it ends by itself');
    }
  }

  /**
   * Where the message with that key is that was posted since the claim, and whether it is a digest and what that says of it;
   * or null. A server that cannot search is taken at "not there".
   */
  private async find(
    { key, channel, threadTs }: Pick<PostPlan, 'key' | 'channel' | 'threadTs'>,
    claimedAtMs: number,
  ): Promise<PostRef | null> {
    const oldest = String((claimedAtMs - CLOCKS_APART_MS) / 1_000);
    const [method, args] =
      threadTs === undefined
        ? ['conversations.history', { channel }]
        : ['conversations.replies', { channel, ts: threadTs }];
    for (let cursor: string | undefined, page = 0; page < 20; page += 1) {
      let answer: unknown;
      try {
        answer = await this.web.call(method, {
          ...args,
          oldest,
          include_all_metadata: true,
          limit: 200,
          ...(cursor !== undefined && { cursor }),
        });
      } catch (error) {
        if (error instanceof SlackProblem && cannotLook(error)) {
          this.log.warn({ method, code: error.code, key }, 'cannot look whether it was posted before; posting it');
          return null;
        }
        throw error;
      }
      const { messages, response_metadata } = foundMessages.parse(answer);
      for (const { ts, metadata } of messages) {
        const held = metadata?.event_type === POST_METADATA ? (metadata.event_payload ?? {}) : {};
        if (held['key'] === key) return { channel, ts };
        if (holds(held['keys'], key)) return { channel, ts, inDigest: true, isBreach: holds(held['breached'], key) };
      }
      cursor = response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return null;
    }
    return null;
  }
}

/** Slack refuses the search itself: not a member, no permission, no such method. Being away or slow is no refusal. */
const cannotLook = ({ code, certainlyNotDone }: SlackProblem): boolean =>
  certainlyNotDone && !['ratelimited', 'unreachable'].includes(code);

const holds = (list: unknown, key: string): boolean => Array.isArray(list) && list.includes(key);
