import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { ThreadPosts } from '../threads/thread-posts.js';
import { postMessage, replyRecipients, undoMessage } from '#shared/contracts/messages.js';
import { getTicket } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import type { Person } from '../people/person.js';
import { agentActor } from './agent-actor.js';
import type { Asked, Told } from './asked.js';
import { replySentCard, replyUndoneCard } from './reply.cards.js';
import { escapeText } from '../slack/mrkdwn.js';

/** `reply` is public, `note` never is. */
@Injectable()
export class WriteMessage {
  constructor(
    private readonly desk: Desk,
    private readonly thread: ThreadPosts,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async reply({ person, values, ref }: Asked): Promise<Told> {
    const actor = agentActor(person);
    const ticket = values.ticket!;
    const content = values.text ?? '';
    const [{ number }, recipients] = await Promise.all([
      this.desk.as(actor, getTicket, { ticket }),
      this.desk.as(actor, replyRecipients, { ticket }),
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
    const ticket = await this.desk.as(actor, getTicket, { ticket: values.ticket! });
    await this.desk.as(actor, postMessage, {
      ticket: ticket.id,
      content: values.text ?? '',
      isInternalNote: true,
      externalRef: ref,
    });
    return { text: `:lock: Noted on #${ticket.number}; the customer does not see it.` };
  }

  /** Takes a reply back while it waits. */
  async undo(person: Person, messageId: string): Promise<Told> {
    try {
      const message = await this.desk.as(agentActor(person), undoMessage, { messageId });
      await this.thread.tellTakenBack(message.ticketId, messageId).catch((error: unknown) => {
        this.log.warn({ err: error, messageId }, 'the thread was not told that a reply was taken back');
      });
      return replyUndoneCard(message.content);
    } catch (error) {
      if (error instanceof DeskError && ['CONFLICT', 'UNPROCESSABLE'].includes(error.code)) {
        return { text: `:incoming_envelope: Too late: the reply has left. ${escapeText(error.message)}` };
      }
      throw error;
    }
  }
}
