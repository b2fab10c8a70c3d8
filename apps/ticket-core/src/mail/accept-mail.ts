import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HINTS } from '#shared/contracts/hints.js';
import type { MailToAccept } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { NATS } from '#shared/messaging/messaging.module.js';
import { type AcceptedMail, InboundMailRepository } from './inbound-mail.repository.js';

interface Waiting {
  mails: AcceptedMail[];
  bytes: number;
  done: () => void;
  failed: (error: unknown) => void;
}

const MAX_ROWS = 64;
const MAX_BYTES = 4 * 1024 * 1024;
/** While one batch is being written the next one gathers; a second writer keeps the disk and this process both busy. */
const WRITERS = 2;

/**
 * Makes mails durable: raw bytes and envelope, in a row for each organisation it is for. Mails that wait together are
 * written and committed together (facts.md), so the rate grows with the load while a lone mail waits for nobody.
 */
@Injectable()
export class AcceptMail {
  private readonly queue: Waiting[] = [];
  private writing = 0;

  constructor(
    private readonly inbound: InboundMailRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {}

  /** Each mail with its part; each is answered for itself. All are in the queue before the first is written. */
  together(mails: readonly MailToAccept[], raws: readonly Buffer[]): Promise<{ ids: string[] }>[] {
    const answers = mails.map((mail, place) =>
      this.enqueue(mail, mail.blobKey === null ? (raws[place] ?? null) : null),
    );
    while (this.writing < WRITERS && this.queue.length > 0) void this.write();
    return answers;
  }

  private async enqueue(mail: MailToAccept, raw: Buffer | null): Promise<{ ids: string[] }> {
    if (mail.blobKey === null && raw?.length !== mail.sizeBytes) {
      throw new DeskError('BAD_REQUEST', 'sizeBytes: is not the size of the mail that came');
    }
    const { envelope, blobKey, sha256, sizeBytes, trace } = mail;
    const orgIds = [...new Set(envelope.recipients.map(({ orgId }) => orgId))];
    const rows = orgIds.map((orgId) => ({
      orgId,
      id: uuidv7(),
      sender: envelope.mailFrom.toLowerCase(),
      envelope: { ...envelope, recipients: envelope.recipients.filter((recipient) => recipient.orgId === orgId) },
      raw,
      blobKey,
      sha256,
      sizeBytes,
      trace,
    }));
    await new Promise<void>((done, failed) => {
      this.queue.push({ mails: rows, bytes: (raw?.length ?? 0) * rows.length, done, failed });
    });
    return { ids: rows.map(({ id }) => id) };
  }

  private async write(): Promise<void> {
    this.writing++;
    try {
      while (this.queue.length > 0) {
        const batch = this.next();
        try {
          await this.inbound.accept(batch.flatMap(({ mails }) => mails));
          for (const { done } of batch) done();
        } catch (error) {
          await this.oneByOne(batch, error);
        }
        if (!this.nats.isClosed()) this.nats.publish(HINTS.mailAccepted);
      }
    } finally {
      this.writing--;
    }
  }

  private next(): Waiting[] {
    let rows = 0;
    let bytes = 0;
    let take = 0;
    for (const waiting of this.queue) {
      rows += waiting.mails.length;
      bytes += waiting.bytes;
      if (take > 0 && (rows > MAX_ROWS || bytes > MAX_BYTES)) break;
      take++;
    }
    return this.queue.splice(0, take);
  }

  /** What is wrong with one mail's row must not turn away the others; when the database is away it is away for all. */
  private async oneByOne(batch: Waiting[], error: unknown): Promise<void> {
    const away = error instanceof DeskError && error.code === 'UNAVAILABLE';
    for (const { mails, done, failed } of batch) {
      if (away || batch.length === 1) failed(error);
      else await this.inbound.accept(mails).then(done, failed);
    }
  }
}
