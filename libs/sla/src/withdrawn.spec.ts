import { describe, expect, it } from '@jest/globals';
import {
  at,
  buildHistory,
  clocksOf,
  customerReplied,
  evaluate,
  firstResponse,
  opened,
  reopenedByCustomer,
  resolution,
  resolved,
} from './testing/build-history.js';

const withdrawn = { type: 'withdrawn' } as const;

describe('a ticket that became part of another', () => {
  it('has its clocks cancelled: nothing was met, and nothing will be breached', () => {
    const gone = evaluate(buildHistory(['09:00', opened], ['09:20', withdrawn]), '20:00');
    expect(firstResponse(gone)).toMatchObject({ state: 'cancelled', stoppedAt: at('09:20'), breachedAt: null });
    expect(resolution(gone)).toMatchObject({ state: 'cancelled', stoppedAt: at('09:20'), breachedAt: null });
    expect(gone).toMatchObject({ status: 'none', dueSoonest: null });
  });

  it('keeps a deadline that was missed before', () => {
    const gone = evaluate(buildHistory(['09:00', opened], ['09:31', withdrawn]), '20:00');
    expect(firstResponse(gone)).toMatchObject({ state: 'breached', breachedAt: at('09:30') });
  });

  it('keeps what was met before, and starts nothing again', () => {
    const events = buildHistory(
      ['09:00', opened],
      ['09:10', resolved],
      ['09:20', withdrawn],
      ['09:30', reopenedByCustomer],
      ['09:40', customerReplied],
    );
    const gone = evaluate(events, '20:00');
    expect(resolution(gone)).toMatchObject({ state: 'met', stoppedAt: at('09:10') });
    expect(clocksOf(gone, 'next_response')).toEqual([]);
  });
});
