import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { listBreachesInput, violationsView } from '#shared/contracts/sla-breaches.js';
import { pauseInput, slaExplanation, slaTrackingView } from '#shared/contracts/sla-tracking.js';
import { ticketRef } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { GetTracking } from './get-tracking.js';
import { ListBreaches } from './list-breaches.js';
import { PauseTracking } from './pause-tracking.js';

const ticketPath = z.object({ ticket: ticketRef });
type Path = z.output<typeof ticketPath>;

@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/tickets/:ticket/sla', 'api/tickets/:ticket/sla'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TicketSlaHttp {
  constructor(
    private readonly tracking: GetTracking,
    private readonly pauses: PauseTracking,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where a ticket stands: tracking, each clock’s arithmetic, and how it came to be so.' })
  @ApiOkResponse({ standardSchema: slaExplanation, description: 'Where it stands, and why.' })
  get(@Param({ schema: ticketPath }) { ticket }: Path, @HttpActor() actor: Actor) {
    return this.tracking.explained(actor, ticket);
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop the clocks by hand, until they are resumed.' })
  @ApiOkResponse({ standardSchema: slaTrackingView, description: 'Where it stands now.' })
  pause(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: pauseInput }) { reason }: z.output<typeof pauseInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.pauses.pause(actor, ticket, reason || null);
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let the clocks go on; due instants move by the length of the pause.' })
  @ApiOkResponse({ standardSchema: slaTrackingView, description: 'Where it stands now.' })
  resume(@Param({ schema: ticketPath }) { ticket }: Path, @HttpActor() actor: Actor) {
    return this.pauses.resume(actor, ticket);
  }
}

@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/sla/breaches', 'api/sla/breaches'])
@UseGuards(ApiKeyGuard)
export class SlaBreachesHttp {
  constructor(private readonly breaches: ListBreaches) {}

  @Get()
  @ApiOperation({ summary: 'Tickets that missed a target: response, resolve or both; and those about to.' })
  @ApiOkResponse({ standardSchema: violationsView, description: 'Who missed what, and who is about to.' })
  list(@Query({ schema: listBreachesInput }) input: z.output<typeof listBreachesInput>, @HttpActor() actor: Actor) {
    return this.breaches.violations(actor, input);
  }
}
