import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { blobVariables, checkBlobSettings } from '#shared/blobs/blob-variables.js';
import { port, readConfig, serviceVariables } from '#shared/service/read-config.js';

const onOff = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'], { error: 'must be on or off' })
    .default(fallback)
    .transform((value) => value === 'on');

const count = (fallback: number, least = 1) =>
  z.coerce
    .number({ error: `must be a whole number of at least ${least}` })
    .int()
    .min(least)
    .default(fallback);

/** A readable file, given by its path; the value is its content. */
const file = z
  .string()
  .transform((path, context) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      context.addIssue(`must be the path of a readable file (${(error as NodeJS.ErrnoException).code})`);
      return z.NEVER;
    }
  })
  .optional();

const variables = {
  ...serviceVariables,
  ...blobVariables,
  /** Health and metrics. */
  MAIL_HTTP_PORT: port(3003),
  /** Mail in (RFC 5321). */
  SMTP_PORT: port(2525),
  /** Mail in from a server of ours that queues by itself, such as Postfix (LMTP, RFC 2033); none without it. */
  LMTP_PORT: port(0).optional(),
  /** The domain of bare local recipients (`<postmaster>`). */
  MAIL_DOMAIN: z.string().min(1).max(255).default('localhost'),
  /** The name by which the server greets and that Received headers bear; MAIL_DOMAIN unless told otherwise. */
  SMTP_NAME: z.string().min(1).max(255).optional(),

  /** Largest mail that is taken, in bytes. */
  SMTP_MAX_SIZE_BYTES: count(30 * 1024 * 1024, 1024),
  SMTP_MAX_RECIPIENTS: count(100).pipe(z.int().max(1000, 'must be at most 1000')),
  SMTP_MAX_CONNECTIONS: count(500),
  SMTP_MAX_CONNECTIONS_PER_ADDRESS: count(100),
  /** Mails of one envelope sender in a minute; 0 is no limit. */
  SMTP_MAX_MAILS_PER_SENDER_MINUTE: count(0, 0),
  /** A connection that says nothing for so long is closed. */
  SMTP_IDLE_TIMEOUT_SECONDS: count(60),
  /** And so is one that takes so long for a single mail, however busy it looks. */
  SMTP_MAIL_TIMEOUT_SECONDS: count(600),
  /** STARTTLS is offered when both are set (PEM). */
  SMTP_TLS_KEY_FILE: file,
  SMTP_TLS_CERT_FILE: file,
  /** Addresses of load balancers that begin with a PROXY line (version 1), separated by commas. */
  SMTP_PROXY_FROM: z
    .string()
    .optional()
    .transform((list) =>
      (list ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    ),

  /** Where outgoing mail is handed over: `smtp://user:password@host:port` or `smtps://…`. */
  SMTP_RELAY_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an address such as smtp://127.0.0.1:1025' })
    .default('smtp://127.0.0.1:1025'),
  /** Signs reply addresses (`support+<token>@…`). Every instance needs the same one. */
  REPLY_ADDRESS_SECRET: z
    .string({ error: 'must be set: at least 32 characters, the same on every instance' })
    .min(32, 'must be at least 32 characters'),
  /** Outgoing mail is signed when all three are set (RFC 6376). */
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_KEY_FILE: file,

  /** Checks SPF, DKIM and DMARC of incoming mail; it needs DNS. When off, no mail counts as authenticated. */
  MAIL_AUTH: onOff('off'),
};

export type MailIntakeConfig = ReturnType<typeof readMailIntakeConfig>;

export function readMailIntakeConfig(env: NodeJS.ProcessEnv = process.env) {
  const config = readConfig(variables, env);
  checkBlobSettings(config);
  if (!config.SMTP_TLS_KEY_FILE !== !config.SMTP_TLS_CERT_FILE) {
    throw new Error('SMTP_TLS_KEY_FILE and SMTP_TLS_CERT_FILE: set both or neither');
  }
  const dkim = [config.DKIM_DOMAIN, config.DKIM_SELECTOR, config.DKIM_KEY_FILE].filter(Boolean).length;
  if (dkim % 3 !== 0) throw new Error('DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE: set all three or none');
  return { ...config, SMTP_NAME: config.SMTP_NAME ?? config.MAIL_DOMAIN };
}
