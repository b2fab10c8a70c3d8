import { isIPv6 } from 'node:net';

export interface TraceFacts {
  mailFrom: string;
  /** Told only when there is one recipient: the others are nobody's business. */
  recipient: string | null;
  helo: string;
  peer: string;
  by: string;
  /** `ESMTP`, `ESMTPS`, `LMTP` … (RFC 3848). */
  protocol: string;
  id: string;
  at: Date;
}

/**
 * `Return-Path` and `Received` as the server of final delivery adds them (RFC 5321 4.4), so that the kept file says by
 * itself where it came from. Everything the client chose is reduced to characters that cannot end a field or comment.
 */
export function traceHeaders(facts: TraceFacts): string {
  const from = `from ${word(facts.helo) || 'unknown'} (${addressLiteral(facts.peer)})`;
  const by = `by ${word(facts.by)} with ${word(facts.protocol)} id ${word(facts.id)}`;
  const forWhom = facts.recipient ? `\r\n\tfor <${path(facts.recipient)}>` : '';
  const date = facts.at.toUTCString().replace('GMT', '+0000');
  return `Return-Path: <${path(facts.mailFrom)}>\r\nReceived: ${from}\r\n\t${by}${forWhom};\r\n\t${date}\r\n`;
}

const word = (text: string): string => text.replace(/[^\w.:[\]-]/g, '?').slice(0, 255);

/** An address within angle brackets; SMTPUTF8 ones (RFC 6532) stay. */
const path = (address: string): string => address.replace(/[\s<>\p{Cc}]/gu, '?').slice(0, 320);

/** RFC 5321 4.1.3. */
const addressLiteral = (ip: string): string => (isIPv6(ip) ? `[IPv6:${ip}]` : `[${word(ip)}]`);

/**
 * True when the bytes do not begin with a header field. Such a mail is all body; without an empty line before it, our
 * own headers would swallow its first lines. Postfix does the same.
 */
export function startsWithoutHeaders(start: Buffer): boolean {
  const line = start.subarray(0, 1000).toString('latin1').split('\r\n', 1)[0]!;
  // An mbox separator ("From ann@… Mon Jan 1 …") is left for the parser.
  return line !== '' && !/^[!-9;-~]+[ \t]*:/.test(line) && !line.startsWith('From ');
}
