import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import type { MessageToAdd } from './add-message.js';
import { MessageRepository } from './message.repository.js';

/** The messages that tickets were opened with. The tickets' own events and history tell of them already. */
@Injectable()
export class RecordFirstMessages {
  constructor(private readonly messages: MessageRepository) {}

  async execute(
    tx: Tx,
    orgId: string,
    first: readonly { id: string; ticketId: string; actor: Actor; message: MessageToAdd & { atMs: number } }[],
  ): Promise<void> {
    const rows = first.map(({ id, ticketId, actor, message }) => ({
      id,
      ticket_id: ticketId,
      is_internal: message.isInternal,
      content: message.content,
      whole_text: message.wholeText ?? null,
      author_kind: actor.kind,
      author_id: actor.id,
      author_name: actor.name,
      source: message.source,
      external_ref: message.externalRef ?? null,
      threading: message.threading ?? null,
      inbound_mail_id: message.inboundMailId ?? null,
      created_at: new Date(message.atMs).toISOString(),
    }));
    await this.messages.add(tx, orgId, rows);
    const files = first.flatMap(({ id, message }) =>
      (message.attachments ?? []).map((file) => ({ ...file, id: uuidv7(), message_id: id })),
    );
    await this.messages.attach(tx, orgId, files);
  }
}
