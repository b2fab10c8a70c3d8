import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { ContactRepository, type ContactRow } from './contact.repository.js';

/** The contacts who have these addresses, made when they write for the first time. */
@Injectable()
export class EnsureContacts {
  constructor(private readonly contacts: ContactRepository) {}

  /** Who acts, as the contact that they are; FORBIDDEN for somebody whom the organisation does not know. */
  async themselves(tx: Tx, actor: Actor): Promise<ContactRow> {
    const contact = actor.kind === 'contact' && actor.id ? await this.contacts.byId(tx, actor.id) : null;
    if (!contact) throw new DeskError('FORBIDDEN', 'You are not a contact of this organisation');
    return contact;
  }

  /** By lower-case address, be it their first or a further one. */
  execute(
    tx: Tx,
    orgId: string,
    people: readonly { address: string; name: string }[],
  ): Promise<Map<string, ContactRow>> {
    return this.contacts.ensure(tx, orgId, people);
  }

  /**
   * Where a reply on a ticket goes: to the address that its contact last wrote from there, else to their first one
   * (docs/adr/0020); null where nobody is to be answered.
   */
  async replyAddress(
    tx: Tx,
    ticket: { id: string; contact_id: string | null; contact_email: string | null },
  ): Promise<string | null> {
    const { id, contact_id: contactId, contact_email: first } = ticket;
    return contactId === null ? first : ((await this.contacts.wroteFrom(tx, id, contactId)) ?? first);
  }

  /** Every address that these contacts write from, and every id that they were given a reply address under. */
  async reachedBy(tx: Tx, contactIds: readonly string[]): Promise<Map<string, { addresses: string[]; ids: string[] }>> {
    const reached = new Map<string, { addresses: string[]; ids: string[] }>();
    for (const { contact_id: id, email, known_as: knownAs } of await this.contacts.reachedBy(tx, contactIds)) {
      const one = reached.get(id) ?? { addresses: [], ids: [] };
      reached.set(id, one);
      if (email !== null) one.addresses.push(email);
      if (knownAs !== null) one.ids.push(knownAs);
    }
    return reached;
  }
}
