import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';

/** One connection a service, which never gives up: NATS may come and go, the service stays. URL credentials are honoured. */
export async function connectNats(url: string, name: string, log: Logger): Promise<NatsConnection> {
  const nats = await connect({
    ...readNatsUrl(url),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    waitOnFirstConnect: true,
    // Two missed pings: a dead server is noticed within seconds, and requests fail fast instead of hanging.
    pingInterval: 5_000,
    maxPingOut: 2,
    // Otherwise each request captures two stack traces, in case it fails: a tenth of the time of accepting a mail.
    noAsyncTraces: true,
  });
  void (async () => {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') log.warn('NATS is away');
      if (status.type === 'reconnect') log.info('NATS is back');
      if (status.type === 'error') log.warn({ err: status.error }, 'NATS reports an error');
    }
  })();
  return nats;
}

export interface NatsLogin {
  servers: string[];
  user?: string;
  pass?: string;
  inboxPrefix?: string;
}

/**
 * `nats://user:pass@host:port,host2:port2`: several servers may stand behind one another. Answers come to an inbox of the
 * user's own, which no other user may read (apps/cli/src/stack/nats-permissions.ts).
 */
export function readNatsUrl(url: string): NatsLogin {
  const [first, ...others] = url.split(',');
  const parsed = new URL(first!.includes('://') ? first! : `nats://${first}`);
  const servers = [parsed.host, ...others.map((server) => server.replace(/^nats:\/\//, '').replace(/^.*@/, ''))];
  if (!parsed.username) return { servers };
  const user = decodeURIComponent(parsed.username);
  return { servers, user, pass: decodeURIComponent(parsed.password), inboxPrefix: `_INBOX.${user}` };
}
