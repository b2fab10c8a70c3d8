import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { cutTo } from '#slack/limits.js';
import { escapeText, quote } from './mrkdwn.js';
import { type Place, Tell } from './tell.js';
import { wordsFor } from './words-for-errors.js';

/** Nothing fails silently: what goes wrong is told to who acted, with what they had typed. */
@Injectable()
export class TellFailures {
  constructor(
    private readonly tell: Tell,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async guard(place: Place, typed: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DeskError) || error.retry)
        this.log.warn({ err: error, user: place.user }, 'somebody’s wish failed');
      const text = `:warning: ${escapeText(wordsFor(error))}${typed === null ? '' : `\n${quote(typed, 1_500, 30)}`}`;
      try {
        await this.tell.privately(place, { text: cutTo(text, 3_900) });
      } catch (tellError) {
        this.log.error({ err: tellError, user: place.user }, 'a failure could not even be told');
      }
    }
  }
}
