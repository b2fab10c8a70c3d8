// Who a bounce is about, with which status, in whose words. First the machine-readable report (RFC 3464), then what
// the provider sends instead (SES notifications), then the prose of those who write none.
import { bounceReason } from './bounce-reasons.js';
import { proseRecipients } from './bounce-prose.js';
import { normaliseMessageId, readHeaderBlock, type MailHeaders } from './mail-headers.js';
import type { Bounce, BouncedRecipient } from './mail.js';
import type { ParsedAttachment } from './parse-mime.js';
import type { RecipientReport } from './recipient-report.js';
import { sesRecipients } from './ses-notification.js';

export interface BounceFacts {
  headers: MailHeaders;
  text: string;
  attachments: readonly ParsedAttachment[];
}

const MAX_RECIPIENTS = 100;
const MAX_TEXT = 64 * 1024;

/** Never throws. There is always at least one recipient, if only with an empty address. */
export function readBounce(mail: BounceFacts): Bounce {
  const text = mail.text.slice(0, MAX_TEXT).replace(/\r\n?/g, '\n');
  const reported = reportRecipients(mail, text);
  const prose = reported.length > 0 ? [] : (sesRecipients(text) ?? proseRecipients(mail.headers, text));
  const found = reported.length > 0 ? reported : prose;
  const returned = returnedHeaders(mail, text);
  if (found.length === 0) found.push({ address: '', status: '', diagnostic: '', action: '' });
  const own = beforeReturnedMail(text);
  return {
    recipients: found.slice(0, MAX_RECIPIENTS).map((one) => judge(one, found.length === 1 ? own : '', returned)),
    originalMessageId: returned ? normaliseMessageId(returned.first('message-id')) : null,
  };
}

function judge(report: RecipientReport, text: string, returned: MailHeaders | null): BouncedRecipient {
  const diagnostic = report.diagnostic || summary(text);
  const status = bestStatus(report.status, report.diagnostic) || bestStatus('', text);
  let address = report.address;
  if (address === '' && returned)
    address = /[^\s<>,;"]+@[^\s<>,;"]+/.exec(returned.first('to'))?.[0]?.toLowerCase() ?? '';
  let { severity, reason } = bounceReason(status, report.diagnostic, text);
  // The report says nothing: the human-readable part of the same mail may.
  if ((reason === 'not said' || reason.startsWith('status ')) && text !== '') {
    const prose = bounceReason(status, text, text);
    if (prose.reason !== 'not said' && (reason === 'not said' || prose.severity === 'hard'))
      ({ severity, reason } = prose);
  }
  return {
    address,
    status: status || impliedStatus(reason, diagnostic),
    severity,
    outcome: outcomeOf(report.action, status, reason),
    diagnostic: oneLine(diagnostic),
  };
}

function outcomeOf(action: string, status: string, reason: string): BouncedRecipient['outcome'] {
  if (/^(?:delivered|relayed|expanded|deliverable)/.test(action) || status.startsWith('2.')) return 'delivered';
  return action.startsWith('delayed') || (action === '' && reason === 'still trying') ? 'delayed' : 'failed';
}

