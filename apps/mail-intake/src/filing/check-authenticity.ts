import { authenticate } from 'mailauth';
import type { Readable } from 'node:stream';
import type { Envelope } from '#shared/contracts/mail-in.js';
import { judgeMailAuth } from '#mail/mail-auth.js';
import type { ReadMail } from '#mail/mail.js';

/** Like `dns.promises.resolve`. */
export type Resolver = (domain: string, type: string) => Promise<unknown>;

export interface Authenticity {
  authenticated: boolean;
  /** In words for an agent. */
  why: string;
}

export type CheckAuthenticity = (raw: Buffer | Readable, envelope: Envelope, mail: ReadMail) => Promise<Authenticity>;

/** Where there is no DNS nobody is believed. */
export const nobodyIsAuthenticated: CheckAuthenticity = () =>
  Promise.resolve({ authenticated: false, why: 'SPF, DKIM and DMARC are not checked here (MAIL_AUTH=off)' });

/** SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) by mailauth. A check that breaks says no. */
export const authenticityBy =
  (resolver: Resolver, ourName: string): CheckAuthenticity =>
  async (raw, envelope, mail) => {
    try {
      const results = await authenticate(raw, {
        ip: envelope.peer,
        helo: envelope.helo,
        sender: envelope.mailFrom,
        mta: ourName,
        resolver: resolver as never,
        disableArc: true,
        disableBimi: true,
      });
      const fromDomain = mail.from?.address.split('@').at(-1) ?? '';
      const { fromIsAmbiguous } = mail;
      return judgeMailAuth(results, { fromDomain, fromIsAmbiguous });
    } catch (error) {
      return { authenticated: false, why: `the check broke: ${error instanceof Error ? error.message : 'unknown'}` };
    }
  };
