import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { inspectMail } from './inspect-mail.js';
import { readMail } from './read-mail.js';
import { stopHtmlWorker } from './read-html.js';

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const mail = (head: string[], body: string): Buffer => Buffer.from([...head, '', body].join('\r\n'));
const FROM = 'From: Casey <casey@customer.example>';

afterAll(() => stopHtmlWorker());

describe('readMail', () => {
  it('reads headers, addresses, ids and attachments', async () => {
    const read = await readMail(fixture('attachments.eml'));
    expect(read).toMatchObject({
      messageId: '<at1@customer.example>',
      references: ['<a@x.example>', '<b@y.example>'],
      from: { address: 'lee@customer.example', name: 'Lee' },
      to: [{ address: 'support@acme.test' }, { address: 'second@acme.test', name: 'Second Desk' }],
      cc: [{ address: 'boss@customer.example' }],
      deliveredTo: ['support+abc@acme.test'],
      text: 'See the picture: [broken screen]',
      kind: 'message',
      bounce: null,
      problems: [],
    });
    expect(read.date?.toISOString()).toBe('2024-06-04T10:00:00.000Z');
    const [picture, file] = read.attachments;
    expect(picture).toMatchObject({ filename: 'screen.png', contentId: 'pic1', inline: true, sizeBytes: 8 });
    expect(file).toMatchObject({ filename: 'paßwd', contentType: 'text/plain', inline: false, sizeBytes: 5 });
    expect(file?.content.toString()).toBe('hello');
    expect(file?.sha256).toBe(createHash('sha256').update('hello').digest('hex'));
  });

  it('reads a stream as it reads a buffer, and hands attachments on', async () => {
    const raw = fixture('attachments.eml');
    const whole = await readMail(raw);
    const stored: string[] = [];
    const streamed = await readMail(Readable.from([raw.subarray(0, 700), raw.subarray(700)]), {
      onAttachment: async (part, content) => {
        let size = 0;
        for await (const chunk of content) size += (chunk as Buffer).length;
        stored.push(`${part.filename}:${size}`);
      },
    });
    expect(stored).toEqual(['screen.png:8', 'paßwd:5']);
    expect(streamed.sha256).toBe(whole.sha256);
    expect(streamed.attachments.map((one) => one.sha256)).toEqual(whole.attachments.map((one) => one.sha256));
    expect(streamed.attachments.every((one) => one.content.length === 0)).toBe(true);
    expect({ ...streamed, attachments: [] }).toEqual({ ...whole, attachments: [] });
  });

  it('rejects with what the store of attachments fails with, so that nothing is filed half', async () => {
    const failing = readMail(fixture('attachments.eml'), {
      onAttachment: () => Promise.reject(new Error('disk full')),
    });
    await expect(failing).rejects.toThrow('disk full');
  });

  it.each([
    ['html-only-gmail.eml', 'The second cable works, thank you!\n\nOne more question: may we keep the old one?'],
    ['html-only-outlook.eml', 'The VAT number is wrong, please send a new one.'],
  ])('%s: finds what is new in HTML alone', async (name, reply) => {
    const read = await readMail(fixture(name));
    expect(read.reply).toBe(reply);
    expect(read.text.length).toBeGreaterThan(reply.length);
  });

  it('takes a mail with two From headers for nobody’s', async () => {
    const read = await readMail(fixture('two-from.eml'));
    expect(read.fromIsAmbiguous).toBe(true);
    expect(read.problems.join()).toContain('ambiguous');
  });

  it.each<[string, Buffer]>([
    ['nothing at all', Buffer.alloc(0)],
    ['only line ends', Buffer.from('\r\n\r\n\r\n')],
    ['binary garbage', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 73) % 256))],
    ['no From, no ids', mail(['Subject: hi'], 'text')],
    ['headers without a body', Buffer.from(`${FROM}\r\nSubject: hi`)],
    ['a boundary that never comes', mail([FROM, 'Content-Type: multipart/mixed; boundary=x'], 'lost text')],
    ['an unknown charset', mail([FROM, 'Content-Type: text/plain; charset=klingon'], 'text')],
    ['an absurd date', mail([FROM, 'Date: yesterday-ish'], 'text')],
    ['broken base64', mail([FROM, 'Content-Transfer-Encoding: base64'], '####')],
  ])('survives %s', async (_, raw) => {
    const read = await readMail(raw);
    expect(typeof read.subject).toBe('string');
    expect(typeof read.text).toBe('string');
    expect(read.sizeBytes).toBe(raw.length);
  });

  it('shows the raw body when no part can be found', async () => {
    const read = await readMail(mail([FROM, 'Content-Type: multipart/mixed; boundary=x'], 'lost text'));
    expect(read.text.trim()).toBe('lost text');
    expect(read.problems.join()).toContain('no readable part');
  });

  it('keeps what can be read of a mail with over 1,000 parts', async () => {
    const parts = Array.from({ length: 1500 }, (_, i) => `--b\r\nContent-Type: text/plain\r\n\r\npart ${i}\r\n`).join(
      '',
    );
    const head = [FROM, 'Subject: many', 'Content-Type: multipart/mixed; boundary=b'];
    const read = await readMail(mail(head, `${parts}--b--`));
    expect(read).toMatchObject({ subject: 'many', from: { address: 'casey@customer.example' } });
    expect(read.text).toContain('part 3');
    expect(read.problems.join()).toContain('not sound MIME');
  });

  it('keeps what can be read of a mail with megabytes of headers', async () => {
    const junk = Array.from({ length: 3000 }, (_, i) => `X-Junk-${i}: ${'x'.repeat(600)}`);
    const read = await readMail(mail([FROM, ...junk, 'Subject: after the junk'], 'the text'));
    expect(read).toMatchObject({ subject: 'after the junk', from: { address: 'casey@customer.example' } });
    expect(read.text.trim()).toBe('the text');
  });

  it('reads raw Latin-1 bytes in an encoded subject, and the first of two subjects', async () => {
    const raw = Buffer.from(`${FROM}\r\nSubject: =?iso-8859-1?Q?Fr\xf6sche?=\r\nSubject: second\r\n\r\nx`, 'latin1');
    expect((await readMail(raw)).subject).toBe('Frösche');
  });

  it('is not stalled by a megabyte of unclosed elements: a worker reads it', async () => {
    const html = `<p>first words</p>${'<div>'.repeat(200_000)}x${'</span>'.repeat(20_000)}`;
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const started = Date.now();
    const read = await readMail(mail([FROM, 'Content-Type: text/html'], html));
    clearInterval(timer);
    expect(read.text.startsWith('first words')).toBe(true);
    expect(Date.now() - started).toBeLessThan(3000);
    expect(ticks).toBeGreaterThan(0);
  });

  it('gives up on HTML that is not read in time, and says so', async () => {
    const html = `<p>${'x'.repeat(3_000_000)}</p>`;
    const read = await readMail(mail([FROM, 'Content-Type: text/html'], html), { htmlTimeoutMs: 0 });
    expect(read.problems.join()).toContain('not be read in time');
    const after = await readMail(mail([FROM, 'Content-Type: text/html'], html.slice(0, 100_000)));
    expect(after.text.length).toBeGreaterThan(90_000);
  });
});

