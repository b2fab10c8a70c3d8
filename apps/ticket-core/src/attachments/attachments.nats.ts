import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import { deleteAttachment, listAttachments } from '#shared/contracts/attachments.js';
import { ActorOf, Answers, Input } from '#shared/messaging/contract-handlers.js';
import { DeleteAttachment } from './delete-attachment.js';
import { ListAttachments } from './list-attachments.js';

type In<C extends { request: z.ZodType }> = z.output<C['request']>;

@Controller()
export class AttachmentsNats {
  constructor(
    private readonly attachments: ListAttachments,
    private readonly deletion: DeleteAttachment,
  ) {}

  @Answers(listAttachments)
  list(@Input(listAttachments) input: In<typeof listAttachments>, @ActorOf() actor: Actor) {
    return this.attachments.execute(actor, input);
  }

  @Answers(deleteAttachment)
  remove(@Input(deleteAttachment) { attachment }: In<typeof deleteAttachment>, @ActorOf() actor: Actor) {
    return this.deletion.execute(actor, attachment);
  }
}
