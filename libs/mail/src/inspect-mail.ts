// What `npm run -s mail:inspect -- --json FILE…` and `deskwire mail inspect` print for one mail.
import type { Bounce, MailKind } from './mail.js';
import { readMail } from './read-mail.js';

export interface InspectedMail {
  file: string;
  kind: MailKind;
  /** Which rule decided on the kind, and what it saw. */
  kindRule: string;
  kindEvidence: string;
  subject: string;
  /** Sender's address, or ''. */
  from: string;
  text: string;
  reply: string;
  bounce: Bounce | null;
  attachments: { filename: string; contentType: string; size: number; sha256: string }[];
  messageId: string | null;
  inReplyTo: string[];
  references: string[];
  problems: string[];
}

/** Reads a mail by the very code that the intake uses. Never throws for bad mail. */
export async function inspectMail(raw: Buffer, file: string): Promise<InspectedMail> {
  const mail = await readMail(raw);
  return {
    file,
    kind: mail.kind,
    kindRule: mail.kindRule,
    kindEvidence: mail.kindEvidence,
    subject: mail.subject,
    from: mail.from?.address ?? '',
    text: mail.text,
    reply: mail.reply,
    bounce: mail.bounce,
    attachments: mail.attachments.map(({ filename, contentType, sizeBytes, sha256 }) => ({
      filename,
      contentType,
      size: sizeBytes,
      sha256,
    })),
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    problems: mail.problems,
  };
}
