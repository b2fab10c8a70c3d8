import type { Mail } from './mailbox.js';

export function mailSummary(mail: Mail) {
  const { id, direction, at, envelope, subject, from, to, cc, messageId, inReplyTo, references } = mail;
  const preview = (mail.text ?? mail.html?.replaceAll(/<style[\s\S]*?<\/style>|<[^>]{0,500}>/gi, ' ') ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const facts = { messageId: messageId ?? null, inReplyTo: inReplyTo ?? null, references };
  const attachmentCount = mail.attachments.length;
  return {
    id,
    direction,
    at,
    envelope,
    subject,
    from,
    to,
    cc,
    ...facts,
    preview: preview.slice(0, 160),
    attachmentCount,
  };
}

export function mailDetail(mail: Mail) {
  return {
    ...mailSummary(mail),
    replyTo: mail.replyTo ?? null,
    text: mail.text ?? null,
    html: mail.html ?? null,
    headers: mail.headers,
    unreadable: mail.unreadable ?? null,
    attachments: mail.attachments.map(({ filename, contentType, size, inline, contentId }, index) => ({
      index,
      filename,
      contentType,
      size,
      inline,
      contentId: contentId ?? null,
    })),
  };
}

export type MailSummary = ReturnType<typeof mailSummary>;
export type MailDetail = ReturnType<typeof mailDetail>;
