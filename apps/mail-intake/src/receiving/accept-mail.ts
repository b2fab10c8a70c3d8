import { errors } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import { acceptMails, type Envelope, type MailToAccept } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { currentTrace } from '#shared/messaging/headers.js';
import type { ReceivedMail } from './receive-mail.js';

interface Waiting {
  mail: MailToAccept;
  bytes: Buffer;
  done: (ids: string[]) => void;
  failed: (error: unknown) => void;
}

const MAX_MAILS = 64;
/** NATS carries 1 MiB at most. */
const MAX_BYTES = 700 * 1024;

/** Makes received mails durable in the core. Nothing here looks into them (design.md, rule 1). */
export class AcceptMail {
  /** Mails that wait for the core at this moment: many of them mean that more comes in than is taken. */
  inFlight = 0;
  private readonly queue: Waiting[] = [];
  private asking = false;

  constructor(
    private readonly client: ContractClient,
    private readonly blobs: Pick<BlobStore, 'remove'>,
    private readonly log: Logger,
  ) {}

  /** @returns the ids of the rows that stand for it. @throws DeskError: it is not accepted, or nobody can tell. */
  async execute(envelope: Envelope, { sha256, sizeBytes, blobKey, bytes }: ReceivedMail): Promise<string[]> {
    this.inFlight++;
    try {
      return await new Promise<string[]>((done, failed) => {
        const mail = { envelope, sha256, sizeBytes, blobKey, trace: currentTrace() };
        this.queue.push({ mail, bytes: bytes ?? NOTHING, done, failed });
        if (!this.asking) void this.ask();
      });
    } catch (error) {
      if (blobKey && wasSurelyRefused(error)) await this.discard(blobKey);
      throw error;
    } finally {
      this.inFlight--;
    }
  }

  /**
   * A lone mail goes at once. While a request is on its way the next gathers: the more comes in, the fewer messages,
   * statements and commits a mail costs (measured: two requests at a time take 12 % more processor time a mail).
   */
  private async ask(): Promise<void> {
    this.asking = true;
    while (this.queue.length > 0) {
      const batch = this.next();
      try {
        const mails = batch.map(({ mail }) => mail);
        const parts = batch.map(({ bytes }) => bytes);
        const { reply } = await this.client.requestBinary(acceptMails, { mails }, parts);
        batch.forEach(({ done, failed }, place) => {
          const result = reply.results[place];
          if (result && 'ids' in result) done(result.ids);
          else failed(DeskError.fromWire(result?.error));
        });
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.asking = false;
  }

  private next(): Waiting[] {
    let bytes = 0;
    let take = 0;
    for (const waiting of this.queue) {
      bytes += waiting.bytes.length;
      if (take > 0 && (take >= MAX_MAILS || bytes > MAX_BYTES)) break;
      take++;
    }
    return this.queue.splice(0, take);
  }

  /** Our trace headers make the file one of a kind, so no other mail can need it. */
  private async discard(blobKey: string): Promise<void> {
    await this.blobs.remove(blobKey).catch((error: unknown) => {
      this.log.warn({ err: error, blobKey }, 'a mail that was not accepted stays in the blob store');
    });
  }
}

const NOTHING = Buffer.alloc(0);

/** After a time-out or a lost connection the core may have taken it: then its file must stay. */
function wasSurelyRefused(error: unknown): boolean {
  if (!(error instanceof DeskError)) return false;
  const { cause } = error;
  if (cause instanceof errors.NoRespondersError) return true;
  if (cause instanceof errors.RequestError) return cause.isNoResponders();
  return cause === undefined && error.code !== 'TIMEOUT' && error.code !== 'INTERNAL';
}
