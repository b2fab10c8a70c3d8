import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  addTagsInput,
  createTagInput,
  listTagsInput,
  tagPage,
  tagView,
  updateTagInput,
} from '#shared/contracts/tags.js';
import { success, ticketView } from '#shared/contracts/tickets.js';
import { tagName, ticketPath, ticketRef } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ChangeTags } from './change-tags.js';
import { ReadTags } from './read-tags.js';
import { TagTicket } from './tag-ticket.js';

const tagPath = z.object({ tag: z.uuid() });
type Path = z.output<typeof tagPath>;

@ApiTags('tags')
@ApiBearerAuth()
@Area('settings')
@Controller(['api/v1/ticket-tags', 'api/ticket-tags', 'api/v1/tags', 'api/tags'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TagsHttp {
  constructor(
    private readonly tags: ReadTags,
    private readonly change: ChangeTags,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The desk’s tags by name; `counts=true` adds how many open tickets have each.' })
  @ApiOkResponse({ standardSchema: tagPage, description: 'A page of tags.' })
  list(@Query({ schema: listTagsInput }) input: z.output<typeof listTagsInput>, @HttpActor() actor: Actor) {
    return this.tags.page(actor, input);
  }

  @Post()
  @ApiOperation({ summary: 'Make a tag (managers). Without a colour its name gives it one.' })
  @ApiCreatedResponse({ standardSchema: tagView, description: 'The new tag.' })
  create(@Body({ schema: createTagInput }) input: z.output<typeof createTagInput>, @HttpActor() actor: Actor) {
    return this.change.create(actor, input);
  }

  @Get(':tag')
  @ApiOperation({ summary: 'Read a tag, and how far its tickets have followed its last change of name.' })
  @ApiOkResponse({ standardSchema: tagView, description: 'The tag.' })
  get(@Param({ schema: tagPath }) { tag }: Path, @HttpActor() actor: Actor) {
    return this.tags.one(actor, tag);
  }

  @Patch(':tag')
  @ApiOperation({ summary: 'Rename, recolour or merge a tag (managers). Its tickets follow.' })
  @ApiOkResponse({ standardSchema: tagView, description: 'The tag as it is now.' })
  update(
    @Param({ schema: tagPath }) { tag }: Path,
    @Body({ schema: updateTagInput }) input: z.output<typeof updateTagInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.change.update(actor, tag, input);
  }

  @Delete(':tag')
  @ApiOperation({ summary: 'Delete a tag (managers). Open tickets lose it; resolved and closed ones keep it.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  remove(@Param({ schema: tagPath }) { tag }: Path, @HttpActor() actor: Actor) {
    return this.change.remove(actor, tag);
  }
}

const ticketTagPath = z.object({ ticket: ticketRef, tag: tagName });

@ApiTags('tickets')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/tags', 'api/tickets/:ticket/tags'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class TicketTagsHttp {
  constructor(private readonly tagTicket: TagTicket) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Add tags to a ticket; those that the desk does not know yet are made.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket with its tags.' })
  add(
    @Param({ schema: ticketPath }) { ticket }: z.output<typeof ticketPath>,
    @Body({ schema: addTagsInput }) { tag, tags }: z.output<typeof addTagsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.tagTicket.add(actor, ticket, [...(tag === undefined ? [] : [tag]), ...(tags ?? [])]);
  }

  @Delete(':tag')
  @ApiOperation({ summary: 'Take a tag off a ticket, by its name.' })
  @ApiOkResponse({ standardSchema: ticketView, description: 'The ticket without it.' })
  remove(@Param({ schema: ticketTagPath }) { ticket, tag }: z.output<typeof ticketTagPath>, @HttpActor() actor: Actor) {
    return this.tagTicket.remove(actor, ticket, tag);
  }
}
