import type { Feature } from '../feature.js';
import { AttachmentRepository } from './attachment.repository.js';
import { AttachmentsHttp, TicketAttachmentsHttp } from './attachments.http.js';
import { AttachmentsNats } from './attachments.nats.js';
import { DeleteAttachment } from './delete-attachment.js';
import { FindAttachment } from './find-attachment.js';
import { ListAttachments } from './list-attachments.js';
import { PostAttachments } from './post-attachments.js';
import { ReadAttachment } from './read-attachment.js';
import { SweepBlobs } from './sweep-blobs.js';
import { UploadAttachments } from './upload-attachments.js';

export const attachments: Feature = {
  controllers: [TicketAttachmentsHttp, AttachmentsHttp, AttachmentsNats],
  providers: [
    AttachmentRepository,
    FindAttachment,
    UploadAttachments,
    PostAttachments,
    ReadAttachment,
    ListAttachments,
    DeleteAttachment,
    SweepBlobs,
  ],
};
