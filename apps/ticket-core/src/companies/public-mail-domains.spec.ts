import { describe, expect, it } from '@jest/globals';
import { mailDomain } from '#shared/contracts/companies.js';
import { isPublicMailDomain } from './public-mail-domains.js';

describe('isPublicMailDomain', () => {
  it.each(['gmail.com', 'outlook.com', 'web.de', 'belgacom.example', 'customer.example', 'gmail.com.example', ''])(
    'knows whether anybody may have an address at %j',
    (domain) => {
      expect(isPublicMailDomain(domain)).toBe(['gmail.com', 'outlook.com', 'web.de'].includes(domain));
    },
  );
});

describe('mailDomain', () => {
  it.each([
    ['Customer.Example', 'customer.example'],
    [' a-b.co.uk ', 'a-b.co.uk'],
    ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['x.xn--p1ai', 'x.xn--p1ai'],
  ])('reads %j', (text, domain) => {
    expect(mailDomain.parse(text)).toBe(domain);
  });
  it.each(['localhost', 'a..b', '-a.example', 'a-.example', '@a.example', 'a.example.', '1.2.3.4', 'a b.example', ''])(
    'refuses %j',
    (text) => {
      expect(mailDomain.safeParse(text).success).toBe(false);
    },
  );
});
