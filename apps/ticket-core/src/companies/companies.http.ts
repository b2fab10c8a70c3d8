import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  companyPage,
  companyView,
  createCompanyInput,
  listCompaniesInput,
  updateCompanyInput,
} from '#shared/contracts/companies.js';
import { contactPage, listContactsInput } from '#shared/contracts/contacts.js';
import { success } from '#shared/contracts/tickets.js';
import { ReadContacts } from '../contacts/read-contacts.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ChangeCompanies } from './change-companies.js';
import { ReadCompanies } from './read-companies.js';

const companyPath = z.object({ company: z.uuid() });
type Path = z.output<typeof companyPath>;
const contactsOfInput = listContactsInput.omit({ companyId: true });

@ApiTags('companies')
@ApiBearerAuth()
@Area('contacts')
@Controller(['api/v1/companies', 'api/companies'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class CompaniesHttp {
  constructor(
    private readonly companies: ReadCompanies,
    private readonly contacts: ReadContacts,
    private readonly change: ChangeCompanies,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List companies, newest first; `q` finds a part of a name or domain.' })
  @ApiOkResponse({ standardSchema: companyPage, description: 'A page of companies.' })
  list(@Query({ schema: listCompaniesInput }) input: z.output<typeof listCompaniesInput>, @HttpActor() actor: Actor) {
    return this.companies.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Make a company. Who writes from one of its domains for the first time is of it.' })
  @ApiCreatedResponse({ standardSchema: companyView, description: 'The new company.' })
  create(@Body({ schema: createCompanyInput }) input: z.output<typeof createCompanyInput>, @HttpActor() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Get(':company')
  @ApiOperation({ summary: 'Read a company, with how many contacts and tickets it has.' })
  @ApiOkResponse({ standardSchema: companyView, description: 'The company.' })
  get(@Param({ schema: companyPath }) { company }: Path, @HttpActor() actor: Actor) {
    return this.companies.one(actor, company);
  }

  @Patch(':company')
  @ApiOperation({ summary: 'Change a company; open tickets of its contacts follow its name in SLA conditions.' })
  @ApiOkResponse({ standardSchema: companyView, description: 'The company as it is now.' })
  update(
    @Param({ schema: companyPath }) { company }: Path,
    @Body({ schema: updateCompanyInput }) input: z.output<typeof updateCompanyInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.update(actor, company, input);
  }

  @Delete(':company')
  @ApiOperation({ summary: 'Delete a company (managers). Its contacts stay, without one.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: companyPath }) { company }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, company);
  }

  @Get(':company/contacts')
  @ApiOperation({ summary: 'The contacts of a company, newest first.' })
  @ApiOkResponse({ standardSchema: contactPage, description: 'A page of its contacts.' })
  async people(
    @Param({ schema: companyPath }) { company }: Path,
    @Query({ schema: contactsOfInput }) input: z.output<typeof contactsOfInput>,
    @HttpActor() actor: Actor,
  ) {
    await this.companies.one(actor, company);
    return this.contacts.page(actor, { ...input, companyId: company });
  }
}
