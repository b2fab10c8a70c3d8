import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { StackProblem } from './stack-problem.js';

const port = (standard: number) =>
  z
    .string()
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535, {
      error: 'a port, 1 to 65535',
    })
    .transform(Number)
    .default(standard);

const matching = (pattern: RegExp, what: string) => z.string().refine((value) => pattern.test(value), { error: what });

const variables = z.object({
  /** Where the embedded stack keeps its state: database, streams, blobs, logs, secrets. */
  DESKWIRE_HOME: z.string().optional(),
  /** Where the services listen. Postgres and NATS listen on 127.0.0.1 whatever this says. */
  LISTEN_HOST: matching(/^[\w.:-]+$/, 'an address of this machine, like 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
  CORE_HTTP_PORT: port(3000),
  SLACK_HTTP_PORT: port(3001),
  PLAYGROUND_PORT: port(3002),
  MAIL_HTTP_PORT: port(3003),
  SLA_HTTP_PORT: port(3004),
  SMTP_PORT: port(2525),
  /** The playground's mailbox: where our own mail goes when there is no SMTP_RELAY_URL. */
  PLAYGROUND_SMTP_PORT: port(2526),
  POSTGRES_PORT: port(5499),
  NATS_PORT: port(4299),
  /** A Postgres 18 of your own, as the owner of the database; the embedded one is not started then. */
  DATABASE_URL: matching(/^postgres(ql)?:\/\/\S+$/, 'a URL like postgres://owner:secret@host:5432/deskwire').optional(),
  /** The two roles of the service; made by the release step. Derived from DATABASE_URL when not given. */
  DATABASE_APP_URL: matching(
    /^postgres(ql)?:\/\/\S+$/,
    'a URL like postgres://deskwire_app:secret@host/deskwire',
  ).optional(),
  DATABASE_WORKER_URL: matching(
    /^postgres(ql)?:\/\/\S+$/,
    'a URL like postgres://deskwire_worker:secret@host/deskwire',
  ).optional(),
  /** A NATS server with JetStream of your own; the embedded one is not started then. */
  NATS_URL: matching(/^(nats|tls):\/\/\S+$/, 'a URL like nats://user:secret@host:4222').optional(),
  /** Where outgoing mail goes; the playground's mailbox by default. */
  SMTP_RELAY_URL: matching(/^smtps?:\/\/\S+$/, 'a URL like smtp://user:secret@host:587').optional(),
  /** The desk's own mail domain: support@<domain>. */
  MAIL_DOMAIN: matching(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'a domain, like acme.test').default('acme.test'),
  SLACK_TRIAGE_CHANNEL: z.string().default('support-triage'),
  SLACK_ALERTS_CHANNEL: z.string().default('sla-alerts'),
  SLACK_BOT_TOKEN: matching(/^xoxb-\S+$/, 'a bot token, xoxb-…').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: matching(/^xapp-\S+$/, 'an app-level token, xapp-…').optional(),
  SLACK_API_URL: matching(/^https?:\/\/\S+$/, 'a URL like https://slack.com/api/').optional(),
  DESKWIRE_PLAYGROUND: z.enum(['0', '1', 'false', 'true'], { error: '1 or 0' }).default('1'),
  /** Who is there at the first start. */
  SEED_ORGANISATION: z.enum(['acme', 'none'], { error: 'acme or none' }).default('acme'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

export type StackConfig = z.infer<typeof variables> & {
  readonly home: string;
  readonly playground: boolean;
  /** False: the Slack that the user named, at SLACK_API_URL or Slack's own. */
  readonly playgroundSlack: boolean;
  /** What the services inherit: everything the caller set but npm's own noise and the database owner's URL. */
  readonly inherited: Readonly<Record<string, string>>;
};

/** Reads the environment, once. A StackProblem names each variable that is wrong and what it may be. */
export function readStackConfig(env: Readonly<Record<string, string | undefined>> = process.env): StackConfig {
  // `NAME=` in an .env file means that it is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = variables.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name} is ${JSON.stringify(given[name])}: it must be ${issue.message}.`;
    });
    throw new StackProblem(lines.join('\n'));
  }
  const config = read.data;
  refuseOnePortTwice(config);
  refuseHalfASlack(config);
  const { DATABASE_URL: _owner, DATABASE_APP_URL: _app, DATABASE_WORKER_URL: _worker, ...rest } = given;
  return {
    ...config,
    home: config.DESKWIRE_HOME === undefined ? defaultHome() : resolve(config.DESKWIRE_HOME),
    playground: config.DESKWIRE_PLAYGROUND === '1' || config.DESKWIRE_PLAYGROUND === 'true',
    playgroundSlack: config.SLACK_API_URL === undefined && config.SLACK_BOT_TOKEN === undefined,
    inherited: Object.fromEntries(
      Object.entries(rest).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('npm_'),
      ),
    ),
  };
}

/** The ports that this configuration will listen on, by the variable that changes each. */
export function portsInUse(config: StackConfig): { variable: string; port: number; host: string }[] {
  const local = '127.0.0.1';
  const host = config.LISTEN_HOST;
  return [
    ...(config.DATABASE_URL === undefined
      ? [{ variable: 'POSTGRES_PORT', port: config.POSTGRES_PORT, host: local }]
      : []),
    ...(config.NATS_URL === undefined ? [{ variable: 'NATS_PORT', port: config.NATS_PORT, host: local }] : []),
    { variable: 'CORE_HTTP_PORT', port: config.CORE_HTTP_PORT, host },
    { variable: 'SMTP_PORT', port: config.SMTP_PORT, host },
    { variable: 'MAIL_HTTP_PORT', port: config.MAIL_HTTP_PORT, host },
    { variable: 'SLA_HTTP_PORT', port: config.SLA_HTTP_PORT, host },
    { variable: 'SLACK_HTTP_PORT', port: config.SLACK_HTTP_PORT, host },
    ...(config.playground
      ? [
          { variable: 'PLAYGROUND_PORT', port: config.PLAYGROUND_PORT, host },
          { variable: 'PLAYGROUND_SMTP_PORT', port: config.PLAYGROUND_SMTP_PORT, host },
        ]
      : []),
  ];
}

/** Where the stack keeps its state unless told otherwise. */
export const defaultHome = (): string => join(projectFolder(), '.deskwire');

/** The folder with our package.json: this file runs from the sources and from dist. */
export function projectFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function refuseOnePortTwice(config: z.infer<typeof variables>): void {
  const byPort = new Map<number, string>();
  for (const [variable, value] of Object.entries(config)) {
    if (!variable.endsWith('_PORT') || typeof value !== 'number') continue;
    const other = byPort.get(value);
    if (other !== undefined) throw new StackProblem(`${other} and ${variable} are both ${value}: change one of them.`);
    byPort.set(value, variable);
  }
}

function refuseHalfASlack(config: z.infer<typeof variables>): void {
  const { SLACK_API_URL: api, SLACK_BOT_TOKEN: token, SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: app } = config;
  if (api === undefined && token === undefined) return;
  if (token === undefined) throw new StackProblem('SLACK_API_URL is set: SLACK_BOT_TOKEN must be set too (xoxb-…).');
  if (secret === undefined && app === undefined) {
    throw new StackProblem(
      'SLACK_BOT_TOKEN is set: SLACK_SIGNING_SECRET must be set too, or SLACK_APP_TOKEN (xapp-…) for Socket Mode.',
    );
  }
}
