import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { DeskError } from '#shared/errors/desk-error.js';
import { BareClient, eventually, IntakeBench } from '../../../../test/support/mail-intake/intake-bench.js';
import { SUPPORT, type FakeCore } from '../../../../test/support/mail-intake/fake-core.js';

const bench = new IntakeBench();
let core: FakeCore;
let port: number;

beforeAll(async () => {
  await bench.start();
  port = await bench.listen();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  core = await bench.newCore();
});

const HEADERS =
  'From: casey@customer.example\r\nTo: support@acme.test\r\nSubject: Printer\r\nMessage-ID: <1@customer.example>\r\n\r\n';

async function send(body: string | Buffer, client?: BareClient): Promise<string> {
  const by = client ?? (await BareClient.to(port));
  await by.upToData();
  by.write(body);
  const reply = await by.reply();
  if (!client) by.end();
  return reply;
}

describe('accepting', () => {
  it('says 250 with the queue id once the core has the mail and its envelope', async () => {
    const reply = await send(`${HEADERS}It is on fire.\r\n.\r\n`);
    const [row] = core.rows;
    expect(reply).toBe(`250 2.6.0 OK: queued as ${row!.id}`);
    expect(row!.envelope).toMatchObject({
      mailFrom: 'casey@customer.example',
      recipients: [{ address: SUPPORT }],
      helo: 'client.example',
      peer: '127.0.0.1',
      tls: false,
    });
    const raw = row!.raw.toString();
    expect(raw).toMatch(
      /^Return-Path: <casey@customer\.example>\r\nReceived: from client\.example \(\[127\.0\.0\.1\]\)\r\n\tby mx\.acme\.test with ESMTP id [\w.]+\r\n\tfor <support@acme\.test>;\r\n\t\w{3}, .* \+0000\r\nFrom: casey/,
    );
    expect(raw.endsWith('It is on fire.\r\n')).toBe(true);
    expect(row!.sizeBytes).toBe(row!.raw.length);
  });

  it('waits for the core before 250', async () => {
    let release = (): void => undefined;
    core.beforeAccept = () => new Promise((resolve) => (release = resolve));
    const client = await BareClient.to(port);
    await client.upToData();
    client.write(`${HEADERS}hello\r\n.\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.received).toBe('');
    release();
    expect(await client.reply()).toMatch(/^250 /);
    client.end();
  });

  it('says 451 when the core fails, and nothing internal', async () => {
    core.beforeAccept = () => Promise.reject(new DeskError('INTERNAL', 'relation "inbound_mails" does not exist'));
    expect(await send(`${HEADERS}hello\r\n.\r\n`)).toBe(
      '451 4.3.0 This desk cannot take mail at the moment, please try again',
    );
    core.beforeAccept = () => Promise.reject(new DeskError('BAD_REQUEST', 'envelope.peer: no'));
    expect(await send(`${HEADERS}hello\r\n.\r\n`)).toMatch(/^451 4\.3\.0 This desk/);
  });

  it('says 451 at DATA when the core has gone since RCPT, and at RCPT when it is away', async () => {
    const client = await BareClient.to(port);
    await client.upToData();
    await core.stop();
    client.write(`${HEADERS}hello\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^451 4\.3\.0 /);
    await client.say('MAIL FROM:<casey@customer.example>');
    expect(await client.say('RCPT TO:<nobody-asked-yet@acme.test>')).toMatch(/^451 4\.3\.0 /);
    client.end();
    expect(core.rows).toHaveLength(0);
  });

  it('hashes what the client sent: the same mail twice has one hash', async () => {
    await send(`${HEADERS}hello\r\n.\r\n`);
    await send(`${HEADERS}hello\r\n.\r\n`);
    expect(core.rows.map(({ sha256 }) => sha256)).toEqual([core.rows[0]!.sha256, core.rows[0]!.sha256]);
    expect(core.rows[0]!.raw.equals(core.rows[1]!.raw)).toBe(false);
  });

  it('keeps the text of a mail that has no headers', async () => {
    await send('Hello, my printer burns\r\nplease come\r\n.\r\n');
    expect(core.rows[0]!.raw.toString()).toContain('\r\n\r\nHello, my printer burns\r\nplease come\r\n');
  });

  it('takes a mail of nothing', async () => {
    expect(await send('.\r\n')).toMatch(/^250 /);
    expect(core.rows).toHaveLength(1);
  });

  it('puts a large mail into the blob store, whole, and says where', async () => {
    const lines = 'x'.repeat(76);
    const body = `${HEADERS}${`${lines}\r\n`.repeat(10_000)}`;
    expect(await send(`${body}.\r\n`)).toMatch(/^250 /);
    const [row] = core.rows;
    expect(row!.raw).toHaveLength(0);
    const stored = await bench.blobs.read(row!.blobKey!);
    expect(stored).toHaveLength(row!.sizeBytes);
    expect(stored.toString().endsWith(body)).toBe(true);
  });

  it('keeps no file of a large mail that the core refused', async () => {
    core.beforeAccept = () => Promise.reject(new DeskError('UNAVAILABLE'));
    const unique = `refused ${Math.random()} ${'y'.repeat(70)}\r\n`;
    const before = await files();
    expect(await send(`${HEADERS}${unique.repeat(8_000)}.\r\n`)).toMatch(/^451 /);
    expect(await files()).toEqual(before);
  });

  it('delivers what nodemailer sends, dots at the beginning of lines too', async () => {
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    await transport.sendMail({
      from: 'casey@customer.example',
      to: `Desk <${SUPPORT}>`,
      subject: 'Dots',
      text: 'one\n.\n..two\n',
    });
    transport.close();
    expect(core.rows[0]!.raw.toString()).toContain('\r\none\r\n.\r\n..two\r\n');
  });
});

