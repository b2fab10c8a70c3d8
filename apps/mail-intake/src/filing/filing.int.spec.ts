import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { DeskError } from '#shared/errors/desk-error.js';
import { signReplyAddress } from '#mail/reply-address.js';
import { readMail } from '#mail/read-mail.js';
import { loopMark } from '../loop-mark.js';
import { buildMail, buildMailWithAttachment } from '../../../../test/support/mail-intake/build-mail.js';
import { ORG, SUPPORT, type AcceptedRow, type FakeCore } from '../../../../test/support/mail-intake/fake-core.js';
import { eventually, IntakeBench, silent } from '../../../../test/support/mail-intake/intake-bench.js';
import { nobodyIsAuthenticated } from './check-authenticity.js';
import { FILING_DEFAULTS, FilingWorker } from './filing-worker.js';
import type { ReadingParts } from './read-claimed-mail.js';

const SECRET = 'a secret of at least thirty-two characters';
const TICKET = '0198a000-0000-7000-8000-00000000000a';
const CONTACT = '0198a000-0000-7000-8000-0000000000c1';

const bench = new IntakeBench();
let core: FakeCore;
let workers: FilingWorker[] = [];
let nextId = 1;

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  core = await bench.newCore();
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

function work(reading: Partial<ReadingParts> = {}, settings: Partial<typeof FILING_DEFAULTS> = {}): FilingWorker {
  const worker = new FilingWorker(
    { ...FILING_DEFAULTS, pollMs: 50, worker: `test-${workers.length}`, ...settings },
    bench.client,
    { blobs: bench.blobs, secret: SECRET, checkAuthenticity: nobodyIsAuthenticated, ...reading },
    { replyAddressSecret: SECRET, threadPolicy: {}, log: silent },
  );
  workers.push(worker);
  worker.start();
  return worker;
}

function accepted(raw: string | Buffer, over: Partial<AcceptedRow> = {}): AcceptedRow {
  const bytes = Buffer.from(raw);
  const row: AcceptedRow = {
    id: `0198a000-0000-7000-8000-${String(nextId++).padStart(12, '0')}`,
    envelope: {
      mailFrom: 'casey@customer.example',
      recipients: [{ orgId: ORG, address: SUPPORT }],
      receivedAt: new Date().toISOString(),
      peer: '127.0.0.1',
      helo: 'client.example',
      tls: false,
    },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    blobKey: null,
    raw: bytes,
    attempt: 0,
    leaseEndsMs: 0,
    filed: null,
    ...over,
  };
  core.rows.push(row);
  return row;
}

/** As the intake does it: what NATS could not carry lies in the blob store. */
async function acceptedLarge(raw: string): Promise<AcceptedRow> {
  const { key } = await bench.blobs.put(Buffer.from(raw));
  return accepted(Buffer.alloc(0), { blobKey: key });
}

const filed = (row: AcceptedRow) => {
  if (!row.filed) throw new Error('it is not filed');
  return row.filed;
};
const allFiled = () => eventually(() => core.rows.every((row) => row.filed !== null), 10_000);

describe('filing', () => {
  it('reads a mail and files what it says', async () => {
    const row = accepted(
      buildMail({
        cc: 'Dana <Dana@Customer.example>, support@acme.test',
        body: 'It burns.\r\n\r\nOn Monday, Bea <bea@acme.test> wrote:\r\n> Is it on?',
      }),
    );
    work();
    await allFiled();
    expect(filed(row).facts).toMatchObject({
      messageId: '<first@customer.example>',
      from: { address: 'casey@customer.example', name: 'Casey' },
      cc: ['dana@customer.example'],
      subject: 'Printer on fire',
      reply: 'It burns.',
      kind: 'message',
      isOurOwn: false,
      authenticated: false,
      attachments: [],
    });
    expect(filed(row).facts.text).toContain('Is it on?');
    expect(filed(row).rule).toBe('new');
  });

  it('puts attachments into the blob store, byte for byte', async () => {
    const picture = randomBytes(30_000);
    const row = accepted(buildMailWithAttachment(picture));
    work();
    await allFiled();
    const [attachment] = filed(row).facts.attachments;
    expect(attachment).toMatchObject({ name: 'fire.png', contentType: 'image/png', sizeBytes: 30_000, inline: false });
    expect((await bench.blobs.read(attachment!.blobKey)).equals(picture)).toBe(true);
  });

  it('reads a large mail from the blob store', async () => {
    const picture = randomBytes(3_000_000);
    const row = await acceptedLarge(buildMailWithAttachment(picture));
    work();
    await allFiled();
    const [attachment] = filed(row).facts.attachments;
    expect(attachment!.sizeBytes).toBe(3_000_000);
    expect(attachment!.sha256).toBe(createHash('sha256').update(picture).digest('hex'));
  });

  it('files a text that no NATS message could hold, cut, and says so', async () => {
    const row = await acceptedLarge(buildMail({ body: 'ÿ漢 '.repeat(300_000) }));
    work();
    await allFiled();
    expect(filed(row).facts.text.length).toBeGreaterThan(10_000);
    expect(filed(row).facts.problems.join()).toMatch(/very long/);
  });

  it('files a sender’s mails in order, and an answer after the mail that it answers', async () => {
    const rows = [];
    for (let n = 0; n < 30; n++)
      rows.push(accepted(buildMail({ messageId: `<${n}@customer.example>`, subject: `Mail ${n}` })));
    work({}, { limit: 7 });
    await allFiled();
    expect(core.filedInOrder).toEqual(rows.map(({ id }) => id));
  });
});

