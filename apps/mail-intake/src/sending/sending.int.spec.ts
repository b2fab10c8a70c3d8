import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { DeskError } from '#shared/errors/desk-error.js';
import type { OutgoingMail } from '#shared/contracts/mail-out.js';
import { readMail } from '#mail/read-mail.js';
import { ORG, SUPPORT, type FakeCore } from '../../../../test/support/mail-intake/fake-core.js';
import { eventually, freePort, IntakeBench, silent } from '../../../../test/support/mail-intake/intake-bench.js';
import { handOver } from './hand-over.js';
import { isOwnLoopMark } from '../loop-mark.js';
import { Relay } from './relay.js';
import { SENDING_DEFAULTS, SendingWorker } from './sending-worker.js';

const SECRET = 'a secret of at least thirty-two characters';
const bench = new IntakeBench();
let core: FakeCore;
const endings: (() => Promise<void> | void)[] = [];

beforeAll(() => bench.start());
afterAll(() => bench.stop());
beforeEach(async () => {
  core = await bench.newCore();
});
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

interface Taken {
  from: string;
  to: string[];
  raw: Buffer;
}

/** A mail server of the other side. */
async function aRelay(answer: { rcpt?: (address: string) => number; data?: number } = {}) {
  const taken: Taken[] = [];
  const refusal = (code: number) => Object.assign(new Error('says the relay'), { responseCode: code });
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const code = answer.rcpt?.(address) ?? 250;
      done(code === 250 ? null : refusal(code));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (answer.data) return done(refusal(answer.data));
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((one) => one.address),
          raw: Buffer.concat(chunks),
        });
        done(null, 'taken');
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  return { taken, url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

function work(url: string): SendingWorker {
  const relay = new Relay({ url, name: 'mx.acme.test', dkim: null });
  const worker = new SendingWorker(
    { ...SENDING_DEFAULTS, pollMs: 30, worker: 'test' },
    bench.client,
    (mail) => handOver(mail, relay, SECRET, bench.blobs),
    silent,
  );
  endings.push(async () => {
    await worker.stop();
    relay.close();
  });
  worker.start();
  return worker;
}

let next = 1;
function queued(over: Partial<OutgoingMail> = {}): OutgoingMail {
  const mail: OutgoingMail = {
    id: `0198a000-0000-7000-8000-${String(next++).padStart(12, '0')}`,
    orgId: ORG,
    kind: 'reply',
    organisationName: 'Acme',
    supportAddress: SUPPORT,
    agentName: 'Alice',
    ticketId: '0198a000-0000-7000-8000-00000000000a',
    ticketNumber: 42,
    contactId: '0198a000-0000-7000-8000-0000000000c1',
    to: ['casey@customer.example'],
    cc: [],
    subject: 'Printer on fire [#42]',
    bodyMarkdown: 'Pull the **plug**.',
    files: [],
    messageId: '<reply-1@acme.test>',
    inReplyTo: '<first@customer.example>',
    references: ['<first@customer.example>'],
    attempt: 1,
    ...over,
  };
  core.outgoing.push(mail);
  return mail;
}
const settled = (count = 1) => eventually(() => core.settled.length >= count, 10_000);

describe('sending', () => {
  it('hands a reply over and settles it as sent', async () => {
    const { taken, url } = await aRelay();
    const { id } = queued({ cc: ['dana@customer.example'] });
    work(url);
    await settled();
    expect(core.settled).toEqual([{ id, state: 'sent', detail: expect.stringContaining('taken') }]);
    expect(taken[0]).toMatchObject({ from: SUPPORT, to: ['casey@customer.example', 'dana@customer.example'] });
    const mail = await readMail(taken[0]!.raw);
    expect(mail).toMatchObject({
      messageId: '<reply-1@acme.test>',
      inReplyTo: ['<first@customer.example>'],
      references: ['<first@customer.example>'],
      from: { address: SUPPORT },
      subject: 'Re: Printer on fire [#42]',
    });
    expect(mail.from!.name).toContain('Alice');
    expect(mail.replyTo[0]!.address).toMatch(/^support\+[a-z2-7]{45}@acme\.test$/);
    expect(mail.text).toContain('plug');
    expect(isOwnLoopMark(mail.loopMark, SECRET)).toBe(true);
    expect(mail.autoSubmitted).toBeNull();
  });

  it('marks an acknowledgement as automatic and sends it with the null return path', async () => {
    const { taken, url } = await aRelay();
    queued({ kind: 'acknowledgement', agentName: null });
    work(url);
    await settled();
    expect(taken[0]!.from).toBe('');
    const mail = await readMail(taken[0]!.raw);
    expect(mail.autoSubmitted).toMatch(/^auto-(replied|generated)/);
  });

  it('defers while the relay is away', async () => {
    const { id } = queued();
    work(`smtp://127.0.0.1:${await freePort()}`);
    await settled();
    expect(core.settled).toEqual([{ id, state: 'deferred', detail: expect.stringContaining('ECONNREFUSED') }]);
  });

  it.each([
    ['4xx at RCPT', { rcpt: () => 451 }, 'deferred'],
    ['5xx at RCPT', { rcpt: () => 550 }, 'failed'],
    ['4xx at DATA', { data: 452 }, 'deferred'],
    ['5xx at DATA', { data: 554 }, 'failed'],
  ])('%s: %s', async (_what, answer, state) => {
    const { url, taken } = await aRelay(answer);
    queued();
    work(url);
    await settled();
    expect(core.settled[0]!.state).toBe(state);
    expect(core.settled[0]!.detail).toContain('says the relay');
    expect(taken).toHaveLength(0);
  });

  it('sends to those whom the relay takes and names the others', async () => {
    const { url } = await aRelay({ rcpt: (address) => (address.startsWith('dana') ? 550 : 250) });
    queued({ cc: ['dana@customer.example'] });
    work(url);
    await settled();
    expect(core.settled[0]).toMatchObject({ state: 'sent', detail: expect.stringContaining('refused for dana@') });
  });

  it('bears the same Message-ID on a second try', async () => {
    const { url, taken } = await aRelay();
    queued();
    queued({ attempt: 2 });
    work(url);
    await settled(2);
    const [one, two] = await Promise.all(taken.map(({ raw }) => readMail(raw)));
    expect(two!.messageId).toBe(one!.messageId);
  });

  it('never writes to an address that carries a command', async () => {
    const { url, taken } = await aRelay();
    queued({ to: ['casey@customer.example\r\nRCPT TO:<evil@x.example>'] });
    queued({ to: ['"a b"@x.example'] });
    work(url);
    await settled(2);
    expect(core.settled.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(taken).toHaveLength(0);
  });

  it('sends once when settling fails for a while', async () => {
    const { url, taken } = await aRelay();
    let failures = 3;
    core.beforeSettle = async () => {
      if (failures-- > 0) throw new DeskError('UNAVAILABLE');
    };
    queued();
    work(url);
    await settled();
    expect(taken).toHaveLength(1);
    expect(core.settled).toHaveLength(1);
  });

  it('sends files along, byte for byte, and shows those that the text shows', async () => {
    const { url, taken } = await aRelay();
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const large = randomBytes(3 * 1_024 * 1_024);
    const file = async (id: string, name: string, contentType: string, content: Buffer) => {
      const { key, sizeBytes } = await bench.blobs.put(content);
      return { id, name, contentType, sizeBytes, contentId: null, blobKey: key };
    };
    queued({
      bodyMarkdown: 'Here: ![the screen](attachment:pic) and ![remote](https://tracker.example/x.png)',
      files: [
        await file('pic', 'screen.png', 'image/png', picture),
        await file('big', 'Größe 長.bin', 'application/octet-stream', large),
        await file('eml', 'mail.eml', 'message/rfc822', Buffer.from('Subject: x\r\n\r\nx')),
      ],
    });
    work(url);
    await settled();
    expect(core.settled[0]!.state).toBe('sent');
    const mail = await readMail(taken[0]!.raw);
    expect(mail.html).toContain('src="cid:pic@acme.test"');
    expect(mail.html).not.toContain('tracker.example');
    const byName = new Map(mail.attachments.map((one) => [one.filename, one]));
    expect(byName.get('screen.png')).toMatchObject({
      inline: true,
      contentId: 'pic@acme.test',
      contentType: 'image/png',
    });
    expect(byName.get('screen.png')!.content.equals(picture)).toBe(true);
    expect(byName.get('Größe 長.bin')!.content.equals(large)).toBe(true);
    expect(byName.get('Größe 長.bin')!.inline).toBe(false);
    expect(byName.get('mail.eml')!.content.toString()).toBe('Subject: x\r\n\r\nx');
  });

  it('waits when a file is not where it should be, and sends no half', async () => {
    const { url, taken } = await aRelay();
    const blobKey = `aa/bb/aabb${'0'.repeat(60)}`;
    queued({
      files: [{ id: 'x', name: 'lost.pdf', contentType: 'application/pdf', sizeBytes: 1, contentId: null, blobKey }],
    });
    work(url);
    await settled();
    expect(core.settled[0]).toMatchObject({ state: 'deferred', detail: expect.stringContaining('lost.pdf') });
    expect(taken).toEqual([]);
  });

  it('sends no half of a file that is damaged, and goes on with the next mail', async () => {
    const { url, taken } = await aRelay();
    const { key: blobKey } = await bench.blobs.put(randomBytes(200_000));
    const file = {
      id: 'x',
      name: 'cut.pdf',
      contentType: 'application/pdf',
      sizeBytes: 200_001,
      contentId: null,
      blobKey,
    };
    const { id } = queued({ files: [file] });
    work(url);
    await settled();
    expect(core.settled[0]).toMatchObject({ id, state: 'deferred', detail: expect.stringContaining('cut.pdf') });
    expect(taken).toEqual([]);
    queued();
    await settled(2);
    expect(core.settled[1]!.state).toBe('sent');
  });

  it('finishes the one in hand when it is told to end', async () => {
    const { url, taken } = await aRelay();
    queued();
    const worker = work(url);
    await eventually(() => core.outgoing.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await worker.stop();
    expect(core.settled.length).toBe(taken.length);
  });
});
