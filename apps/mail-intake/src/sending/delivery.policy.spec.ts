import { describe, expect, it } from '@jest/globals';
import { outcomeOfFailure, outcomeOfSuccess } from './delivery.policy.js';

describe('how an attempt went', () => {
  it.each([
    ['no such mailbox', { code: 'EENVELOPE', responseCode: 550, response: '550 5.1.1 unknown' }, 'failed'],
    ['content refused', { code: 'EMESSAGE', responseCode: 554, response: '554 5.7.1 spam' }, 'failed'],
    ['greylisted', { code: 'EENVELOPE', responseCode: 450, response: '450 4.2.0 later' }, 'deferred'],
    ['relay away', { code: 'ESOCKET' }, 'deferred'],
    ['relay silent', { code: 'ETIMEDOUT' }, 'deferred'],
    ['our password is wrong', { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no' }, 'deferred'],
    ['relay refuses the connection', { code: 'ECONNECTION', responseCode: 554, response: '554 no' }, 'deferred'],
    ['something unknown', {}, 'deferred'],
  ])('%s: %s', (_what, failure, state) => {
    const outcome = outcomeOfFailure({ message: 'it failed', ...failure });
    expect(outcome).toEqual({ state, detail: 'response' in failure ? failure.response : 'it failed' });
  });

  it('is sent when the relay took it, and names whom it refused', () => {
    expect(outcomeOfSuccess({ response: '250 OK\r\nqueued', rejected: ['x@y.example'] })).toEqual({
      state: 'sent',
      detail: 'refused for x@y.example; 250 OK queued',
    });
  });
});