describe('recipients', () => {
  it('refuses an unknown one at RCPT with 550 5.1.1', async () => {
    const client = await BareClient.to(port);
    await client.say('EHLO client.example');
    await client.say('MAIL FROM:<casey@customer.example>');
    expect(await client.say('RCPT TO:<nobody@acme.test>')).toBe('550 5.1.1 Nobody here has this address');
    expect(await client.say('DATA')).toMatch(/^503 /);
    client.end();
  });

  it('takes plus addresses, keeps the token, and asks the core once', async () => {
    const fresh = await bench.listen();
    const client = await BareClient.to(fresh);
    await client.say('EHLO client.example');
    await client.say('MAIL FROM:<>');
    expect(await client.say('RCPT TO:<support+abc234@acme.test>')).toMatch(/^250 /);
    expect(await client.say('RCPT TO:<Support@ACME.test>')).toMatch(/^250 /);
    await client.say('DATA');
    client.write(`${HEADERS}hello\r\n.\r\n`);
    await client.reply();
    client.end();
    expect(core.resolved).toBe(1);
    expect(core.rows[0]!.envelope).toMatchObject({
      mailFrom: '',
      recipients: [{ address: 'support+abc234@acme.test' }, { address: 'Support@ACME.test' }],
    });
  });

  it('stops at the limit with 452', async () => {
    const client = await BareClient.to(port);
    await client.say('EHLO client.example');
    await client.say('MAIL FROM:<casey@customer.example>');
    const replies = [];
    for (let n = 0; n < 4; n++) replies.push(await client.say(`RCPT TO:<support+${n}@acme.test>`));
    expect(replies.map((reply) => reply.slice(0, 9))).toEqual(['250 2.1.5', '250 2.1.5', '250 2.1.5', '452 4.5.3']);
    client.end();
  });
});

