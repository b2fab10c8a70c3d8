import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  type ContactView,
  type createContactInput,
  MAX_ADDRESSES,
  type updateContactInput,
} from '#shared/contracts/contacts.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { ChangeCompanies } from '../companies/change-companies.js';
import { Database, type Tx } from '../database/database.js';
import { ContactBookRepository } from './contact-book.repository.js';
import { demand } from './contact.policy.js';
import { addressesOf, type KnownContactRow } from './contact.view.js';
import { FollowContacts } from './follow-contacts.js';
import { ReadContacts } from './read-contacts.js';

type Input = z.output<typeof updateContactInput>;

const wordsOf = (row: KnownContactRow) => ({
  emails: addressesOf(row),
  name: row.name,
  phone: row.phone,
  notes: row.notes,
  companyId: row.company_id,
});

/** Makes, changes and deletes contacts, and says which addresses are theirs. An address is one contact's, ever. */
@Injectable()
export class ChangeContacts {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactBookRepository,
    private readonly read: ReadContacts,
    private readonly companies: ChangeCompanies,
    private readonly audit: AuditLog,
    private readonly follow: FollowContacts,
  ) {}

  create(actor: Actor, input: z.output<typeof createContactInput>): Promise<ContactView> {
    demand(actor, 'change');
    return this.database.tenant(actor.orgId, async (tx) => {
      await this.contacts.givingAddresses(tx, actor.orgId);
      const wanted = addressesIn(input, []);
      await this.demandFree(tx, wanted, null, input.emails === undefined ? '/email' : '/emails');
      const id = uuidv7();
      const at = new Date();
      const { name, phone, notes } = input;
      const companyId = await this.companyIn(tx, actor, input);
      const company_id =
        companyId === undefined ? await this.contacts.companyOfDomain(tx, domainOf(wanted[0]!)) : companyId;
      await this.contacts.add(tx, actor.orgId, { id, email: wanted[0]!, name, phone, notes, company_id }, at);
      await this.contacts.setAddresses(tx, actor.orgId, id, wanted, at);
      const row = await this.read.row(tx, id);
      await this.note(tx, actor, 'created', row, null, wordsOf(row));
      return this.read.view(tx, actor, id);
    });
  }

  update(actor: Actor, id: string, input: Input): Promise<ContactView> {
    return this.change(actor, id, input, input.emails === undefined ? '/email' : '/emails', (known) =>
      addressesIn(input, known),
    );
  }

  addAddress(actor: Actor, id: string, email: string): Promise<ContactView> {
    return this.change(actor, id, {}, '/email', (known) => (known.includes(email) ? known : [...known, email]));
  }

  /** The first one may go too, while there is another. */
  removeAddress(actor: Actor, id: string, email: string): Promise<ContactView> {
    return this.change(actor, id, {}, '/email', (known) => {
      if (!known.includes(email)) throw new DeskError('NOT_FOUND', `${email} is not an address of this contact`);
      if (known.length === 1) throw unprocessable('/email', 'is the only address of this contact');
      return known.filter((one) => one !== email);
    });
  }

  /** They stay on their tickets; when they write again they are there again. With open tickets only by `force`. */
  remove(actor: Actor, id: string, force: boolean): Promise<{ success: true }> {
    demand(actor, 'delete');
    return this.database.tenant(actor.orgId, async (tx) => {
      await this.contacts.lock(tx, [id]);
      const row = await this.read.row(tx, id);
      const { open } = await this.contacts.tickets(tx, row.id, null);
      if (open > 0) {
        if (!force) {
          const message = `there ${open === 1 ? 'is 1 open ticket' : `are ${open} open tickets`} of this contact: resolve them first, or send force`;
          throw unprocessable('/force', message);
        }
        demand(actor, 'delete_with_tickets');
      }
      const at = new Date();
      await this.contacts.setDeleted(tx, row.id, at, at);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return { success: true };
    });
  }

  private async change(
    actor: Actor,
    id: string,
    input: Input,
    pointer: string,
    addresses: (known: string[]) => string[],
  ): Promise<ContactView> {
    demand(actor, 'change');
    const { view, follows } = await this.database.tenant(actor.orgId, async (tx) => {
      await this.contacts.givingAddresses(tx, actor.orgId);
      const companyId = await this.companyIn(tx, actor, input);
      await this.contacts.lock(tx, [(await this.read.row(tx, id)).id]);
      const row = await this.read.row(tx, id);
      const wanted = addresses(addressesOf(row));
      await this.demandFree(tx, wanted, row.id, pointer);
      const next: KnownContactRow = {
        ...row,
        email: wanted[0]!,
        further: wanted.slice(1),
        name: input.name ?? row.name,
        phone: input.phone === undefined ? row.phone : input.phone,
        notes: input.notes ?? row.notes,
        company_id: companyId === undefined ? row.company_id : companyId,
      };
      const changed = changedFields(wordsOf(row), wordsOf(next));
      if (!changed) return { view: await this.read.view(tx, actor, id), follows: null };
      const at = new Date();
      await this.contacts.update(tx, next, at);
      await this.contacts.setAddresses(tx, actor.orgId, row.id, wanted, at);
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      const asked = row.email !== next.email || row.name !== next.name || row.company_id !== next.company_id;
      return { view: await this.read.view(tx, actor, row.id), follows: asked ? row.id : null };
    });
    if (follows) await this.follow.ofContact(actor.orgId, follows);
    return view;
  }

  /** Undefined: nothing was said of it. */
  private async companyIn(tx: Tx, actor: Actor, { companyId, company }: Input): Promise<string | null | undefined> {
    if (typeof company === 'string') return (await this.companies.named(tx, actor, company)).id;
    if (company === null || companyId === null) return null;
    if (companyId === undefined) return undefined;
    if (await this.contacts.companyById(tx, companyId)) return companyId;
    throw DeskError.at('BAD_REQUEST', '/companyId', 'is not a company of this organisation');
  }

  private async demandFree(tx: Tx, addresses: readonly string[], id: string | null, pointer: string): Promise<void> {
    if (addresses.length > MAX_ADDRESSES) throw unprocessable(pointer, `must be at most ${MAX_ADDRESSES} addresses`);
    const other = (await this.contacts.owners(tx, addresses)).find((owner) => owner.id !== id);
    if (!other) return;
    const whose = other.name || other.email;
    throw DeskError.at(
      'CONFLICT',
      pointer,
      `${other.address} is an address of ${whose}${other.deleted ? ', who was deleted' : ''} (${other.id}): merge the two, or remove it there first`,
    );
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: 'created' | 'updated' | 'deleted',
    row: KnownContactRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    const subjectName = row.name || row.email;
    return this.audit.add(tx, actor, { action, subjectType: 'contact', subjectId: row.id, subjectName, from, to });
  }
}

/** `emails` are all of them; `email` is the first one. */
function addressesIn({ email, emails }: Pick<Input, 'email' | 'emails'>, known: string[]): string[] {
  const all = emails ?? known;
  return [...new Set(email === undefined ? all : [email, ...all])];
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const unprocessable = (pointer: string, message: string): DeskError => DeskError.at('UNPROCESSABLE', pointer, message);
