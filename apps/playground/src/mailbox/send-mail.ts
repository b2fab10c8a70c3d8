import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, Mailbox } from './mailbox.js';

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[] | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  readonly messageId?: string | undefined;
  readonly inReplyTo?: string | undefined;
  readonly references?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly attachments?:
    | readonly { readonly filename: string; readonly contentType?: string | undefined; readonly content: Buffer }[]
    | undefined;
}

/** What the SMTP server said, word for word. */
export interface SendResult {
  readonly ok: boolean;
  readonly code: number | null;
  readonly response: string;
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
  /** The copy in the sender's mailbox; only of a mail that was accepted. */
  readonly mail?: Mail;
}

/** Sends what a customer wrote to the help desk's SMTP server, and keeps a copy. */
export class SendMail {
  private readonly transport: Transporter;

  constructor(
    private readonly mailbox: Mailbox,
    smtpUrl: string,
  ) {
    this.transport = createTransport({
      url: smtpUrl,
      connectionTimeout: 5_000,
      greetingTimeout: 5_000,
      socketTimeout: 30_000,
      // The help desk on this machine has a certificate of its own making, if any.
      tls: { rejectUnauthorized: false },
    });
  }

  async execute(mail: OutgoingMail): Promise<SendResult> {
    const raw = await compose(mail);
    return this.raw({ from: addressOf(mail.from), to: [...mail.to, ...(mail.cc ?? [])].map(addressOf) }, raw);
  }

  /** A mail byte for byte as given. */
  async raw(envelope: { from: string; to: string[] }, raw: Buffer): Promise<SendResult> {
    try {
      const sent = (await this.transport.sendMail({ envelope, raw })) as {
        response: string;
        accepted: string[];
        rejected: string[];
      };
      const { response, accepted, rejected } = sent;
      const kept = await this.mailbox.keep('sent', envelope, raw);
      return { ok: true, code: codeOf(response), response, accepted, rejected, mail: kept };
    } catch (error) {
      const failure = error as Error & { responseCode?: number; response?: string };
      const response = failure.response ?? failure.message;
      return {
        ok: false,
        code: failure.responseCode ?? codeOf(response),
        response,
        accepted: [],
        rejected: envelope.to,
      };
    }
  }

  close(): void {
    this.transport.close();
  }
}

function codeOf(response: string): number | null {
  const code = /^\d{3}/.exec(response)?.[0];
  return code === undefined ? null : Number(code);
}

/** `Casey <casey@x.test>` or `casey@x.test` to the bare address. */
export function addressOf(given: string): string {
  return (/<([^<>]+)>\s*$/.exec(given)?.[1] ?? given).trim();
}

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

async function compose(mail: OutgoingMail): Promise<Buffer> {
  const { to, cc, references, attachments, headers, ...rest } = mail;
  const built = await composer.sendMail({
    ...rest,
    to: [...to],
    cc: [...(cc ?? [])],
    ...(references && references.length > 0 ? { references: [...references] } : {}),
    headers: { ...headers },
    attachments: (attachments ?? []).map((one) => ({ ...one })),
    // What a customer's program may never do: read files of ours, or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return built.message as Buffer;
}