describe('our own mail', () => {
  it('is known when it returns, and that of another desk is not', async () => {
    const mark = (secret: string) => [`X-Deskwire: ${loopMark(TICKET, secret)}`];
    const ours = accepted(buildMail({ messageId: '<1@x>', headers: mark(SECRET) }));
    const theirs = accepted(
      buildMail({ messageId: '<2@x>', headers: mark('the secret of quite another installation') }),
    );
    work();
    await allFiled();
    expect(filed(ours).facts.isOurOwn).toBe(true);
    expect(filed(theirs).facts.isOurOwn).toBe(false);
  });
});

describe('the same mail', () => {
  const keyOf = async (raw: string, over: Partial<AcceptedRow> = {}) => {
    const row = accepted(raw, over);
    await eventually(() => row.filed !== null);
    return filed(row).facts.duplicateKey;
  };

  it('has one key however it came, and another when sender, body or id differ', async () => {
    work();
    const key = await keyOf(buildMail());
    expect(await keyOf(`Received: by other.example; Tue, 17 Nov 2026 10:00:00 +0000\r\n${buildMail()}`)).toBe(key);
    expect(await keyOf(buildMail({ from: 'mallory@other.example' }))).not.toBe(key);
    expect(await keyOf(buildMail({ body: 'Something else.' }))).not.toBe(key);
    expect(await keyOf(buildMail({ messageId: '<other@customer.example>' }))).not.toBe(key);
  });

  it('without a Message-ID is told by envelope and bytes', async () => {
    work();
    const raw = buildMail({ messageId: null });
    const key = await keyOf(raw);
    expect(await keyOf(raw)).toBe(key);
    expect(await keyOf(`${raw}more`)).not.toBe(key);
  });
});

describe('threading', () => {
  const onTicket = (over: object = {}) => ({
    ticketId: TICKET,
    number: 42,
    status: 'open',
    participants: ['casey@customer.example'],
    contactIds: [CONTACT],
    messageIds: ['<ours@acme.test>'],
    ...over,
  });
  const address = (secret = SECRET) =>
    signReplyAddress({ orgId: ORG, ticketId: TICKET, contactId: CONTACT, secret, supportAddress: SUPPORT });

  it('follows a signed address in the envelope, whoever writes', async () => {
    core.candidates = [onTicket()];
    const row = accepted(buildMail({ from: 'casey@private.example' }));
    row.envelope.recipients[0]!.address = address();
    work();
    await allFiled();
    expect(filed(row)).toMatchObject({ ticketId: TICKET, rule: 'signed_address' });
  });

  it('follows one in Delivered-To, and none that we did not sign', async () => {
    core.candidates = [onTicket()];
    const ours = accepted(buildMail({ headers: [`Delivered-To: ${address()}`] }));
    const forged = accepted(
      buildMail({
        messageId: '<2@x>',
        from: 'mallory@other.example',
        to: address('another secret of thirty-two characters'),
      }),
    );
    work();
    await allFiled();
    expect(filed(ours)).toMatchObject({ ticketId: TICKET, rule: 'signed_address' });
    expect(filed(forged).rule).toBe('new');
    expect(filed(forged).ticketId).not.toBe(TICKET);
  });

  it('follows references of a participant and refuses those of a stranger', async () => {
    core.candidates = [onTicket()];
    const headers = ['In-Reply-To: <ours@acme.test>', 'References: <ours@acme.test>'];
    const answer = accepted(buildMail({ messageId: '<a@x>', headers }));
    const stranger = accepted(buildMail({ messageId: '<b@x>', headers, from: 'mallory@other.example' }));
    work();
    await allFiled();
    expect(filed(answer)).toMatchObject({ ticketId: TICKET, rule: 'references' });
    expect(filed(stranger).rule).toBe('new');
  });

  it('believes a number in the subject only of authenticated mail', async () => {
    core.candidates = [onTicket()];
    const row = accepted(buildMail({ subject: 'Re: [#42] Printer' }));
    const worker = work();
    await allFiled();
    expect(filed(row).rule).toBe('new');
    await worker.stop();
    const authentic = accepted(buildMail({ subject: 'Re: [#42] Printer', messageId: '<c@x>' }));
    work({ checkAuthenticity: async () => ({ authenticated: true, why: 'DMARC pass' }) });
    await allFiled();
    expect(filed(authentic)).toMatchObject({ ticketId: TICKET, rule: 'subject_number' });
    expect(filed(authentic).facts.authenticated).toBe(true);
  });
});

