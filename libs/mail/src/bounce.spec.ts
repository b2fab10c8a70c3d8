import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { bounceReason } from './bounce-reasons.js';
import { readMail } from './read-mail.js';

const read = (name: string) => readMail(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

describe('readBounce', () => {
  it('reads every recipient of a report (RFC 3464), in the server’s own code', async () => {
    const { kind, bounce } = await read('dsn-user-unknown.eml');
    expect(kind).toBe('bounce');
    expect(bounce).toMatchObject({
      originalMessageId: '<out42@acme.test>',
      recipients: [
        { address: 'nobody@customer.example', status: '5.1.1', severity: 'hard', outcome: 'failed' },
        { address: 'full@customer.example', status: '5.2.2', severity: 'soft', outcome: 'failed' },
      ],
    });
  });

  it('knows a warning from a failure', async () => {
    const { bounce } = await read('dsn-delayed.eml');
    expect(bounce?.recipients).toMatchObject([
      { address: 'slow@customer.example', status: '4.4.1', severity: 'soft', outcome: 'delayed' },
    ]);
  });

  it('reads qmail’s prose', async () => {
    const { kind, bounce } = await read('bounce-qmail.eml');
    expect(kind).toBe('bounce');
    expect(bounce).toMatchObject({
      originalMessageId: '<out43@acme.test>',
      recipients: [{ address: 'gone@customer.example', severity: 'hard', status: '5.1.1' }],
    });
    expect(bounce?.recipients[0]?.diagnostic).toContain('no mailbox here by that name');
  });

  it('reads Exim’s prose', async () => {
    const { bounce } = await read('bounce-exim-full.eml');
    expect(bounce).toMatchObject({
      originalMessageId: '<out44@acme.test>',
      recipients: [{ address: 'big@customer.example', severity: 'soft', status: '5.2.2' }],
    });
  });

  it('reads a notification by Amazon SES', async () => {
    const json = JSON.stringify({
      notificationType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bouncedRecipients: [
          { emailAddress: 'No@customer.example', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        ],
      },
    });
    const raw = `From: no-reply@sns.amazonaws.com\r\nSubject: AWS Notification Message\r\n\r\n${json}\r\n\r\n--\r\nfooter`;
    const { kind, bounce } = await readMail(Buffer.from(raw));
    expect(kind).toBe('bounce');
    expect(bounce?.recipients).toMatchObject([{ address: 'no@customer.example', status: '5.1.1', severity: 'hard' }]);
  });
});

describe('bounceReason', () => {
  it.each([
    ['5.1.1', '550 5.1.1 <x@y>: Recipient address rejected: User unknown in virtual mailbox table', 'hard'],
    ['', '550 No such user here', 'hard'],
    ['5.4.4', '550 5.4.4 Invalid domain', 'hard'],
    ['5.1.10', 'recipient domain has a null MX', 'hard'],
    ['', 'The user has moved to another address', 'hard'],
    ['5.4.1', '550 5.4.1 [x@y]: Recipient address rejected: Access denied', 'hard'],
    ['5.2.1', 'The email account that you tried to reach is disabled', 'soft'],
    ['5.2.2', '552 5.2.2 over quota', 'soft'],
    ['5.7.1', '554 5.7.1 Client host rejected: blocked using rbl.example', 'soft'],
    ['5.7.26', '550 5.7.26 does not pass DMARC verification', 'soft'],
    ['4.1.1', '450 4.1.1 user unknown, try again', 'soft'],
    ['', '550 user unknown (in reply to end of DATA command)', 'soft'],
    ['', '', 'soft'],
  ])('%s %s: %s', (status, words, severity) => {
    expect(bounceReason(status, words).severity).toBe(severity);
  });
});

describe('hostile bounces', () => {
  it.each([
    ['addresses', 'a@b.example '.repeat(20_000)],
    ['no addresses', 'a'.repeat(200_000)],
    ['lines of addresses', Array.from({ length: 9000 }, (_, i) => `<a${i}@b.example>: 550 no`).join('\n')],
    ['reports', 'Final-Recipient: rfc822; a@b\n\n'.repeat(9000)],
    ['codes', '550 5.1.1 '.repeat(30_000)],
    ['braces', '{"notificationType":"Bounce",'.repeat(9000)],
    ['words', 'user user user recipient address mailbox is not '.repeat(6000)],
  ])('%s: read in a few seconds at worst, with at most 100 recipients', async (_, text) => {
    const started = performance.now();
    const raw = `From: MAILER-DAEMON@b.example\r\nSubject: failure notice\r\n\r\n${text}`;
    const { bounce } = await readMail(Buffer.from(raw));
    expect(bounce?.recipients.length).toBeGreaterThan(0);
    expect(bounce?.recipients.length).toBeLessThanOrEqual(100);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
