// Why a mail came back, from the server's words, and whether the address is dead for good. A table: first match wins.
// "Hard" is about the address alone: nobody there, no such domain, moved away, takes no mail at all. Whatever a later
// or different mail might get through (full, blocked, too large, taken for spam, disabled for now) is soft, even if
// the server said 5xx: two hard bounces suppress an address, and a customer must not vanish for a full mailbox.
import type { BounceSeverity } from './mail.js';

interface Reason {
  name: string;
  severity: BounceSeverity;
  words: RegExp;
}

const REASONS: readonly Reason[] = [
  {
    // Exchange Online says so of addresses that its directory does not know (Directory-Based Edge Blocking).
    name: 'unknown at the edge',
    severity: 'hard',
    words: /5\.4\.1\b.{0,80}recipient\s+address rejected:?\s+access denied/i,
  },
  {
    name: 'mailbox full',
    severity: 'soft',
    words:
      /mail\s?(?:box|folder|drop|store|directory)?(?:['’]s)?(?: \S+){0,3} (?:is |are )?(?:already |too |currently )?(?:full|over(?:flow)?)\b|mailbox exceeds|mailfolder is full|\bover (?:its |the |their |his )?(?:disk |storage |mail(?:box)? )?(?:quota|limit|size)|(?:over|exceed\w*|out of|insufficient|maximum)[ -](?:\S+ ){0,4}(?:quota|storage(?! limit of the)|disk space)|quota (?:is |has been |limit )?(?:exceed|violat|full|reached)|quota[- ]?(?:exceeded|full)|storage (?:space )?(?:limit )?(?:is )?exceed|not enough (?:storage|disk|mail) space|insufficient (?:disk|system)? ?(?:storage|space)|(?:number|count) of messages in .{0,40}exceed|mailbox (?:size |storage )?(?:limit|quota)|not able to receive any more|bo[iî]te .{0,30}pleine|postfach .{0,30}voll|user.{0,20}is full|account is (?:over|full)|too much mail data|maildir(?:ectory)? (?:over|delivery failed.{0,20}quota)|容量|exceeded (?:the |its )?(?:storage|mailbox|local limit)|\bdoes not have sufficient (?:space|storage)|mailbox for .{0,80}is full/i,
  },
  {
    name: 'too large',
    severity: 'soft',
    words:
      /(?:message|mail|size|content|body|length|data).{0,40}(?:too (?:large|big|long)|exceeds? .{0,60}(?:limit|maximum|size|length))|maximum message size|size limit|\bmessage length exceeds|exceed\w* .{0,40}(?:message size|size limit)/i,
  },
  {
    // A verdict on the mail or on us, not on the address, though the code is often that of an unknown mailbox.
    name: 'sender or content refused',
    severity: 'soft',
    words:
      /\bspf\b|\bdkim\b|\bdmarc\b|authenticat|sender (?:id|policy|address|domain|verif|rejected|denied|access|not|is not|blocked|ip|host|address rejected)|reverse dns|\bptr\b|\brdns\b|mismatch(?:es)? client ip|\bhelo\b|\behlo\b|invalid (?:sender|host|helo)|spam|\bube\b|\buce\b|unsolicited|\bjunk\b|virus|malware|infected|phish|black ?list|block ?list|\bblocked|blocking|\brbl\b|dnsbl|spamhaus|barracuda|spamcop|proofpoint|reputation|banned|deny ?list|listed (?:at|in|by|on)\b.{0,60}(?:http|bl\b|rbl)|poor reputation|bulk mail|policy|content rejected|message (?:content )?(?:was )?(?:rejected|refused|not accepted)|mail rejete|rejected (?:due to|for|because of|by) (?:policy|content|spam|security|local|the content)|relay(?:ing)?\b|not permitted to|unable to relay|rate limit|too many (?:connections|messages|recipients|concurrent|errors|hops|sessions)|connection rate|throttl|frequency limit|unexpected volume|greylist|gray ?list|temporarily (?:deferred|rejected)|hop count|routing loop|mail loop|loops? back|attachments? .{0,40}(?:not allowed|reject|block|prohibit|type)|rfc ?\d{3,4}.{0,30}(?:compl|violat|conform)|(?:compl|violat|conform)\S* .{0,30}rfc|compliant|malformed|(?<!address )syntax|headers?\b.{0,40}(?:missing|invalid|multiple)|access denied|\b(?:ip|host|client|server|domain|connection|network)\b(?: \S+){0,3} (?:denied|refused|rejected|not allowed|blocked)|you are (?:\S+ ){0,6}(?:denied|refused|rejected|not allowed|blocked)|purported|responsible address|not a member|only accepts mail from|closed mailing list|not authori[sz]ed|permission/i,
  },
  {
    name: 'disabled or suspended',
    severity: 'soft',
    words:
      /(?:account|mailbox|user|address|recipient|domain|service)\S*(?: \S+){0,9} (?:is |are |has been |was |been )?(?:currently |temporarily )?(?:disabled|suspended|inactive|deactivated|locked|frozen|discontinued|on hold|not active|unavailable at|expired|blocked)|(?:disabled|suspended|inactive|deactivated|locked|expired|frozen) (?:account|mailbox|user|address|recipient|domain)|5\.7\.13\b|mail(?:box)? disabled|not accepting (?:messages|mail) on this address|mailbox currently suspended|domain (?:is )?(?:suspended|expired)/i,
  },
  {
    // The mail system's own trouble while it delivers: procmail, a locked mailbox, a broken filter.
    name: 'delivery program failed',
    severity: 'soft',
    words:
      /\bprocmail\b|couldn['’]?t create|can['’]?t (?:create|open|write|lock)|command (?:died|failed|output)|exit (?:status|code)|\bexit 75\b|mailer error|internal (?:system |server )?error|system error|queue file write error|i\/o error|read-only file system/i,
  },
  {
    name: 'takes no mail at all',
    severity: 'hard',
    words:
      /null ?mx|indicated no smtp service|mx record .{0,40}(?:\.|root|empty)\s|(?:does|do) not (?:accept|receive|handle) (?:any )?(?:e-?)?mail|system not accepting network messages|(?:host|domain|server) (?:\S+ ){0,4}(?:does not|never|doesn['’]t) (?:accept|receive)s? (?:any )?(?:e-?)?mail|\bnot accepting network messages|5\.1\.10\b|5\.3\.2\b|smtp service not available on this host|^\D*521\b|no mail service here|mail (?:is )?not accepted (?:here|at this host)|name server: \S+: host not found.{0,1}$/i,
  },
  {
    name: 'moved away',
    severity: 'hard',
    words:
      /(?:has|have) (?:been )?moved|\bmoved to\b|5\.1\.6\b|no longer (?:at|with|here|works|work|employed|valid|active|in use|on|a|uses|being|exists?|available|accept)|address (?:has )?changed|new (?:e-?mail )?address is|user has left|left the (?:company|organi[sz]ation)|has been replaced by/i,
  },
  {
    name: 'no such domain',
    severity: 'hard',
    words:
      /(?:host|domain)(?: ?name)?(?: \S+){0,4} (?:unknown|not found|does(?: not|n['’]t) exist|invalid|is not reachable|is wrong)|(?:unknown|invalid|illegal|bad|nonexistent|non-existent|no such|cannot find|unable to find|can['’]t find) (?:\S+ )?(?:destination )?(?:host|domain|mail server|destination system)|name or service not known|recipient(?:['’]s)? domain .{0,60}(?:not|invalid|no)|unrouteable (?:mail )?domain|unroutable domain|no route to (?:host|domain) .{0,60}unknown|domain (?:isn['’]t|is not) in my list|host name lookup failure|5\.1\.2\b|5\.4\.4\b|couldn['’]t find any host|cannot resolve|no mx (?:record )?(?:found )?for|mx .{0,40}not found|all relevant mx records point to non-?existent hosts|dns (?:name )?not found|unrouteable address/i,
  },
  {
    name: 'nobody there',
    severity: 'hard',
    words:
      /(?:user|recipient|mailbox|address|addressee|account|alias|person|customer|subscriber|local ?part|mail ?address|destinataire|recipients?|e-?mail address|username|name|member|box|receiver|rcpt|id)(?:['’]?s?)(?: \S+){0,7}? ?(?:\(?(?:is |was |are )?(?:currently )?(?:unknown|not (?:found|known|exist|listed|recogni[sz]ed|valid|available|here|in|on this|registered|a|a member|present|be found|our|local)|no longer|invalid|unavailable|non-?existent|undeliverable|nonexistent|rejected|refused|incorrect|wrong|bad|missing|does(?: not|n['’]t| n['’]t) (?:exist|match|have)|do not exist|has not been|isn['’]t|is not))|(?:unknown|invalid|bad|no such|no|illegal|nonexistent|non-existent|undefined|wrong|incorrect|unrecogni[sz]ed|not a (?:valid|known|local)|inexistent|unresolvable|no valid|no local) (?:\S+ ){0,3}(?:user|recipient|mailbox|address|account|local ?part|rcpt|mail ?box|alias|person|one here|addressee|subscriber|users? here|mail drop|delivery|destinataire)|adresse .{0,40}(?:invalide|inconnue|n['’]existe)|unbekannt|existiert nicht|nicht gefunden|no existe|sconosciuto|inesistente|desconhecid|desconocid|存在しません|見つかりません|宛先不明|不存在|5\.1\.[13]\b|\b550 \S+@\S+ ?(?:\.\.\.)? ?$|no mailbox here by that name|not our customer|can['’]t find|could not be found|wasn['’]t found|couldn['’]t be found|user unknown|unknown user|nosuchuser|usrunknown|mailbox unavailable|r_?unknown|not listed in/i,
  },
];

/** Status codes (RFC 3463 3.2, 3.5; RFC 7505) that say by themselves that the address is dead. */
const HARD_STATUS = /^5\.(?:1\.(?:1|2|3|4|6|10)|4\.4|3\.2)$/;

/** Servers that gave up after days, or could not connect: what they said before counts no more than a time-out. */
const GAVE_UP =
  /timed? ?out|time-?out|expired|retry (?:time|timeout)|retries? exhausted|too long|delay(?:ed)?|queued? (?:too long|for)|not (?:yet )?(?:been )?delivered (?:for|within|after|in|yet)|could not be (?:delivered|sent) (?:for|after|within)|connection (?:refused|dropped|lost|closed|failed|reset)|unable to connect|cannot connect|can['’]?t connect|could not connect|couldn['’]t (?:connect|establish)|no route to host|network (?:is )?unreachable|deferred|try again|temporar(?:y|ily)|given up|still being retried|will (?:keep|continue) (?:trying|to try)|did not accept our requests to connect|unable to establish|not responding|conversation with .{0,80}(?:timed|lost)|giving up/i;

/**
 * A server that refuses after DATA has taken the recipient already: "unknown" is then what its filter says of the
 * content. In answer to MAIL FROM it speaks of the sender. Postfix, Exim, sendmail, qmail and m-FILTER each say where.
 */
const NOT_ABOUT_RECIPIENT =
  /\(in reply to (?:end of )?(?:DATA|MAIL FROM)\b|after (?:end of data|DATA|pipelined DATA|MAIL FROM)\b|(?:response|answer|reply) to (?:end of )?DATA|for (?:TEXT|DATA) command|SMTP command\s{0,3}\W{0,80}DATA/i;

/** Warnings: the mail is still on its way. */
const STILL_TRYING =
  /(?:will be|still being) retried|temporary (?:failure|error|problem)|will (?:continue|keep) (?:to try|trying)|delivery (?:is |has been )?delayed|not been delivered yet|warning message only|you do not need to resend/i;

export interface BounceVerdict {
  severity: BounceSeverity;
  /** Name of the reason, for people. */
  reason: string;
}

/**
 * @param status enhanced code or ''
 * @param words the server's answer, at most some lines of it
 * @param around what the report says about when it was given (which command it answered); line ends kept
 */
export function bounceReason(status: string, words: string, around = ''): BounceVerdict {
  const said = words.replace(/\s+/g, ' ').slice(0, 2000);
  if (STILL_TRYING.test(said)) return { severity: 'soft', reason: 'still trying' };
  const found = REASONS.find((reason) => reason.words.test(said));
  if (found?.severity === 'soft') return { severity: 'soft', reason: found.name };
  if (found && status.startsWith('4.')) return { severity: 'soft', reason: `${found.name} (for now)` };
  const otherwise = NOT_ABOUT_RECIPIENT.test(words) || NOT_ABOUT_RECIPIENT.test(around) || transcriptAfterData(around);
  if (otherwise && (found || HARD_STATUS.test(status))) {
    return { severity: 'soft', reason: 'refused, but not for the recipient' };
  }
  if (found) return { severity: 'hard', reason: found.name };
  if (GAVE_UP.test(said)) return { severity: 'soft', reason: 'gave up' };
  if (HARD_STATUS.test(status)) return { severity: 'hard', reason: `status ${status}` };
  return { severity: 'soft', reason: 'not said' };
}

/**
 * sendmail's transcript. It pipelines, so an answer shown below ">>> DATA" may be the one to RCPT: then a
 * "503 need RCPT" follows, because no recipient was left.
 */
function transcriptAfterData(text: string): boolean {
  const answers = />>> (?:DATA|\.)[ \t]*\n((?:(?!>>>).{0,500}\n?){1,12})/i.exec(text)?.[1] ?? '';
  return /<<< [45]\d\d/.test(answers) && !/<<< (?:503|554).{0,80}(?:recipient|rcpt)/i.test(answers);
}
