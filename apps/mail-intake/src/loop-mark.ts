import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-Deskwire` on all that we send. It is signed, so that our own mail is known when it returns, and the
 * mail of another company's Deskwire is not taken for ours: a desk may well write to a desk.
 */
export const loopMark = (ticketId: string, secret: string): string => `${ticketId} ${tag(ticketId, secret)}`;

export function isOwnLoopMark(mark: string | null, secret: string): boolean {
  const [ticketId = '', given = ''] = (mark ?? '').trim().split(/\s+/);
  const right = Buffer.from(tag(ticketId, secret));
  const said = Buffer.from(given);
  return said.length === right.length && timingSafeEqual(said, right);
}

const tag = (ticketId: string, secret: string): string =>
  createHmac('sha256', secret).update(`deskwire loop mark 1 ${ticketId}`).digest('hex').slice(0, 24);
