// What a mail looks like after it was read. These shapes are what the services, the CLI and the tests build on.

/** One mailbox, RFC 5322 3.4. `address` is lower-cased and never empty; `name` may be ''. */
export interface MailAddress {
  address: string;
  name: string;
}

export interface MailAttachment {
  /** Never empty: parts without a name get one from their type (`part-2.pdf`, `message.eml`). */
  filename: string;
  contentType: string;
  sizeBytes: number;
  /** Hex SHA-256 of the decoded content. */
  sha256: string;
  /** Without angle brackets, or null. */
  contentId: string | null;
  /** Shown inside the text (`cid:` image or `Content-Disposition: inline`). */
  inline: boolean;
  /** Decoded bytes; empty when `options.onAttachment` took the stream instead. */
  content: Buffer;
}

/** `list` is mail by a mailing list or a newsletter: it is for people to read, but never acknowledged. */
export type MailKind = 'message' | 'auto-reply' | 'bounce' | 'abuse-report' | 'calendar' | 'list';

/** `hard`: this address will never work. `soft`: a full box, a block, a time-out, an opinion on the content. */
export type BounceSeverity = 'hard' | 'soft';

export interface BouncedRecipient {
  /** Lower-cased; '' when the report does not say whom it is about. */
  address: string;
  /** Enhanced status code (RFC 3463), `5.1.1`; '' when neither stated nor deducible. */
  status: string;
  severity: BounceSeverity;
  /** RFC 3464 2.3.3. Only `failed` counts against an address: a warning is `delayed`, a receipt `delivered`. */
  outcome: 'failed' | 'delayed' | 'delivered';
  /** The server's words, one line. */
  diagnostic: string;
}

export interface Bounce {
  recipients: BouncedRecipient[];
  /** Message-ID of the mail that came back, normalised, or null. */
  originalMessageId: string | null;
}

/** Why a mail counts as what it is: shown to operators who ask. */
export interface KindVerdict {
  kind: MailKind;
  /** Name of the rule that decided, `default` when none did. */
  rule: string;
  /** The header or words it saw. */
  evidence: string;
}

export interface ReadMail {
  /** Normalised `<id@host>` (see normaliseMessageId), or null. */
  messageId: string | null;
  inReplyTo: string[];
  /** In the header's order, oldest first. */
  references: string[];
  /** From the Date header; null when missing or unreadable. */
  date: Date | null;
  from: MailAddress | null;
  /** More than one From header or author, or an address hidden in the display name: counts as unauthenticated. */
  fromIsAmbiguous: boolean;
  sender: MailAddress | null;
  replyTo: MailAddress[];
  to: MailAddress[];
  cc: MailAddress[];
  /** From the Return-Path header (trust the envelope more); '' is the null path, null is no header. */
  returnPath: string | null;
  /** Delivered-To, X-Original-To, X-Delivered-To and Envelope-To, lower-cased. */
  deliveredTo: string[];
  subject: string;
  /** Value of Auto-Submitted, lower-cased, or null. */
  autoSubmitted: string | null;
  /** Value of our own loop mark (X-Deskwire), or null. */
  loopMark: string | null;
  /** The whole text; made from the HTML if there was no plain text. */
  text: string;
  /** Raw and unsanitised, or null. */
  html: string | null;
  /** What the sender newly wrote; the whole text where nothing else would be left. */
  reply: string;
  attachments: MailAttachment[];
  kind: MailKind;
  kindRule: string;
  kindEvidence: string;
  bounce: Bounce | null;
  /** What was broken or cut, in words an operator understands; empty for a sound mail. */
  problems: string[];
  sizeBytes: number;
  /** Hex SHA-256 of the raw mail. */
  sha256: string;
}
