import { Body, Controller, HttpCode, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { bulkInput, bulkResults } from '#shared/contracts/bulk.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { BulkUpdate } from './bulk-update.js';

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/bulk', 'api/tickets/bulk'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class BulkHttp {
  constructor(private readonly bulk: BulkUpdate) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Change or delete up to 500 tickets, each for itself; what became of each is told in order.',
  })
  @ApiOkResponse({
    standardSchema: bulkResults,
    description: 'What became of each ticket, in the order of the request.',
  })
  update(@Body({ schema: bulkInput }) input: z.output<typeof bulkInput>, @HttpActor() actor: Actor) {
    return this.bulk.execute(actor, input);
  }
}
