import { hostname } from 'node:os';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { openBlobs } from '#shared/blobs/open-blobs.js';
import { HINTS } from '#shared/contracts/hints.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import type { MailIntakeConfig } from './config.js';
import { FilingSupervisor } from './filing/filing-supervisor.js';
import type { IntakeMetrics } from './intake-metrics.js';
import { AcceptMail } from './receiving/accept-mail.js';
import { KnownRecipients } from './receiving/known-recipients.js';
import { SmtpListener } from './receiving/smtp-listener.js';
import { listenerSettings } from './receiving/smtp-listener.settings.js';
import { handOver } from './sending/hand-over.js';
import { Relay } from './sending/relay.js';
import { SENDING_DEFAULTS, SendingWorker } from './sending/sending-worker.js';

/** With so many mails waiting for the core, filing steps back. */
const MANY_IN_FLIGHT = 8;
const EASE_EVERY_MS = 200;

/** A service that is told to end has ten seconds; filing gets most of them. */
const FILING_ENDS_WITHIN_MS = 7_000;

/** Mail in, filing, mail out: started together, ended in this order. */
export class MailIntakeService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly doors: { listener: SmtpListener; port: number }[];
  private readonly filing: FilingSupervisor;
  private readonly sending: SendingWorker;
  private readonly relay: Relay;
  private easedAtMs = 0;

  constructor(
    private readonly config: MailIntakeConfig,
    private readonly nats: NatsConnection,
    private readonly log: Logger,
    metrics: IntakeMetrics,
  ) {
    const client = new ContractClient(nats);
    const blobs = openBlobs(config);
    const accept = new AcceptMail(client, blobs, log);
    const parts = {
      recipients: new KnownRecipients(client, config.MAIL_DOMAIN),
      accept,
      blobs,
      log,
      onAnswered: (code: number) => {
        metrics.answered.inc({ code });
        if (accept.inFlight >= MANY_IN_FLIGHT) this.easeFiling();
      },
    };
    this.doors = [{ listener: new SmtpListener(listenerSettings(config, false), parts), port: config.SMTP_PORT }];
    if (config.LMTP_PORT !== undefined) {
      this.doors.push({ listener: new SmtpListener(listenerSettings(config, true), parts), port: config.LMTP_PORT });
    }
    this.filing = new FilingSupervisor(config, log, (disposition) => metrics.filed.inc({ disposition }));
    const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_KEY_FILE: privateKey } = config;
    const relay = new Relay({
      url: config.SMTP_RELAY_URL,
      name: config.SMTP_NAME,
      dkim: domainName && keySelector && privateKey ? { domainName, keySelector, privateKey } : null,
    });
    this.relay = relay;
    this.sending = new SendingWorker(
      { ...SENDING_DEFAULTS, worker: `${hostname()}:${process.pid}`.slice(-100) },
      client,
      (mail) => handOver(mail, relay, config.REPLY_ADDRESS_SECRET, blobs),
      log,
      (state) => metrics.settled.inc({ state }),
    );
  }

  /** The core's own hint wakes filing; only that it should step back is said from here, now and then. */
  private easeFiling(): void {
    const nowMs = Date.now();
    if (nowMs - this.easedAtMs < EASE_EVERY_MS) return;
    this.easedAtMs = nowMs;
    this.filing.ease();
  }

  /** For /health/ready. */
  get isListening(): boolean {
    return this.doors.every(({ listener }) => listener.isListening);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.nats.subscribe(HINTS.mailQueued, { callback: () => this.sending.ring() });
    this.filing.start();
    this.sending.start();
    for (const { listener, port } of this.doors) {
      const taken = await listener.listen(port, this.config.LISTEN_HOST);
      this.log.info({ port: taken }, 'takes mail');
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([
      ...this.doors.map(({ listener }) => listener.close()),
      this.filing.stop(FILING_ENDS_WITHIN_MS),
      this.sending.stop().finally(() => this.relay.close()),
    ]);
  }
}
