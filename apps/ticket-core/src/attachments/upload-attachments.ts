import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketAttachmentView } from '#shared/contracts/attachments.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { type BlobStore, BlobTooLarge, type StagedBlob } from '#shared/blobs/blob-store.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Database } from '../database/database.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { AttachmentRepository } from './attachment.repository.js';
import { ticketAttachmentViewOf } from './attachment.view.js';
import { ATTACHMENT_RULES, type AttachmentRules, BLOBS, saySize } from './attachment-rules.js';
import type { IncomingFile } from './incoming-files.js';
import { beginningOf } from './beginning.js';
import { safeName } from './safe-name.js';
import { refusedKind, SNIFFED_BYTES, sniffType } from './sniff-type.js';

interface ReceivedFile {
  name: string;
  contentType: string;
  blob: StagedBlob;
}

/** Takes files for a ticket: all of a request or none of them. They wait there until a message is posted with them. */
@Injectable()
export class UploadAttachments {
  constructor(
    private readonly database: Database,
    private readonly find: FindTicket,
    private readonly attachments: AttachmentRepository,
    private readonly settings: SettingsBook,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(ATTACHMENT_RULES) private readonly rules: AttachmentRules,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async execute(
    actor: Actor,
    ref: TicketRef,
    files: AsyncIterable<IncomingFile>,
  ): Promise<{ items: TicketAttachmentView[] }> {
    const received: ReceivedFile[] = [];
    try {
      // Nobody's bytes are taken before it is known that they may send them.
      const { maxBytes, roomBytes } = await this.admit(actor, ref);
      let totalBytes = 0;
      for await (const file of files) {
        const one = await this.receive(file, maxBytes);
        received.push(one);
        totalBytes += one.blob.sizeBytes;
        if (totalBytes > roomBytes) {
          const limit = saySize(this.rules.maxTicketBytes);
          throw new DeskError('PAYLOAD_TOO_LARGE', `All files of a ticket together may have at most ${limit}`);
        }
      }
      if (received.length === 0) throw new DeskError('BAD_REQUEST', 'No file was sent: a form with one, or its bytes');
      for (const { blob } of received) await this.orUnavailable(() => blob.keep());
      return { items: await this.record(actor, ref, received) };
    } finally {
      // What was kept is not where it was spooled any more; of the others nothing stays.
      await Promise.all(received.map(({ blob }) => blob.discard()));
    }
  }

  private admit(actor: Actor, ref: TicketRef): Promise<{ maxBytes: number; roomBytes: number }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, ref, actor.kind === 'contact' ? 'reply' : 'note');
      const { maxAttachmentBytes } = await this.settings.of(tx, actor.orgId);
      return {
        maxBytes: Math.min(this.rules.maxBytes, maxAttachmentBytes),
        roomBytes: this.rules.maxTicketBytes - (await this.attachments.totalBytes(tx, ticket.id)),
      };
    });
  }

  private async receive(file: IncomingFile, maxBytes: number): Promise<ReceivedFile> {
    const named = safeName(file.name);
    this.demandTaken(named, null);
    const { head, isWhole, content } = await beginningOf(file.content, SNIFFED_BYTES);
    const { contentType, extension } = await sniffType(head, isWhole, file.declaredType, named);
    const name = file.name === null && extension !== null ? `${named}.${extension}` : named;
    this.demandTaken(name, extension);
    try {
      return { name, contentType, blob: await this.orUnavailable(() => this.blobs.receive(content, { maxBytes })) };
    } catch (error) {
      if (error instanceof BlobTooLarge)
        throw new DeskError('PAYLOAD_TOO_LARGE', `${name}: a file may have at most ${saySize(maxBytes)}`);
      throw error;
    }
  }

  /** A store that is away or full is no fault of the file's, nor of this program's: it may be tried again. */
  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DeskError || error instanceof BlobTooLarge) throw error;
      this.log.error({ err: error }, 'the blob store does not take a file');
      throw new DeskError('UNAVAILABLE', 'Files cannot be kept at the moment; try again in a moment');
    }
  }

  private demandTaken(name: string, sniffed: string | null): void {
    const kind = refusedKind(this.rules.refused, name, sniffed);
    if (kind !== null) throw new DeskError('UNPROCESSABLE', `${name}: files of the kind “${kind}” are not taken here`);
  }

  private record(actor: Actor, ref: TicketRef, files: readonly ReceivedFile[]): Promise<TicketAttachmentView[]> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const ticket = await this.find.execute(tx, actor, ref, actor.kind === 'contact' ? 'reply' : 'note');
      const rows = files.map(({ name, contentType, blob }) => ({
        id: uuidv7(),
        name,
        content_type: contentType,
        size_bytes: blob.sizeBytes,
        sha256: blob.sha256,
        blob_key: blob.key,
      }));
      const at = new Date();
      await this.attachments.upload(tx, actor, ticket.id, rows, at);
      return rows.map((row) =>
        ticketAttachmentViewOf({
          ...row,
          content_id: null,
          inline: false,
          ticket_id: ticket.id,
          message_id: null,
          is_public: false,
          is_mailed: false,
          uploaded_by_kind: actor.kind,
          uploaded_by: actor.id,
          at,
        }),
      );
    });
  }
}
