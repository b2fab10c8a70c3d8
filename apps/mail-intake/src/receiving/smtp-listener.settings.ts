import type { MailIntakeConfig } from '../config.js';
import type { ListenerSettings } from './smtp-listener.js';

/** What the configuration says of the doors, for SMTP and LMTP alike. */
export function listenerSettings(config: MailIntakeConfig, lmtp: boolean): ListenerSettings {
  const { SMTP_TLS_KEY_FILE: key, SMTP_TLS_CERT_FILE: cert } = config;
  return {
    name: config.SMTP_NAME,
    lmtp,
    maxSizeBytes: config.SMTP_MAX_SIZE_BYTES,
    maxRecipients: config.SMTP_MAX_RECIPIENTS,
    maxConnections: config.SMTP_MAX_CONNECTIONS,
    maxConnectionsPerAddress: config.SMTP_MAX_CONNECTIONS_PER_ADDRESS,
    maxMailsPerSenderMinute: config.SMTP_MAX_MAILS_PER_SENDER_MINUTE,
    idleTimeoutMs: config.SMTP_IDLE_TIMEOUT_SECONDS * 1000,
    mailTimeoutMs: config.SMTP_MAIL_TIMEOUT_SECONDS * 1000,
    closeTimeoutMs: 5_000,
    proxyFrom: config.SMTP_PROXY_FROM,
    tls: key && cert ? { key, cert } : null,
  };
}
