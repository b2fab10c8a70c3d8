import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { openHoursInput, openHoursView, slaCalendarList, slaCalendarView } from '#shared/contracts/sla-calendars.js';
import { success } from '#shared/contracts/tickets.js';
import { sharedCalendarChanges, sharedCalendarSchema } from '#sla/shared-calendar.schema.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { calendarViewOf } from './calendar.view.js';
import { ChangeCalendars } from './change-calendars.js';
import { ReadCalendars } from './read-calendars.js';

const calendarPath = z.object({ calendar: z.uuid({ error: 'must be the calendar’s id, a uuid' }) });
type Path = z.output<typeof calendarPath>;

@ApiTags('sla')
@ApiBearerAuth()
@Area('sla')
@Controller(['api/v1/sla/calendars', 'api/sla/calendars'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class SlaCalendarsHttp {
  constructor(
    private readonly calendars: ReadCalendars,
    private readonly change: ChangeCalendars,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Shared calendars, with the policies that use them.' })
  @ApiOkResponse({ standardSchema: slaCalendarList, description: 'All calendars.' })
  async list(@HttpActor() actor: Actor) {
    return { items: await this.calendars.list(actor), nextCursor: null };
  }

  @Post()
  @ApiOperation({
    summary: 'Make a calendar (managers): zone, hours, holidays, half-days, a country’s public holidays.',
  })
  @ApiCreatedResponse({ standardSchema: slaCalendarView, description: 'The new calendar.' })
  async create(
    @Body({ schema: sharedCalendarSchema }) input: z.output<typeof sharedCalendarSchema>,
    @HttpActor() actor: Actor,
  ) {
    const row = await this.change.create(actor, input);
    return calendarViewOf(row, row.policies);
  }

  @Get(':calendar')
  @ApiOperation({ summary: 'Read a calendar, and how far open tickets have followed its last change.' })
  @ApiOkResponse({ standardSchema: slaCalendarView, description: 'The calendar.' })
  get(@Param({ schema: calendarPath }) { calendar }: Path, @HttpActor() actor: Actor) {
    return this.calendars.one(actor, calendar);
  }

  @Get(':calendar/open-hours')
  @ApiOperation({ summary: 'When the desk is open, day by day, for at most 366 days.' })
  @ApiOkResponse({ standardSchema: openHoursView, description: 'Open hours, day by day.' })
  openHours(
    @Param({ schema: calendarPath }) { calendar }: Path,
    @Query({ schema: openHoursInput }) span: z.output<typeof openHoursInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.calendars.openHours(actor, calendar, span);
  }

  @Patch(':calendar')
  @ApiOperation({ summary: 'Change a calendar (managers). Open tickets of its policies follow in the background.' })
  @ApiOkResponse({ standardSchema: slaCalendarView, description: 'The calendar as it is now.' })
  async update(
    @Param({ schema: calendarPath }) { calendar }: Path,
    @Body({ schema: sharedCalendarChanges }) input: z.output<typeof sharedCalendarChanges>,
    @HttpActor() actor: Actor,
  ) {
    const row = await this.change.update(actor, calendar, input);
    return calendarViewOf(row, row.policies);
  }

  @Delete(':calendar')
  @ApiOperation({ summary: 'Delete a calendar that no policy uses (managers).' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: calendarPath }) { calendar }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, calendar);
  }
}
