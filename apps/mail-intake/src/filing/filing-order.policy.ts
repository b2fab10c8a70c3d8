import type { MailInHand } from './read-claimed-mail.js';

/**
 * Splits a batch into waves. A mail that answers another of the same batch can be threaded only when that one is filed,
 * and a sender's mails stay in order; all others go together.
 */
export function filingWaves(mails: readonly MailInHand[]): MailInHand[][] {
  const waves: MailInHand[][] = [];
  const waveOfId = new Map<string, number>();
  const waveOfSender = new Map<string, number>();
  for (const mail of mails) {
    const { orgId } = mail.claimed;
    const id = mail.facts.messageId && `${orgId} ${mail.facts.messageId}`;
    const sender = `${orgId} ${mail.claimed.envelope.mailFrom || (mail.facts.from?.address ?? '')}`;
    const pointsTo = (mail.thread?.messageIds ?? []).map((one) => waveOfId.get(`${orgId} ${one}`) ?? -1);
    const sameId = id ? (waveOfId.get(id) ?? -1) : -1;
    const wave = Math.max(0, waveOfSender.get(sender) ?? 0, ...pointsTo.map((n) => n + 1), sameId + 1);
    (waves[wave] ??= []).push(mail);
    if (id) waveOfId.set(id, wave);
    waveOfSender.set(sender, wave);
  }
  return waves;
}

/** What one NATS message may hold, with room for what goes around it. */
const REQUEST_BYTES = 700 * 1024;

/** Mails of one organisation as requests that fit into a NATS message, in order. */
export function requestsThatFit<T>(items: readonly T[], bytesOf: (item: T) => number, maxBytes = REQUEST_BYTES): T[][] {
  const requests: T[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (requests.length === 0 || bytes > room || requests.at(-1)!.length >= 256) {
      requests.push([]);
      room = maxBytes;
    }
    requests.at(-1)!.push(item);
    room -= bytes;
  }
  return requests;
}
