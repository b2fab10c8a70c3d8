import { describe, expect, it } from '@jest/globals';
import { STATUSES, type Status } from '#shared/contracts/values.js';
import { mayFollow, statusAfterCustomerMessage, TRANSITIONS } from './ticket.state.js';

describe('the states of a ticket', () => {
  it('can all be reached from open', () => {
    const reached = new Set<Status>(['open']);
    for (const status of reached) for (const next of TRANSITIONS[status]) reached.add(next);
    expect([...reached].sort()).toEqual([...STATUSES].sort());
  });

  it('allow nothing that the table does not say', () => {
    const allowed = STATUSES.flatMap((from) =>
      STATUSES.filter((to) => mayFollow(from, to)).map((to) => `${from} ${to}`),
    );
    expect(allowed).toHaveLength(25);
    for (const status of STATUSES) {
      expect(mayFollow(status, status)).toBe(false);
      expect(mayFollow('closed', status)).toBe(false);
    }
  });

  it('reopen on a customer’s message, but for closed', () => {
    expect(STATUSES.filter((status) => statusAfterCustomerMessage(status) === 'open')).toEqual([
      'pending',
      'on_hold',
      'resolved',
    ]);
    for (const status of STATUSES) {
      const next = statusAfterCustomerMessage(status);
      if (next) expect(mayFollow(status, next)).toBe(true);
    }
  });
});
