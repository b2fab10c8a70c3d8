import { Body, Controller, Get, HttpCode, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  listNotificationsInput,
  notificationPage,
  readNotifications,
  readNotificationsInput,
} from '#shared/contracts/notifications.js';
import { ApiKeyGuard, HttpActor } from '../http/api-key.guard.js';
import { Area } from '../http/area.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { ReadNotifications } from './read-notifications.js';

@ApiTags('notifications')
@ApiBearerAuth()
@Area('tickets')
@Controller(['api/v1/notifications', 'api/notifications'])
@UseGuards(ApiKeyGuard)
@UseInterceptors(IdempotencyInterceptor)
export class NotificationsHttp {
  constructor(private readonly notifications: ReadNotifications) {}

  @Get()
  @ApiOperation({ summary: 'What you were told: mentions, assignments, customers’ messages. Newest first.' })
  @ApiOkResponse({ standardSchema: notificationPage, description: 'A page of notifications.' })
  list(
    @Query({ schema: listNotificationsInput }) input: z.output<typeof listNotificationsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.notifications.page(actor, input);
  }

  @Post('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mark some, or all, as read.' })
  @ApiOkResponse({ standardSchema: readNotifications.reply, description: 'How many were read just now.' })
  read(
    @Body({ schema: readNotificationsInput }) input: z.output<typeof readNotificationsInput>,
    @HttpActor() actor: Actor,
  ) {
    return this.notifications.read(actor, input);
  }
}