describe('any bytes', () => {
  it('never throws, and accounts for every byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', `${FROM}\r\n`, 'Content-Type: '),
        async (bytes, head) => {
          const raw = Buffer.concat([Buffer.from(head), bytes]);
          const read = await readMail(raw);
          expect(read.sizeBytes).toBe(raw.length);
          expect(read.sha256).toBe(createHash('sha256').update(raw).digest('hex'));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('survives a mail with any bytes changed', async () => {
    const whole = fixture('dsn-user-unknown.eml');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 30 }),
        async (changes) => {
          const raw = Buffer.from(whole);
          for (const [at, byte] of changes) raw[at] = byte;
          expect(typeof (await readMail(raw)).kind).toBe('string');
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the envelope', () => {
  it('tells a bounce where the header cannot: the null path', async () => {
    const raw = mail(['From: relay@b.example', 'Subject: Delivery failed'], 'could not be delivered: user unknown');
    expect((await readMail(raw, { envelopeFrom: '' })).kind).toBe('bounce');
    expect((await readMail(raw, { envelopeFrom: 'relay@b.example' })).kind).toBe('message');
  });
});

describe('inspectMail', () => {
  it('prints the shape that the scorer and operators read', async () => {
    const seen = await inspectMail(fixture('dsn-user-unknown.eml'), 'a.eml');
    expect(seen).toMatchObject({
      file: 'a.eml',
      kind: 'bounce',
      subject: 'Undelivered Mail Returned to Sender',
      from: 'mailer-daemon@mx.provider.example',
      bounce: { recipients: [{ status: '5.1.1' }, { status: '5.2.2' }] },
    });
    expect(Object.keys(seen.attachments[0] ?? {})).toEqual(['filename', 'contentType', 'size', 'sha256']);
  });
});
