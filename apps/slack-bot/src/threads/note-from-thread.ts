import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { editMessage, postMessage } from '#shared/contracts/messages.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { CardPosts } from '../cards/card-posts.js';
import { Desk } from '../desk/desk.js';
import { People } from '../people/people.js';
import { mayDo, type Person } from '../people/person.js';
import type { MessageEvent } from '../slack/incoming.js';
import { escapeText } from '../slack/mrkdwn.js';
import { mentionedPeople, slackToMarkdown } from '../slack/slack-to-markdown.js';
import { Tell } from '../slack/tell.js';
import { wordsFor } from '../slack/words-for-errors.js';
import { Workspace } from '../slack/workspace.js';
import { noteRef } from './note-ref.js';

/** Subtypes under which people write; all others (joins, topics, bots) are not for us. */
const WRITTEN = [undefined, 'file_share', 'thread_broadcast', 'me_message'];
const LAST_RETRY = 3;

/**
 * What people write under a card becomes an internal note of that ticket, and follows its edits and its deletion.
 * A message that fails for a passing reason is thrown back: Slack sends it again, and its reference makes it one note.
 */
@Injectable()
export class NoteFromThread {
  constructor(
    private readonly desk: Desk,
    private readonly people: People,
    private readonly cards: CardPosts,
    private readonly tell: Tell,
    private readonly workspace: Workspace,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async hear(event: MessageEvent, retryNum: number): Promise<void> {
    if (event.subtype === 'message_changed') return this.changed(event);
    if (event.subtype === 'message_deleted') return this.deleted(event);
    if (!WRITTEN.includes(event.subtype)) return;
    if (event.thread_ts === undefined || event.thread_ts === event.ts || event.user === undefined) return;
    if (await this.isBot(event)) return;
    const { channel, ts, thread_ts: threadTs, user } = event;
    const place = { user, channel, threadTs };
    let said = false;
    try {
      const ticket = await this.cards.ticketOf({ channel, ts: threadTs });
      if (ticket === null) return;
      const person = await this.people.person(user);
      if (!mayDo(person, 'agent')) {
        said = true;
        await this.tell.privately(place, { text: refusal(person) });
        return;
      }
      const content = await this.markdown(event);
      if (content === '') return;
      await this.desk.as(person.actor!, postMessage, {
        ticket,
        content,
        isInternalNote: true,
        externalRef: noteRef(channel, ts),
      });
    } catch (error) {
      if (said) throw error;
      const passing = !(error instanceof DeskError) || error.retry;
      if (passing && retryNum > 0 && retryNum < LAST_RETRY) throw error;
      const what = passing && retryNum === 0 ? 'I will try again within five minutes.' : 'Please write it again.';
      if (await this.isTriage(channel))
        await this.say(place, `:warning: This is not saved as a note yet. ${escapeText(wordsFor(error))} ${what}`);
      if (passing && retryNum < LAST_RETRY) throw error;
      this.log.warn({ err: error, channel, ts }, 'a note from a thread was given up');
    }
  }

  /** Slack also sends this when it unfolds a link: then the text is the same. */
  private async changed({ channel, message, previous_message: before }: MessageEvent): Promise<void> {
    if (!message?.thread_ts || message.user === undefined || message.text === before?.text) return;
    if (message.bot_id !== undefined || message.user === (await this.workspace.identity()).userId) return;
    // A message with replies that is deleted becomes a tombstone.
    const gone = message.subtype === 'tombstone';
    const content = gone ? null : await this.markdown(message);
    await this.edit(channel, message.thread_ts, message.ts, message.user, content === '' ? null : content);
  }

  private async deleted({ channel, deleted_ts: ts, previous_message: before }: MessageEvent): Promise<void> {
    const deletedTs = ts ?? before?.ts;
    if (deletedTs === undefined || before?.user === undefined || before.bot_id !== undefined) return;
    if (before.thread_ts === undefined) return;
    await this.edit(channel, before.thread_ts, deletedTs, before.user, null);
  }

  private async edit(
    channel: string,
    threadTs: string,
    ts: string,
    user: string,
    content: string | null,
  ): Promise<void> {
    const person = await this.people.person(user);
    if (!person.actor) return;
    try {
      await this.desk.as(person.actor, editMessage, { externalRef: noteRef(channel, ts), content });
    } catch (error) {
      if (!(error instanceof DeskError) || error.retry) throw error;
      const what = content === null ? 'deletion' : 'change';
      await this.say(
        { user, channel, threadTs },
        `:warning: Your ${what} did not reach the note: ${escapeText(wordsFor(error))}`,
      );
    }
  }

  /** Our own messages are never notes, nor are other apps'. */
  private async isBot({ bot_id, user }: MessageEvent): Promise<boolean> {
    return bot_id !== undefined || user === (await this.workspace.identity()).userId;
  }

  /** Elsewhere a thread is nobody's ticket, and nobody wants to hear of it. */
  private async isTriage(channel: string): Promise<boolean> {
    return (await this.workspace.triageChannel().catch(() => null)) === channel;
  }

  private async markdown({ text, files }: Pick<MessageEvent, 'text' | 'files'>): Promise<string> {
    const written = slackToMarkdown(text, await this.people.mentioned(mentionedPeople(text)));
    const named = (files ?? []).map(({ title, name, permalink }) => {
      const label = (title ?? name ?? 'a file').replaceAll(/[[\]\n]/g, ' ');
      return permalink === undefined ? `- ${label}` : `- [${label}](${permalink})`;
    });
    return [written, named.join('\n')].filter((part) => part !== '').join('\n\n');
  }

  private async say(place: { user: string; channel: string; threadTs: string }, text: string): Promise<void> {
    try {
      await this.tell.privately(place, { text });
    } catch (error) {
      this.log.warn({ err: error }, 'somebody could not be told what went wrong');
    }
  }
}

const refusal = ({ email, actor }: Person): string => {
  if (actor) return ':lock: This was not saved: your role lets you look at tickets, but not write on them.';
  const who = email === null ? 'Slack does not show me your e-mail address' : `${escapeText(email)} is not an agent`;
  return `:lock: This was not saved as a note: only agents write on tickets, and ${who}. Please ask an administrator.`;
};
