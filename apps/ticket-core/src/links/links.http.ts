import { Body, Controller, Delete, Get, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { linkPage, linkTicketsInput, linkView, listLinksInput } from '#shared/contracts/links.js';
import { success } from '#shared/contracts/tickets.js';
import { ticketPath, ticketRef } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { LinkTickets } from './link-tickets.js';

const linkPath = z.object({ ticket: ticketRef, link: z.uuid() });
type Path = z.output<typeof ticketPath>;

@ApiTags('links')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/links', 'api/tickets/:ticket/links'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class LinksHttp {
  constructor(private readonly links: LinkTickets) {}

  @Post()
  @ApiOperation({ summary: 'Say what this ticket has to do with another.' })
  @ApiCreatedResponse({ standardSchema: linkView, description: 'The link, as this ticket sees it.' })
  add(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: linkTicketsInput }) { to, kind }: z.output<typeof linkTicketsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.links.add(actor, ticket, to, kind);
  }

  @Get()
  @ApiOperation({
    summary: 'Tickets that this one has to do with, its follow-ups and duplicates too; the oldest links first.',
  })
  @ApiOkResponse({ standardSchema: linkPage, description: 'A page of links.' })
  list(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: listLinksInput }) input: z.output<typeof listLinksInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.links.list(actor, { ...input, ticket });
  }

  @Delete(':link')
  @ApiOperation({ summary: 'Remove a link, from either end.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: linkPath }) { ticket, link }: z.output<typeof linkPath>, @HttpActor() actor: Actor) {
    return this.links.remove(actor, ticket, link);
  }
}
