import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SUPPORT_LOCAL_PART, parseReplyAddress, readReplyAddress, signReplyAddress } from './reply-address.js';

describe('reply addresses', () => {
  it('come back whole, in any case, and fit RFC 5321', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.uuid(),
        fc.string({ minLength: 1 }),
        (orgId, ticketId, contactId, secret) => {
          const owner = { orgId, ticketId, contactId };
          const address = signReplyAddress({
            ...owner,
            secret,
            supportAddress: `${'s'.repeat(MAX_SUPPORT_LOCAL_PART)}@a.test`,
          });
          expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
          expect(readReplyAddress(address.toUpperCase(), [owner], secret)).toBe(owner);
          expect(readReplyAddress(address, [owner], `${secret}x`)).toBeNull();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are refused when a single character is changed', () => {
    const owner = {
      orgId: '019a0000-0000-7000-8000-00000000000a',
      ticketId: '019a0000-0000-7000-8000-00000000000b',
      contactId: '019a0000-0000-7000-8000-00000000000c',
    };
    const address = signReplyAddress({ ...owner, secret: 's', supportAddress: 'support@acme.test' });
    const at = address.indexOf('@');
    // The last character carries one spare bit, which is not signed: it must still decode to the same token or fail.
    for (let i = 'support+'.length; i < at - 1; i++) {
      const other = address[i] === 'a' ? 'b' : 'a';
      expect(readReplyAddress(address.slice(0, i) + other + address.slice(i + 1), [owner], 's')).toBeNull();
    }
  });

  it.each([
    'support@acme.test',
    'support+sales@acme.test',
    '+@acme.test',
    '',
    'support+a',
    `support+${'a'.repeat(46)}@x`,
  ])('no token: %s', (address) => expect(parseReplyAddress(address)).toBeNull());

  it.each([
    [{ supportAddress: 'a-very-long-support-address@acme.test' }, 'supportAddress'],
    [{ supportAddress: 'a@b\r\nRCPT TO:<c@d>' }, 'supportAddress'],
    [{ ticketId: '42' }, 'ticketId'],
  ])('names the field that is wrong: %j', (wrong, field) => {
    const id = '019a0000-0000-7000-8000-00000000000a';
    const input = {
      orgId: id,
      ticketId: id,
      contactId: id,
      secret: 's',
      supportAddress: 'support@acme.test',
      ...wrong,
    };
    expect(() => signReplyAddress(input)).toThrow(field);
  });
});
