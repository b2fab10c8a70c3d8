import { Controller, Delete, Get, Param, Put, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { success } from '#shared/contracts/tickets.js';
import { watcherNamed, watcherPage, watcherView } from '#shared/contracts/watchers.js';
import { ticketPath, ticketRef } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { WatchTicket } from './watch-ticket.js';

const watcherPath = z.object({ ticket: ticketRef, agent: watcherNamed });
type Path = z.output<typeof watcherPath>;

@ApiTags('watchers')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/watchers', 'api/tickets/:ticket/watchers'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class WatchersHttp {
  constructor(private readonly watching: WatchTicket) {}

  @Get()
  @ApiOperation({ summary: 'Who watches a ticket.' })
  @ApiOkResponse({ standardSchema: watcherPage, description: 'All watchers.' })
  list(@Param({ schema: ticketPath }) { ticket }: z.output<typeof ticketPath>, @HttpActor() actor: Actor) {
    return this.watching.list(actor, ticket);
  }

  @Put(':agent')
  @ApiOperation({ summary: 'Watch it: `me`, or an agent by id, e-mail address, handle or name.' })
  @ApiOkResponse({ standardSchema: watcherView, description: 'The watcher.' })
  watch(@Param({ schema: watcherPath }) { ticket, agent }: Path, @HttpActor() actor: Actor) {
    return this.watching.watch(actor, ticket, agent);
  }

  @Delete(':agent')
  @ApiOperation({ summary: 'Watch it no more; writing on it does not change that.' })
  @ApiOkResponse({ standardSchema: success, description: 'They watch it no more.' })
  unwatch(@Param({ schema: watcherPath }) { ticket, agent }: Path, @HttpActor() actor: Actor) {
    return this.watching.unwatch(actor, ticket, agent);
  }
}
