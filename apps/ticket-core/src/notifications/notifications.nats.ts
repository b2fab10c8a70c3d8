import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { getNotification, listNotifications, readNotifications } from '#shared/contracts/notifications.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadNotifications } from './read-notifications.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class NotificationsNats {
  constructor(private readonly notifications: ReadNotifications) {}

  @Answers(listNotifications)
  list(@Input(listNotifications) input: In<typeof listNotifications>, @ActorOf() actor: Actor) {
    return this.notifications.page(actor, input);
  }

  @Answers(readNotifications)
  read(@Input(readNotifications) input: In<typeof readNotifications>, @ActorOf() actor: Actor) {
    return this.notifications.read(actor, input);
  }

  @Answers(getNotification)
  one(@Input(getNotification) { id }: In<typeof getNotification>, @ActorOf() actor: Actor) {
    return this.notifications.one(actor, id);
  }
}
