import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { createCompany, deleteCompany, getCompany, listCompanies, updateCompany } from '#shared/contracts/companies.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ChangeCompanies } from './change-companies.js';
import { ReadCompanies } from './read-companies.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class CompaniesNats {
  constructor(
    private readonly companies: ReadCompanies,
    private readonly change: ChangeCompanies,
  ) {}

  @Answers(listCompanies)
  list(@Input(listCompanies) input: In<typeof listCompanies>, @ActorOf() actor: Actor) {
    return this.companies.page(actor, input);
  }

  @Answers(getCompany)
  get(@Input(getCompany) { id }: In<typeof getCompany>, @ActorOf() actor: Actor) {
    return this.companies.one(actor, id);
  }

  @Answers(createCompany)
  create(@Input(createCompany) input: In<typeof createCompany>, @ActorOf() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Answers(updateCompany)
  update(@Input(updateCompany) { id, ...input }: In<typeof updateCompany>, @ActorOf() actor: Actor) {
    return this.change.update(actor, id, input);
  }

  @Answers(deleteCompany)
  remove(@Input(deleteCompany) { id }: In<typeof deleteCompany>, @ActorOf() actor: Actor) {
    return this.change.remove(actor, id);
  }
}
