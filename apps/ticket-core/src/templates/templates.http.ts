import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  createTemplateInput,
  listTemplatesInput,
  templatePage,
  templateView,
  updateTemplateInput,
} from '#shared/contracts/templates.js';
import { openedTicketView, openFromTemplateInput, success } from '#shared/contracts/tickets.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { OpenTicket } from '../tickets/open-ticket.js';
import { Templates } from './templates.js';

const templatePath = z.object({ template: z.uuid() });
type Path = z.output<typeof templatePath>;

@ApiTags('templates')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/ticket-templates', 'api/ticket-templates', 'api/v1/templates', 'api/templates'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TemplatesHttp {
  constructor(
    private readonly templates: Templates,
    private readonly openTicket: OpenTicket,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Templates by name: everybody’s, and those of one’s own teams.' })
  @ApiOkResponse({ standardSchema: templatePage, description: 'A page of templates.' })
  list(@Query({ schema: listTemplatesInput }) input: z.output<typeof listTemplatesInput>, @HttpActor() actor: Actor) {
    return this.templates.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Write a template (managers): the fields that its tickets are opened with.' })
  @ApiCreatedResponse({ standardSchema: templateView, description: 'The new template.' })
  create(
    @Body({ schema: createTemplateInput }) input: z.output<typeof createTemplateInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.templates.create(actor, input);
  }

  @Get(':template')
  @ApiOperation({ summary: 'Read a template.' })
  @ApiOkResponse({ standardSchema: templateView, description: 'The template.' })
  get(@Param({ schema: templatePath }) { template }: Path, @HttpActor() actor: Actor) {
    return this.templates.one(actor, template);
  }

  @Patch(':template')
  @ApiOperation({ summary: 'Change a template (managers); `fields` replaces all of them.' })
  @ApiOkResponse({ standardSchema: templateView, description: 'The template as it is now.' })
  update(
    @Param({ schema: templatePath }) { template }: Path,
    @Body({ schema: updateTemplateInput }) input: z.output<typeof updateTemplateInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.templates.update(actor, template, input);
  }

  @Delete(':template')
  @ApiOperation({ summary: 'Delete a template (managers).' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: templatePath }) { template }: Path, @HttpActor() actor: Actor) {
    return this.templates.remove(actor, template);
  }

  @Post(':template/open')
  @Area('tickets')
  @ApiOperation({ summary: 'Open a ticket from a template; what the body says wins.' })
  @ApiCreatedResponse({ standardSchema: openedTicketView, description: 'The new ticket.' })
  async open(
    @Param({ schema: templatePath }) { template }: Path,
    @Body({ schema: openFromTemplateInput.prefault({}) }) input: z.output<typeof openFromTemplateInput>,
    @HttpActor() actor: Actor,
  ) {
    const { id: templateId } = await this.templates.one(actor, template);
    return this.openTicket.execute(actor, { ...input, templateId });
  }
}