describe('what goes wrong', () => {
  it('files a mail that breaks the reader unread, with the file and the reason', async () => {
    const raw = buildMail();
    const row = accepted(raw);
    const good = accepted(buildMail({ messageId: '<good@x>', subject: 'Good' }));
    let broken = 0;
    work({
      read: (source, options) => {
        if (Buffer.isBuffer(source) && source.includes('first@customer.example')) {
          broken++;
          throw new Error('Maximum call stack size exceeded');
        }
        return readMail(source, options);
      },
    });
    await allFiled();
    expect(broken).toBe(1);
    const { facts, rule } = filed(row);
    expect(rule).toBe('new');
    expect(facts).toMatchObject({
      subject: 'Printer on fire',
      messageId: '<first@customer.example>',
      from: { address: 'casey@customer.example' },
      problems: ['Maximum call stack size exceeded'],
    });
    const [file] = facts.attachments;
    expect(file!.name).toBe('message.eml');
    expect((await bench.blobs.read(file!.blobKey)).toString()).toBe(raw);
    expect(filed(good).facts.subject).toBe('Good');
  });

  it('files unread on the fourth attempt', async () => {
    const row = accepted(buildMail(), { attempt: 3 });
    work();
    await allFiled();
    expect(filed(row).facts.problems).toEqual(['it could not be filed 3 times']);
    expect(filed(row).facts.attachments).toHaveLength(1);
  });

  it('files a mail once that a dead worker had claimed, after its lease', async () => {
    const row = accepted(buildMail());
    // This worker reads for ever: as good as killed between claim and file.
    let release = (): void => undefined;
    const dead = work({
      read: async (source, options) => {
        await new Promise<void>((resolve) => (release = resolve));
        return readMail(source, options);
      },
    });
    await eventually(() => row.attempt === 1);
    work();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(row.filed).toBeNull();
    core.endLeases();
    await allFiled();
    expect(row.attempt).toBe(2);
    expect(core.filedInOrder).toEqual([row.id]);
    // What it has to say so late changes nothing.
    release();
    await dead.stop();
    expect(core.filedInOrder).toEqual([row.id]);
  });

  it('files after all when the core fails for a moment, within the same lease', async () => {
    const row = accepted(buildMail());
    let failures = 2;
    core.beforeFile = async () => {
      if (failures-- > 0) throw new DeskError('UNAVAILABLE');
    };
    work();
    await allFiled();
    expect(row.attempt).toBe(1);
  });

  it('leaves a mail for later when the blob store is away', async () => {
    const row = accepted(Buffer.alloc(0), { blobKey: 'aa/bb/not-there' });
    work();
    await eventually(() => row.attempt === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(row.filed).toBeNull();
  });

  it.each([
    ['nothing at all', ''],
    ['binary', randomBytes(5_000).toString('latin1')],
    ['no From', 'Subject: hello\r\n\r\nhello'],
    ['two From', buildMail({ headers: ['From: mallory@other.example'] })],
    ['a From nobody can write to', buildMail({ from: 'not an address' })],
    ['NUL in text and subject', buildMail({ subject: 'a\0b', body: 'c\0d' })],
    ['deep nesting', nested(200)],
    ['a huge header', buildMail({ headers: [`X-Huge: ${'h'.repeat(1_200_000)}`] })],
    ['unknown charset', buildMail({ headers: ['Content-Type: text/plain; charset=x-klingon'] })],
  ])('files %s', async (_what, raw) => {
    const row = raw.length > 500_000 ? await acceptedLarge(raw) : accepted(raw);
    work();
    await allFiled();
    expect(JSON.stringify(filed(row).facts)).not.toContain('\\u0000');
  });
});

function nested(depth: number): string {
  let body = 'Content-Type: text/plain\r\n\r\ndeep inside';
  for (let n = 0; n < depth; n++)
    body = `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n${body}\r\n--b${n}--`;
  return `From: casey@customer.example\r\nMIME-Version: 1.0\r\n${body}`;
}
