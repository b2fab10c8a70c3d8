import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { listAgents } from '#shared/contracts/agents.js';
import type { slaEscalated } from '#shared/contracts/events.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { CardLink } from '../cards/card-link.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { PostOnce } from '../posts/post-once.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { NoSuchChannel, Workspace } from '../slack/workspace.js';
import { AlertFacts } from './alert-facts.js';
import { escalationCard } from './escalation.cards.js';

const opened = z.object({ channel: z.object({ id: z.string() }) });
const alertStep = z.object({
  alert: z.union([z.object({ channel: z.string() }), z.object({ agentId: z.uuid() })]),
});

/** Where a step's alert goes, and what has to be said if that is not where its policy wanted it. */
interface Place {
  channel: string;
  instead: string | null;
}

/**
 * The alerts that steps of escalations ask for, each posted once: in a channel, or to a person. What else a step does (it
 * assigns, it raises the priority) is a change of the ticket, which its card and its thread tell of.
 */
@Injectable()
export class EscalationPosts {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    private readonly web: SlackWeb,
    private readonly workspace: Workspace,
    private readonly posts: PostOnce,
    private readonly link: CardLink,
    private readonly facts: AlertFacts,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Safe to be asked twice. */
  async tell(step: z.output<typeof slaEscalated.payload>): Promise<void> {
    const wanted = alertStep.safeParse(step.do);
    if (!wanted.success) return;
    const { ticketId, target, cycle } = step;
    const known = await this.facts.of(ticketId);
    if (!known) return;
    const { alert } = wanted.data;
    const { channel, instead } =
      'channel' in alert ? await this.channel(alert.channel) : await this.person(alert.agentId);
    const cardUrl = await this.link.to(ticketId);
    await this.posts.post({
      key: `escalation:${ticketId}:${target}:${cycle}:step${step.step}`,
      ticketId,
      channel,
      draw: () =>
        escalationCard({ ...known, target, cycle, step: step.step, at: step.at, instead, cardUrl }, Date.now()),
    });
  }

  /** Better in the channel of all alerts than nowhere. */
  private async channel(name: string): Promise<Place> {
    try {
      return { channel: await this.workspace.channelNamed(name), instead: null };
    } catch (error) {
      if (!(error instanceof NoSuchChannel)) throw error;
      this.log.warn({ channel: name }, 'an escalation names a channel that Slack does not show');
      const instead = `The policy wants this in #${name}, which I cannot find.`;
      return { channel: await this.workspace.alertsChannel(), instead };
    }
  }

  private async person(agentId: string): Promise<Place> {
    const { items } = await this.desk.ask(listAgents, {});
    const agent = items.find(({ id }) => id === agentId);
    const user = agent ? await this.people.withEmail(agent.email) : null;
    const who = agent?.name ?? 'an agent who is not there any more';
    try {
      if (user !== null) {
        const { channel } = opened.parse(await this.web.call('conversations.open', { users: user }));
        return { channel: channel.id, instead: null };
      }
    } catch (error) {
      // Refused for good, not away for a moment.
      if (!(error instanceof SlackProblem) || !error.certainlyNotDone || error.code === 'ratelimited') throw error;
    }
    this.log.warn({ agentId }, 'an escalation is for somebody who cannot be written to in Slack');
    return {
      channel: await this.workspace.alertsChannel(),
      instead: `The policy wants ${who} to know, whom I cannot reach.`,
    };
  }
}
