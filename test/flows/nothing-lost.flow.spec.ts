import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningDesk } from '../support/running-desk.js';
import { codeOf, dataOf, SmtpDialogue } from '../support/smtp-dialogue.js';

jest.setTimeout(180_000);

const MAILS = 200;
const CONNECTIONS = 16;
/** The victim dies when so many mails were answered 250, in the middle of the rest. */
const KILL_AFTER = 50;
const RETRY_AFTER_MS = 100;

/** What a run of the sending client saw, try by try. */
interface Sent {
  /** Ids that the answers 250 named. */
  ids: string[];
  /** 4xx to DATA or before it: the client keeps the mail. */
  refused: number;
  /** No answer: the client cannot know. */
  cutOff: number;
  /** Answers that would have bounced a mail. */
  bounced: string[];
}

describe('200 mails at once over 16 connections', () => {
  let desk: RunningDesk;
  beforeAll(async () => void (desk = await RunningDesk.start()), 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  it.each(['ticket-core', 'postgres', 'nats'] as const)(
    'while %s is killed: nothing is lost, nothing is doubled',
    async (victim) => {
      const domain = `${victim}.lost.example`;
      const senders = Array.from({ length: MAILS }, (_, n) => `casey${n}@${domain}`);
      const pidBefore = await desk.stack.pid(victim);
      let killed: Promise<void> | undefined;
      const sent = await sendAll(senders, (accepted) => {
        if (accepted >= KILL_AFTER) killed ??= desk.stack.kill(victim);
      });
      await killed;
      await desk.stack.waitReady(victim);
      for (const service of ['ticket-core', 'mail-intake'] as const) await desk.stack.waitReady(service, 60_000);
      expect(await desk.stack.pid(victim)).not.toBe(pidBefore);

      // What the client was told.
      expect(sent.bounced).toEqual([]);
      expect(sent.ids).toHaveLength(MAILS);
      expect(new Set(sent.ids).size).toBe(MAILS);
      // It did happen in the middle.
      expect(sent.refused + sent.cutOff).toBeGreaterThan(0);

      const like = `%@${domain}`;
      const rows = await desk.settled(
        'every accepted mail to be filed',
        async () =>
          desk.sql<{ id: string; sender: string; disposition: string | null; ticket_id: string | null }>(
            'SELECT id, sender, disposition, ticket_id FROM inbound_mails WHERE sender LIKE $1',
            [like],
          ),
        (all) => all.length >= MAILS && all.every(({ disposition }) => disposition !== null),
        120_000,
      );
      // Every 250 is a row; rows beyond that are tries of which the client never learnt that they had been taken.
      const known = new Set(rows.map(({ id }) => id));
      expect(sent.ids.filter((id) => !known.has(id))).toEqual([]);
      expect(rows.length - sent.ids.length).toBeLessThanOrEqual(sent.refused + sent.cutOff);
      // Every row has its disposition, and they add up.
      const opened = rows.filter(({ disposition }) => disposition === 'ticket_opened');
      const duplicates = rows.filter(({ disposition }) => disposition === 'duplicate');
      expect(opened.length + duplicates.length).toBe(rows.length);
      expect(opened.map(({ sender }) => sender).toSorted()).toEqual(senders.toSorted());

      // Every mail is exactly one ticket with its one message.
      const tickets = await desk.sql<{ id: string; number: number; subject: string; email: string; messages: number }>(
        `SELECT t.id, t.number, t.subject, c.email, (SELECT count(*)::int FROM messages m WHERE m.ticket_id = t.id) AS messages
       FROM tickets t JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id WHERE c.email LIKE $1`,
        [like],
      );
      expect(tickets.map(({ email }) => email).toSorted()).toEqual(senders.toSorted());
      expect(tickets.map(({ id }) => id).toSorted()).toEqual(
        opened.map(({ ticket_id }) => ticket_id ?? 'none').toSorted(),
      );
      for (const { subject, email, messages } of tickets) expect([subject, messages]).toEqual([`Mail of ${email}`, 1]);
      // Numbers go on without a gap, over all that happened.
      const [numbers] = await desk.sql<{ least: number; most: number; n: number; counter: number }>(
        `SELECT min(number) AS least, max(number) AS most, count(DISTINCT number)::int AS n,
         (SELECT last_number FROM ticket_counters WHERE org_id = t.org_id) AS counter FROM tickets t GROUP BY org_id`,
      );
      expect(numbers).toEqual({ least: 1, most: numbers!.n, n: numbers!.n, counter: numbers!.n });

      // Every event of theirs left the outbox.
      await desk.until(
        'the outbox to be empty',
        async () => (await desk.count('outbox', 'sent_at IS NULL')) === 0,
        60_000,
      );
      expect(
        await desk.count('outbox', "name = 'ticket.opened' AND payload->>'ticketId' = ANY($1)", [
          tickets.map(({ id }) => id),
        ]),
      ).toBe(MAILS);
    },
  );

  /** As mail servers do: what is not answered 250 stays in the queue and is sent again, byte for byte the same. */
  async function sendAll(senders: readonly string[], onAccepted: (accepted: number) => void): Promise<Sent> {
    const queue = [...senders];
    const sent: Sent = { ids: [], refused: 0, cutOff: 0, bounced: [] };
    const connection = async (): Promise<void> => {
      let client: SmtpDialogue | null = null;
      for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
        try {
          if (!client) {
            client = await SmtpDialogue.open(desk.smtpPort);
            await client.must('EHLO client.example', 250);
          }
          const answer = await deliver(client, from);
          const code = codeOf(answer);
          if (code === 250) {
            sent.ids.push(/queued as (\S+)/.exec(answer)![1]!);
            onAccepted(sent.ids.length);
            continue;
          }
          if (code >= 500) {
            sent.bounced.push(answer);
            continue;
          }
          sent.refused += 1;
          await client.must('RSET', 250);
        } catch {
          sent.cutOff += 1;
          client?.close();
          client = null;
        }
        queue.push(from);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
      client?.close();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    return sent;
  }

  async function deliver(client: SmtpDialogue, from: string): Promise<string> {
    const mail = `From: Casey <${from}>\nTo: ${desk.supportAddress}\nSubject: Mail of ${from}\nMessage-ID: <${from}>\n\n${'Some words. '.repeat(50)}`;
    for (const [command, wanted] of [
      [`MAIL FROM:<${from}>`, 250],
      [`RCPT TO:<${desk.supportAddress}>`, 250],
      ['DATA', 354],
    ] as const) {
      const answer = await client.say(command);
      if (codeOf(answer) !== wanted) return answer;
    }
    client.write(dataOf(mail));
    return client.answer();
  }
});
