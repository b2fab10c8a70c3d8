import { Body, Controller, Delete, HttpCode, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { assignTicketInput, reopenInput, stepInput, success, ticketView } from '#shared/contracts/tickets.js';
import { ticketPath } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { DeleteTicket } from './delete-ticket.js';
import { StepTicket } from './step-ticket.js';
import { TicketTagInterceptor } from './ticket-tag.interceptor.js';
import { UpdateTicket } from './update-ticket.js';

type Path = z.output<typeof ticketPath>;
/** A step needs no body at all. */
const step = stepInput.prefault({});
const reopen = reopenInput.prefault({});

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket', 'api/tickets/:ticket'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(TicketTagInterceptor, IdempotencyInterceptor)
export class TicketStepsHttp {
  constructor(
    private readonly updateTicket: UpdateTicket,
    private readonly steps: StepTicket,
    private readonly deleting: DeleteTicket,
  ) {}

  @Post('assign')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give it to an agent (id, e-mail address, handle or name), to nobody (null), or to a team.',
  })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  assign(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: assignTicketInput }) input: z.output<typeof assignTicketInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.updateTicket.execute(actor, ticket, input);
  }

  @Post('start')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say that somebody is on it: in progress.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  start(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: step }) { note }: z.output<typeof stepInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.steps.start(actor, ticket, note);
  }

  @Post('resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Resolve it. It closes by itself when nobody objects.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  resolve(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: step }) { note }: z.output<typeof stepInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.steps.resolve(actor, ticket, note);
  }

  @Post('close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close it for good.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  close(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: step }) { note }: z.output<typeof stepInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.steps.close(actor, ticket, note);
  }

  @Post('reopen')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open a resolved ticket again. Of a closed one, its follow-up is opened and answered.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now, or its follow-up.' })
  reopen(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: reopen }) { note }: z.output<typeof reopenInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.steps.reopen(actor, ticket, note);
  }

  @Delete()
  @ApiOperation({ summary: 'Delete it: it is hidden everywhere, and may be restored.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is hidden.' })
  delete(@Param({ schema: ticketPath }) { ticket }: Path, @HttpActor() actor: Actor) {
    return this.deleting.execute(actor, ticket);
  }

  @Post('restore')
  @HttpCode(200)
  @ApiOperation({ summary: 'Bring a deleted ticket back: managers, or within a day whoever deleted it.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  restore(@Param({ schema: ticketPath }) { ticket }: Path, @HttpActor() actor: Actor) {
    return this.deleting.restore(actor, ticket);
  }
}
