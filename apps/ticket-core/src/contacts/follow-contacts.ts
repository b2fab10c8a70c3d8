import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ReckonOpenTickets } from '../sla/reckon-open-tickets.js';
import { ContactBookRepository } from './contact-book.repository.js';

/** Its tickets are locked until it commits: small enough that nobody notices. */
const BATCH = 50;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * After something that SLA conditions can ask of a contact has changed (their address, name or company): their open tickets
 * are reckoned again. Resolved and closed ones keep what held while they were worked on.
 */
@Injectable()
export class FollowContacts {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactBookRepository,
    private readonly reckon: ReckonOpenTickets,
  ) {}

  async ofContact(orgId: string, contactId: string): Promise<void> {
    for (let after = FIRST; ;) {
      const tickets = await this.database.tenant(orgId, async (tx) => {
        const batch = await this.contacts.openTickets(tx, contactId, after, BATCH);
        for (const ticket of batch) await this.reckon.one(tx, orgId, ticket);
        return batch;
      });
      if (tickets.length < BATCH) return;
      after = tickets.at(-1)!.id;
    }
  }

  async ofCompany(orgId: string, companyId: string): Promise<void> {
    const contacts = await this.database.tenant(orgId, (tx) => this.contacts.ofCompany(tx, companyId));
    for (const id of contacts) await this.ofContact(orgId, id);
  }
}
