import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { inTrace } from '#shared/messaging/headers.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { EnsureContacts } from '../contacts/ensure-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
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
  without,
  writer,
} from './mail-to-file.js';
import { type MailToOpen, OpenFromMails } from './open-from-mails.js';
import { PlaceMail } from './place-mail.js';
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
    private readonly place: PlaceMail,
    private readonly opening: OpenFromMails,
    private readonly addMessage: AddMessage,
    private readonly bounces: RecordBounce,
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
    const toOpen: MailToOpen[] = [];
    for (const mail of mails) {
      if (!fresh.has(mail.id)) filed.push(without(mail, 'duplicate', 'The same mail was filed before'));
      else if (mail.facts.isOurOwn)
        filed.push(without(mail, 'dropped_loop', 'It bears our own mark: a mail of ours came back'));
      else if (mail.facts.kind === 'bounce') {
        filed.push(await inTrace(mail.trace, () => this.fileBounce(tx, orgId, mail)));
      } else {
        const contact = contactOf(mail);
        const named = { ...mail, knownAs: contact?.email };
        const place = mail.ticketId ? await this.place.execute(tx, orgId, mail.ticketId, named) : null;
        if (place && 'refused' in place)
          toOpen.push({ mail: notJoined(mail, place.refused), followUpOf: null, contact });
        else if (place && 'joins' in place) {
          filed.push(await inTrace(mail.trace, () => this.fileReply(tx, orgId, mail, place, contact)));
        } else if (place) {
          // At once and not with the others: the next answer to the same closed ticket must find this follow-up.
          filed.push(...(await this.opening.execute(tx, orgId, [{ ...place, contact }])));
        } else toOpen.push({ mail, followUpOf: null, contact });
      }
    }
    filed.push(...(await this.opening.execute(tx, orgId, toOpen)));
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
    const { messageId: mailId } = mail.facts;
    if (mailId)
      await this.inbound.knowMessageIds(tx, orgId, [
        { mail_id: mailId, ticket_id: ticket.id, message_id: added.messageId },
      ]);
    return {
      mail,
      disposition: automatic ? 'auto_reply_noted' : 'message_added',
      reason: null,
      ticket,
      messageId: added.messageId,
    };
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
