import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { contactPage, ContactView, listContactsInput } from '#shared/contracts/contacts.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { ContactBookRepository } from './contact-book.repository.js';
import { demand } from './contact.policy.js';
import { contactViewOf, type KnownContactRow } from './contact.view.js';

@Injectable()
export class ReadContacts {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactBookRepository,
  ) {}

  /** Newest first. */
  page(actor: Actor, input: z.output<typeof listContactsInput>): Promise<z.output<typeof contactPage>> {
    demand(actor, 'read');
    const before = readCursor(input.cursor)?.id ?? null;
    const { q = null, companyId = null, limit } = input;
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.contacts.page(tx, { before, q, companyId, limit: limit + 1 });
      return pageOf(
        rows,
        limit,
        (row) => contactViewOf(row),
        ({ created_at: at, id }) => ({ at, id }),
      );
    });
  }

  one(actor: Actor, id: string): Promise<ContactView> {
    demand(actor, 'read');
    return this.database.tenant(actor.orgId, (tx) => this.view(tx, actor, id));
  }

  /** With how many tickets the reader sees of theirs. */
  async view(tx: Tx, actor: Actor, id: string): Promise<ContactView> {
    const row = await this.row(tx, id);
    const seenBy = actor.teamIds && actor.id ? { teamIds: actor.teamIds, agentId: actor.id } : null;
    return contactViewOf(row, await this.contacts.tickets(tx, row.id, seenBy));
  }

  async row(tx: Tx, id: string): Promise<KnownContactRow> {
    const row = await this.contacts.byId(tx, id);
    if (!row || row.deleted_at) throw new DeskError('NOT_FOUND', 'There is no such contact');
    return row;
  }
}
