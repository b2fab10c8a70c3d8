import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { findPost } from '#shared/contracts/posts.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { CardLink } from '../cards/card-link.js';
import { Desk } from '../desk/desk.js';
import { PostOnce } from '../posts/post-once.js';
import { type PostRef, readPostRef } from '../posts/post-ref.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { Workspace } from '../slack/workspace.js';
import { AlertFacts } from './alert-facts.js';
import { type Alert, alertCard, alertDigest, type AlertId } from './alert.cards.js';
import { Batch, Flood } from './flood.js';

const ALONE_A_MINUTE = 10;
const DIGEST_COLLECTS_MS = 3_000;
const DIGEST_HOLDS = 20;

type Keyed = Alert & { key: string; ticketId: string };

/** One message per ticket, target and cycle: the warning's message becomes the breach's. */
@Injectable()
export class AlertPosts {
  private readonly flood = new Flood(ALONE_A_MINUTE, 60_000);
  private readonly digest: Batch<Keyed>;

  constructor(
    private readonly desk: Desk,
    private readonly web: SlackWeb,
    private readonly workspace: Workspace,
    private readonly posts: PostOnce,
    private readonly link: CardLink,
    private readonly facts: AlertFacts,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.digest = new Batch<Keyed>(
      DIGEST_HOLDS,
      () => new Promise((resolve) => setTimeout(resolve, DIGEST_COLLECTS_MS)),
      async (items) =>
        this.posts.postDigest({
          channel: await this.workspace.alertsChannel(),
          items,
          draw: (mine) => alertDigest(mine, Date.now()),
          isBreach: ({ level }) => level === 'breached',
        }),
    );
  }

  /** Safe to be asked twice, and in either order: a warning that comes after its breach changes nothing. */
  async raise(id: AlertId, dueAt: string): Promise<void> {
    const alert = await this.look(id, dueAt);
    if (!alert) return;
    const key = keyOf(id);
    const keyed = { ...alert, key, ticketId: id.ticketId };
    const before = await this.find(key);
    if (!before) return this.post(keyed);
    // Told already. (An event may come twice, after a crash or when Slack was slow.)
    if (id.level === 'breached') return this.turn(before, keyed);
  }

  /** Draws the alert at that place anew: somebody took the ticket, or knows of it. */
  async redraw(place: PostRef, id: AlertId, acknowledged?: Alert['acknowledged']): Promise<void> {
    const known = await this.facts.of(id.ticketId);
    if (!known) return;
    const { ticket } = known;
    const clock = ticket.sla.find(({ target, cycle }) => target === id.target && cycle === id.cycle);
    const cardUrl = await this.link.to(id.ticketId);
    const dueAt = clock?.dueAt ?? ticket.slaDeadline ?? ticket.createdAt;
    await this.update(place, { ...id, ...known, dueAt, cardUrl, ...(acknowledged && { acknowledged }) });
  }

  private async post(alert: Keyed): Promise<void> {
    const { key, ticketId, level } = alert;
    if (!this.flood.take(Date.now())) {
      await this.digest.add(alert);
      // Its warning may have come there first, in this digest or in the one before.
      const told = level === 'breached' ? await this.find(key) : null;
      return told ? this.turn(told, alert) : undefined;
    }
    const channel = await this.workspace.alertsChannel();
    const posted = await this.posts.post({ key, ticketId, channel, draw: () => alertCard(alert, Date.now()) });
    // Found after a crash, or posted by the warning a moment ago: it shall say what is now.
    if (!posted.isNew && level === 'breached') await this.turn(posted, alert);
  }

  /** What stands there shall tell of the breach. A digest holds others' alerts too, and is never edited: then it is told beside it. */
  private async turn(place: PostRef, alert: Keyed): Promise<void> {
    if (!place.inDigest) return this.update(place, alert);
    const key = `${keyOf(alert)}:breached`;
    if (!place.isBreach && alert.key !== key) await this.post({ ...alert, key });
  }

  private async update({ channel, ts }: PostRef, alert: Alert): Promise<void> {
    try {
      await this.web.call('chat.update', { channel, ts, ...alertCard(alert, Date.now()) });
    } catch (error) {
      if (!(error instanceof SlackProblem) || error.code !== 'message_not_found') throw error;
      this.log.info({ channel, ts }, 'the alert was deleted in Slack and stays so');
    }
  }

  /** What is to be said now; null when a warning has become pointless, or the ticket is gone or part of another. */
  private async look(id: AlertId, dueAt: string): Promise<Alert | null> {
    const known = await this.facts.of(id.ticketId);
    if (!known) return null;
    const { ticket } = known;
    const clock = ticket.sla.find(({ target, cycle }) => target === id.target && cycle === id.cycle);
    const isLate = id.level === 'breached' || clock?.state === 'breached';
    if (!isLate && clock && ['met', 'cancelled'].includes(clock.state)) return null;
    const level = isLate ? 'breached' : 'warning';
    return { ...id, level, ...known, dueAt, cardUrl: await this.link.to(id.ticketId) };
  }

  private async find(key: string): Promise<PostRef | null> {
    const post = await this.desk.ask(findPost, { surface: 'slack', key });
    return post?.state === 'posted' && post.ref !== null ? readPostRef(post.ref) : null;
  }
}

const keyOf = ({ ticketId, target, cycle }: AlertId): string => `alert:${ticketId}:${target}:${cycle}`;
