import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { RecordFirstMessages } from '../messages/record-first-messages.js';
import { OpenTickets } from '../tickets/open-tickets.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import { InboundMailRepository } from './inbound-mail.repository.js';
import { contentOf, type Filed, type MailToFile, type Person, ticketOf } from './mail-to-file.js';
import { QueueMail } from './queue-mail.js';

export interface MailToOpen {
  mail: MailToFile;
  followUpOf: string | null;
  /** Who wrote it; null: nobody whom we could answer. */
  contact: Person | null;
}

/** Opens a ticket for each mail that joins none: tickets, first messages and acknowledgements by one statement each. */
@Injectable()
export class OpenFromMails {
  constructor(
    private readonly inbound: InboundMailRepository,
    private readonly openTickets: OpenTickets,
    private readonly firstMessages: RecordFirstMessages,
    private readonly addMessage: AddMessage,
    private readonly mails: QueueMail,
    private readonly vocabulary: DeskVocabulary,
  ) {}

  async execute(tx: Tx, orgId: string, toOpen: readonly MailToOpen[]): Promise<Filed[]> {
    if (toOpen.length === 0) return [];
    const nowMs = Date.now();
    const category = await this.vocabulary.defaultCategory(tx, orgId);
    const tickets = toOpen.map(({ mail, followUpOf, contact }) => ticketOf(orgId, mail, followUpOf, contact, category));
    const rows = await this.openTickets.execute(tx, orgId, tickets, nowMs);
    const messages = toOpen.map(({ mail }, place) => ({
      mail,
      row: rows[place]!,
      id: uuidv7(),
      actor: tickets[place]!.actor,
    }));
    await this.firstMessages.execute(
      tx,
      orgId,
      messages.map(({ mail, row, id, actor }) => ({
        id,
        ticketId: row.id,
        actor,
        message: { ...contentOf(mail), isInternal: false, atMs: mail.receivedAtMs },
      })),
    );
    await this.inbound.knowMessageIds(
      tx,
      orgId,
      messages.flatMap(({ mail, row, id }) =>
        mail.facts.messageId ? [{ mail_id: mail.facts.messageId, ticket_id: row.id, message_id: id }] : [],
      ),
    );
    const toAcknowledge = messages.flatMap(({ mail, row }) =>
      mail.facts.kind === 'message' && mail.facts.from && row.contact_email
        ? // To where they wrote from; it need not be the first of their addresses.
          [{ ticketId: row.id, to: mail.facts.from.address }]
        : [],
    );
    await this.mails.acknowledgements(tx, orgId, toAcknowledge, nowMs);
    for (const { mail, row } of messages) await this.explain(tx, orgId, mail, row);
    return messages.map(({ mail, row, id }) => ({
      mail,
      disposition: 'ticket_opened' as const,
      reason: null,
      ticket: row,
      messageId: id,
    }));
  }

  /** Why a mail that pointed somewhere opened a ticket of its own, and what was broken about it: said where agents look. */
  private async explain(tx: Tx, orgId: string, mail: MailToFile, row: TicketRow): Promise<void> {
    const lines = [
      ...mail.threading.refused.map(({ why }) => `- This mail pointed to another ticket and was not put there: ${why}`),
      ...mail.facts.problems.map((problem) => `- ${problem}`),
    ];
    if (lines.length === 0) return;
    await this.addMessage.execute(tx, systemActor(orgId), row, {
      content: lines.join('\n'),
      isInternal: true,
      source: 'email',
    });
  }
}