/** The most telling of the codes: what the far server answered, else the report's own (often a bare 5.0.0). */
function bestStatus(stated: string, words: string): string {
  const own = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(stated)?.[1] ?? '';
  // Not the middle of an IP address or of a version number.
  const said = [...words.matchAll(/(?<![\d.])#?([45]\.\d\.\d{1,3})(?![\d.]*\d)/g)].map((match) => match[1]!);
  return said.findLast((code) => !/^[45]\.0\.0$/.test(code)) ?? (own || (said.at(-1) ?? ''));
}

/** Without any code, the reply code's class is still known. */
function impliedStatus(reason: string, diagnostic: string): string {
  if (reason === 'nobody there') return '5.1.1';
  if (reason === 'no such domain') return '5.1.2';
  if (reason === 'mailbox full') return '5.2.2';
  if (reason === 'gave up') return '4.4.7';
  const reply = /(?:^|\s)([45])\d\d[\s-]/.exec(diagnostic)?.[1];
  return reply ? `${reply}.0.0` : '';
}

/** RFC 3464 2.3: groups of fields, the first about the message, then one a recipient. */
function reportRecipients(mail: BounceFacts, text: string): RecipientReport[] {
  const parts = mail.attachments
    .filter((one) => /^message\/(?:global-)?delivery-status$/.test(one.contentType))
    .map((one) => one.content.subarray(0, MAX_TEXT).toString('utf8'));
  // Some (Amazon WorkMail, Domino) write the report into the text, or label the part text/plain.
  const sources = parts.length > 0 ? parts : /^\s*Final-Recipient\s*:/im.test(text) ? [text] : [];
  const found = new Map<string, RecipientReport>();
  for (const source of sources) {
    for (const group of groups(source)) {
      const fields = readHeaderBlock(group.replace(/^[ \t]+(?=[A-Za-z-]+:)/gm, ''));
      const final = reportedAddress(fields.first('final-recipient'));
      const original = reportedAddress(fields.first('original-recipient'));
      const action = fields.first('action').toLowerCase();
      if (final === '' && original === '' && !fields.has('status') && action === '') continue;
      // "relayed" and "delivered" are good news about others in the same report (RFC 3464 2.3.3).
      if (/^(?:delivered|relayed|expanded)/.test(action) && found.size > 0) continue;
      const address = final || original;
      const before = found.get(address);
      found.set(address, {
        address,
        status: fields.first('status') || before?.status || '',
        diagnostic: fields.first('diagnostic-code').replace(/^\s*[\w.-]+\s*;\s*/, '') || before?.diagnostic || '',
        action,
      });
    }
  }
  return [...found.values()];
}

/** Groups are set apart by empty lines; some systems forget them, then each Final-Recipient begins one. */
function groups(report: string): string[] {
  return report
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .flatMap((group) =>
      (group.match(/^[ \t]*Final-Recipient:/gim)?.length ?? 0) > 1
        ? group.split(/\n(?=[ \t]*Final-Recipient:)/i)
        : [group],
    );
}

/** `rfc822;ann@example.org`, with brackets, a comment or a system's own notation around it. */
function reportedAddress(value: string): string {
  const address = value.replace(/^\s*[\w.-]+\s*;/, '');
  return (/[^\s<>;,"'()]+@[^\s<>;,"'()]+/.exec(address)?.[0] ?? '').toLowerCase();
}

/** Headers of the mail that came back: as a part, or in the text below the usual line. */
function returnedHeaders(mail: BounceFacts, text: string): MailHeaders | null {
  const part = mail.attachments.find((one) =>
    /^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers)$/.test(one.contentType),
  );
  if (part) return readHeaderBlock(part.content.subarray(0, MAX_TEXT).toString('latin1'));
  const at = RETURNED_MAIL.exec(text);
  if (!at) return null;
  const below = readHeaderBlock(text.slice(at.index + at[0].length).replace(/^[ \t>|]+(?=[A-Za-z-]+:)/gm, ''));
  return below.has('message-id') || below.has('subject') || below.has('received') ? below : null;
}

const RETURNED_MAIL =
  /^.{0,12}(?:below this line is a copy|this is a copy of|(?:original|unsent|returned|undelivered|failed|enclosed) (?:message|mail|header|e-?mail)|message headers? follow|a copy of the (?:original|message)|the header of the original|header of (?:the )?(?:original|message)|included is a copy|your message (?:follows|reads)|message (?:text|contents?) follows?|----- ?the original|return-path:).{0,120}$/im;

/** What the mail system itself says: a returned mail's own words are no evidence. */
function beforeReturnedMail(text: string): string {
  const at = RETURNED_MAIL.exec(text);
  return at && at.index > 40 ? text.slice(0, at.index) : text.slice(0, 8000);
}

/** The line that says most: an SMTP reply if there is one. */
function summary(text: string): string {
  const reply = /^.*(?:^|[\s:'(>])[45]\d\d[\s-].*(?:\n[ \t]*[45]\d\d[ -].*){0,8}/m.exec(text)?.[0];
  return (reply ?? text).slice(0, 1000);
}

function oneLine(words: string): string {
  return words.replace(/\s+/g, ' ').trim().slice(0, 500);
}