describe('size', () => {
  it('refuses at MAIL what says it is too large', async () => {
    const client = await BareClient.to(port);
    expect(await client.say('EHLO client.example')).toMatch(/250[ -]SIZE 1048576/);
    expect(await client.say('MAIL FROM:<casey@customer.example> SIZE=2000000')).toMatch(/^552 /);
    client.end();
  });

  it('refuses at the end what did not say so, keeps nothing, and goes on', async () => {
    const before = await files();
    const client = await BareClient.to(port);
    expect(await send(`${HEADERS}${`${'z'.repeat(78)}\r\n`.repeat(20_000)}.\r\n`, client)).toMatch(/^552 5\.3\.4 /);
    expect(core.rows).toHaveLength(0);
    expect(await files()).toEqual(before);
    await client.say('MAIL FROM:<casey@customer.example>');
    await client.say('RCPT TO:<support@acme.test>');
    await client.say('DATA');
    client.write(`${HEADERS}small\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^250 /);
    client.end();
  });
});

describe('what must not smuggle', () => {
  const second = 'MAIL FROM:<evil@x.example>\r\nRCPT TO:<support@acme.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nevil';
  it.each([
    ['<LF>.<LF>', '\n.\n'],
    ['<LF>.<CR><LF>', '\n.\r\n'],
    ['<CR><LF>.<LF>', '\r\n.\n'],
    ['<CR>.<CR><LF>', '\r.\r\n'],
    ['<CR>.<CR>', '\r.\r'],
    ['<CR><LF>\\0.<CR><LF>', '\r\n\0.\r\n'],
  ])('%s ends nothing: one mail', async (_name, ending) => {
    expect(await send(`${HEADERS}first${ending}${second}\r\n.\r\n`)).toMatch(/^250 /);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(core.rows).toHaveLength(1);
    const raw = core.rows[0]!.raw.toString();
    expect(raw).toContain('MAIL FROM:<evil@x.example>');
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('in pieces neither', async () => {
    const client = await BareClient.to(port);
    await client.upToData();
    for (const piece of [`${HEADERS}first\r`, '\n', '.', '\n', second, '\r', '\n.', '\r', '\n']) {
      client.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(await client.reply()).toMatch(/^250 /);
    client.end();
    expect(core.rows).toHaveLength(1);
  });
});

describe('clients that misbehave', () => {
  it('leaves nothing of a client that vanishes in DATA, small or large', async () => {
    const before = await files();
    for (const size of [10, 8_000]) {
      const client = await BareClient.to(port);
      await client.upToData();
      client.write(HEADERS + `${'x'.repeat(76)}\r\n`.repeat(size));
      await new Promise((resolve) => setTimeout(resolve, 100));
      client.end();
    }
    await eventually(() => bench.lastListener.isListening);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(core.rows).toHaveLength(0);
    expect(await files()).toEqual(before);
  });

  it('answers nonsense with 5xx and hangs up on too much of it', async () => {
    const client = await BareClient.to(port);
    expect(await client.say('\u0000\u0001\u0002')).toMatch(/^500 /);
    expect(await client.say('MAIL FROM:<a@b.example>')).toMatch(/^503 /);
    expect(await client.say('WIZ')).toMatch(/^500 /);
    await client.say('EHLO x');
    expect(await client.say('MAIL FROM:<not an address>')).toMatch(/^501 /);
    for (let n = 0; n < 10 && !client.closed; n++) await client.say('NONSENSE');
    await client.until(() => client.closed);
  });

  it('hangs up on a line without end', async () => {
    const client = await BareClient.to(port);
    client.write('X'.repeat(20_000));
    expect(await client.reply()).toMatch(/^421 /);
    await client.until(() => client.closed);
  });

  it('has a wall clock that a client which trickles cannot stop', async () => {
    const slow = await bench.listen({ mailTimeoutMs: 400 });
    const client = await BareClient.to(slow);
    await client.upToData();
    const trickle = setInterval(() => client.socket.write('x'), 50);
    try {
      await client.until(() => client.received.includes('421 '), 2_000);
    } finally {
      clearInterval(trickle);
      client.end();
    }
    expect(core.rows).toHaveLength(0);
  });

  it('limits connections of one address, and lets the next in when one leaves', async () => {
    const narrow = await bench.listen({ maxConnectionsPerAddress: 2 });
    const [one, two, three] = [await BareClient.to(narrow), await BareClient.to(narrow), await BareClient.to(narrow)];
    expect(three.received).toMatch(/^421 /);
    one.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const four = await BareClient.to(narrow);
    expect(four.received).toMatch(/^220 /);
    [two, four].forEach((client) => client.end());
  });

  it('limits connections in all', async () => {
    const narrow = await bench.listen({ maxConnections: 1 });
    const one = await BareClient.to(narrow);
    const two = await BareClient.to(narrow);
    expect(two.received).toMatch(/^421 /);
    one.end();
  });

  it('greets at once', async () => {
    // The soonest of some: a busy machine may hold up one, a delay in the server holds up each.
    let soonestMs = Infinity;
    for (let time = 0; time < 5; time++) {
      const startMs = performance.now();
      const client = await BareClient.to(port);
      soonestMs = Math.min(soonestMs, performance.now() - startMs);
      client.end();
    }
    expect(soonestMs).toBeLessThan(80);
  });
});

describe('ending', () => {
  it('sends idle clients away, and still accepts the mail that is on its way', async () => {
    const ending = await bench.listen();
    const listener = bench.lastListener;
    const idle = await BareClient.to(ending);
    const busy = await BareClient.to(ending);
    await busy.upToData();
    const closed = listener.close();
    expect(await idle.reply()).toMatch(/^220 /);
    await idle.until(() => idle.received.includes('421 '));
    busy.write(`${HEADERS}just in time\r\n.\r\n`);
    expect(await busy.reply()).toMatch(/^250 /);
    busy.end();
    await closed;
    expect(core.rows).toHaveLength(1);
  });
});

describe('LMTP', () => {
  it('answers for each recipient', async () => {
    const lmtp = await bench.listen({ lmtp: true });
    const client = await BareClient.to(lmtp);
    expect(client.received).toMatch(/LMTP/);
    expect(await client.say('EHLO x')).toMatch(/^500 /);
    await client.say('LHLO postfix.example');
    await client.say('MAIL FROM:<casey@customer.example>');
    await client.say('RCPT TO:<support@acme.test>');
    await client.say('RCPT TO:<support+abc@acme.test>');
    await client.say('DATA');
    client.write(`${HEADERS}hello\r\n.\r\n`);
    await client.until(() => client.received.split('\r\n').length > 2);
    expect(
      client.received
        .trim()
        .split('\r\n')
        .map((line) => line.slice(0, 3)),
    ).toEqual(['250', '250']);
    client.end();
    expect(core.rows).toHaveLength(1);
  });
});

/** Every file in the blob store, temporary ones too. */
async function files(): Promise<string[]> {
  const all = await readdir(join(bench.folder, 'blobs'), { recursive: true, withFileTypes: true }).catch(() => []);
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
