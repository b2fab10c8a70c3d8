import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Actor } from '#shared/contracts/actor.js';
import { BlobMissing, type BlobStore, type ByteRange } from '#shared/blobs/blob-store.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import type { AttachmentRow } from './attachment.view.js';
import { BLOBS } from './attachment-rules.js';
import { FindAttachment } from './find-attachment.js';

/** A file that may be read: what is told of it before its bytes, and the bytes. */
export interface ReadableAttachment {
  name: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  open: (range?: ByteRange) => Promise<Readable>;
}

@Injectable()
export class ReadAttachment {
  constructor(
    private readonly database: Database,
    private readonly find: FindAttachment,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @throws DeskError NOT_FOUND; UNAVAILABLE when its bytes are not where they should be */
  async execute(actor: Actor, id: string, ticket?: TicketRef): Promise<ReadableAttachment> {
    const row = await this.database.tenant(actor.orgId, (tx) => this.find.execute(tx, actor, id, ticket));
    const found = await this.orUnavailable(row, () => this.blobs.stat(row.blob_key));
    if (!found) throw this.unavailable(row, new BlobMissing(row.blob_key));
    return {
      name: row.name,
      contentType: row.content_type,
      sizeBytes: found.sizeBytes,
      sha256: row.sha256,
      open: (range) => this.orUnavailable(row, () => this.blobs.readStream(row.blob_key, range)),
    };
  }

  private async orUnavailable<T>(row: AttachmentRow, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.unavailable(row, error);
    }
  }

  private unavailable(row: AttachmentRow, error: unknown): DeskError {
    this.log.error({ err: error, attachment: row.id, blobKey: row.blob_key }, 'an attachment cannot be read');
    return new DeskError('UNAVAILABLE', 'The file cannot be read at the moment');
  }
}
