import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError, type Problem } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { mayPost } from './attachment.policy.js';
import { AttachmentRepository } from './attachment.repository.js';
import type { AttachmentRow } from './attachment.view.js';
import { ATTACHMENT_RULES, type AttachmentRules, saySize } from './attachment-rules.js';
import { subjectOf } from './find-attachment.js';

/** Makes uploaded files a message's. The caller has locked the ticket, so no file becomes two messages'. */
@Injectable()
export class PostAttachments {
  constructor(
    private readonly attachments: AttachmentRepository,
    @Inject(ATTACHMENT_RULES) private readonly rules: AttachmentRules,
  ) {}

  /** @throws DeskError that names each id which cannot be posted: `/attachmentIds/0` */
  async execute(
    tx: Tx,
    actor: Actor,
    message: { id: string; ticketId: string; isMailed: boolean },
    ids: readonly string[],
  ): Promise<void> {
    if (ids.length === 0) return;
    const found = new Map((await this.attachments.byIds(tx, ids)).map((row) => [row.id, row]));
    const problems = ids.flatMap((id, place): Problem[] => {
      const why = ids.indexOf(id) === place ? whyNot(actor, message.ticketId, found.get(id)) : 'is named twice';
      return why === null ? [] : [{ pointer: `/attachmentIds/${place}`, message: why }];
    });
    if (problems.length > 0) {
      const text = problems.map(({ pointer, message: why }) => `${pointer.slice(1).replace('/', '.')}: ${why}`);
      throw new DeskError('BAD_REQUEST', text.join('; '), problems);
    }
    if (message.isMailed) this.demandFits([...found.values()]);
    if ((await this.attachments.post(tx, ids, message.id, message.ticketId)) !== ids.length)
      throw new DeskError('CONFLICT', 'One of the attachments was posted or deleted at this moment');
  }

  private demandFits(files: readonly AttachmentRow[]): void {
    const bytes = files.reduce((sum, file) => sum + Number(file.size_bytes), 0);
    if (bytes <= this.rules.maxMailBytes) return;
    throw DeskError.at(
      'UNPROCESSABLE',
      '/attachmentIds',
      `the files of a reply that goes out by mail may have ${saySize(this.rules.maxMailBytes)} together, and these have ${saySize(bytes)}`,
    );
  }
}

/** Of what the actor may not know the very same is said as of what is not there. */
function whyNot(actor: Actor, ticketId: string, file: AttachmentRow | undefined): string | null {
  if (!file || file.ticket_id !== ticketId || (actor.kind === 'contact' && !mayPost(actor, subjectOf(file))))
    return 'is no file that was uploaded to this ticket';
  if (file.message_id !== null) return 'is a file of another message already';
  return mayPost(actor, subjectOf(file)) ? null : 'was uploaded by somebody else';
}
