import { counted } from '#shared/words/counted.js';
import type { CoreConfig } from '../config.js';

/** Injected: where the bytes are. */
export const BLOBS = Symbol('Blobs');
/** Injected: what this installation takes. */
export const ATTACHMENT_RULES = Symbol('AttachmentRules');

export interface AttachmentRules {
  /** Of one file; an organisation may ask for less. */
  maxBytes: number;
  /** Of all files of one ticket. */
  maxTicketBytes: number;
  /** Of all files of one reply that goes out by mail. */
  maxMailBytes: number;
  /** Extensions and kinds of bytes that are not taken. */
  refused: ReadonlySet<string>;
  /** 0: nothing is swept. */
  sweepEveryHours: number;
}

export const attachmentRulesOf = (config: CoreConfig): AttachmentRules => ({
  maxBytes: config.MAX_ATTACHMENT_BYTES,
  maxTicketBytes: config.MAX_TICKET_ATTACHMENTS_BYTES,
  maxMailBytes: config.MAX_MAIL_ATTACHMENTS_BYTES,
  refused: new Set(config.REFUSED_ATTACHMENTS),
  sweepEveryHours: config.BLOB_SWEEP_HOURS,
});

/** `25 MB (26,214,400 bytes)`: a limit as the errors name it. */
export function saySize(bytes: number): string {
  const megabytes = Math.round((bytes / (1024 * 1024)) * 10) / 10;
  const exact = counted(bytes, 'byte');
  return megabytes >= 0.1 ? `${megabytes} MB (${exact})` : exact;
}
