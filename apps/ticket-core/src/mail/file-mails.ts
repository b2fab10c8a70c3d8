import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, systemActor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { inTrace } from '#shared/messaging/headers.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { FollowMerged } from '../merges/follow-merged.js';
import { AddMessage } from '../messages/add-message.js';
import { RecordFirstMessages } from '../messages/record-first-messages.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { MergedElsewhere } from '../tickets/merged-elsewhere.js';
import { OpenTickets } from '../tickets/open-tickets.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { InboundMailRepository } from './inbound-mail.repository.js';
import {
  contentOf,
  type Filed,
  type FilingRequest,
  type FilingResult,
  type Joined,
  joinedElsewhere,
  type MailToFile,
  notJoined,
  type Person,
  resultOf,
  ticketOf,
  without,
  writer,
} from './mail-to-file.js';
import { QueueMail } from './queue-mail.js';
import { RecordBounce } from './record-bounce.js';

/**
 * Files mails of one organisation: ticket or message, disposition and events in one transaction, so a mail is filed once
 * or not at all. New tickets of a batch are opened by one statement; a mail that cannot be filed does not hold up the rest.
 */
@Injectable()
export class FileMails {
  constructor(
    private readonly database: Database,
    private readonly inbound: InboundMailRepository,
    private readonly contacts: EnsureContacts,
    private readonly openTickets: OpenTickets,
    private readonly firstMessages: RecordFirstMessages,
    private readonly addMessage: AddMessage,
    private readonly find: FindTicket,
    private readonly merged: FollowMerged,
    private readonly bounces: RecordBounce,
    private readonly mails: QueueMail,
    private readonly vocabulary: DeskVocabulary,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async execute(actor: Actor, { worker, mails }: FilingRequest): Promise<{ results: FilingResult[] }> {
    if (actor.kind !== 'system') throw new DeskError('FORBIDDEN', 'Mails are filed by the mail service');
    const { orgId } = actor;
    try {
      return { results: await this.together(orgId, worker, mails) };
    } catch (error) {
      if (error instanceof DeskError && error.code === 'UNAVAILABLE') throw error;
      if (mails.length === 1) return { results: [await this.notFiled(orgId, worker, mails[0]!.id, error)] };
      // One of them cannot be filed: each for itself, so that it is the only one that has to wait.
      const results: FilingResult[] = [];
      for (const mail of mails) {
        const one = await this.together(orgId, worker, [mail]).catch(async (cause: unknown) => [
          await this.notFiled(orgId, worker, mail.id, cause),
        ]);
        results.push(...one);
      }
      return { results };
    }
  }

  private together(orgId: string, worker: string, mails: FilingRequest['mails']): Promise<FilingResult[]> {
    return this.database.tenant(orgId, async (tx) => {
      const ids = mails.map(({ id }) => id);
      const heldById = new Map((await this.inbound.held(tx, ids, worker)).map((row) => [row.id, row]));
      const held = mails.flatMap((mail) => {
        const row = heldById.get(mail.id);
        return row ? [{ ...mail, receivedAtMs: row.received_at.getTime(), trace: row.trace }] : [];
      });
      const filed = held.length > 0 ? await this.file(tx, orgId, held) : [];
      const byId = new Map(filed.map((one) => [one.mail.id, one]));
      return mails.map(({ id }) => resultOf(id, byId.get(id)));
    });
  }

  private async file(tx: Tx, orgId: string, mails: MailToFile[]): Promise<Filed[]> {
    const keys = mails.map((mail) => ({ key: mail.facts.duplicateKey, id: mail.id }));
    const fresh = await this.inbound.takeKeys(tx, orgId, keys);
    const people = mails.flatMap(({ facts }) => (facts.from ? [facts.from] : []));
    const contacts = await this.contacts.execute(tx, orgId, people);
    const contactOf = ({ facts }: MailToFile) => (facts.from ? (contacts.get(facts.from.address) ?? null) : null);

    const filed: Filed[] = [];
    const toOpen: { mail: MailToFile; followUpOf: string | null }[] = [];
    for (const mail of mails) {
      if (!fresh.has(mail.id)) filed.push(without(mail, 'duplicate', 'The same mail was filed before'));
      else if (mail.facts.isOurOwn)
        filed.push(without(mail, 'dropped_loop', 'It bears our own mark: a mail of ours came back'));
      else if (mail.facts.kind === 'bounce') {
        filed.push(await inTrace(mail.trace, () => this.fileBounce(tx, orgId, mail)));
      } else {
        const knownAs = contactOf(mail)?.email;
        const ticket = mail.ticketId ? await this.openTicketFor(tx, orgId, mail.ticketId, { ...mail, knownAs }) : null;
        if (ticket && 'refused' in ticket) toOpen.push({ mail: notJoined(mail, ticket.refused), followUpOf: null });
        else if (ticket && 'joins' in ticket) {
          filed.push(await inTrace(mail.trace, () => this.fileReply(tx, orgId, mail, ticket, contactOf(mail))));
        } else if (ticket) {
          // At once and not with the others: the next answer to the same closed ticket must find this follow-up.
          filed.push(...(await this.fileNew(tx, orgId, [{ mail, ...ticket }], contactOf)));
        } else toOpen.push({ mail, followUpOf: null });
      }
    }
    filed.push(...(await this.fileNew(tx, orgId, toOpen, contactOf)));
    await this.inbound.file(
      tx,
      filed.map((one) => ({
        id: one.mail.id,
        disposition: one.disposition,
        reason: one.reason,
        ticket_id: one.ticket?.id ?? null,
        message_id: one.messageId,
      })),
    );
    return filed;
  }

  /**
   * The ticket a reply belongs to: itself; or the one that it became part of; or, when that is closed, the one follow-up,
   * which may still have to be opened. Or why it may not join the ticket that it points to.
   */
  private async openTicketFor(
    tx: Tx,
    orgId: string,
    ticketId: string,
    mail: MailToFile,
    via: string | null = null,
  ): Promise<Joined | { followUpOf: string } | { refused: string }> {
    const system = systemActor(orgId);
    let ticket: TicketRow;
    try {
      ticket = await this.find.toChange(tx, system, ticketId, 'reply');
    } catch (error) {
      if (error instanceof MergedElsewhere)
        return this.openTicketFor(tx, orgId, error.survivor.id, mail, via ?? ticketId);
      if (error instanceof DeskError && error.code === 'NOT_FOUND') return { refused: 'it is not there any more' };
      throw error;
    }
    // Behind the survivor's lock nobody merges or takes back; until then somebody may have.
    if (via !== null && (await this.merged.way(tx, via)).at(-1)!.id !== ticket.id)
      return this.openTicketFor(tx, orgId, via, mail);
    // The surface decided by what it knew; whether the sender takes part is asked again here, in the transaction.
    const sender = mail.facts.from?.address;
    const isTheirs =
      sender !== undefined &&
      (sender === ticket.contact_email || mail.knownAs === ticket.contact_email || ticket.cc.includes(sender));
    const names = [...new Set([sender, mail.knownAs])].filter((address) => address !== undefined);
    const through = isTheirs ? null : await this.throughWhich(tx, ticket.id, names);
    const takesPart = isTheirs || through !== null;
    if (mail.threading.rule !== 'signed_address') {
      if (!takesPart) return { refused: `${sender ?? 'its sender'} does not take part in #${ticket.number}` };
      if (mail.threading.rule === 'subject_number' && !mail.facts.authenticated)
        return { refused: `nothing proves that ${sender} sent it, and #${ticket.number} is named in the subject only` };
    }
    const origin = isTheirs ? null : (via ?? through?.id ?? null);
    const apartOf = origin && (await this.merged.apartOf(tx, origin));
    if (ticket.status !== 'closed' || mail.facts.kind === 'auto-reply') return { joins: ticket, via, apartOf };
    // Who is kept apart from this ticket's customer is so from its follow-up too: they have one of their own ticket.
    const closedId = apartOf ?? ticket.id;
    const followUp = await this.find.followUpOf(tx, closedId);
    return followUp
      ? this.openTicketFor(tx, orgId, followUp, { ...mail, threading: { ...mail.threading, rule: 'signed_address' } })
      : { followUpOf: closedId };
  }

  private async throughWhich(tx: Tx, ticketId: string, addresses: readonly string[]) {
    for (const address of addresses) {
      const through = await this.merged.throughWhich(tx, ticketId, address);
      if (through) return through;
    }
    return null;
  }

  private async fileBounce(tx: Tx, orgId: string, mail: MailToFile): Promise<Filed> {
    const recorded = await this.bounces.execute(tx, orgId, mail.facts.bounceOf, mail.ticketId, mail.receivedAtMs);
    const reason = recorded
      ? mail.facts.bounceOf?.diagnostic.slice(0, 1_000) || 'A bounce'
      : 'A bounce of nothing that we sent';
    return {
      mail,
      disposition: 'bounce_recorded',
      reason,
      ticket: recorded?.ticket ?? null,
      messageId: recorded?.messageId ?? null,
    };
  }

  private async fileReply(
    tx: Tx,
    orgId: string,
    mail: MailToFile,
    { joins: ticket, via, apartOf }: Joined,
    contact: Person | null,
  ): Promise<Filed> {
    const automatic = mail.facts.kind === 'auto-reply';
    const added = await this.addMessage.execute(tx, writer(orgId, contact), ticket, {
      ...contentOf(via === null ? mail : joinedElsewhere(mail, ticket.number)),
      isInternal: automatic,
      automatic,
      // Whom one customer puts in copy is not to read what is written to another.
      cc: automatic || apartOf !== null ? [] : mail.facts.cc,
      apartOf,
      atMs: mail.receivedAtMs,
    });
    await this.remember(tx, orgId, mail, ticket.id, added.messageId);
    return {
      mail,
      disposition: automatic ? 'auto_reply_noted' : 'message_added',
      reason: null,
      ticket,
      messageId: added.messageId,
    };
  }

  private async fileNew(
    tx: Tx,
    orgId: string,
    toOpen: { mail: MailToFile; followUpOf: string | null }[],
    contactOf: (mail: MailToFile) => Person | null,
  ): Promise<Filed[]> {
    if (toOpen.length === 0) return [];
    const nowMs = Date.now();
    const category = await this.vocabulary.defaultCategory(tx, orgId);
    const tickets = toOpen.map(({ mail, followUpOf }) => ticketOf(orgId, mail, followUpOf, contactOf(mail), category));
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

  private async remember(
    tx: Tx,
    orgId: string,
    mail: MailToFile,
    ticketId: string,
    messageId: string | null,
  ): Promise<void> {
    const { messageId: mailId } = mail.facts;
    if (mailId)
      await this.inbound.knowMessageIds(tx, orgId, [{ mail_id: mailId, ticket_id: ticketId, message_id: messageId }]);
  }

  private async notFiled(orgId: string, worker: string, id: string, error: unknown): Promise<FilingResult> {
    this.log.error({ err: error, inboundMailId: id }, 'a mail could not be filed');
    const why = error instanceof DeskError ? error.message : 'It could not be written';
    await this.database.tenant(orgId, (tx) =>
      this.inbound.failed(tx, id, (error instanceof Error ? error.message : String(error)).slice(0, 1_000), worker),
    );
    return { id, disposition: null, ticketId: null, ticketNumber: null, error: why };
  }
}
