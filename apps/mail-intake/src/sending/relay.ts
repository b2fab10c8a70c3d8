import { createTransport } from 'nodemailer';
import { parseConnectionUrl } from 'nodemailer/lib/shared/index.js';
import type { ComposedMail } from '#mail/compose-mail.js';
import { isPlainAddress } from '#mail/mail-headers.js';
import { outcomeOfFailure, outcomeOfSuccess, type Outcome, type SendFailure } from './delivery.policy.js';

export interface RelaySettings {
  /** `smtp://user:password@host:port`, with nodemailer's options as query. */
  url: string;
  /** How we greet. */
  name: string;
  dkim: { domainName: string; keySelector: string; privateKey: string } | null;
}

/** The one server that takes our mail, over a few kept connections. */
export class Relay {
  private readonly transport;

  constructor(settings: RelaySettings) {
    this.transport = createTransport({
      ...parseConnectionUrl(settings.url),
      pool: true,
      maxConnections: 5,
      maxMessages: 200,
      name: settings.name,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(settings.dkim && { dkim: settings.dkim }),
    });
    // An idle connection that the relay closes is no trouble of ours: the next mail opens another.
    this.transport.on('error', () => undefined);
  }

  /** Never rejects: says how it went. */
  async send(letter: ComposedMail): Promise<Outcome> {
    const { from, to } = letter.envelope;
    // '' is the null path of an automatic mail (RFC 5321 4.5.5).
    const odd = [from, ...to].find((address, at) => !isPlainAddress(address) && !(at === 0 && address === ''));
    // nodemailer would take `b@x\r\nRCPT TO:<c@y>` and write to c@y (facts.md).
    if (odd !== undefined)
      return {
        state: 'failed',
        detail: `not an address that can be written to: ${JSON.stringify(odd)}`.slice(0, 1_000),
      };
    try {
      const info = await this.transport.sendMail(letter);
      return outcomeOfSuccess({ response: info.response, rejected: info.rejected.map(String) });
    } catch (error) {
      return outcomeOfFailure(error as SendFailure);
    }
  }

  close(): void {
    this.transport.close();
  }
}
