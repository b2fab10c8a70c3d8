import { Injectable } from '@nestjs/common';
import { systemActor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { FollowMerged } from '../merges/follow-merged.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { MergedElsewhere } from '../tickets/merged-elsewhere.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { InboundMailRepository } from './inbound-mail.repository.js';
import { afterDeleted, type Joined, type MailToFile } from './mail-to-file.js';

/** The ticket that a mail joins, or the closed one whose follow-up it opens, or why it may do neither. */
type Place = Joined | { followUpOf: string; mail: MailToFile } | { refused: string };

/** Where a mail belongs that points to a ticket, decided in the transaction that files it. docs/adr/0015, 0021. */
@Injectable()
export class PlaceMail {
  constructor(
    private readonly find: FindTicket,
    private readonly merged: FollowMerged,
    private readonly inbound: InboundMailRepository,
  ) {}

  /**
   * The ticket a reply belongs to: itself; or the one that it became part of; or, when that is closed, the one follow-up,
   * which may still have to be opened. Or why it may not join the ticket that it points to.
   */
  async execute(tx: Tx, orgId: string, ticketId: string, mail: MailToFile, via: string | null = null): Promise<Place> {
    const system = systemActor(orgId);
    let ticket: TicketRow;
    try {
      ticket = await this.find.toChange(tx, system, ticketId, 'reply');
    } catch (error) {
      if (error instanceof MergedElsewhere) return this.execute(tx, orgId, error.survivor.id, mail, via ?? ticketId);
      if (error instanceof DeskError && error.code === 'NOT_FOUND') return { refused: 'it is not there any more' };
      throw error;
    }
    // Behind the survivor's lock nobody merges or takes back; until then somebody may have.
    if (via !== null && (await this.merged.way(tx, via)).at(-1)!.id !== ticket.id)
      return this.execute(tx, orgId, via, mail);
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
    if (followUp)
      return this.execute(tx, orgId, followUp, { ...mail, threading: { ...mail.threading, rule: 'signed_address' } });
    const deleted = await this.inbound.deletedFollowUpOf(tx, closedId);
    return { followUpOf: closedId, mail: deleted ? afterDeleted(mail, deleted) : mail };
  }

  private async throughWhich(tx: Tx, ticketId: string, addresses: readonly string[]) {
    for (const address of addresses) {
      const through = await this.merged.throughWhich(tx, ticketId, address);
      if (through) return through;
    }
    return null;
  }
}
