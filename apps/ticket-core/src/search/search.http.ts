import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { searchPage, searchTicketsQuery } from '#shared/contracts/ticket-lists.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { SearchTickets } from '../tickets/search-tickets.js';

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/search', 'api/search'])
@UseGuards(ApiKeyGuard)
export class SearchHttp {
  constructor(private readonly searchTickets: SearchTickets) {}

  @Get()
  @ApiOperation({ summary: 'Search tickets by their words, best first; takes the filters of the list, too.' })
  @ApiOkResponse({ standardSchema: searchPage, description: 'What was found, best first.' })
  search(@Query({ schema: searchTicketsQuery }) input: z.output<typeof searchTicketsQuery>, @HttpActor() actor: Actor) {
    return this.searchTickets.execute(actor, input);
  }
}
