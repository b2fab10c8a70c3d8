import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import {
  changeMessage,
  editMessage,
  listActivities,
  listMessages,
  postMessage,
  replyRecipients,
  undoMessage,
} from '#shared/contracts/messages.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { ListActivities } from '../activities/list-activities.js';
import { EditMessage } from './edit-message.js';
import { ListMessages } from './list-messages.js';
import { PostMessage } from './post-message.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class MessagesNats {
  constructor(
    private readonly postOne: PostMessage,
    private readonly editOne: EditMessage,
    private readonly messages: ListMessages,
    private readonly history: ListActivities,
  ) {}

  @Answers(postMessage)
  post(@Input(postMessage) input: In<typeof postMessage>, @ActorOf() actor: Actor) {
    return this.postOne.execute(actor, input);
  }

  @Answers(replyRecipients)
  recipients(@Input(replyRecipients) input: In<typeof replyRecipients>, @ActorOf() actor: Actor) {
    return this.postOne.recipients(actor, input.ticket);
  }

  @Answers(undoMessage)
  undo(@Input(undoMessage) input: In<typeof undoMessage>, @ActorOf() actor: Actor) {
    return this.postOne.undo(actor, input.messageId);
  }

  @Answers(editMessage)
  edit(@Input(editMessage) input: In<typeof editMessage>, @ActorOf() actor: Actor) {
    return this.editOne.execute(actor, input.externalRef, input.content);
  }

  @Answers(changeMessage)
  change(@Input(changeMessage) { ticket, messageId, content }: In<typeof changeMessage>, @ActorOf() actor: Actor) {
    return this.editOne.byId(actor, ticket, messageId, content);
  }

  @Answers(listMessages)
  list(@Input(listMessages) input: In<typeof listMessages>, @ActorOf() actor: Actor) {
    return this.messages.execute(actor, input);
  }

  @Answers(listActivities)
  activities(@Input(listActivities) input: In<typeof listActivities>, @ActorOf() actor: Actor) {
    return this.history.execute(actor, input);
  }
}
