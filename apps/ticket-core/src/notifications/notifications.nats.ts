import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { getNotification, listNotifications, readNotifications } from '#shared/contracts/notifications.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ReadNotifications } from './read-notifications.js';

@Controller()
export class NotificationsNats {
  constructor(private readonly notifications: ReadNotifications) {}

  @Answers(listNotifications)
  list(@Input(listNotifications) input: InputOf<typeof listNotifications>, @ActorOf() actor: Actor) {
    return this.notifications.page(actor, input);
  }

  @Answers(readNotifications)
  read(@Input(readNotifications) input: InputOf<typeof readNotifications>, @ActorOf() actor: Actor) {
    return this.notifications.read(actor, input);
  }

  @Answers(getNotification)
  one(@Input(getNotification) { id }: InputOf<typeof getNotification>, @ActorOf() actor: Actor) {
    return this.notifications.one(actor, id);
  }
}
