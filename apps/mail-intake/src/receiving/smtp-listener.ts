import { isIP, type AddressInfo } from 'node:net';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { SpanKind, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import type { Envelope } from '#shared/contracts/mail-in.js';
import type { AcceptMail } from './accept-mail.js';
import { ConnectionLimit } from './connection-limit.js';
import type { KnownRecipients, Recipient } from './known-recipients.js';
import { MailDeadlines } from './mail-deadline.js';
import { PromptServer } from './prompt-server.js';
import { receiveMail } from './receive-mail.js';
import { SenderRate } from './sender-rate.js';
import { refusalFrom, type SmtpRefusal } from './smtp-refusal.js';
import { traceHeaders } from './trace-headers.js';

export interface ListenerSettings {
  name: string;
  lmtp: boolean;
  maxSizeBytes: number;
  maxRecipients: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  maxMailsPerSenderMinute: number;
  idleTimeoutMs: number;
  mailTimeoutMs: number;
  /** How long mails on their way may take once we are told to end. */
  closeTimeoutMs: number;
  proxyFrom: string[];
  tls: { key: string; cert: string } | null;
}

export interface ListenerParts {
  recipients: Pick<KnownRecipients, 'find'>;
  accept: Pick<AcceptMail, 'execute'>;
  blobs: Pick<BlobStore, 'putStream'>;
  log: Logger;
  /** For the counters: each answer to DATA, by its code. */
  onAnswered?: (code: number) => void;
}

const tracer = trace.getTracer('deskwire');

type Done = (error?: Error | null, message?: string) => void;

/**
 * The SMTP (or LMTP) server: it resolves recipients and passes bytes on, and knows nothing of what is in a mail.
 * Each of smtp-server's traps (facts.md) is closed here or in the policy beside this file.
 */
export class SmtpListener {
  private readonly server: PromptServer;
  private readonly connections: ConnectionLimit;
  private readonly senders: SenderRate;
  private readonly deadlines: MailDeadlines<SMTPServerSession>;
  /** Which organisation each accepted RCPT belongs to, by smtp-server's own object for it. */
  private readonly resolved = new WeakMap<SMTPServerAddress, Recipient>();

  /** Sessions between DATA and our answer. */
  private readonly inMail = new WeakSet<SMTPServerSession>();

  constructor(
    private readonly settings: ListenerSettings,
    private readonly parts: ListenerParts,
  ) {
    this.connections = new ConnectionLimit(settings.maxConnectionsPerAddress);
    this.senders = new SenderRate(settings.maxMailsPerSenderMinute);
    this.deadlines = new MailDeadlines(settings.mailTimeoutMs, (session) => {
      this.server.hangUp(session, 'That took too long');
    });
    this.server = new PromptServer(this.options());
    this.server.on('error', (error) => parts.log.debug({ err: error }, 'a connection broke'));
  }

  /** @returns the port. @throws when it is taken. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.server.off('error', reject);
        resolve((this.server.server.address() as AddressInfo).port);
      });
    });
  }

  get isListening(): boolean {
    return this.server.server.listening;
  }

  /** New connections and commands get 421; a mail that is being received may still be accepted. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(resolve);
      // Nobody is kept waiting who is not in the middle of a mail.
      for (const { session } of this.server.connections) {
        if (!this.inMail.has(session))
          this.server.hangUp(session, 'This desk is going away for a moment, please come back');
      }
    });
  }

  private options(): SMTPServerOptions {
    const { settings } = this;
    return {
      name: settings.name,
      banner: 'Deskwire',
      lmtp: settings.lmtp,
      size: settings.maxSizeBytes,
      rejectOversized: true,
      maxRecipients: settings.maxRecipients,
      maxClients: settings.maxConnections,
      socketTimeout: settings.idleTimeoutMs,
      closeTimeout: settings.closeTimeoutMs,
      maxCommandLength: 4096,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      // A customer whose mailbox has an odd but working address gets in too; the core judges addresses.
      lenientAddressParsing: true,
      disabledCommands: ['AUTH', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL', ...(settings.tls ? [] : ['STARTTLS'])],
      logger: false,
      ...(settings.proxyFrom.length > 0 && { useProxy: settings.proxyFrom }),
      ...settings.tls,
      onConnect: (session, done) => this.onConnect(session, done),
      onMailFrom: (address, _session, done) => this.onMailFrom(address, done),
      onRcptTo: (address, _session, done) => void this.onRcptTo(address, done),
      // A mail's trace begins here and ends at the card in Slack.
      onData: (stream, session, done) =>
        void tracer.startActiveSpan('smtp.data', { kind: SpanKind.SERVER }, (span) =>
          this.onData(stream, session, done).finally(() => span.end()),
        ),
      onClose: (session) => this.onClose(session),
    };
  }

  private onConnect(session: SMTPServerSession, done: Done): void {
    try {
      this.connections.enter(session.remoteAddress, session);
      this.deadlines.start(session);
      done();
    } catch (error) {
      done(refusalFrom(error));
    }
  }

  private onClose(session: SMTPServerSession): void {
    this.connections.leave(session.remoteAddress, session);
    this.deadlines.end(session);
  }

  private onMailFrom(address: SMTPServerAddress, done: Done): void {
    try {
      this.senders.count(address.address, Date.now());
      done();
    } catch (error) {
      done(refusalFrom(error));
    }
  }

  private async onRcptTo(address: SMTPServerAddress, done: Done): Promise<void> {
    let refusal: SmtpRefusal | null = null;
    try {
      this.resolved.set(address, await this.parts.recipients.find(address.address));
    } catch (error) {
      refusal = this.refused(error, 'a recipient could not be resolved');
    }
    done(refusal);
  }

  private async onData(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    let refusal: SmtpRefusal | null = null;
    let ids: string[] = [];
    this.inMail.add(session);
    try {
      const envelope = this.envelopeOf(session);
      const mail = await receiveMail(stream, this.traceOf(session, envelope), this.parts.blobs);
      this.deadlines.stop(session);
      ids = await this.parts.accept.execute(envelope, mail);
    } catch (error) {
      refusal = this.refused(error, 'a mail was not accepted');
    }
    this.inMail.delete(session);
    this.deadlines.start(session);
    this.parts.onAnswered?.(refusal?.responseCode ?? 250);
    if (refusal) done(refusal);
    else done(null, `OK: queued as ${ids.join(' ')}`);
  }

  private refused(error: unknown, what: string): SmtpRefusal {
    const refusal = refusalFrom(error);
    if (refusal !== error && refusal.responseCode < 500) this.parts.log.warn({ err: error }, what);
    return refusal;
  }

  private envelopeOf(session: SMTPServerSession): Envelope {
    const { mailFrom, rcptTo } = session.envelope;
    const recipients = rcptTo.map((address) => this.resolved.get(address)).filter((one) => one !== undefined);
    return {
      mailFrom: mailFrom === false ? '' : mailFrom.address.slice(0, 320),
      recipients,
      receivedAt: new Date().toISOString(),
      peer: isIP(session.remoteAddress) ? session.remoteAddress : 'unknown',
      helo: (session.hostNameAppearsAs || '').slice(0, 255),
      tls: session.secure,
    };
  }

  private traceOf(session: SMTPServerSession, envelope: Envelope): string {
    const [only, ...others] = envelope.recipients;
    return traceHeaders({
      mailFrom: envelope.mailFrom,
      recipient: only && others.length === 0 ? only.address : null,
      helo: envelope.helo,
      peer: envelope.peer,
      by: this.settings.name,
      protocol: session.transmissionType,
      id: `${session.id}.${session.transaction}`,
      at: new Date(envelope.receivedAt),
    });
  }
}
