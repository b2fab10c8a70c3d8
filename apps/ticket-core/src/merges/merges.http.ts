import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  listMergesInput,
  mergedTickets,
  mergePage,
  mergeTicketsInput,
  splitTicketInput,
  splitTickets,
  unmergedTickets,
} from '#shared/contracts/merges.js';
import { ticketPath } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ListMerges } from './list-merges.js';
import { MergeTickets } from './merge-tickets.js';
import { SplitTicket } from './split-ticket.js';
import { UndoMerge } from './undo-merge.js';

type Path = z.output<typeof ticketPath>;

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket', 'api/tickets/:ticket'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class MergesHttp {
  constructor(
    private readonly mergeTickets: MergeTickets,
    private readonly undoMerge: UndoMerge,
    private readonly list: ListMerges,
    private readonly splitTicket: SplitTicket,
  ) {}

  @Post('merge')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Merge this ticket `into` another, or other `tickets` into this one. Undone for a day by unmerge.',
  })
  @ApiOkResponse({ standardSchema: mergedTickets, description: 'The surviving ticket, and each merge.' })
  merge(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: mergeTicketsInput }) input: z.output<typeof mergeTicketsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.mergeTickets.execute(actor, ticket, input);
  }

  @Post('unmerge')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the merge back by which this ticket became part of another.' })
  @ApiOkResponse({ standardSchema: unmergedTickets, description: 'Both tickets as they are again.' })
  unmerge(@Param({ schema: ticketPath }) { ticket }: Path, @HttpActor() actor: Actor) {
    return this.undoMerge.execute(actor, ticket);
  }

  @Get('merges')
  @ApiOperation({
    summary: 'The merges that this ticket had a part in, newest first, with until when each can be undone.',
  })
  @ApiOkResponse({ standardSchema: mergePage, description: 'A page of merges.' })
  merges(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: listMergesInput }) input: z.output<typeof listMergesInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.list.execute(actor, ticket, input);
  }

  @Post('split')
  @ApiOperation({ summary: 'Move messages into a new ticket of the customer who wrote the first of them.' })
  @ApiCreatedResponse({
    standardSchema: splitTickets,
    description: 'The new ticket, and the one that the messages were on.',
  })
  split(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: splitTicketInput }) input: z.output<typeof splitTicketInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.splitTicket.execute(actor, ticket, input);
  }
}
