import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { type AttachmentSubject, maySee } from './attachment.policy.js';
import { AttachmentRepository } from './attachment.repository.js';
import type { AttachmentRow } from './attachment.view.js';

export const subjectOf = (row: AttachmentRow): AttachmentSubject => ({
  isPublic: row.is_public,
  isWaiting: row.message_id === null,
  uploadedBy: row.uploaded_by_kind && { kind: row.uploaded_by_kind, id: row.uploaded_by },
});

/** An attachment for somebody who may see it. NOT_FOUND otherwise, as if it were not there. */
@Injectable()
export class FindAttachment {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly tickets: FindTicket,
  ) {}

  /** `ticket`: by which ticket it is asked for; it must be that one's. */
  async execute(tx: Tx, actor: Actor, id: string, ticket?: TicketRef): Promise<AttachmentRow> {
    const [row] = await this.attachments.byIds(tx, [id]);
    if (!row) throw notThere();
    const found = await this.tickets.execute(tx, actor, ticket ?? row.ticket_id, 'read').catch((error: unknown) => {
      throw error instanceof DeskError && error.code === 'NOT_FOUND' ? notThere() : error;
    });
    if (found.id !== row.ticket_id || !maySee(actor, subjectOf(row))) throw notThere();
    return row;
  }
}

const notThere = (): DeskError => new DeskError('NOT_FOUND', 'There is no attachment with this id');
