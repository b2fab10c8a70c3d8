// What kind of mail it is: a table of small rules, first match wins. Each says where it comes from. The order
// matters: a report about one mail beats "this is automatic", which beats "this came over a list".
import type { MailHeaders } from './mail-headers.js';
import type { KindVerdict, MailKind } from './mail.js';
import type { ParsedAttachment } from './parse-mime.js';

export interface KindFacts {
  headers: MailHeaders;
  text: string;
  attachments: readonly ParsedAttachment[];
  /** '' when the mail names no sender. */
  fromAddress: string;
  /** Decoded. */
  subject: string;
  /** '' is the null path. */
  envelopeFrom?: string | undefined;
}

interface KindRule {
  name: string;
  kind: MailKind;
  /** The words that were seen, or null when the rule does not hold. */
  see: (mail: KindFacts) => string | null;
}

const MAX_LOOKED_AT = 20_000;

/** Local parts of those who send bounces, and of nobody else. RFC 5321 4.5.5, RFC 2142 5 for postmaster. */
const DAEMON =
  /^(?:mailer[-_.]?daemon|mail[-_.]?(?:er)?[-_.]?daemon|mail[-_.]?delivery[-_.]?(?:system|subsystem)?|mdaemon|mmdf)(?:@|$)/i;
const POSTMASTER = /^(?:post[-_]?master|mail[-_]?admin|sysadmin|mailsystem)(?:@|$)/i;
const DAEMON_NAME =
  /\b(?:mail(?:er)? deliver(?:y|er)? (?:sub)?system|mail deliver system|mail delivery service|mailer[- ]daemon|delivery (?:sub)?system|mail system administrator|internet mail delivery|microsoft outlook)\b/i;

/** What bounces say in the subject, by the software that says it. */
const BOUNCE_SUBJECT =
  /(?:undeliver(?:able|ed)|non[- ]?deliver(?:y|able)|not? (?:be )?deliver(?:able|ed)|deliver(?:y|ing)?[- ](?:status|failure|failed|problem|error|notification|has failed|report|unsuccessful|delayed|incomplete)|(?:mail|message|e-?mail)(?: delivery)? (?:failure|failed|delayed|error|system error|returned|could not be (?:sent|delivered))|failed delivery|failure (?:notice|delivery)|return(?:ed|ing)? (?:mail|message|e-?mail)|(?:mail|message) returned|warning:? could not send|warning--could not send|could not send (?:mail|message)|permanent (?:delivery )?failure|mail (?:transfer|transport) (?:failure|error)|rejected (?:mail|message)|message (?:status|you sent) - undeliver|delivery (?:to|of) .{0,80} failed|undelivered|unzustellbar|zustellung fehlgeschlagen|fehler bei der zustellung|non remis(?:e)?|non distribuable|échec de (?:la )?(?:remise|distribution)|no se (?:ha podido|pudo) entregar|no entregado|mancato recapito|impossibile recapitare|não (?:foi )?entregue|onbestelbaar|niet bezorgd|не доставлено|недоставлен|配信不能|配信できません|送信できません|退信|发送失败|投递失败|無法傳遞|전송 실패|반송)/iu;

/** What they say in the text when the subject says nothing. */
const BOUNCE_TEXT =
  /(?:could not be delivered|couldn['’]t be delivered|was not delivered|wasn['’]t delivered|unable to deliver|undeliverable|did not reach the following recipient|had permanent fatal errors|the following address(?:\(?es\)?)? (?:failed|had)|delivery (?:to the following|has failed|failed|attempts? (?:failed|to))|permanent (?:failure|error)|returned to (?:the )?sender|following recipients? (?:could|did|has|have)|not deliver the (?:message|mail)|user unknown|unknown user|mailbox (?:unavailable|full|is full)|no such user|mail system error|-?\b(?:smtp|remote host said|reason)\b.{0,60}\b[45]\d\d\b)/i;

