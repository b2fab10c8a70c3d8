import type { MailHeaders } from './mail-headers.js';
import type { Bounce } from './mail.js';
import type { ParsedAttachment } from './parse-mime.js';
export function readBounce(_mail: {
  headers: MailHeaders;
  text: string;
  attachments: readonly ParsedAttachment[];
}): Bounce {
  return { recipients: [], originalMessageId: null };
}
