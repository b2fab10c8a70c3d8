import { Body, Controller, Get, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  commentPage,
  commentView,
  listMessagesInput,
  postCommentInput,
  postMessageInput,
} from '#shared/contracts/messages.js';
import { ticketPath } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { commentViewOf } from './comment.view.js';
import { ListMessages } from './list-messages.js';
import { PostMessage } from './post-message.js';

type Path = z.output<typeof ticketPath>;

/** Messages by another name: what is posted here is there, and the other way round. */
@ApiTags('comments')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/comments', 'api/tickets/:ticket/comments'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class CommentsHttp {
  constructor(
    private readonly postMessage: PostMessage,
    private readonly messages: ListMessages,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Comment: publicly, which is mailed to the customer, or internally.' })
  @ApiCreatedResponse({ standardSchema: commentView, description: 'The new comment.' })
  async post(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Body({ schema: postCommentInput }) { body, internal }: z.output<typeof postCommentInput>,
    @HttpActor() actor: Actor,
  ) {
    const message = postMessageInput.parse({ content: body, isInternalNote: internal });
    return commentViewOf(await this.postMessage.execute(actor, { ...message, ticket, undoMs: 0 }));
  }

  @Get()
  @ApiOperation({ summary: 'All comments, oldest first.' })
  @ApiOkResponse({ standardSchema: commentPage, description: 'A page of comments.' })
  async list(
    @Param({ schema: ticketPath }) { ticket }: Path,
    @Query({ schema: listMessagesInput }) input: z.output<typeof listMessagesInput>,
    @HttpActor() actor: Actor,
  ) {
    const { items, nextCursor } = await this.messages.execute(actor, { ...input, ticket });
    return { items: items.map(commentViewOf), nextCursor };
  }
}
