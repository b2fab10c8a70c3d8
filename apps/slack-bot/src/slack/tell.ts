import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import type { SlackMessage } from './blocks.view.js';
import { SlackProblem } from './slack-problem.js';
import { SlackWeb } from './slack-web.js';

/** Where somebody acted. */
export interface Place {
  user: string;
  channel?: string | undefined;
  threadTs?: string | undefined;
  responseUrl?: string | undefined;
}

const ANSWER_WITHIN_MS = 5_000;

/** Tells one person something, so that nobody else sees it: where they acted, and if that fails in a direct message. */
@Injectable()
export class Tell {
  constructor(
    private readonly web: SlackWeb,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async privately(place: Place, message: SlackMessage): Promise<void> {
    if (place.responseUrl !== undefined && (await this.respond(place.responseUrl, message, false))) return;
    if (place.channel !== undefined) {
      try {
        await this.web.call('chat.postEphemeral', {
          channel: place.channel,
          user: place.user,
          ...(place.threadTs !== undefined && { thread_ts: place.threadTs }),
          ...message,
        });
        return;
      } catch (error) {
        if (!(error instanceof SlackProblem)) throw error;
        this.log.info({ channel: place.channel, code: error.code }, 'not said in the channel; trying a direct message');
      }
    }
    await this.web.call('chat.postMessage', { channel: place.user, ...message });
  }

  /** Replaces the message whose button was pressed; says it anew where that is not possible. */
  async instead(place: Place, message: SlackMessage): Promise<void> {
    if (place.responseUrl !== undefined && (await this.respond(place.responseUrl, message, true))) return;
    await this.privately({ ...place, responseUrl: undefined }, message);
  }

  private async respond(url: string, message: SlackMessage, replaces: boolean): Promise<boolean> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ response_type: 'ephemeral', replace_original: replaces, ...message }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      if (answer.ok) return true;
      this.log.info({ status: answer.status }, 'a response_url was refused; it may be used up');
    } catch (error) {
      this.log.info({ err: error }, 'a response_url could not be reached');
    }
    return false;
  }
}
