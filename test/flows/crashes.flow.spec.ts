import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SmtpDialogue as Dialogue } from '../support/smtp-dialogue.js';
import { RunningDesk, TRIAGE } from '../support/running-desk.js';
import { codeOf, dataOf, SmtpDialogue } from '../support/smtp-dialogue.js';

jest.setTimeout(120_000);

interface MailRow {
  state: string;
  disposition: string | null;
  lease_owner: string | null;
}

describe('services are killed', () => {
  let desk: RunningDesk;
  beforeAll(async () => void (desk = await RunningDesk.start()), 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  const mailsFrom = async (sender: string): Promise<MailRow[]> =>
    desk.sql<MailRow>('SELECT state, disposition, lease_owner FROM inbound_mails WHERE sender = $1 ORDER BY seq', [
      sender,
    ]);

  /** A whole mail by hand: its answer's code, and the connection for more. */
  async function send(client: Dialogue, from: string, mail: string): Promise<string> {
    await client.envelope(from, [desk.supportAddress]);
    client.write(dataOf(mail));
    return client.answer();
  }

  async function sendOnce(from: string, mail: string): Promise<string> {
    const client = await SmtpDialogue.open(desk.smtpPort);
    try {
      await client.must('EHLO client.example', 250);
      return await send(client, from, mail);
    } finally {
      client.close();
    }
  }

  describe('ticket-core, while a client is in DATA', () => {
    it('gives 451, and the client’s next try makes one ticket', async () => {
      const from = 'casey@core-killed.example';
      const mail = `From: ${from}\nTo: ${desk.supportAddress}\nSubject: While you were out\nMessage-ID: <1@core-killed.example>\n\n${'A line of text.\n'.repeat(200)}`;
      const bytes = dataOf(mail);
      const client = await SmtpDialogue.open(desk.smtpPort);
      await client.openData(from, [desk.supportAddress]);
      client.write(bytes.slice(0, 1_000));
      await desk.stack.stopService('ticket-core', 'SIGKILL');
      client.write(bytes.slice(1_000));
      const refused = await client.answer();
      expect(refused).toMatch(/^451 4\./);
      // What a user of that server reads holds nothing of our inside.
      expect(refused).not.toMatch(/nats|desk\.core|postgres|respond/i);
      expect(await mailsFrom(from)).toEqual([]);

      // Nobody is turned away for good while it is down, not even who has never been seen.
      const other = await SmtpDialogue.open(desk.smtpPort);
      await other.must('EHLO client.example', 250);
      await other.must('MAIL FROM:<stranger@core-killed.example>', 250);
      expect([250, 451]).toContain(codeOf(await other.say(`RCPT TO:<${desk.supportAddress}>`)));
      expect([451, 550]).toContain(codeOf(await other.say('RCPT TO:<someone.new@acme.test>')));
      other.close();

      await desk.stack.startService('ticket-core');
      // The same connection, as Postfix would use it.
      expect(await send(client, from, mail)).toMatch(/^250 /);
      client.close();
      await desk.ticketFrom(from);
      expect(await desk.ticketsOf(from)).toHaveLength(1);
      expect(await mailsFrom(from)).toMatchObject([{ state: 'filed', disposition: 'ticket_opened' }]);
    });

    it('in the very moment of writing it down: told 451 or not, sent again, it is one ticket', async () => {
      const from = 'casey@half-written.example';
      // No Message-ID: only its bytes say that it is the same mail.
      const mail = `From: ${from}\nTo: ${desk.supportAddress}\nSubject: Half written\n\nText.`;
      const lock = await desk.hold('LOCK TABLE inbound_mails IN SHARE MODE');
      const answer = sendOnce(from, mail);
      await desk.until(
        'the core to wait for the database',
        async () =>
          (await desk.count('pg_stat_activity', "usename = 'deskwire_worker' AND wait_event_type = 'Lock'")) > 0,
      );
      await desk.stack.stopService('ticket-core', 'SIGKILL');
      await lock.end();
      expect(codeOf(await answer)).toBe(451);
      await desk.stack.startService('ticket-core');
      expect(await sendOnce(from, mail)).toMatch(/^250 /);
      await desk.until('all of it to be filed', async () =>
        (await mailsFrom(from)).every(({ state }) => state === 'filed'),
      );
      await desk.ticketFrom(from);
      expect(await desk.ticketsOf(from)).toHaveLength(1);
      const dispositions = (await mailsFrom(from)).map(({ disposition }) => disposition);
      expect(dispositions[0]).toBe('ticket_opened');
      expect(dispositions.slice(1).every((one) => one === 'duplicate')).toBe(true);
    });
  });

  describe('mail-intake, after 250', () => {
    it('before anybody claimed the mails: each becomes one ticket after the restart', async () => {
      const senders = [1, 2, 3].map((n) => `casey${n}@unclaimed.example`);
      const paused = await desk.pauseFiling();
      for (const from of senders) {
        expect(await sendOnce(from, `From: ${from}\nSubject: Unclaimed\n\nText.`)).toMatch(/^250 /);
        expect(await mailsFrom(from)).toEqual([{ state: 'accepted', disposition: null, lease_owner: null }]);
      }
      await desk.stack.stopService('mail-intake', 'SIGKILL');
      await paused.end();
      for (const from of senders) expect(await desk.ticketsOf(from)).toEqual([]);
      await desk.stack.startService('mail-intake');
      for (const from of senders) {
        await desk.ticketFrom(from);
        expect(await desk.ticketsOf(from)).toHaveLength(1);
        expect(await mailsFrom(from)).toMatchObject([{ state: 'filed', disposition: 'ticket_opened' }]);
      }
    });

    it('with the mail in hand, and the core with it: nothing half-written, one ticket when the lease is over', async () => {
      const from = 'casey@in-hand.example';
      const lock = await desk.hold('LOCK TABLE filed_mails IN SHARE MODE');
      expect(await sendOnce(from, `From: ${from}\nSubject: In hand\n\nText.`)).toMatch(/^250 /);
      await desk.until(
        'the mail to be in hand',
        async () => (await desk.count('pg_stat_activity', "usename = 'deskwire_app' AND wait_event_type = 'Lock'")) > 0,
      );
      expect((await mailsFrom(from))[0]!.lease_owner).not.toBeNull();
      await Promise.all([
        desk.stack.stopService('mail-intake', 'SIGKILL'),
        desk.stack.stopService('ticket-core', 'SIGKILL'),
      ]);
      await lock.end();
      await desk.until(
        'Postgres to notice',
        async () => (await desk.count('pg_stat_activity', "usename = 'deskwire_app'")) === 0,
      );
      expect(await mailsFrom(from)).toMatchObject([{ state: 'accepted', disposition: null }]);
      expect(await desk.count('contacts', 'email = $1', [from])).toBe(0);
      // The lease's 30 s, over at once.
      await desk.sql('UPDATE inbound_mails SET lease_until = now() WHERE sender = $1', [from]);
      await desk.stack.startService('ticket-core');
      await desk.stack.startService('mail-intake');
      await desk.ticketFrom(from);
      expect(await desk.ticketsOf(from)).toHaveLength(1);
      expect(await mailsFrom(from)).toMatchObject([{ state: 'filed', disposition: 'ticket_opened' }]);
    });
  });

  describe('slack-bot', () => {
    it('down for a while: the card and what happened meanwhile are there after it is back, once', async () => {
      const from = 'casey@bot-down.example';
      await desk.stack.stopService('slack-bot', 'SIGKILL');
      expect(await sendOnce(from, `From: Casey <${from}>\nSubject: Is anybody there\n\nText.`)).toMatch(/^250 /);
      const { number } = await desk.ticketFrom(from);
      await desk.ok('PATCH', `/tickets/${number}`, { body: { priority: 'urgent' } });
      await desk.ok('POST', `/tickets/${number}/messages`, {
        body: { content: 'Noted meanwhile', isInternalNote: true },
      });
      expect(await desk.cards(number)).toEqual([]);
      await desk.stack.startService('slack-bot');
      await desk.card(number);
      await desk.settled(
        'the thread to be told',
        async () => desk.thread((await desk.cards(number))[0]!),
        (lines) => lines.some(({ text }) => text.includes('Noted meanwhile')),
      );
      const [card, ...others] = await desk.cards(number);
      expect(others).toEqual([]);
      // The state of now, not of then.
      expect(card!.text).toContain('urgent');
    });

    it('killed again and again while it posts: each ticket has exactly one card', async () => {
      const senders = Array.from({ length: 4 }, (_, n) => `casey${n}@bot-killed.example`);
      const before = (await desk.play.messages(TRIAGE)).length;
      const client = await SmtpDialogue.open(desk.smtpPort);
      await client.must('EHLO client.example', 250);
      for (const from of senders) await send(client, from, `From: ${from}\nSubject: Burst\n\nText.`);
      client.close();
      for (const posted of [1, 2]) {
        await desk.until(
          `card ${posted}`,
          async () => (await desk.play.messages(TRIAGE)).length >= before + posted,
          60_000,
        );
        await desk.stack.kill('slack-bot');
        await desk.stack.waitReady('slack-bot');
      }
      for (const from of senders) await desk.card((await desk.ticketFrom(from)).number, 90_000);
      // A thing that comes after all of that has been handled.
      await sendOnce('last@bot-killed.example', 'From: last@bot-killed.example\nSubject: Last\n\nText.');
      await desk.card((await desk.ticketFrom('last@bot-killed.example')).number, 60_000);
      for (const from of senders) {
        const { number } = await desk.ticketFrom(from);
        expect(await desk.cards(number)).toHaveLength(1);
      }
      expect(await desk.count('dead_letters')).toBe(0);
    });
  });
});
