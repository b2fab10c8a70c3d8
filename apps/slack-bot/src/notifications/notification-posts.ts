import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { getNotification } from '#shared/contracts/notifications.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { CardLink } from '../cards/card-link.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { PostOnce } from '../posts/post-once.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { notificationCard } from './notification.cards.js';

const opened = z.object({ channel: z.object({ id: z.string() }) });
/** Slack will not let us write to them, however often it is tried. */
const OUT_OF_REACH = [
  'user_not_found',
  'user_disabled',
  'user_not_visible',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'restricted_action',
];

/** One direct message for each thing that an agent is told, to the person in the workspace who has their address. */
@Injectable()
export class NotificationPosts {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    private readonly web: SlackWeb,
    private readonly posts: PostOnce,
    private readonly link: CardLink,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Safe to be asked twice. Says nothing when it was read elsewhere meanwhile, taken back, or Slack does not know them. */
  async tell(id: string): Promise<void> {
    const found = await this.desk.ask(getNotification, { id });
    if (!found) return;
    const { notification, agent } = found;
    const user = await this.people.withEmail(agent.email);
    if (user === null) {
      this.log.info({ agentId: agent.id }, 'an agent whom Slack does not know is not told there');
      return;
    }
    try {
      const { channel } = opened.parse(await this.web.call('conversations.open', { users: user }));
      const cardUrl = await this.link.to(notification.ticketId);
      const { ticketId } = notification;
      const draw = () => notificationCard(notification, cardUrl);
      await this.posts.post({ key: `notification:${id}`, ticketId, channel: channel.id, draw });
    } catch (error) {
      if (!(error instanceof SlackProblem) || !OUT_OF_REACH.includes(error.code)) throw error;
      this.log.warn({ agentId: agent.id, code: error.code }, 'an agent cannot be written to in Slack');
    }
  }
}
