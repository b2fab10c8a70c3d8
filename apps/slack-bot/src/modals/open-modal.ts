import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOG } from '#shared/messaging/messaging.module.js';
import { SlackWeb } from '../slack/slack-web.js';
import type { SlackView } from '../slack/blocks.view.js';
import { wordsFor } from '../slack/words-for-errors.js';
import { problemModal, waitingModal } from './verb.modals.js';

/** A trigger_id lives 3 seconds. What is not known by then comes into the modal that is already open. */
const PATIENCE_MS = 1_200;

const opened = z.object({ view: z.object({ id: z.string() }) });

@Injectable()
export class OpenModal {
  constructor(
    private readonly web: SlackWeb,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Opens what `prepare` makes. When that fails, the failure is told by whoever called, or in the waiting modal. */
  async open(triggerId: string, title: string, prepare: () => Promise<SlackView>): Promise<void> {
    const preparing = prepare();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, null)));
    const view = await Promise.race([preparing, late]).finally(() => clearTimeout(timer));
    if (view) {
      await this.web.call('views.open', { trigger_id: triggerId, view }, { patienceMs: 0 });
      return;
    }
    preparing.catch(() => undefined);
    const answer = await this.web.call(
      'views.open',
      { trigger_id: triggerId, view: waitingModal(title) },
      { patienceMs: 0 },
    );
    const { id } = opened.parse(answer).view;
    const ready = await preparing.catch((error: unknown) => {
      this.log.warn({ err: error }, 'a modal could not be filled');
      return problemModal(title, wordsFor(error));
    });
    await this.web.call('views.update', { view_id: id, view: ready });
  }
}
