import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { CompanyView, createCompanyInput, updateCompanyInput } from '#shared/contracts/companies.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { FollowContacts } from '../contacts/follow-contacts.js';
import { Database, type Tx } from '../database/database.js';
import { demand } from './company.policy.js';
import { CompanyRepository } from './company.repository.js';
import { type CompanyRow, companyViewOf } from './company.view.js';
import { isPublicMailDomain } from './public-mail-domains.js';
import { noSuchCompany } from './read-companies.js';

const wordsOf = ({ name, notes, domains }: Pick<CompanyRow, 'name' | 'notes' | 'domains'>) => ({
  name,
  notes,
  domains,
});

/** Makes, changes and deletes companies. Open tickets of their contacts follow: SLA conditions can name a company. */
@Injectable()
export class ChangeCompanies {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyRepository,
    private readonly audit: AuditLog,
    private readonly follow: FollowContacts,
  ) {}

  create(actor: Actor, input: z.output<typeof createCompanyInput>): Promise<CompanyView> {
    demand(actor, 'change');
    return this.database.tenant(actor.orgId, async (tx) => companyViewOf(await this.add(tx, actor, input)));
  }

  /** The company of this name, whatever its case, made if there is none. */
  async named(tx: Tx, actor: Actor, name: string): Promise<{ id: string; name: string }> {
    await this.companies.naming(tx, actor.orgId);
    return (await this.companies.byName(tx, name)) ?? this.add(tx, actor, { name, domains: [], notes: '' });
  }

  async update(actor: Actor, id: string, input: z.output<typeof updateCompanyInput>): Promise<CompanyView> {
    demand(actor, 'change');
    const { view, renamed } = await this.database.tenant(actor.orgId, async (tx) => {
      await this.companies.naming(tx, actor.orgId);
      const row = (await this.companies.toChange(tx, id)) ?? noSuchCompany();
      const domains = input.domains && [...new Set(input.domains)].sort();
      const next = {
        ...row,
        name: input.name ?? row.name,
        notes: input.notes ?? row.notes,
        domains: domains ?? row.domains,
      };
      const changed = changedFields(wordsOf(row), wordsOf(next));
      if (!changed) return { view: companyViewOf(row), renamed: false };
      await this.demandFree(tx, next, id);
      await this.companies.update(tx, next, new Date());
      if (domains) await this.companies.setDomains(tx, actor.orgId, id, domains);
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      return { view: companyViewOf((await this.companies.byId(tx, id))!), renamed: next.name !== row.name };
    });
    if (renamed) await this.follow.ofCompany(actor.orgId, id);
    return view;
  }

  /** Its contacts stay, without a company. */
  async remove(actor: Actor, id: string): Promise<{ success: true }> {
    demand(actor, 'delete');
    const released = await this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.companies.toChange(tx, id)) ?? noSuchCompany();
      const contacts = await this.companies.remove(tx, actor.orgId, id, new Date());
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return contacts;
    });
    for (const contactId of released) await this.follow.ofContact(actor.orgId, contactId);
    return { success: true };
  }

  private async add(tx: Tx, actor: Actor, input: z.output<typeof createCompanyInput>): Promise<CompanyRow> {
    await this.companies.naming(tx, actor.orgId);
    const domains = [...new Set(input.domains)].sort();
    const { name, notes } = input;
    await this.demandFree(tx, { name, domains }, null);
    const id = uuidv7();
    await this.companies.add(tx, actor.orgId, { id, name, notes }, new Date());
    await this.companies.setDomains(tx, actor.orgId, id, domains);
    const row = (await this.companies.byId(tx, id))!;
    await this.note(tx, actor, 'created', row, null, wordsOf(row));
    return row;
  }

  /** Names and domains are one company's; the organisation's naming lock keeps it so until the commit. */
  private async demandFree(tx: Tx, { name, domains }: { name: string; domains: string[] }, id: string | null) {
    const same = await this.companies.byName(tx, name);
    if (same && same.id !== id) throw taken('/name', `there is a company ${same.name} already`);
    const everybodys = domains.find(isPublicMailDomain);
    if (everybodys) {
      throw DeskError.at(
        'UNPROCESSABLE',
        '/domains',
        `${everybodys} is a public mail provider: anybody may have an address there`,
      );
    }
    const other = (await this.companies.owners(tx, domains)).find((owner) => owner.id !== id);
    if (other) throw taken('/domains', `${other.domain} is a domain of ${other.name}`);
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: 'created' | 'updated' | 'deleted',
    { id, name }: { id: string; name: string },
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, { action, subjectType: 'company', subjectId: id, subjectName: name, from, to });
  }
}

const taken = (pointer: string, message: string): DeskError => DeskError.at('CONFLICT', pointer, message);
