import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { companyPage, CompanyView, listCompaniesInput } from '#shared/contracts/companies.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { readCursor } from '../database/cursor.js';
import { Database } from '../database/database.js';
import { pageOf } from '../database/page.js';
import { demand } from './company.policy.js';
import { CompanyRepository } from './company.repository.js';
import { companyViewOf } from './company.view.js';

@Injectable()
export class ReadCompanies {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyRepository,
  ) {}

  /** Newest first. */
  page(actor: Actor, input: z.output<typeof listCompaniesInput>): Promise<z.output<typeof companyPage>> {
    demand(actor, 'read');
    const before = readCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.companies.page(tx, before?.id ?? null, input.q ?? null, input.limit + 1);
      return pageOf(
        rows,
        input.limit,
        (row) => companyViewOf(row),
        ({ created_at: at, id }) => ({ at, id }),
      );
    });
  }

  one(actor: Actor, id: string): Promise<CompanyView> {
    demand(actor, 'read');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.companies.byId(tx, id)) ?? noSuchCompany();
      const seenBy = actor.teamIds && actor.id ? { teamIds: actor.teamIds, agentId: actor.id } : null;
      return companyViewOf(row, await this.companies.tickets(tx, id, seenBy));
    });
  }
}

export function noSuchCompany(): never {
  throw new DeskError('NOT_FOUND', 'There is no such company');
}
