import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  StreamableFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { success } from '#shared/contracts/tickets.js';
import {
  changeTimeInput,
  listTimeInput,
  logTimeInput,
  startTimerInput,
  stopTimerInput,
  ticketTimeInput,
  timeEntryPage,
  timeEntryView,
  timerState,
} from '#shared/contracts/time-entries.js';
import { ticketPath } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ChangeTimeEntry } from './change-time-entry.js';
import { ListTime } from './list-time.js';
import { LogTime } from './log-time.js';
import { RunTimer } from './run-timer.js';

type TicketPath = z.output<typeof ticketPath>;
const entryPath = z.object({ entry: z.uuid() });
type EntryPath = z.output<typeof entryPath>;
const listQuery = listTimeInput.safeExtend({ format: z.enum(['json', 'csv']).optional() });

@ApiTags('time')
@ApiBearerAuth()
@Area('time')
@Controller([
  'api/v1/tickets/:ticket/time',
  'api/tickets/:ticket/time',
  'api/v1/tickets/:ticket/time-entries',
  'api/tickets/:ticket/time-entries',
])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TicketTimeHttp {
  constructor(
    private readonly logTime: LogTime,
    private readonly time: ListTime,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Log working time on a ticket; managers may log it for somebody else.' })
  @ApiCreatedResponse({ standardSchema: timeEntryView, description: 'The new entry.' })
  log(
    @Param({ schema: ticketPath }) { ticket }: TicketPath,
    @Body({ schema: logTimeInput }) input: z.output<typeof logTimeInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.logTime.execute(actor, ticket, input);
  }

  @Get()
  @ApiOperation({ summary: 'A ticket’s time entries, newest first, with totals by agent.' })
  @ApiOkResponse({ standardSchema: timeEntryPage, description: 'A page of entries, with totals of all.' })
  list(
    @Param({ schema: ticketPath }) { ticket }: TicketPath,
    @Query({ schema: ticketTimeInput }) input: z.output<typeof ticketTimeInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.time.ofTicket(actor, ticket, input);
  }
}

@ApiTags('time')
@ApiBearerAuth()
@Area('time')
@Controller(['api/v1/time-entries', 'api/time-entries'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TimeEntriesHttp {
  constructor(
    private readonly time: ListTime,
    private readonly entries: ChangeTimeEntry,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Time entries of all tickets, with filters and totals; as CSV by Accept or ?format=csv.' })
  @ApiOkResponse({
    standardSchema: timeEntryPage,
    description: 'A page of entries, with totals of all; as CSV a line an entry, without pages.',
  })
  async list(
    @Query({ schema: listQuery }) { format, ...input }: z.output<typeof listQuery>,
    @HttpActor() actor: Actor,
    @Headers('accept') accept = '',
  ) {
    const asCsv = format === 'csv' || (format === undefined && /^\s*text\/csv\b/i.test(accept));
    if (!asCsv) return this.time.execute(actor, input);
    return new StreamableFile(await this.time.csv(actor, input), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="time-entries.csv"',
    });
  }

  @Get(':entry')
  @ApiOperation({ summary: 'Read a time entry.' })
  @ApiOkResponse({ standardSchema: timeEntryView, description: 'The entry.' })
  get(@Param({ schema: entryPath }) { entry }: EntryPath, @HttpActor() actor: Actor) {
    return this.entries.one(actor, entry);
  }

  @Patch(':entry')
  @ApiOperation({ summary: 'Correct a time entry, until it is invoiced: one’s own, or anybody’s for managers.' })
  @ApiOkResponse({ standardSchema: timeEntryView, description: 'The entry as it is now.' })
  update(
    @Param({ schema: entryPath }) { entry }: EntryPath,
    @Body({ schema: changeTimeInput }) input: z.output<typeof changeTimeInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.entries.update(actor, entry, input);
  }

  @Delete(':entry')
  @ApiOperation({ summary: 'Take a time entry away, until it is invoiced.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: entryPath }) { entry }: EntryPath, @HttpActor() actor: Actor) {
    return this.entries.remove(actor, entry);
  }
}

@ApiTags('time')
@ApiBearerAuth()
@Area('time')
@Controller(['api/v1/tickets/:ticket/timer', 'api/tickets/:ticket/timer'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TicketTimerHttp {
  constructor(private readonly timer: RunTimer) {}

  @Post('start')
  @ApiOperation({
    summary: 'Start your timer on a ticket; with `switch` the one that runs is stopped and logged first.',
  })
  @ApiCreatedResponse({
    standardSchema: timerState,
    description: 'The running timer, and the entry that the one before it became.',
  })
  start(
    @Param({ schema: ticketPath }) { ticket }: TicketPath,
    @Body({ schema: startTimerInput.default(startTimerInput.parse({})) }) input: z.output<typeof startTimerInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.timer.start(actor, ticket, input);
  }
}

@ApiTags('time')
@ApiBearerAuth()
@Area('time')
@Controller(['api/v1/timer', 'api/timer'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TimerHttp {
  constructor(private readonly timer: RunTimer) {}

  @Get()
  @ApiOperation({ summary: 'Your running timer, if there is one.' })
  @ApiOkResponse({ standardSchema: timerState, description: 'Your timer, if one runs.' })
  get(@HttpActor() actor: Actor) {
    return this.timer.get(actor);
  }

  @Post('stop')
  @ApiOperation({ summary: 'Stop your timer and log its time, rounded up to the next minute.' })
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: timeEntryView, description: 'The logged entry.' })
  stop(
    @Body({ schema: stopTimerInput.default({}) }) input: z.output<typeof stopTimerInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.timer.stop(actor, input);
  }

  @Delete()
  @ApiOperation({ summary: 'Discard your timer: nothing is logged.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is stopped, and nothing logged.' })
  discard(@HttpActor() actor: Actor) {
    return this.timer.discard(actor);
  }
}
