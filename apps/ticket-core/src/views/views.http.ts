import {
  Body,
  Controller,
  Delete,
  Get,
  Param,
  Patch,
  Post,
  Put,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { ticketPage } from '#shared/contracts/ticket-lists.js';
import { success } from '#shared/contracts/tickets.js';
import {
  createViewInput,
  listViewsInput,
  orderViewsInput,
  savedViewView,
  updateViewInput,
  viewList,
  viewTicketsInput,
} from '#shared/contracts/views.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ChangeViews } from './change-views.js';
import { ReadViews } from './read-views.js';

const viewPath = z.object({ view: z.uuid() });
type Path = z.output<typeof viewPath>;

@ApiTags('views')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/views', 'api/views'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class ViewsHttp {
  constructor(
    private readonly views: ReadViews,
    private readonly change: ChangeViews,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Saved views in order; `counts=true` adds how many tickets each shows.' })
  @ApiOkResponse({ standardSchema: viewList, description: 'All views that you see.' })
  list(@Query({ schema: listViewsInput }) input: z.output<typeof listViewsInput>, @HttpActor() actor: Actor) {
    return this.views.list(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Save a view: filters as GET /tickets takes them, under a name.' })
  @ApiCreatedResponse({ standardSchema: savedViewView, description: 'The new view.' })
  create(@Body({ schema: createViewInput }) input: z.output<typeof createViewInput>, @HttpActor() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Put()
  @ApiOperation({ summary: 'Put views into another order: those named come first.' })
  @ApiOkResponse({ standardSchema: viewList, description: 'All views in the new order.' })
  order(@Body({ schema: orderViewsInput }) input: z.output<typeof orderViewsInput>, @HttpActor() actor: Actor) {
    return this.change.order(actor, input);
  }

  @Get(':view')
  @ApiOperation({ summary: 'Read a saved view.' })
  @ApiOkResponse({ standardSchema: savedViewView, description: 'The view.' })
  get(@Param({ schema: viewPath }) { view }: Path, @HttpActor() actor: Actor) {
    return this.views.one(actor, view);
  }

  @Get(':view/tickets')
  @ApiOperation({ summary: 'The tickets that a view shows whoever looks.' })
  @ApiOkResponse({ standardSchema: ticketPage, description: 'A page of its tickets.' })
  tickets(
    @Param({ schema: viewPath }) { view }: Path,
    @Query({ schema: viewTicketsInput }) input: z.output<typeof viewTicketsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.views.ticketsOf(actor, view, input);
  }

  @Patch(':view')
  @ApiOperation({ summary: 'Change a view; `query` replaces all of it.' })
  @ApiOkResponse({ standardSchema: savedViewView, description: 'The view as it is now.' })
  update(
    @Param({ schema: viewPath }) { view }: Path,
    @Body({ schema: updateViewInput }) input: z.output<typeof updateViewInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.update(actor, view, input);
  }

  @Delete(':view')
  @ApiOperation({ summary: 'Delete a view.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: viewPath }) { view }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, view);
  }
}
