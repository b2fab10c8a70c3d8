import type { Status } from '#shared/contracts/values.js';

/**
 * Which status may follow which: any, but for closed, which is final. Who answers a closed ticket gets a linked follow-up.
 * “Can revisit pending or on_hold at any time”, says the third document.
 */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  open: ['in_progress', 'pending', 'on_hold', 'resolved', 'closed'],
  in_progress: ['open', 'pending', 'on_hold', 'resolved', 'closed'],
  pending: ['open', 'in_progress', 'on_hold', 'resolved', 'closed'],
  on_hold: ['open', 'in_progress', 'pending', 'resolved', 'closed'],
  resolved: ['open', 'in_progress', 'pending', 'on_hold', 'closed'],
  closed: [],
};

export const mayFollow = (from: Status, to: Status): boolean => TRANSITIONS[from].includes(to);

/** What a customer's message makes of a ticket's status; null: it stays. */
export const statusAfterCustomerMessage = (status: Status): Status | null =>
  status === 'pending' || status === 'on_hold' || status === 'resolved' ? 'open' : null;
