import { Inject, Injectable } from '@nestjs/common';
import { postMessage, replyRecipients, undoMessage } from '#shared/contracts/messages.js';
import { getTicket } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import type { Person } from '../people/person.js';
import { mentionedPeople, slackToMarkdown } from '../slack/slack-to-markdown.js';
import { agentActor } from './agent-actor.js';
import type { Asked, Told } from './asked.js';
import { replySentCard, replyUndoneCard } from './reply.cards.js';
import { escapeText } from '../slack/mrkdwn.js';

/** `reply` is public, `note` never is. */
@Injectable()
export class WriteMessage {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
  ) {}

  async reply({ person, values, ref }: Asked): Promise<Told> {
    const actor = agentActor(person);
    const ticket = values.ticket!;
    const [{ number }, recipients, content] = await Promise.all([
      this.desk.as(actor, getTicket, { ticket }),
      this.desk.as(actor, replyRecipients, { ticket }),
      this.markdown(values.text ?? ''),
    ]);
    if (recipients.to.length === 0) {
      throw new DeskError(
        'UNPROCESSABLE',
        `#${number} has no customer with an e-mail address: a reply would reach nobody`,
        [{ pointer: '/content', message: 'would reach nobody: the ticket has no customer with an e-mail address' }],
      );
    }
    const undoMs = this.config.SLACK_UNDO_SECONDS * 1_000;
    const message = await this.desk.as(actor, postMessage, { ticket, content, externalRef: ref, undoMs });
    return replySentCard({ number, messageId: message.id, content, recipients, undoMs, nowMs: Date.now() });
  }

  async note({ person, values, ref }: Asked): Promise<Told> {
    const actor = agentActor(person);
    const content = await this.markdown(values.text ?? '');
    const ticket = await this.desk.as(actor, getTicket, { ticket: values.ticket! });
    await this.desk.as(actor, postMessage, { ticket: ticket.id, content, isInternalNote: true, externalRef: ref });
    return { text: `:lock: Noted on #${ticket.number}; the customer does not see it.` };
  }

  /** Takes a reply back while it waits. */
  async undo(person: Person, messageId: string): Promise<Told> {
    try {
      const message = await this.desk.as(agentActor(person), undoMessage, { messageId });
      return replyUndoneCard(message.content);
    } catch (error) {
      if (error instanceof DeskError && ['CONFLICT', 'UNPROCESSABLE'].includes(error.code)) {
        return { text: `:incoming_envelope: Too late: the reply has left. ${escapeText(error.message)}` };
      }
      throw error;
    }
  }

  private async markdown(typed: string): Promise<string> {
    return slackToMarkdown(typed, await this.people.names(mentionedPeople(typed)));
  }
}
