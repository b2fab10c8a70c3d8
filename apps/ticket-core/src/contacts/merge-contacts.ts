import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { ContactView } from '#shared/contracts/contacts.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity } from '../activities/activity.view.js';
import { AuditLog } from '../audit/audit-log.js';
import { Database } from '../database/database.js';
import { ContactBookRepository } from './contact-book.repository.js';
import { demand } from './contact.policy.js';
import { addressesOf } from './contact.view.js';
import { FollowContacts } from './follow-contacts.js';
import { ReadContacts } from './read-contacts.js';

/**
 * Two contacts are one person: tickets, messages and addresses of the one become the other's, whose own words win. The id of
 * the one leads to the other from then on, and mail from any of their addresses, or to a reply address that either was given,
 * arrives as before.
 */
@Injectable()
export class MergeContacts {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactBookRepository,
    private readonly read: ReadContacts,
    private readonly activities: ActivityLog,
    private readonly audit: AuditLog,
    private readonly follow: FollowContacts,
  ) {}

  async execute(actor: Actor, id: string, intoId: string): Promise<ContactView> {
    demand(actor, 'merge');
    const view = await this.database.tenant(actor.orgId, async (tx) => {
      await this.contacts.givingAddresses(tx, actor.orgId);
      await this.contacts.lock(tx, [id, intoId]);
      // One that was deleted can still be found to be somebody who is not.
      const from = await this.contacts.byId(tx, id);
      if (!from || from.id !== id) throw new DeskError('NOT_FOUND', 'There is no such contact');
      const into = await this.contacts.byId(tx, intoId);
      if (!into || into.deleted_at || into.id === from.id) {
        const message = into?.id === from.id ? 'must be another contact' : 'is not a contact of this organisation';
        throw DeskError.at('BAD_REQUEST', '/intoId', message);
      }
      await this.contacts.lock(tx, [into.id]);
      const at = new Date();
      const tickets = await this.contacts.mergeInto(tx, from.id, into.id, at);
      const addresses = [...addressesOf(into), ...addressesOf(from)];
      await this.contacts.setAddresses(tx, actor.orgId, into.id, addresses, at);
      const next = {
        ...into,
        name: into.name || from.name,
        phone: into.phone ?? from.phone,
        notes: [into.notes, from.notes].filter((text) => text !== '').join('\n\n'),
        company_id: into.company_id ?? from.company_id,
      };
      await this.contacts.update(tx, next, at);
      const values = {
        from: { contactId: from.id, name: from.name, email: from.email },
        to: { contactId: into.id, name: next.name, email: into.email },
      };
      await this.activities.add(
        tx,
        actor.orgId,
        tickets.map((ticketId) => activity(actor, ticketId, 'contact_changed', at.getTime(), values)),
      );
      await this.audit.add(tx, actor, {
        action: 'merged',
        subjectType: 'contact',
        subjectId: from.id,
        subjectName: from.name || from.email,
        from: { emails: addressesOf(from), name: from.name, companyId: from.company_id, tickets: tickets.length },
        to: { contactId: into.id, name: next.name, email: into.email },
      });
      return this.read.view(tx, actor, into.id);
    });
    await this.follow.ofContact(actor.orgId, view.id);
    return view;
  }
}
