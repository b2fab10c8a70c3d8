import type { StackConfig } from './config.js';
import { natsUrl } from './nats-server.js';
import { ownerUrl } from './postgres-server.js';
import type { Secrets } from './secrets.js';

/** Where everything is, and as whom to go there. */
export interface Addresses {
  readonly api: string;
  readonly mailHttp: string;
  readonly slaHttp: string;
  readonly slack: string;
  readonly slackEvents: string;
  readonly playground: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly smtpRelay: string;
  readonly support: string;
  readonly database: string;
  readonly databaseApp: string;
  readonly databaseWorker: string;
  /** The bus, as this user (a service's name, `cli` or `admin`). */
  readonly natsAs: (user: string) => string;
}

export const DATABASE_NAME = 'deskwire';

/** Works out every address from the configuration; nothing is started or asked. */
export function addressesOf(config: StackConfig, secrets: Secrets): Addresses {
  // Listening everywhere is not an address to go to.
  const host = ['0.0.0.0', '::'].includes(config.LISTEN_HOST) ? '127.0.0.1' : config.LISTEN_HOST;
  const http = (port: number): string => `http://${inUrl(host)}:${port}`;
  const database =
    config.DATABASE_URL ?? ownerUrl({ port: config.POSTGRES_PORT, password: secrets.postgresPassword }, DATABASE_NAME);
  const slack = http(config.SLACK_HTTP_PORT);
  return {
    api: http(config.CORE_HTTP_PORT),
    mailHttp: http(config.MAIL_HTTP_PORT),
    slaHttp: http(config.SLA_HTTP_PORT),
    slack,
    slackEvents: `${slack}/slack/events`,
    playground: http(config.PLAYGROUND_PORT),
    smtp: { host, port: config.SMTP_PORT },
    smtpRelay: config.SMTP_RELAY_URL ?? `smtp://${inUrl(host)}:${config.PLAYGROUND_SMTP_PORT}`,
    support: `support@${config.MAIL_DOMAIN}`,
    database,
    databaseApp: config.DATABASE_APP_URL ?? withUser(database, 'deskwire_app', secrets.databaseAppPassword),
    databaseWorker: config.DATABASE_WORKER_URL ?? withUser(database, 'deskwire_worker', secrets.databaseWorkerPassword),
    natsAs: (user) => config.NATS_URL ?? natsUrl({ port: config.NATS_PORT, passwords: secrets.natsPasswords }, user),
  };
}

/** An IPv6 address stands in brackets in a URL. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function withUser(databaseUrl: string, user: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = password;
  return url.href;
}
