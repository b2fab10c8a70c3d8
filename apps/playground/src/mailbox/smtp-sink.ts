import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Mailbox } from './mailbox.js';

const MAX_BYTES = 50 * 1024 * 1024;

/** Where the help desk's mail to customers ends up: takes every mail for everybody, and sends nothing on. */
export class SmtpSink {
  private readonly server: SMTPServer;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly onError: (error: Error) => void,
  ) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      // No look-up leaves this machine, and no client waits for one.
      disableReverseLookup: true,
      size: MAX_BYTES,
      maxClients: 100,
      socketTimeout: 30_000,
      closeTimeout: 1_000,
      banner: 'Deskwire playground mailbox',
      // Errors are answered through the callback: an async handler that rejects would end the process.
      onData: (stream, session, callback) => {
        this.take(stream, session).then(
          () => callback(),
          (error: unknown) => callback(asTemporary(error)),
        );
      },
    });
    // Clients that vanish in the middle are no errors of ours.
    this.server.on('error', (error: Error) => this.onError(error));
  }

  /** Resolves with the port that it listens on. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(error);
      this.server.server.once('error', failed);
      this.server.listen(port, host, () => {
        this.server.server.off('error', failed);
        resolve((this.server.server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) chunks.push(chunk);
    }
    if (stream.sizeExceeded || bytes > MAX_BYTES)
      throw Object.assign(new Error('5.3.4 The mail is too large.'), { responseCode: 552 });
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom === false ? '' : mailFrom.address;
    await this.mailbox.keep('received', { from, to: rcptTo.map(({ address }) => address) }, Buffer.concat(chunks));
  }
}

function asTemporary(error: unknown): Error {
  if (error instanceof Error && 'responseCode' in error) return error;
  return Object.assign(new Error('4.3.0 The mailbox failed, try again.'), { responseCode: 451 });
}
