import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { ContactRepository, type ContactRow } from './contact.repository.js';

/** The contacts who have these addresses, made when they write for the first time. */
@Injectable()
export class EnsureContacts {
  constructor(private readonly contacts: ContactRepository) {}

  /** By lower-case address. */
  execute(
    tx: Tx,
    orgId: string,
    people: readonly { address: string; name: string }[],
  ): Promise<Map<string, ContactRow>> {
    return this.contacts.ensure(tx, orgId, people);
  }
}
