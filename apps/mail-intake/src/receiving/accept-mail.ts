import { errors } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { BlobStore } from '#shared/blobs/blob-store.js';
import { acceptMail, type Envelope } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import type { ReceivedMail } from './receive-mail.js';

/** Makes a received mail durable in the core. Nothing here looks into it (design.md, rule 1). */
export class AcceptMail {
  /** Mails that wait for the core at this moment: many of them mean that more comes in than is taken. */
  inFlight = 0;

  constructor(
    private readonly client: ContractClient,
    private readonly blobs: Pick<BlobStore, 'remove'>,
    private readonly log: Logger,
  ) {}

  /** @returns the ids of the rows that stand for it. @throws DeskError: it is not accepted, or nobody can tell. */
  async execute(envelope: Envelope, mail: ReceivedMail): Promise<string[]> {
    const { sha256, sizeBytes, blobKey } = mail;
    this.inFlight++;
    try {
      const parts = mail.bytes ? [mail.bytes] : [];
      const { reply } = await this.client.requestBinary(acceptMail, { envelope, sha256, sizeBytes, blobKey }, parts);
      return reply.ids;
    } catch (error) {
      if (blobKey && wasSurelyRefused(error)) await this.discard(blobKey);
      throw error;
    } finally {
      this.inFlight--;
    }
  }

  /** Our trace headers make the file one of a kind, so no other mail can need it. */
  private async discard(blobKey: string): Promise<void> {
    await this.blobs.remove(blobKey).catch((error: unknown) => {
      this.log.warn({ err: error, blobKey }, 'a mail that was not accepted stays in the blob store');
    });
  }
}

/** After a time-out or a lost connection the core may have taken it: then its file must stay. */
function wasSurelyRefused(error: unknown): boolean {
  if (!(error instanceof DeskError)) return false;
  const { cause } = error;
  if (cause instanceof errors.NoRespondersError) return true;
  if (cause instanceof errors.RequestError) return cause.isNoResponders();
  return cause === undefined && error.code !== 'TIMEOUT' && error.code !== 'INTERNAL';
}
