/** Mails that a customer might send, as bytes. */
export interface MailParts {
  from?: string;
  to?: string;
  cc?: string;
  subject?: string;
  messageId?: string | null;
  headers?: string[];
  body?: string;
}

export function buildMail(parts: MailParts = {}): string {
  const { from = 'Casey <casey@customer.example>', to = 'support@acme.test', subject = 'Printer on fire' } = parts;
  const id = parts.messageId === undefined ? '<first@customer.example>' : parts.messageId;
  return [
    `From: ${from}`,
    `To: ${to}`,
    ...(parts.cc ? [`Cc: ${parts.cc}`] : []),
    `Subject: ${subject}`,
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    'Date: Tue, 17 Nov 2026 10:00:00 +0000',
    ...(parts.headers ?? []),
    '',
    parts.body ?? 'It burns.',
    '',
  ].join('\r\n');
}

/** A mail with one attachment, base64. */
export function buildMailWithAttachment(content: Buffer, parts: MailParts = {}): string {
  const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
  return buildMail({
    ...parts,
    headers: [...(parts.headers ?? []), 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b1'],
    body: [
      '--b1',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'See the picture.',
      '--b1',
      'Content-Type: image/png; name="fire.png"',
      'Content-Disposition: attachment; filename="fire.png"',
      'Content-Transfer-Encoding: base64',
      '',
      encoded,
      '--b1--',
    ].join('\r\n'),
  });
}
