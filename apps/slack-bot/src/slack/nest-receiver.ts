import type { App, Receiver } from '@slack/bolt';
import { z } from 'zod';
import { badRequestFrom } from '#shared/errors/desk-error.js';
import type { SlackBody } from './slack-body.js';

/** What goes back to Slack in the HTTP answer. */
export interface SlackAnswer {
  status: number;
  body: unknown;
}

/** Slack gives up after 3 seconds; an answer must be on its way before. */
const ANSWER_WITHIN_MS = 2_700;
const REMEMBER_EVENTS = 5_000;

/**
 * Bolt's door when Nest owns the HTTP server.
 * Commands and interactions are answered as soon as a listener acknowledges; their work goes on after that.
 * Events are answered when their work is done, since Slack repeats what fails (at once, after 1 and after 5 minutes):
 * a note typed while the core is away is not lost. An `event_id` that was worked off is not worked on twice.
 */
export class NestReceiver implements Receiver {
  private app: App | undefined;
  private readonly running = new Map<string, Promise<void>>();
  private readonly done = new Set<string>();
  private readonly atWork = new Set<Promise<void>>();

  init(app: App): void {
    this.app = app;
  }

  async start(): Promise<void> {}

  /** Waits for the work that was acknowledged but is not finished. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.atWork);
  }

  async receive(body: SlackBody, retryNum: number | undefined): Promise<SlackAnswer> {
    return body['event'] === undefined ? this.interaction(body) : this.event(body, retryNum);
  }

  private async interaction(body: SlackBody): Promise<SlackAnswer> {
    return new Promise<SlackAnswer>((resolve) => {
      const late = setTimeout(() => resolve({ status: 200, body: '' }), ANSWER_WITHIN_MS);
      const answer = (content: SlackAnswer): void => {
        clearTimeout(late);
        resolve(content);
      };
      const work = this.process(body, undefined, async (content) => answer({ status: 200, body: content ?? '' }));
      this.track(work);
      // Nobody acknowledged: nothing of ours listens to that.
      work.then(
        () => answer({ status: 200, body: '' }),
        (error: unknown) => answer(failed(error)),
      );
    });
  }

  private async event(body: SlackBody, retryNum: number | undefined): Promise<SlackAnswer> {
    const id = typeof body['event_id'] === 'string' ? body['event_id'] : null;
    if (id !== null && this.done.has(id)) return { status: 200, body: '' };
    let work = id === null ? undefined : this.running.get(id);
    if (!work) {
      work = this.process(body, retryNum, async () => {});
      if (id !== null) void this.remember(id, work);
      this.track(work);
    }
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve({ status: 503, body: '' }), ANSWER_WITHIN_MS);
      work
        .then(
          () => resolve({ status: 200, body: '' }),
          (error: unknown) => resolve(failed(error)),
        )
        .finally(() => clearTimeout(late));
    });
  }

  private async process(
    body: SlackBody,
    retryNum: number | undefined,
    ack: (content?: unknown) => Promise<void>,
  ): Promise<void> {
    if (!this.app) throw new Error('Bolt is not mounted yet');
    await this.app.processEvent({ body, ack, ...(retryNum !== undefined && { retryNum }) });
  }

  private async remember(id: string, work: Promise<void>): Promise<void> {
    this.running.set(id, work);
    const [outcome] = await Promise.allSettled([work]);
    this.running.delete(id);
    // What failed may come again.
    if (outcome.status === 'rejected') return;
    this.done.add(id);
    if (this.done.size > REMEMBER_EVENTS) this.done.delete(this.done.values().next().value!);
  }

  private track(work: Promise<void>): void {
    const tracked = work.catch(() => undefined).finally(() => this.atWork.delete(tracked));
    this.atWork.add(tracked);
  }
}

/** What is not as Slack says it would be is told with the field; everything else is ours. Bolt wraps what a listener threw. */
function failed(error: unknown): SlackAnswer {
  const { original = error } = (error ?? {}) as { original?: unknown };
  if (!(original instanceof z.core.$ZodError)) return { status: 500, body: '' };
  return { status: 400, body: { error: badRequestFrom(original.issues).message } };
}
