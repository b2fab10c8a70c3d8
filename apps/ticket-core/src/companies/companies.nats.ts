import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { createCompany, deleteCompany, getCompany, listCompanies, updateCompany } from '#shared/contracts/companies.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ChangeCompanies } from './change-companies.js';
import { ReadCompanies } from './read-companies.js';

@Controller()
export class CompaniesNats {
  constructor(
    private readonly companies: ReadCompanies,
    private readonly change: ChangeCompanies,
  ) {}

  @Answers(listCompanies)
  list(@Input(listCompanies) input: InputOf<typeof listCompanies>, @ActorOf() actor: Actor) {
    return this.companies.page(actor, input);
  }

  @Answers(getCompany)
  get(@Input(getCompany) { id }: InputOf<typeof getCompany>, @ActorOf() actor: Actor) {
    return this.companies.one(actor, id);
  }

  @Answers(createCompany)
  create(@Input(createCompany) input: InputOf<typeof createCompany>, @ActorOf() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Answers(updateCompany)
  update(@Input(updateCompany) { id, ...input }: InputOf<typeof updateCompany>, @ActorOf() actor: Actor) {
    return this.change.update(actor, id, input);
  }

  @Answers(deleteCompany)
  remove(@Input(deleteCompany) { id }: InputOf<typeof deleteCompany>, @ActorOf() actor: Actor) {
    return this.change.remove(actor, id);
  }
}
