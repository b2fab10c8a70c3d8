import { Body, Controller, Delete, Param, Patch, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { changeMessageInput, messageView } from '#shared/contracts/messages.js';
import { success } from '#shared/contracts/tickets.js';
import { ticketRef } from '#shared/contracts/values.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { EditMessage } from './edit-message.js';

const messagePath = z.object({ ticket: ticketRef, message: z.uuid() });
type Path = z.output<typeof messagePath>;

@ApiTags('messages')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/tickets/:ticket/messages/:message', 'api/tickets/:ticket/messages/:message'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class MessagesHttp {
  constructor(private readonly editing: EditMessage) {}

  @Patch()
  @ApiOperation({ summary: 'Edit your own note, or your own reply while its mail still waits.' })
  @ApiOkResponse({ standardSchema: messageView, description: 'The message as it is now.' })
  edit(
    @Param({ schema: messagePath }) { ticket, message }: Path,
    @Body({ schema: changeMessageInput }) { content }: z.output<typeof changeMessageInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.editing.byId(actor, ticket, message, content);
  }

  @Delete()
  @ApiOperation({ summary: 'Delete your own note, or your own reply while its mail still waits.' })
  @ApiOkResponse({ standardSchema: success, description: 'It is gone.' })
  async delete(@Param({ schema: messagePath }) { ticket, message }: Path, @HttpActor() actor: Actor) {
    await this.editing.byId(actor, ticket, message, null);
    return { success: true };
  }
}
