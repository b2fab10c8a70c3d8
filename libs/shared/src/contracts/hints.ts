/**
 * Hints wake a sleeping worker early. They are plain NATS messages that may be lost: each worker also looks by itself
 * from time to time, so a lost hint costs a moment and nothing else.
 */
export const HINTS = {
  mailAccepted: 'desk.hints.mail.accepted',
  mailQueued: 'desk.hints.mail.queued',
  /** Body: JSON `{ "inMs": number }`, until the newly due clock. */
  clockChanged: 'desk.hints.sla.changed',
} as const;
