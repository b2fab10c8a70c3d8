import { z } from 'zod';
import { port, readConfig, serviceVariables } from '#shared/service/read-config.js';

const address = z.url({
  protocol: /^https?$/,
  error: 'must be an http or https address, such as https://slack.com/api/',
});

const shape = {
  ...serviceVariables,
  /** Where Slack's requests arrive: POST /slack/events. */
  SLACK_HTTP_PORT: port(3001),
  /** Bot token of the workspace, `xoxb-…`. */
  SLACK_BOT_TOKEN: z.string({ error: 'is missing: the bot token of your Slack app, xoxb-…' }).min(1),
  /** Proves that a request comes from Slack. Not needed in Socket Mode. */
  SLACK_SIGNING_SECRET: z.string().min(1).optional(),
  /** App-level token, `xapp-…`: Slack is reached by a web socket that we open (Socket Mode) instead of by HTTP. */
  SLACK_APP_TOKEN: z.string().min(1).optional(),
  /** The Web API. */
  SLACK_API_URL: address.default('https://slack.com/api/').transform((url) => (url.endsWith('/') ? url : `${url}/`)),
  /** Channel of the ticket cards: name, with or without #, or id. */
  SLACK_TRIAGE_CHANNEL: z.string().min(1).max(80).default('support-triage'),
  /** Channel of the SLA alerts: name, with or without #, or id. */
  SLACK_ALERTS_CHANNEL: z.string().min(1).max(80).default('sla-alerts'),
  /** The slash command. */
  SLACK_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'must be a slash and up to 31 small letters, digits, - or _, such as /ticket')
    .default('/ticket'),
  /** Short name (slug) of the organisation that this workspace belongs to. */
  DESKWIRE_ORGANISATION: z.string().min(1).max(100).default('acme'),
  /** How long a public reply written in Slack can be taken back before it is sent, in seconds. */
  SLACK_UNDO_SECONDS: z.coerce.number({ error: 'must be a number of seconds' }).int().min(0).max(600).default(20),
};

export function readSlackConfig(env: NodeJS.ProcessEnv = process.env) {
  const config = readConfig(shape, env);
  if (config.SLACK_APP_TOKEN === undefined && config.SLACK_SIGNING_SECRET === undefined) {
    throw new Error(
      'SLACK_SIGNING_SECRET is missing: it proves that requests come from Slack (or set SLACK_APP_TOKEN for Socket Mode).',
    );
  }
  return config;
}

export type SlackConfig = ReturnType<typeof readSlackConfig>;
export const SLACK_CONFIG = Symbol('SlackConfig');
