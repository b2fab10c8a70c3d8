// stub
import type { MailHeaders } from './mail-headers.js';
import type { KindVerdict } from './mail.js';
import type { ParsedAttachment } from './parse-mime.js';
export interface KindFacts {
  headers: MailHeaders;
  text: string;
  attachments: readonly ParsedAttachment[];
  fromAddress: string;
}
export function mailKind(_facts: KindFacts): KindVerdict {
  return { kind: 'message', rule: 'default', evidence: '' };
}
