import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Addresses } from './addresses.js';
import type { StackConfig } from './config.js';
import type { Secrets } from './secrets.js';
import type { ServiceLog } from './service-log.js';
import type { ProcessPlan } from './supervised-process.js';

/** A service of ours: a Node process that answers at /health/ready. */
export interface Service {
  readonly name: string;
  readonly healthUrl: string;
  /** Answers 200 when the start need not wait for it any longer. */
  readonly startedUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The folder with the built apps: this file is dist/apps/cli/src/stack/services.js. */
const APPS = join(import.meta.dirname, '../../..');

/** A desk's services are mostly idle; V8 would take as much as it may (docs/benchmarks.md has the numbers). */
const OLD_SPACE = '--max-old-space-size=384';
/**
 * The young generation, in MB. A small one keeps an idle service small; the two that mails go through would spend a
 * quarter of their time collecting it (docs/benchmarks.md), so they get more.
 */
const SMALL_YOUNG_MB = 2;
const LARGE_YOUNG_MB = 16;
const LARGE_YOUNG: readonly string[] = ['ticket-core', 'mail-intake'];

/** All services of this configuration and the environment of each; the playground only if it is wanted. */
export function servicesOf(config: StackConfig, secrets: Secrets, at: Addresses): Service[] {
  const channels = {
    SLACK_TRIAGE_CHANNEL: config.SLACK_TRIAGE_CHANNEL,
    SLACK_ALERTS_CHANNEL: config.SLACK_ALERTS_CHANNEL,
  };
  const playgroundSlack: Record<string, string> = {
    SLACK_BOT_TOKEN: secrets.slackBotToken,
    SLACK_SIGNING_SECRET: secrets.slackSigningSecret,
    SLACK_API_URL: `${at.playground}/slack/api/`,
  };
  // A Slack of somebody else's may be away, or not be there at all: the desk starts all the same, and the bot keeps trying.
  const ownSlack = config.playground && config.playgroundSlack;
  const service = (name: string, url: string, env: Record<string, string>): Service => ({
    name,
    healthUrl: `${url}/health/ready`,
    startedUrl: `${url}/health/${name === 'slack-bot' && !ownSlack ? 'live' : 'ready'}`,
    env: {
      BLOB_DIR: join(config.home, 'blobs'),
      NODE_COMPILE_CACHE: join(config.home, 'compile-cache'),
      ...config.inherited,
      LISTEN_HOST: config.LISTEN_HOST,
      LOG_LEVEL: config.LOG_LEVEL,
      MAIL_DOMAIN: config.MAIL_DOMAIN,
      ...env,
    },
  });
  return [
    service('ticket-core', at.api, {
      NATS_URL: at.natsAs('ticket-core'),
      CORE_HTTP_PORT: String(config.CORE_HTTP_PORT),
      DATABASE_APP_URL: at.databaseApp,
      DATABASE_WORKER_URL: at.databaseWorker,
      // One's own machine: scripts that try things are no burden to anybody else.
      RATE_LIMIT_PER_MINUTE: config.inherited['RATE_LIMIT_PER_MINUTE'] ?? '60000',
    }),
    service('mail-intake', at.mailHttp, {
      NATS_URL: at.natsAs('mail-intake'),
      SMTP_PORT: String(config.SMTP_PORT),
      MAIL_HTTP_PORT: String(config.MAIL_HTTP_PORT),
      SMTP_RELAY_URL: at.smtpRelay,
      REPLY_ADDRESS_SECRET: config.inherited['REPLY_ADDRESS_SECRET'] ?? secrets.replyAddressSecret,
    }),
    service('sla-monitor', at.slaHttp, {
      NATS_URL: at.natsAs('sla-monitor'),
      SLA_HTTP_PORT: String(config.SLA_HTTP_PORT),
    }),
    service('slack-bot', at.slack, {
      NATS_URL: at.natsAs('slack-bot'),
      SLACK_HTTP_PORT: String(config.SLACK_HTTP_PORT),
      ...(config.playgroundSlack ? playgroundSlack : {}),
      ...channels,
      DESKWIRE_ORGANISATION: config.inherited['DESKWIRE_ORGANISATION'] ?? 'acme',
    }),
    ...(config.playground
      ? [
          service('playground', at.playground, {
            PLAYGROUND_PORT: String(config.PLAYGROUND_PORT),
            PLAYGROUND_SMTP_PORT: String(config.PLAYGROUND_SMTP_PORT),
            SMTP_URL: `smtp://${new URL(at.api).hostname}:${at.smtp.port}`,
            SUPPORT_ADDRESS: at.support,
            SLACK_EVENTS_URL: at.slackEvents,
            // With another Slack in use these open a workspace that nobody sends to; real tokens stay out of it.
            SLACK_BOT_TOKEN: secrets.slackBotToken,
            SLACK_SIGNING_SECRET: secrets.slackSigningSecret,
            ...channels,
          }),
        ]
      : []),
  ];
}

/** The release step: migrates as the database's owner, makes the service's roles, seeds the first organisation. */
export function releaseStep(
  config: StackConfig,
  secrets: Secrets,
  at: Addresses,
): { script: string; env: Service['env'] } {
  return {
    script: join(APPS, 'ticket-core/src/prepare.js'),
    env: {
      NODE_COMPILE_CACHE: join(config.home, 'compile-cache'),
      ...config.inherited,
      LOG_LEVEL: config.LOG_LEVEL,
      MAIL_DOMAIN: config.MAIL_DOMAIN,
      DATABASE_URL: at.database,
      DATABASE_APP_URL: at.databaseApp,
      DATABASE_WORKER_URL: at.databaseWorker,
      SEED_ORGANISATION: config.SEED_ORGANISATION === 'none' ? '' : config.SEED_ORGANISATION,
      SEED_API_KEY: secrets.apiKey,
    },
  };
}

/** How to run a service. `held/<name>` in the home keeps it down while the file is there (see `isHeld`). */
export function servicePlan(service: Service, home: string, log: ServiceLog): ProcessPlan {
  return {
    name: service.name,
    env: service.env,
    output: { line: log.line },
    lastWords: () => log.lastWords,
    prepare: async () =>
      Promise.resolve({
        command: process.execPath,
        args: [
          `--max-semi-space-size=${LARGE_YOUNG.includes(service.name) ? LARGE_YOUNG_MB : SMALL_YOUNG_MB}`,
          OLD_SPACE,
          `--import=${pathToFileURL(join(import.meta.dirname, 'leash.js')).href}`,
          serviceScript(service.name),
        ],
      }),
    isReady: async () => answersReady(service.startedUrl),
    readyWithinMs: 60_000,
    stopSteps: [
      ['SIGTERM', 3_000],
      ['SIGKILL', 1_000],
    ],
    isHeld: () => existsSync(join(home, 'held', service.name)),
  };
}

/** The program of a service; also how a process is recognised as ours. */
export function serviceScript(name: string): string {
  return join(APPS, name, 'src/main.js');
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
