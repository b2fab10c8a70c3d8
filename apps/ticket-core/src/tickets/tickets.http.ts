import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  activityPage,
  listActivities,
  listMessages,
  listMessagesInput,
  messagePage,
  messageView,
  postMessageInput,
} from '#shared/contracts/messages.js';
import { listTicketsQuery, ticketPage } from '#shared/contracts/ticket-lists.js';
import {
  getTicketQuery,
  openedTicketView,
  openTicketInput,
  ticketView,
  updateTicketFields,
} from '#shared/contracts/tickets.js';
import { ticketPath } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { ListActivities } from '../activities/list-activities.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ListMessages } from '../messages/list-messages.js';
import { PostMessage } from '../messages/post-message.js';
import { OpenTicket } from './open-ticket.js';
import { ReadTickets } from './read-tickets.js';
import { TicketTagInterceptor } from './ticket-tag.interceptor.js';
import { UpdateTicket } from './update-ticket.js';

/** As an object, so that what is wrong with it is told of `/ticket`, as over NATS. */
type Path = z.output<typeof ticketPath>;

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets', 'api/tickets'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(TicketTagInterceptor, IdempotencyInterceptor)
export class TicketsHttp {
  constructor(
    private readonly openTicket: OpenTicket,
    private readonly tickets: ReadTickets,
    private readonly updateTicket: UpdateTicket,
    private readonly postMessage: PostMessage,
    private readonly messages: ListMessages,
    private readonly activities: ListActivities,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Open a ticket. Only a subject is needed.' })
  @ApiCreatedResponse({ standardSchema: openedTicketView, description: 'The new ticket.' })
  open(@Body({ schema: openTicketInput }) input: z.output<typeof openTicketInput>, @HttpActor() actor: Actor) {
    return this.openTicket.execute(actor, input);
  }

  @Get()
  @ApiOperation({ summary: 'List tickets, newest first, with filters and a cursor.' })
  @ApiOkResponse({ standardSchema: ticketPage, description: 'A page of tickets.' })
  list(@Query({ schema: listTicketsQuery }) input: z.output<typeof listTicketsQuery>, @HttpActor() actor: Actor) {
    return this.tickets.page(actor, input);
  }

  @Get(':ticket')
  @ApiOperation({ summary: 'Read a ticket, by id or number.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket.' })
  get(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: getTicketQuery }) { deleted }: z.output<typeof getTicketQuery>,
    @HttpActor() actor: Actor,
  ) {
    return this.tickets.one(actor, ticket, deleted);
  }

  @Patch(':ticket')
  @ApiOperation({ summary: 'Change fields. `version` or If-Match guards against overwriting somebody else’s change.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket as it is now.' })
  update(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: updateTicketFields }) input: z.output<typeof updateTicketFields>,
    @HttpActor() actor: Actor,
    @Headers('if-match') ifMatch?: string,
  ) {
    return this.updateTicket.execute(actor, ticket, { ...input, version: input.version ?? versionOf(ifMatch) });
  }

  @Post(':ticket/messages')
  @ApiOperation({ summary: 'Post a public reply, which is mailed to the customer, or an internal note.' })
  @ApiCreatedResponse({ standardSchema: messageView, description: 'The new message.' })
  post(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: postMessageInput }) input: z.output<typeof postMessageInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.postMessage.execute(actor, { ...input, ticket, undoMs: 0 });
  }

  @Get(':ticket/messages')
  @ApiOperation({ summary: 'The thread, oldest first.' })
  @ApiOkResponse({ standardSchema: messagePage, description: 'A page of messages.' })
  thread(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: listMessagesInput }) input: z.output<typeof listMessagesInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.messages.execute(actor, { ...input, ticket } satisfies z.output<(typeof listMessages)['request']>);
  }

  @Get(':ticket/activities')
  @HttpCode(200)
  @ApiOperation({ summary: 'The history, oldest first, with old and new values.' })
  @ApiOkResponse({ standardSchema: activityPage, description: 'A page of the history.' })
  history(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: listMessagesInput }) input: z.output<typeof listMessagesInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.activities.execute(actor, { ...input, ticket } satisfies z.output<(typeof listActivities)['request']>);
  }
}

/** If-Match: "3" (RFC 9110 13.1.1); W/"3" is the same: a proxy that compresses an answer weakens its tag. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = Number(/^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch)?.[1]);
  if (!Number.isInteger(version))
    throw new DeskError('BAD_REQUEST', 'If-Match: must be the ticket’s version in quotes, such as "3"');
  return version;
}
