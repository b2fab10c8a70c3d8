import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DeskError } from '#shared/errors/desk-error.js';
import { CardPosts } from '../cards/card-posts.js';
import { OpenModal } from '../modals/open-modal.js';
import { PrepareModal } from '../modals/prepare-modal.js';
import { People } from '../people/people.js';
import { mayDo, type Person } from '../people/person.js';
import { shortcutBody } from '../slack/incoming.js';
import { mentionedPeople, slackToMarkdown } from '../slack/slack-to-markdown.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import { TellFailures } from '../slack/tell-failures.js';
import type { Values } from './parse-command.js';
import { NEW_TICKET, SEND_TO_CUSTOMER, TICKET_FROM_MESSAGE } from './shortcuts.js';
import { type VerbName, verbNamed } from './verbs.js';

type ShortcutBody = z.output<typeof shortcutBody>;

const permalink = z.object({ permalink: z.string() });

/** The shortcut menus: each opens a modal, filled in with what the message says. */
@Injectable()
export class UseShortcut {
  constructor(
    private readonly people: People,
    private readonly cards: CardPosts,
    private readonly modals: OpenModal,
    private readonly prepare: PrepareModal,
    private readonly web: SlackWeb,
    private readonly failures: TellFailures,
  ) {}

  async use(raw: unknown): Promise<void> {
    const body = shortcutBody.parse(raw);
    const origin = { channel: body.channel?.id, responseUrl: body.response_url, threadTs: body.message?.thread_ts };
    const asks: Record<string, [VerbName, (person: Person) => Promise<Values>]> = {
      [NEW_TICKET]: ['new', async () => ({})],
      [TICKET_FROM_MESSAGE]: ['new', async (person) => this.ticketOf(body, person)],
      [SEND_TO_CUSTOMER]: ['reply', async () => this.replyOf(body)],
    };
    const [verb, valuesFor] = asks[body.callback_id] ?? [];
    if (!verb || !valuesFor) return;
    await this.failures.guard({ user: body.user.id, ...origin }, null, async () =>
      this.modals.open(body.trigger_id, verbNamed(verb).modal?.title ?? verb, async () => {
        const person = await this.people.person(body.user.id);
        return this.prepare.forVerb(verb, person, await valuesFor(person), origin);
      }),
    );
  }

  /** A ticket with the message as its description and its author as the requester. */
  private async ticketOf(body: ShortcutBody, person: Person): Promise<Values> {
    const text = await this.markdown(body);
    const [author, url] = await Promise.all([this.authorEmail(body, person), this.linkTo(body)]);
    const [firstLine = ''] = text.split('\n');
    return {
      subject: firstLine.slice(0, 120),
      text: url === null ? text : `${text}\n\n[In Slack](${url})`,
      ...(author !== null && { email: author }),
    };
  }

  private async replyOf(body: ShortcutBody): Promise<Values> {
    const { channel, message } = body;
    const threadTs = message?.thread_ts ?? message?.ts;
    const ticket =
      channel && threadTs !== undefined ? await this.cards.ticketOf({ channel: channel.id, ts: threadTs }) : null;
    if (ticket === null) {
      throw new DeskError(
        'UNPROCESSABLE',
        'That message is not in the thread of a ticket, so there is no customer to send it to',
      );
    }
    // The card itself says nothing that one would send.
    const isCard = message?.ts === threadTs;
    return { ticket, ...(!isCard && { text: await this.markdown(body) }) };
  }

  private async markdown({ message }: ShortcutBody): Promise<string> {
    const text = message?.text ?? '';
    return slackToMarkdown(text, await this.people.names(mentionedPeople(text)));
  }

  /** Only agents may say who the requester is; a bot's message has none. */
  private async authorEmail({ message }: ShortcutBody, person: Person): Promise<string | null> {
    if (!mayDo(person, 'agent') || message?.user === undefined || message.bot_id !== undefined) return null;
    return (await this.people.person(message.user)).email;
  }

  private async linkTo({ channel, message }: ShortcutBody): Promise<string | null> {
    if (!channel || !message) return null;
    try {
      const args = { channel: channel.id, message_ts: message.ts };
      return permalink.parse(await this.web.call('chat.getPermalink', args, { patienceMs: 0 })).permalink;
    } catch (error) {
      if (error instanceof SlackProblem) return null;
      throw error;
    }
  }
}
