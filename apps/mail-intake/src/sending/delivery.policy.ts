import type { RequestOf } from '#shared/contracts/contract.js';
import type { settleOutgoing } from '#shared/contracts/mail-out.js';

export type Outcome = RequestOf<typeof settleOutgoing>['outcome'];

/** What nodemailer knows of an attempt that failed. */
export interface SendFailure {
  message: string;
  /** nodemailer's own: ECONNECTION, ETIMEDOUT, EENVELOPE, EAUTH … */
  code?: string | undefined;
  /** The relay's answer, if it gave one. */
  responseCode?: number | undefined;
  response?: string | undefined;
}

/** Troubles between the relay and us: the mail is not to blame, whatever number the relay says. */
const OUR_OWN_TROUBLE = new Set([
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'ETLS',
  'EREQUIRETLS',
  'ECONNECTION',
  'ESOCKET',
  'ETIMEDOUT',
  'EDNS',
  'EPROXY',
  'ECONFIG',
]);

/**
 * 5xx about the mail fails for good, 4xx and everything that is no answer is tried again (RFC 5321 4.2.1, 4.5.4.1).
 */
export function outcomeOfFailure(failure: SendFailure): Outcome {
  const detail = line(failure.response ?? failure.message);
  const permanent = failure.responseCode !== undefined && failure.responseCode >= 500 && failure.responseCode < 600;
  if (permanent && !OUR_OWN_TROUBLE.has(failure.code ?? '')) return { state: 'failed', detail };
  return { state: 'deferred', detail };
}

/** Taken by the relay; people whom it refused are named. */
export function outcomeOfSuccess(info: { response: string; rejected: readonly string[] }): Outcome {
  const refused = info.rejected.length > 0 ? `refused for ${info.rejected.join(', ')}; ` : '';
  return { state: 'sent', detail: line(refused + info.response) };
}

const line = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 1_000);
