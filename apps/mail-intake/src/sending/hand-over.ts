import type { OutgoingMail } from '#shared/contracts/mail-out.js';
import type { ComposedMail } from '#mail/compose-mail.js';
import { composeLetter } from './compose-letter.js';
import type { Outcome } from './delivery.policy.js';
import type { Relay } from './relay.js';

/** Composes a claimed mail and gives it to the relay. What cannot be composed fails for good, visibly on the ticket. */
export async function handOver(mail: OutgoingMail, relay: Pick<Relay, 'send'>, secret: string): Promise<Outcome> {
  let letter: ComposedMail;
  try {
    letter = composeLetter(mail, secret);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    return { state: 'failed', detail: `It cannot be sent: ${why}`.slice(0, 1_000) };
  }
  return relay.send(letter);
}
