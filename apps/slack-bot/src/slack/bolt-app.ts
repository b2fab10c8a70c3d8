import { App, LogLevel, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackConfig } from '../config.js';
import type { BotIdentity, Workspace } from './workspace.js';

/** What our listeners do; Bolt only routes to them. Each acknowledges by itself where that says more than "yes". */
export interface Listeners {
  command: (body: unknown) => Promise<void>;
  press: (body: unknown) => Promise<void>;
  shortcut: (body: unknown) => Promise<void>;
  submit: (body: unknown, ack: (answer?: unknown) => Promise<void>) => Promise<void>;
  message: (event: unknown, retryNum: number) => Promise<void>;
  homeOpened: (event: unknown) => Promise<void>;
}

/** Slack repeats an event three times; in Socket Mode, where Bolt acknowledges at once, never. */
const NO_MORE_RETRIES = 3;

/**
 * Bolt with our listeners, on whichever receiver. It asks Slack nothing at its start (the bot must come up without
 * Slack); who we are comes from the workspace, which keeps asking.
 */
export function mountBolt(
  config: SlackConfig,
  receiver: Receiver,
  workspace: Workspace,
  listeners: Listeners,
  log: Logger,
): App {
  const isSocket = receiver instanceof SocketModeReceiver;
  const app = new App({
    receiver,
    authorize: async (_, body) => ({
      botToken: config.SLACK_BOT_TOKEN,
      ...identified(await identity(workspace, body)),
    }),
    clientOptions: { slackApiUrl: config.SLACK_API_URL, retryConfig: { retries: 0 }, timeout: 8_000 },
    convoStore: false,
    logger: boltLogger(log),
  });

  app.command(/.*/, async ({ ack, body }) => {
    await ack();
    await listeners.command(body);
  });
  app.action(/.*/, async ({ ack, body }) => {
    await ack();
    await listeners.press(body);
  });
  app.shortcut(/.*/, async ({ ack, body }) => {
    await ack();
    await listeners.shortcut(body);
  });
  app.view(/.*/, async ({ ack, body }) => {
    await listeners.submit(body, async (answer) => ack(answer as never));
  });
  app.event('message', async ({ event, context }) => {
    await listeners.message(event, isSocket ? NO_MORE_RETRIES : (context.retryNum ?? 0));
  });
  app.event('app_home_opened', async ({ event }) => {
    await listeners.homeOpened(event);
  });

  // Thrown on to the receiver: an event that failed must not be answered as if it were done.
  app.error(async (error) => {
    log.warn({ err: error }, 'something from Slack could not be worked off');
    throw error;
  });
  return app;
}

/** An event is judged by who wrote it, so it needs to know who we are; everything else must not wait for that. */
async function identity(workspace: Workspace, body: unknown): Promise<BotIdentity | undefined> {
  const isEvent = typeof body === 'object' && body !== null && 'event' in body;
  return isEvent ? workspace.identity() : workspace.knownIdentity;
}

const identified = (self: BotIdentity | undefined) =>
  self ? { botUserId: self.userId, ...(self.botId !== null && { botId: self.botId }) } : {};

const boltLogger = (log: Logger) => ({
  debug: (...parts: unknown[]) => log.trace({ parts }, 'bolt'),
  info: (...parts: unknown[]) => log.debug({ parts }, 'bolt'),
  warn: (...parts: unknown[]) => log.warn({ parts }, 'bolt'),
  error: (...parts: unknown[]) => log.error({ parts }, 'bolt'),
  setLevel: () => undefined,
  getLevel: () => LogLevel.INFO,
  setName: () => undefined,
});
