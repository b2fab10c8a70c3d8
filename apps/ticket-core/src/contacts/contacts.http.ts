import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  addressInput,
  contactPage,
  contactView,
  createContactInput,
  listContactsInput,
  mergeContactInput,
  updateContactInput,
} from '#shared/contracts/contacts.js';
import { listTicketsQuery, ticketPage } from '#shared/contracts/ticket-lists.js';
import { success } from '#shared/contracts/tickets.js';
import { emailAddress } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ReadTickets } from '../tickets/read-tickets.js';
import { ChangeContacts } from './change-contacts.js';
import { MergeContacts } from './merge-contacts.js';
import { ReadContacts } from './read-contacts.js';

const contactPath = z.object({ contact: z.uuid() });
type Path = z.output<typeof contactPath>;
const addressPath = contactPath.extend({ email: emailAddress });
const removeQuery = z.strictObject({
  /** `?force` or `?force=true`. */
  force: z
    .enum(['', 'true', 'false'], { error: 'must be true or false' })
    .optional()
    .transform((text) => text === '' || text === 'true'),
});

@ApiTags('contacts')
@ApiBearerAuth()
@Area('contacts')
@Controller(['api/v1/contacts', 'api/contacts'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class ContactsHttp {
  constructor(
    private readonly contacts: ReadContacts,
    private readonly tickets: ReadTickets,
    private readonly change: ChangeContacts,
    private readonly merging: MergeContacts,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List contacts, newest first; `q` finds a part of a name, address or company.' })
  @ApiOkResponse({ standardSchema: contactPage, description: 'A page of contacts.' })
  list(@Query({ schema: listContactsInput }) input: z.output<typeof listContactsInput>, @HttpActor() actor: Actor) {
    return this.contacts.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Make a contact. Without a company, the one that has the domain of the address is theirs.' })
  @ApiCreatedResponse({ standardSchema: contactView, description: 'The new contact.' })
  create(@Body({ schema: createContactInput }) input: z.output<typeof createContactInput>, @HttpActor() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Get(':contact')
  @ApiOperation({ summary: 'Read a contact, with all addresses, company, and how many tickets there are.' })
  @ApiOkResponse({ standardSchema: contactView, description: 'The contact.' })
  get(@Param({ schema: contactPath }) { contact }: Path, @HttpActor() actor: Actor) {
    return this.contacts.one(actor, contact);
  }

  @Patch(':contact')
  @ApiOperation({ summary: 'Change a contact. `emails` replaces the addresses, the first one is where mail goes.' })
  @ApiOkResponse({ standardSchema: contactView, description: 'The contact as it is now.' })
  update(
    @Param({ schema: contactPath }) { contact }: Path,
    @Body({ schema: updateContactInput }) input: z.output<typeof updateContactInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.update(actor, contact, input);
  }

  @Delete(':contact')
  @ApiOperation({ summary: 'Delete a contact; with open tickets only by `?force` (managers).' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(
    @Param({ schema: contactPath }) { contact }: Path,
    @Query({ schema: removeQuery }) { force }: z.output<typeof removeQuery>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.remove(actor, contact, force);
  }

  @Get(':contact/tickets')
  @Area('tickets')
  @ApiOperation({ summary: 'The tickets of a contact, with the filters of the list of tickets.' })
  @ApiOkResponse({ standardSchema: ticketPage, description: 'A page of their tickets.' })
  async ticketsOf(
    @Param({ schema: contactPath }) { contact }: Path,
    @Query({ schema: listTicketsQuery }) input: z.output<typeof listTicketsQuery>,
    @HttpActor() actor: Actor,
  ) {
    const { id } = await this.contacts.one(actor, contact);
    return this.tickets.page(actor, { ...input, contactId: [id] });
  }

  @Post(':contact/addresses')
  @ApiOperation({ summary: 'Give a contact a further address, from which they may write too.' })
  @ApiCreatedResponse({ standardSchema: contactView, description: 'The contact with the new address.' })
  addAddress(
    @Param({ schema: contactPath }) { contact }: Path,
    @Body({ schema: addressInput }) { email }: z.output<typeof addressInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.addAddress(actor, contact, email);
  }

  @Delete(':contact/addresses/:email')
  @ApiOperation({ summary: 'Take an address from a contact.' })
  @ApiOkResponse({ standardSchema: contactView, description: 'The contact without it.' })
  removeAddress(
    @Param({ schema: addressPath }) { contact, email }: z.output<typeof addressPath>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.removeAddress(actor, contact, email);
  }

  @Delete(':contact/addresses')
  @ApiOperation({ summary: 'Take an address from a contact, named in the body.' })
  @ApiOkResponse({ standardSchema: contactView, description: 'The contact without it.' })
  removeNamedAddress(
    @Param({ schema: contactPath }) { contact }: Path,
    @Body({ schema: addressInput }) { email }: z.output<typeof addressInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.removeAddress(actor, contact, email);
  }

  @Post(':contact/merge')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Two contacts are one person: tickets, messages and addresses move to `intoId` (managers).',
  })
  @ApiOkResponse({ standardSchema: contactView, description: 'The contact that stays.' })
  merge(
    @Param({ schema: contactPath }) { contact }: Path,
    @Body({ schema: mergeContactInput }) { intoId }: z.output<typeof mergeContactInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.merging.execute(actor, contact, intoId);
  }
}
