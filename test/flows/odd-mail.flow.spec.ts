import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningDesk } from '../support/running-desk.js';
import type { ServiceName } from '../support/stack.js';
import { codeOf, dataOf, SmtpDialogue } from '../support/smtp-dialogue.js';

jest.setTimeout(60_000);

const ALL: ServiceName[] = ['postgres', 'nats', 'ticket-core', 'mail-intake', 'sla-monitor', 'slack-bot', 'playground'];

describe('mail that is odd', () => {
  let desk: RunningDesk;
  let pids: (number | undefined)[];
  const pidsNow = async () => Promise.all(ALL.map(async (service) => desk.stack.pid(service)));

  beforeAll(async () => {
    desk = await RunningDesk.start();
    pids = await pidsNow();
  }, 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  /** Sends bytes as they are, the end of DATA included, and returns the answer. */
  async function sendBytes(from: string, bytes: Buffer | string, to = [desk.supportAddress]): Promise<string> {
    const client = await SmtpDialogue.open(desk.smtpPort);
    try {
      await client.openData(from, to);
      client.write(bytes);
      return await client.answer();
    } finally {
      client.close();
    }
  }

  const send = async (from: string, mail: string): Promise<void> => {
    expect(await sendBytes(from, dataOf(mail))).toMatch(/^250 /);
  };

  /** What became of a sender's mails, in the order in which they came. */
  const dispositions = async (sender: string, howMany: number): Promise<(string | null)[]> =>
    desk.settled(
      `${howMany} mails of ${sender} to be filed`,
      async () =>
        (
          await desk.sql<{ disposition: string | null }>(
            'SELECT disposition FROM inbound_mails WHERE sender = $1 ORDER BY seq',
            [sender],
          )
        ).map(({ disposition }) => disposition),
      (all) => all.length === howMany && !all.includes(null),
    );

  describe('the same mail twice', () => {
    const mailOf = (from: string, id: string | null, text: string): string =>
      `${id === null ? '' : `Message-ID: ${id}\n`}From: Casey <${from}>\nTo: support@acme.test\nSubject: Twice\n\n${text}`;

    it('is one ticket, and the second one is accounted for as a duplicate', async () => {
      const from = 'casey@twice.example';
      const mail = mailOf(from, '<same@twice.example>', 'The same words.');
      await send(from, mail);
      await send(from, mail);
      expect(await dispositions(from, 2)).toEqual(['ticket_opened', 'duplicate']);
      expect(await desk.ticketsOf(from)).toMatchObject([{ messageCount: 1 }]);
      await desk.card((await desk.ticketFrom(from)).number);
    });

    it('also when it comes by another way: other trace headers, another time', async () => {
      const from = 'casey@detour.example';
      const mail = mailOf(from, '<same@detour.example>', 'The same words.');
      await send(from, `Received: from a.example by b.example; Sat, 1 Nov 2025 10:00:00 +0000\n${mail}`);
      await send(from, `Received: from c.example by d.example; Sat, 1 Nov 2025 10:00:09 +0000\n${mail}`);
      expect(await dispositions(from, 2)).toEqual(['ticket_opened', 'duplicate']);
    });

    it('also when both come in the same moment', async () => {
      const from = 'casey@race.example';
      const mail = mailOf(from, '<same@race.example>', 'The same words.');
      await Promise.all(Array.from({ length: 6 }, async () => send(from, mail)));
      const all = await dispositions(from, 6);
      expect(all.filter((one) => one === 'ticket_opened')).toHaveLength(1);
      expect(all.filter((one) => one === 'duplicate')).toHaveLength(5);
      expect(await desk.ticketsOf(from)).toHaveLength(1);
    });

    it('but a Message-ID alone proves nothing: another sender or other words are mails of their own', async () => {
      const id = '<stolen@id.example>';
      await send('casey@id.example', mailOf('casey@id.example', id, 'The same words.'));
      await dispositions('casey@id.example', 1);
      await send('mallory@id.example', mailOf('mallory@id.example', id, 'The same words.'));
      await send('casey@id.example', mailOf('casey@id.example', id, 'Quite different words.'));
      expect(await dispositions('mallory@id.example', 1)).toEqual(['ticket_opened']);
      const [first, second] = await dispositions('casey@id.example', 2);
      expect(first).toBe('ticket_opened');
      expect(['ticket_opened', 'message_added']).toContain(second);
      const words = [];
      for (const { number } of await desk.ticketsOf('casey@id.example')) {
        words.push(...(await desk.messages(number)).map(({ content }) => content));
      }
      expect(words).toEqual(expect.arrayContaining(['The same words.', 'Quite different words.']));
    });

    it('without a Message-ID: the same bytes are the same mail, one other byte is not', async () => {
      const from = 'casey@no-id.example';
      await send(from, mailOf(from, null, 'The same words.'));
      await send(from, mailOf(from, null, 'The same words.'));
      await send(from, mailOf(from, null, 'The same words!'));
      expect(await dispositions(from, 3)).toEqual(['ticket_opened', 'duplicate', 'ticket_opened']);
    });
  });

  describe('hostile input', () => {
    it.each([
      ['LF . LF', '\n.\n'],
      ['LF . CRLF', '\n.\r\n'],
      ['CRLF . LF', '\r\n.\n'],
      ['CR . CR', '\r.\r'],
      ['CR . CRLF', '\r.\r\n'],
      ['CRLF . CR', '\r\n.\r'],
    ])('%s ends no mail: nothing is smuggled in behind it', async (name, end) => {
      const from = `casey@${name.toLowerCase().replaceAll(/[^a-z]/g, '')}.smuggle.example`;
      const smuggled = `smuggled-${randomBytes(4).toString('hex')}@bank.example`;
      const answer = await sendBytes(
        from,
        `From: ${from}\r\nSubject: Outer\r\n\r\nText.${end}MAIL FROM:<${smuggled}>\r\nRCPT TO:<${desk.supportAddress}>\r\nDATA\r\nFrom: ${smuggled}\r\nSubject: Inner\r\n\r\nPay me.\r\n.\r\n`,
      );
      expect(codeOf(answer)).toBe(250);
      expect(await dispositions(from, 1)).toEqual(['ticket_opened']);
      expect(await desk.count('inbound_mails', 'sender = $1', [smuggled])).toBe(0);
      expect(await desk.ticketsOf(smuggled)).toEqual([]);
      expect((await desk.ticketFrom(from)).subject).toBe('Outer');
    });

    it.each([
      ['a header line of 50 KB', `Subject: Long\r\nX-Long: ${'x'.repeat(50_000)}\r\n\r\nText.\r\n.\r\n`],
      ['a subject of 50 KB', `Subject: ${'long '.repeat(10_000)}\r\n\r\nText.\r\n.\r\n`],
      ['NUL bytes everywhere', 'Subject: N\0U\0L\r\nX-\0: \0\r\n\r\nTe\0xt.\0\r\n.\r\n'],
      ['no header at all', 'Just text.\r\n.\r\n'],
      ['nothing', '.\r\n'],
      ['an empty body', 'Subject: Empty\r\n\r\n.\r\n'],
      [
        'parts that never end, and one that is its own parent',
        `Subject: Broken\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: text/plain; charset=x-nonsense\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n.\r\n`,
      ],
      [
        'bytes of no charset',
        Buffer.concat([
          Buffer.from('Subject: \xff\xfe\r\n\r\n', 'latin1'),
          randomBytes(3_000).map((b) => (b < 32 || b === 46 ? 65 : b)),
          Buffer.from('\r\n.\r\n'),
        ]),
      ],
      ['two senders', 'From: a@two.example\r\nFrom: b@two.example\r\nSubject: Two\r\n\r\nText.\r\n.\r\n'],
      [
        'addresses that break out',
        'From: "a\\"b" <x@y>\r\nReply-To: <a@b>\r\n RCPT TO:<c@d>\r\nSubject: =?utf-8?q?a=0D=0ABcc:_evil@x.example?=\r\n\r\nText.\r\n.\r\n',
      ],
    ])('%s: accepted, and accounted for', async (_what, bytes) => {
      const from = `odd-${randomBytes(5).toString('hex')}@odd.example`;
      expect(codeOf(await sendBytes(from, bytes))).toBe(250);
      expect(await dispositions(from, 1)).toEqual(['ticket_opened']);
      const [row] = await desk.sql<{ ticket_id: string; raw: Buffer }>(
        'SELECT ticket_id, raw FROM inbound_mails WHERE sender = $1',
        [from],
      );
      const ticket = await desk.ticket(row!.ticket_id);
      expect(ticket.subject).not.toMatch(/[\r\n\0]/);
      expect(ticket.subject.length).toBeGreaterThan(0);
      const card = await desk.card(ticket.number);
      expect(card.text.length).toBeLessThan(4_000);
      // What was sent is kept to the byte, behind our own trace headers.
      const sent = Buffer.from(bytes).subarray(0, -3);
      expect(row!.raw.subarray(row!.raw.length - sent.length).equals(sent)).toBe(true);
    });

    it('nonsense instead of commands, and far too long ones', async () => {
      for (const nonsense of [
        'HELP ME',
        'GET / HTTP/1.1',
        `EHLO ${'x'.repeat(100_000)}`,
        '\0\0\0',
        'MAIL FROM:<',
        'DATA',
        'RCPT TO:<a@b>',
      ]) {
        const client = await SmtpDialogue.open(desk.smtpPort);
        const answer = await client.say(nonsense).catch(() => '421 hung up');
        expect([220, 250, 214, 421, 500, 501, 502, 503, 530, 554].includes(codeOf(answer))).toBe(true);
        client.close();
      }
      const client = await SmtpDialogue.open(desk.smtpPort);
      await client.must('EHLO client.example', 250);
      await client.must('MAIL FROM:<polite@odd.example>', 250);
      await client.must(`RCPT TO:<${desk.supportAddress}>`, 250);
      await client.must('RSET', 250);
      expect(codeOf(await client.say('DATA'))).toBe(503);
      client.close();
    });

    it('clients that vanish: in the greeting, between commands, in DATA, just before the last dot', async () => {
      connect(desk.smtpPort, '127.0.0.1')
        .on('error', () => undefined)
        .destroy();
      for (const until of ['EHLO', 'DATA', 'half', 'dot']) {
        const client = await SmtpDialogue.open(desk.smtpPort);
        if (until === 'EHLO') client.write('EHL');
        else await client.openData('vanished@odd.example', [desk.supportAddress]);
        if (until === 'half') client.write('From: vanished@odd.example\r\nSubject: Ha');
        if (until === 'dot') client.write('From: vanished@odd.example\r\nSubject: Half\r\n\r\nText.\r\n.');
        client.vanish();
      }
      // A mail that came after them is filed, and nothing of theirs is.
      await send('after@odd.example', 'From: after@odd.example\nSubject: After\n\nText.');
      await desk.ticketFrom('after@odd.example');
      expect(await desk.count('inbound_mails', "sender = 'vanished@odd.example'")).toBe(0);
    });

    it('a mail that is larger than is taken is refused for good, and the next one is not', async () => {
      const client = await SmtpDialogue.open(desk.smtpPort);
      const greeting = await client.must('EHLO client.example', 250);
      const limit = Number(/SIZE (\d+)/.exec(greeting)![1]);
      expect(await client.say(`MAIL FROM:<big@odd.example> SIZE=${limit + 1}`)).toMatch(/^552 /);
      await client.envelope('small@odd.example', [desk.supportAddress]);
      client.write(dataOf('Subject: Small\n\nText.'));
      await client.expect(250);
      client.close();
    });

    it('left every service as it was: no crash, none started again', async () => {
      expect(await pidsNow()).toEqual(pids);
      for (const [service, url] of Object.entries(desk.stack.stack.healthUrls)) {
        expect([service, (await fetch(url)).status]).toEqual([service, 200]);
      }
      await desk.until(
        'everything to be filed',
        async () => (await desk.count('inbound_mails', "state <> 'filed'")) === 0,
      );
      expect(await desk.count('dead_letters')).toBe(0);
    });
  });
});
