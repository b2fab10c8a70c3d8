import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { InputOf } from '#shared/contracts/contract.js';
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

@Controller()
export class MessagesNats {
  constructor(
    private readonly postOne: PostMessage,
    private readonly editOne: EditMessage,
    private readonly messages: ListMessages,
    private readonly history: ListActivities,
  ) {}

  @Answers(postMessage)
  post(@Input(postMessage) input: InputOf<typeof postMessage>, @ActorOf() actor: Actor) {
    return this.postOne.execute(actor, input);
  }

  @Answers(replyRecipients)
  recipients(@Input(replyRecipients) input: InputOf<typeof replyRecipients>, @ActorOf() actor: Actor) {
    return this.postOne.recipients(actor, input.ticket);
  }

  @Answers(undoMessage)
  undo(@Input(undoMessage) input: InputOf<typeof undoMessage>, @ActorOf() actor: Actor) {
    return this.postOne.undo(actor, input.messageId);
  }

  @Answers(editMessage)
  edit(@Input(editMessage) input: InputOf<typeof editMessage>, @ActorOf() actor: Actor) {
    return this.editOne.execute(actor, input.externalRef, input.content);
  }

  @Answers(changeMessage)
  change(@Input(changeMessage) { ticket, messageId, content }: InputOf<typeof changeMessage>, @ActorOf() actor: Actor) {
    return this.editOne.byId(actor, ticket, messageId, content);
  }

  @Answers(listMessages)
  list(@Input(listMessages) input: InputOf<typeof listMessages>, @ActorOf() actor: Actor) {
    return this.messages.execute(actor, input);
  }

  @Answers(listActivities)
  activities(@Input(listActivities) input: InputOf<typeof listActivities>, @ActorOf() actor: Actor) {
    return this.history.execute(actor, input);
  }
}
