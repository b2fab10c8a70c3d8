import type { Mail } from './mailbox.js';

export interface ReplyDraft {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly inReplyTo: string | undefined;
  readonly references: readonly string[];
}

/**
 * A customer's answer to a mail, as mail programs write it: to Reply-To (else From), with In-Reply-To and References
 * (RFC 5322, 3.6.4), the answer on top and the mail quoted below: `>` in text, a blockquote in HTML.
 */
export function replyTo(mail: Mail, from: string, answer: string): ReplyDraft {
  const to = mail.replyTo && mail.replyTo !== '' ? mail.replyTo : mail.from;
  const subject = /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`;
  const references = [...mail.references, ...(mail.messageId ? [mail.messageId] : [])];
  const intro = `On ${dateOf(mail)}, ${mail.from} wrote:`;
  const original = mail.text ?? textOfHtml(mail.html ?? '');
  const quoted = original
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()));
  const style = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex';
  const inner = mail.html === undefined ? escapeHtml(original).replaceAll(/\r?\n/g, '<br>') : bodyOf(mail.html);
  const html =
    `<div dir="ltr">${escapeHtml(answer).replaceAll(/\r?\n/g, '<br>')}</div><br>` +
    `<div class="gmail_quote"><div dir="ltr" class="gmail_attr">${escapeHtml(intro)}<br></div>` +
    `<blockquote class="gmail_quote" style="${style}">${inner}</blockquote></div>`;
  const text = `${answer.trimEnd()}\r\n\r\n${intro}\r\n\r\n${quoted.join('\r\n')}\r\n`;
  return { from, to, subject, text, html, inReplyTo: mail.messageId, references };
}

function dateOf(mail: Mail): string {
  const options = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const parts = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).formatToParts(new Date(mail.at));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')} at ${part('hour')}:${part('minute')}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function bodyOf(html: string): string {
  return /<body[^>]*>([\s\S]*)<\/body>/i.exec(html)?.[1] ?? html;
}

// Only for quoting a mail that has no text part; nobody's decision hangs on it.
function textOfHtml(html: string): string {
  return html
    .slice(0, 200_000)
    .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr)[^>]{0,200}>/gi, '\n')
    .replaceAll(/<[^>]{0,500}>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&');
}
