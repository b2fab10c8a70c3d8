import { Controller } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { deleteAttachment, listAttachments } from '#shared/contracts/attachments.js';
import type { InputOf } from '#shared/contracts/contract.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { DeleteAttachment } from './delete-attachment.js';
import { ListAttachments } from './list-attachments.js';

@Controller()
export class AttachmentsNats {
  constructor(
    private readonly attachments: ListAttachments,
    private readonly deletion: DeleteAttachment,
  ) {}

  @Answers(listAttachments)
  list(@Input(listAttachments) input: InputOf<typeof listAttachments>, @ActorOf() actor: Actor) {
    return this.attachments.execute(actor, input);
  }

  @Answers(deleteAttachment)
  remove(@Input(deleteAttachment) { attachment }: InputOf<typeof deleteAttachment>, @ActorOf() actor: Actor) {
    return this.deletion.execute(actor, attachment);
  }
}
