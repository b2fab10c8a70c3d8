import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketStats, ticketStatsQuery } from '#shared/contracts/stats.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { ReadStats } from './read-stats.js';

/** Its path is no ticket's: routers prefer what is written out over a parameter, and no ticket is called “stats”. */
@ApiTags('tickets')
@ApiBearerAuth()
@Area('reports')
@Controller(['api/v1/tickets/stats', 'api/tickets/stats'])
@UseGuards(ApiKeyGuard)
export class StatsHttp {
  constructor(private readonly stats: ReadStats) {}

  @Get()
  @ApiOperation({
    summary: 'What tickets add up to: by status, priority and so on, SLA breaches, durations, a series.',
  })
  @ApiOkResponse({ standardSchema: ticketStats, description: 'What they add up to.' })
  read(@Query({ schema: ticketStatsQuery }) input: z.output<typeof ticketStatsQuery>, @HttpActor() actor: Actor) {
    return this.stats.execute(actor, input);
  }
}
