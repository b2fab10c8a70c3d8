import { describe, expect, it } from '@jest/globals';
import { judgeMailAuth, type MailAuthResults } from './mail-auth.js';

const MAIL = { fromDomain: 'customer.example', fromIsAmbiguous: false };
const spf = (result: string, domain: string): MailAuthResults['spf'] => ({ status: { result }, domain });
const dkim = (result: string, signingDomain: string): MailAuthResults['dkim'] => ({
  results: [{ status: { result }, signingDomain }],
});

describe('judgeMailAuth', () => {
  it.each<[string, MailAuthResults, boolean]>([
    ['DMARC pass', { dmarc: { status: { result: 'pass' } } }, true],
    ['aligned DKIM', { dkim: dkim('pass', 'mail.customer.example') }, true],
    ['aligned SPF', { spf: spf('pass', 'customer.example') }, true],
    ['DKIM of a stranger', { dkim: dkim('pass', 'evil.example') }, false],
    ['DKIM of a domain that only ends alike', { dkim: dkim('pass', 'evilcustomer.example') }, false],
    ['DKIM of a top-level domain', { dkim: dkim('pass', 'example') }, false],
    ['SPF of a forwarder', { spf: spf('pass', 'forwarder.example') }, false],
    ['SPF softfail', { spf: spf('softfail', 'customer.example') }, false],
    [
      'DMARC fail in spite of SPF',
      { spf: spf('pass', 'customer.example'), dmarc: { status: { result: 'fail' } } },
      false,
    ],
    ['nothing', {}, false],
    ['look-ups switched off', { spf: false, dmarc: false }, false],
  ])('%s', (_, results, authenticated) => {
    expect(judgeMailAuth(results, MAIL).authenticated).toBe(authenticated);
  });

  it('authenticates nobody by an ambiguous From header', () => {
    const verdict = judgeMailAuth({ dmarc: { status: { result: 'pass' } } }, { ...MAIL, fromIsAmbiguous: true });
    expect(verdict).toMatchObject({ authenticated: false, dmarc: 'pass' });
    expect(verdict.why).toContain('ambiguous');
  });

  it.each([
    ['reject', true],
    ['quarantine', true],
    ['none', false],
  ])('a failure is suspicious when the domain asks to %s', (policy, suspicious) => {
    expect(judgeMailAuth({ dmarc: { status: { result: 'fail' }, policy } }, MAIL)).toMatchObject({ suspicious });
  });
});
