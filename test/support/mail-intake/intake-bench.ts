import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTo, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { LocalBlobs } from '#shared/blobs/local-blobs.js';
import { readNatsUrl } from '#shared/messaging/connect-nats.js';
import { ContractClient } from '#shared/messaging/contract-client.js';
import { TestNats } from '../nats.js';
import { FakeCore } from './fake-core.js';
import { AcceptMail } from '../../../apps/mail-intake/src/receiving/accept-mail.js';
import { KnownRecipients } from '../../../apps/mail-intake/src/receiving/known-recipients.js';
import { SmtpListener, type ListenerSettings } from '../../../apps/mail-intake/src/receiving/smtp-listener.js';

export const silent = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const LISTENER: ListenerSettings = {
  name: 'mx.acme.test',
  lmtp: false,
  maxSizeBytes: 1024 * 1024,
  maxRecipients: 3,
  maxConnections: 50,
  maxConnectionsPerAddress: 20,
  maxMailsPerSenderMinute: 0,
  idleTimeoutMs: 10_000,
  mailTimeoutMs: 10_000,
  closeTimeoutMs: 1_000,
  proxyFrom: [],
  tls: null,
};

/** A nats-server, a fake core on it, a blob store and a listener: what an integration test of the intake needs. */
export class IntakeBench {
  nats!: NatsConnection;
  coreNats!: NatsConnection;
  core!: FakeCore;
  client!: ContractClient;
  blobs!: LocalBlobs;
  folder!: string;
  private bus!: TestNats;
  private readonly listeners: SmtpListener[] = [];

  async start(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'deskwire-intake-'));
    this.bus = await TestNats.start();
    const { url } = this.bus;
    this.nats = await connectTo({ ...readNatsUrl(url), waitOnFirstConnect: true });
    this.coreNats = await connectTo({ ...readNatsUrl(url), waitOnFirstConnect: true });
    this.client = new ContractClient(this.nats);
    this.blobs = new LocalBlobs(join(this.folder, 'blobs'));
    await this.newCore();
  }

  /** A core that has seen nothing yet. */
  async newCore(): Promise<FakeCore> {
    await this.core?.stop();
    this.core = new FakeCore(this.coreNats);
    await this.core.start();
    return this.core;
  }

  async listen(settings: Partial<ListenerSettings> = {}): Promise<number> {
    const listener = new SmtpListener(
      { ...LISTENER, ...settings },
      {
        recipients: new KnownRecipients(this.client, 'acme.test'),
        accept: new AcceptMail(this.client, this.blobs, silent),
        blobs: this.blobs,
        log: silent,
      },
    );
    this.listeners.push(listener);
    return listener.listen(0, '127.0.0.1');
  }

  get lastListener(): SmtpListener {
    return this.listeners.at(-1)!;
  }

  async stop(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
    await this.core.stop();
    await Promise.all([this.nats.close(), this.coreNats.close()]);
    await this.bus.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A bare SMTP client: says exactly what it is told to, byte for byte. */
export class BareClient {
  received = '';
  closed = false;
  private waiters: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.waiters.forEach((wake) => wake());
    });
    socket.on('close', () => {
      this.closed = true;
      this.waiters.forEach((wake) => wake());
    });
    socket.on('error', () => undefined);
  }

  static async to(port: number): Promise<BareClient> {
    const client = new BareClient(connect(port, '127.0.0.1'));
    await client.reply();
    return client;
  }

  /** Sends a line and returns the whole reply to it. */
  async say(line: string): Promise<string> {
    this.received = '';
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Sends bytes as they are. */
  write(bytes: string | Buffer): void {
    this.received = '';
    this.socket.write(bytes);
  }

  /** The next whole reply (RFC 5321 4.2: the last line has a space after the code). */
  async reply(withinMs = 5_000): Promise<string> {
    await this.until(() => /^\d{3} .*\r\n$/m.test(this.received) || this.closed, withinMs);
    return this.received.trim();
  }

  async until(met: () => boolean, withinMs = 5_000): Promise<void> {
    const endMs = Date.now() + withinMs;
    while (!met()) {
      if (Date.now() > endMs) throw new Error(`nothing came; so far: ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.waiters = [];
    }
  }

  async upToData(to = 'support@acme.test', from = 'casey@customer.example'): Promise<void> {
    await this.say('EHLO client.example');
    await this.say(`MAIL FROM:<${from}>`);
    await this.say(`RCPT TO:<${to}>`);
    await this.say('DATA');
  }

  end(): void {
    this.socket.destroy();
  }
}

export async function eventually(met: () => boolean, withinMs = 5_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!met()) {
    if (Date.now() > endMs) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
