// What SPF, DKIM and DMARC results mean for us. The look-ups themselves are made by the service (mailauth).

type Outcome = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'policy' | 'temperror' | 'permerror';

/** The parts of mailauth's `authenticate()` result that are read here. */
export interface MailAuthResults {
  spf?: false | { status?: { result?: string | undefined } | undefined; domain?: string | undefined } | undefined;
  dkim?:
    | {
        results?:
          | {
              status?: { result?: string | undefined; aligned?: string | false | undefined } | undefined;
              signingDomain?: string | undefined;
            }[]
          | undefined;
      }
    | undefined;
  dmarc?:
    | false
    | { status?: { result?: string | undefined } | undefined; domain?: string | undefined; policy?: string | undefined }
    | undefined;
}

export interface MailAuthVerdict {
  spf: Outcome;
  dkim: Outcome;
  dmarc: Outcome;
  /** The domain's published wish for mail that fails; null when it has none. */
  dmarcPolicy: 'none' | 'quarantine' | 'reject' | null;
  /** DMARC pass, or SPF or DKIM pass aligned with the From domain (RFC 7489 3.1, relaxed). */
  authenticated: boolean;
  /** DMARC fails and the domain asks for quarantine or reject: not to be shown as an ordinary mail. */
  suspicious: boolean;
  /** One sentence for the agent. */
  why: string;
}

const OUTCOMES = new Set<string>(['pass', 'fail', 'softfail', 'neutral', 'none', 'policy', 'temperror', 'permerror']);

/**
 * @param fromDomain domain of the From address, '' if there is none
 * @param fromIsAmbiguous from readMail: such a mail is never authenticated
 */
export function judgeMailAuth(
  results: MailAuthResults,
  mail: { fromDomain: string; fromIsAmbiguous: boolean },
): MailAuthVerdict {
  const from = mail.fromDomain.toLowerCase();
  const spf = outcome(results.spf && results.spf.status?.result);
  const signatures = results.dkim?.results ?? [];
  const dmarc = outcome(results.dmarc && results.dmarc.status?.result);
  const aligned = signatures.find(
    (one) => outcome(one.status?.result) === 'pass' && sameOrganisation(one.signingDomain ?? '', from),
  );
  const dkim = signatures.some((one) => outcome(one.status?.result) === 'pass')
    ? 'pass'
    : outcome(signatures[0]?.status?.result);
  const dmarcPolicy = policy(results.dmarc && results.dmarc.policy);
  const shared = { spf, dkim, dmarc, dmarcPolicy };
  const suspicious = dmarc === 'fail' && (dmarcPolicy === 'quarantine' || dmarcPolicy === 'reject');
  const no = (why: string): MailAuthVerdict => ({ ...shared, authenticated: false, suspicious, why });
  const yes = (why: string): MailAuthVerdict => ({ ...shared, authenticated: true, suspicious: false, why });
  if (mail.fromIsAmbiguous) return no('the From header is ambiguous, nobody can be authenticated by it');
  if (from === '') return no('the mail names no sender');
  if (dmarc === 'pass') return yes(`DMARC pass (${from})`);
  if (dmarc === 'fail') return no(`DMARC fail (${from} asks to ${dmarcPolicy ?? 'do nothing'})`);
  if (aligned) return yes(`DKIM pass (${aligned.signingDomain})`);
  const spfDomain = results.spf ? (results.spf.domain ?? '') : '';
  if (spf === 'pass' && sameOrganisation(spfDomain, from)) return yes(`SPF pass (${spfDomain})`);
  return no(`no aligned pass (SPF ${spf}, DKIM ${dkim}, DMARC ${dmarc})`);
}

function outcome(result: string | false | undefined): Outcome {
  return result && OUTCOMES.has(result) ? (result as Outcome) : 'none';
}

function policy(value: string | false | undefined): MailAuthVerdict['dmarcPolicy'] {
  return value === 'none' || value === 'quarantine' || value === 'reject' ? value : null;
}

/**
 * Relaxed alignment without a list of public suffixes: equal, or one is a sub-domain of the other and the shorter has
 * at least two labels. Stricter than DMARC for sister domains, never laxer except below a public suffix such as
 * `co.uk`, which nobody can sign for.
 */
function sameOrganisation(one: string, other: string): boolean {
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  if (a === '' || b === '') return false;
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.includes('.') && long.endsWith(`.${short}`);
}
