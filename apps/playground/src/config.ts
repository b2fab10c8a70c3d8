import { z } from 'zod';

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);
const flag = (standard: '0' | '1') => z.enum(['0', '1']).default(standard);

const shortcut = z.object({
  type: z.enum(['global', 'message']),
  name: z.string().min(1).max(24),
  callbackId: z.string().min(1).max(255),
});

const SHORTCUTS = [
  { type: 'global', name: 'New ticket', callbackId: 'new_ticket' },
  { type: 'message', name: 'Create ticket from this', callbackId: 'ticket_from_message' },
  { type: 'message', name: 'Send to customer', callbackId: 'send_to_customer' },
];

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('must be JSON');
    return z.NEVER;
  }
});

const schema = z.object({
  /** Port of the page, the Web API and the control API; 0 takes a free one. */
  PLAYGROUND_PORT: port(3002),
  /** Address that everything here listens on. */
  LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
  /** How the bot reaches this playground (for response_url); by default http://LISTEN_HOST:PLAYGROUND_PORT. */
  PLAYGROUND_PUBLIC_URL: z.url().optional(),
  /** Where the bot takes commands, interactions and events. */
  SLACK_EVENTS_URL: z.url().default('http://127.0.0.1:3001/slack/events'),
  /** The only token that the Web API takes. */
  SLACK_BOT_TOKEN: z.string().min(1).default('xoxb-playground'),
  /** What requests to the bot are signed with. */
  SLACK_SIGNING_SECRET: z.string().min(1).default('playground-signing-secret'),
  /** The slash command that the app has. */
  SLACK_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'a slash command such as /ticket')
    .default('/ticket'),
  /** 1, as the app's manifest says: @people and #channels in a command's text arrive as <@U…|name> and <#C…|name>. */
  SLACK_COMMAND_ESCAPES: flag('1'),
  /** Shortcuts of the app, as its manifest lists them: a JSON list of { type, name, callbackId }. */
  SLACK_SHORTCUTS: json.default(SHORTCUTS).pipe(z.array(shortcut).max(25)),
  /** Names of the channels for tickets and for alerts. */
  SLACK_TRIAGE_CHANNEL: z.string().min(1).default('support-triage'),
  SLACK_ALERTS_CHANNEL: z.string().min(1).default('sla-alerts'),
  /** 1: answers 429 with Retry-After as Slack does. */
  PLAYGROUND_RATE_LIMITS: flag('1'),
  /** Port of the mailbox that takes the mail sent to customers; 0 takes a free one. */
  PLAYGROUND_SMTP_PORT: port(2526),
  /** Where mails written in the playground are sent. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).default('smtp://127.0.0.1:2525'),
  /** The help desk's address, offered when a mail is written. */
  SUPPORT_ADDRESS: z.email().default('support@acme.test'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type PlaygroundConfig = z.infer<typeof schema>;

/** Reads the environment once; throws a sentence that names each bad variable and what it may be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): PlaygroundConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The playground cannot start with this configuration: ${problems.join('; ')}`);
}