const OUT_OF_OFFICE_SUBJECT =
  /^\s*(?:(?:re|aw|sv|antw|vs|odp|rv|r)\s*:\s*)?(?:\W{0,3})(?:auto(?:mat(?:ic|ed|ische|isches|ique|ica|ico|yczna|isk|iskt|ické))?[-\s_:]{0,3}(?:re(?:ply|sponse|sponder|spond)|antwort|svar|odpowiedź|respons[ea]?|responder|generated (?:reply|message))|automatische(?:s)? (?:antwort|abwesenheitsnotiz|antwoord)|réponse automatique|respuesta automática|risposta automatica|resposta automática|autosvar|automatisk svar|automaattinen vastaus|automatická odpověď|automatikus válasz|autoreply|autorespon|out of (?:the )?office|out of office|ooo\b|away (?:from|until|till|on)|i(?:'m| am) (?:away|out of|on (?:vacation|holiday|leave))|on (?:vacation|holiday|annual leave|maternity leave|parental leave|leave)\b|vacation (?:reply|response|notice|message)|absence du bureau|absent(?:e)? du bureau|message d'absence|abwesen(?:d|heit)|(?:bin|ich bin) (?:im urlaub|abwesend|nicht im)|urlaub bis|fuera de (?:la )?oficina|ausente|fuori ufficio|fora do escritório|afwezig(?:heid)?|niet aanwezig|frånvar|fravær|poissa|nieobecność|nepřítomn|автоответ|автоматический ответ|вне офиса|отсутств|自动回复|自動回覆|自動返信|不在|부재중|자동 회신|자동회신|תשובה אוטומטית|رد تلقائي)/iu;

const RULES: readonly KindRule[] = [
  {
    // RFC 5965 2: Abuse Reporting Format (feedback loops, DMARC failure reports by RFC 6591).
    name: 'feedback report (RFC 5965)',
    kind: 'abuse-report',
    see: ({ headers, attachments }) =>
      reportType(headers) === 'feedback-report'
        ? 'report-type=feedback-report'
        : partOfType(attachments, /^message\/feedback-report$/),
  },
  {
    // Outlook.com's Junk Mail Reporting Program: the mail in question, forwarded, without a report.
    name: 'Microsoft JMRP',
    kind: 'abuse-report',
    see: ({ subject, attachments }) =>
      /^complaint about message from /i.test(subject) && partOfType(attachments, /^message\/rfc822$/)
        ? `Subject: ${subject}`
        : null,
  },
  {
    // Amazon SES by SNS: a JSON document about bounces; a complaint in it is recorded against the address alike.
    name: 'Amazon SES notification',
    kind: 'bounce',
    see: ({ text }) =>
      text.includes('Type') && SES_JSON.test(text.slice(0, MAX_LOOKED_AT)) ? 'SES notification (JSON)' : null,
  },
  {
    // RFC 3798/8098: "your mail was displayed" is no bounce, though it is a multipart/report.
    name: 'read receipt (RFC 8098)',
    kind: 'auto-reply',
    see: ({ headers }) =>
      reportType(headers) === 'disposition-notification' ? 'report-type=disposition-notification' : null,
  },
  {
    // RFC 3464 2, RFC 6522 3.
    name: 'delivery report (RFC 3464)',
    kind: 'bounce',
    see: ({ headers, attachments }) =>
      reportType(headers) === 'delivery-status'
        ? 'report-type=delivery-status'
        : partOfType(attachments, /^message\/(?:global-)?delivery-status$/),
  },
  {
    // multipart/report without its parameter (old gateways): the parameter is required, the intention is clear.
    name: 'multipart/report',
    kind: 'bounce',
    see: ({ headers }) =>
      /^\s*multipart\/report\b/i.test(headers.first('content-type')) && reportType(headers) === ''
        ? 'multipart/report without report-type'
        : null,
  },
  {
    // Exim, and gateways that followed it: names the addresses that failed.
    name: 'X-Failed-Recipients (Exim)',
    kind: 'bounce',
    see: ({ headers }) => header(headers, 'x-failed-recipients'),
  },
  {
    // Only mail systems call themselves that; together with words of failure it is no vacation note.
    name: 'mail system as sender',
    kind: 'bounce',
    see: (mail) =>
      (DAEMON.test(mail.fromAddress) || (isDaemon(mail) && saysFailure(mail))) &&
      !OUT_OF_OFFICE_SUBJECT.test(mail.subject)
        ? `From: ${senderWords(mail)}`
        : null,
  },
  {
    // Postmasters are people too: they count only with the subject of a bounce, or a null path and such words.
    name: 'postmaster with words of failure',
    kind: 'bounce',
    see: (mail) =>
      POSTMASTER.test(mail.fromAddress) && (BOUNCE_SUBJECT.test(mail.subject) || BOUNCE_TEXT.test(beginning(mail)))
        ? `From: ${senderWords(mail)}`
        : null,
  },
  {
    // RFC 5321 4.5.5: bounces have the null path, and so have auto-replies; the words decide.
    name: 'null return path with words of failure',
    kind: 'bounce',
    see: (mail) =>
      isNullPath(mail) &&
      !autoSubmittedByPerson(mail) &&
      BOUNCE_SUBJECT.test(mail.subject) &&
      BOUNCE_TEXT.test(beginning(mail))
        ? `Return-Path: <>, Subject: ${mail.subject}`
        : null,
  },
  {
    // Mobile carriers and forwarders bounce under their own names; the returned mail is in it.
    name: 'words of failure with the returned mail',
    kind: 'bounce',
    see: (mail) =>
      (BOUNCE_SUBJECT.test(mail.subject) || isNullPath(mail) || isDaemon(mail)) && quotesReturnedMail(mail)
        ? 'names a failed address and encloses the mail'
        : null,
  },
  {
    // List servers (fml, ezmlm, Mailman) that refuse a post: the mail did not get where it should.
    name: 'post refused by a list server',
    kind: 'bounce',
    see: ({ headers, subject, text }) =>
      (headers.has('x-mlserver') ||
        headers.has('x-mailman-version') ||
        headers.has('mailing-list') ||
        headers.has('list-id')) &&
      /\byou\b.{0,80}\bnot (?:a )?(?:member|subscribed|allowed to post)/i.test(`${subject}\n${text.slice(0, 500)}`)
        ? `Subject: ${subject}`
        : null,
  },
  {
    // RFC 3834 5: auto-replied, auto-generated; "no" is a person. RFC 3834 5.1 wants any other word treated so too.
    name: 'Auto-Submitted (RFC 3834)',
    kind: 'auto-reply',
    see: ({ headers }) => {
      const value = headers.first('auto-submitted').toLowerCase();
      // auto-notified (RFC 5436) is a machine's message to somebody, not an answer; it is still not from a person.
      return value !== '' && !/^no\b/.test(value) ? `Auto-Submitted: ${value}` : null;
    },
  },
  {
    // Exchange: [MS-OXCMAIL] 2.2.3.2.14. Newsletters bear it as well, so a list header sends it to `list` below.
    name: 'X-Auto-Response-Suppress with an absence subject',
    kind: 'auto-reply',
    see: ({ headers, subject }) =>
      headers.has('x-auto-response-suppress') && OUT_OF_OFFICE_SUBJECT.test(subject) ? `Subject: ${subject}` : null,
  },
  ...[
    ['X-Autoreply (Kerio, cPanel, Sieve)', 'x-autoreply', /./],
    ['X-Autorespond (ezmlm, autorespond)', 'x-autorespond', /./],
    ['X-AutoReply-From (Infopop, Plesk)', 'x-autoreply-from', /./],
    ['X-Autogenerated (DirectAdmin)', 'x-autogenerated', /reply|forward|group|letter|mirror|redirect/i],
    ['X-Mail-Autoreply', 'x-mail-autoreply', /./],
    ['X-POST-MessageClass (Lotus, Tobit)', 'x-post-messageclass', /autorespond/i],
    ['X-MS-Exchange-Inbox-Rules-Loop', 'x-ms-exchange-inbox-rules-loop', /./],
    ['X-Loop of a vacation program', 'x-loop', /autoresponder|vacation/i],
    ['X-Cron-Env (cron)', 'x-cron-env', /./],
    ['Delivered-To: Autoresponder', 'delivered-to', /^autoresponder$/i],
    ['X-FC-MachineGenerated (FirstClass)', 'x-fc-machinegenerated', /true/i],
    ['X-Precedence', 'x-precedence', /auto_reply/i],
    ['Precedence: auto_reply (Yahoo, Vacation)', 'precedence', /auto[-_]?reply/i],
  ].map(([name, field, pattern]): KindRule => ({
    name: name as string,
    kind: 'auto-reply',
    see: ({ headers }) => {
      const seen = headers.all(field as string).find((value) => (pattern as RegExp).test(value));
      return seen === undefined ? null : `${field as string}: ${seen}`;
    },
  })),
  {
    // "Auto: …" and its translations; the sender's own words, and the last resort of clients that set no header.
    name: 'subject of an auto-reply',
    kind: 'auto-reply',
    see: ({ subject }) => (OUT_OF_OFFICE_SUBJECT.test(subject) ? `Subject: ${subject}` : null),
  },
  {
    // RFC 5546 1.4: an invitation, its answer or its cancellation.
    name: 'calendar (RFC 5546)',
    kind: 'calendar',
    see: ({ headers, attachments }) => {
      if (/^\s*text\/calendar\b/i.test(headers.first('content-type'))) return 'text/calendar';
      const part = attachments.find((one) => one.contentType === 'text/calendar' && one.parameters['method']);
      return part ? `text/calendar; method=${part.parameters['method']}` : null;
    },
  },
  {
    // RFC 2919 (List-Id), RFC 2369 (List-Post, List-Unsubscribe), RFC 8058.
    name: 'list headers (RFC 2919, 2369)',
    kind: 'list',
    see: ({ headers }) =>
      header(headers, 'list-id') ?? header(headers, 'list-post') ?? header(headers, 'list-unsubscribe'),
  },
  {
    // RFC 2076 3.9: non-standard, and widely used by list servers and newsletters.
    name: 'Precedence: bulk, list or junk',
    kind: 'list',
    see: ({ headers }) =>
      /^(?:bulk|list|junk)\b/i.test(headers.first('precedence')) ? header(headers, 'precedence') : null,
  },
  {
    // Some feed-back arrives without any of the above: senders that nobody can answer.
    name: 'null return path',
    kind: 'auto-reply',
    see: (mail) => (isNullPath(mail) ? 'Return-Path: <>' : null),
  },
];

/** Never throws. `default` is a message by a person. */
export function mailKind(facts: KindFacts): KindVerdict {
  for (const { name, kind, see } of RULES) {
    const evidence = see(facts);
    if (evidence !== null) return { kind, rule: name, evidence: evidence.slice(0, 300) };
  }
  return { kind: 'message', rule: 'default', evidence: 'no sign of a machine' };
}

/** For the docs and the specs: every rule must be reachable. */
export const KIND_RULE_NAMES: readonly string[] = RULES.map((rule) => rule.name);

export const SES_JSON = /"(?:notificationType|eventType)\\?"\s*:\s*\\?"(?:Bounce|Complaint)\\?"/;

function reportType(headers: MailHeaders): string {
  const type = headers.first('content-type');
  return /^\s*multipart\/report\b/i.test(type)
    ? (/report-type\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? '').toLowerCase()
    : '';
}

function partOfType(attachments: readonly ParsedAttachment[], type: RegExp): string | null {
  return attachments.find((one) => type.test(one.contentType))?.contentType ?? null;
}

function header(headers: MailHeaders, name: string): string | null {
  return headers.has(name) ? `${name}: ${headers.first(name)}` : null;
}

/** The From header as written: old daemons write `MAILER-DAEMON <>` or `MAILER-DAEMON`, which is no address. */
function senderWords({ headers }: KindFacts): string {
  return headers.first('from').slice(0, 200);
}

function isDaemon(mail: KindFacts): boolean {
  const words = senderWords(mail);
  return (
    DAEMON.test(mail.fromAddress) ||
    DAEMON.test(words.replace(/^["'\s<]+/, '').replace(/[\s"'].*$/, '')) ||
    /<?\bmailer-daemon\b/i.test(words) ||
    DAEMON_NAME.test(words)
  );
}

function isNullPath({ headers, envelopeFrom }: KindFacts): boolean {
  if (envelopeFrom !== undefined) return envelopeFrom.replace(/[<>\s]/g, '') === '';
  return headers.all('return-path').some((value) => /^<\s*>$/.test(value.trim()));
}

function autoSubmittedByPerson({ headers }: KindFacts): boolean {
  return /^auto-(?:replied|generated)/i.test(headers.first('auto-submitted')) && headers.has('in-reply-to');
}

function saysFailure(mail: KindFacts): boolean {
  return (
    BOUNCE_SUBJECT.test(mail.subject) ||
    BOUNCE_TEXT.test(beginning(mail)) ||
    quotesReturnedMail(mail) ||
    isNullPath(mail)
  );
}

function beginning({ text }: KindFacts): string {
  return text.slice(0, MAX_LOOKED_AT);
}

/** The mail that came back, as a part, or below "--- original message follows ---". */
function quotesReturnedMail({ text, attachments }: KindFacts): boolean {
  const failed = BOUNCE_TEXT.test(text.slice(0, MAX_LOOKED_AT));
  const enclosed = attachments.some((one) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers)$/.test(one.contentType),
  );
  return (
    failed &&
    (enclosed ||
      /(?:original|unsent|returned|undelivered) (?:message|mail|headers?)|(?:copy of (?:the|your) message|below this line is)/i.test(
        text.slice(0, MAX_LOOKED_AT),
      ))
  );
}
