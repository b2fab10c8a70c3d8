import { Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { HINTS } from '#shared/contracts/hints.js';
import type { acceptMail } from '#shared/contracts/mail-in.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { currentTrace } from '#shared/messaging/headers.js';
import { NATS } from '#shared/messaging/messaging.module.js';
import { type AcceptedMail, InboundMailRepository } from './inbound-mail.repository.js';

type Input = z.output<(typeof acceptMail)['request']>;

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

  async execute(input: Input, raw: Buffer | null): Promise<{ ids: string[] }> {
    if ((raw === null) === (input.blobKey === null)) {
      throw new DeskError(
        'BAD_REQUEST',
        'blobKey: a mail travels in the request or lies in the blob store, one of the two',
      );
    }
    if (raw && raw.length !== input.sizeBytes)
      throw new DeskError('BAD_REQUEST', 'sizeBytes: is not the size of the mail that came');
    const { envelope } = input;
    const trace = currentTrace();
    const orgIds = [...new Set(envelope.recipients.map(({ orgId }) => orgId))];
    const mails = orgIds.map((orgId) => ({
      orgId,
      id: uuidv7(),
      sender: envelope.mailFrom.toLowerCase(),
      envelope: { ...envelope, recipients: envelope.recipients.filter((recipient) => recipient.orgId === orgId) },
      raw,
      blobKey: input.blobKey,
      sha256: input.sha256,
      sizeBytes: input.sizeBytes,
      trace,
    }));
    await new Promise<void>((done, failed) => {
      this.queue.push({ mails, bytes: (raw?.length ?? 0) * mails.length, done, failed });
      if (this.writing < WRITERS) void this.write();
    });
    return { ids: mails.map(({ id }) => id) };
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
