import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { SlackMessage } from '../support/playground-client.js';
import { RunningDesk } from '../support/running-desk.js';

jest.setTimeout(60_000);

const CUSTOMER = 'casey@notes.example';

/** A word that stands nowhere else. */
const word = (what: string): string => `${what}-${randomBytes(6).toString('hex')}`;

describe('an internal note is never mailed', () => {
  let desk: RunningDesk;
  let ticket: TicketView;
  let card: SlackMessage;
  const secrets: string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    desk = await RunningDesk.start({ env: { SLACK_UNDO_SECONDS: '0' } });
    await desk.play.sendMail({ from: CUSTOMER, to: desk.supportAddress, subject: 'Notes', text: 'Hello' });
    ticket = await desk.ticketFrom(CUSTOMER);
    card = await desk.card(ticket.number);
  }, 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  const secret = (what: string): string => {
    const text = word(what);
    secrets.push(text);
    return text;
  };

  /** The note is in the ticket, and it is internal. */
  async function noted(text: string): Promise<MessageView> {
    const found = await desk.until(`the note ${text}`, async () =>
      (await desk.messages(ticket.number)).find(({ content }) => content.includes(text)),
    );
    expect(found).toMatchObject({ isInternalNote: true, delivery: null });
    return found;
  }

  /** A public reply that arrives: whatever was to be mailed before it had its chance. */
  async function replied(): Promise<void> {
    const text = word('public');
    said.push(text);
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content: text } });
    await desk.until(`the reply ${text}`, async () => (await everythingThatLeft()).some((mail) => mail.includes(text)));
  }

  /** Every mail that left the desk, whoever got it: its bytes, and what a mail program would show of it. */
  async function everythingThatLeft(): Promise<string[]> {
    const response = await fetch(`${desk.stack.stack.playgroundUrl}/playground/api/mails`);
    const mails = (await response.json()) as { id: string; direction: string }[];
    const left = mails.filter(({ direction }) => direction === 'received');
    return Promise.all(
      left.map(async ({ id }) => {
        const [raw, shown] = await Promise.all([desk.play.rawMail(id), desk.play.mail(id)]);
        // Quoted-printable may part a word at a line's end; the decoded parts do not.
        return [raw, raw.replaceAll('=\r\n', ''), JSON.stringify(shown)].join('\n');
      }),
    );
  }

  async function expectNothingLeaked(): Promise<void> {
    const mails = await everythingThatLeft();
    // The same search finds what is public, so it would find the rest.
    for (const text of said) expect(mails.filter((mail) => mail.includes(text))).toHaveLength(1);
    for (const text of secrets) expect(mails.filter((mail) => mail.includes(text))).toEqual([]);
  }

  it('neither by command, button, thread, HTTP, nor with a change', async () => {
    const byCommand = secret('command');
    expect(await desk.play.command('alice', `/ticket note ${ticket.number} ${byCommand}`)).toMatchObject({ ok: true });
    await noted(byCommand);

    const byButton = secret('button');
    expect(await desk.play.press('bea', card, 'ticket:note')).toMatchObject({ ok: true });
    await desk.until('the note modal', async () =>
      JSON.stringify((await desk.play.openView('bea'))?.blocks ?? []).includes('Only the team sees this'),
    );
    expect(await desk.play.submitView('bea', { text: byButton })).toMatchObject({ ok: true });
    await noted(byButton);

    const inThread = secret('thread');
    const written = await desk.play.post('max', card.channel, `${inThread} what a customer`, card.ts);
    const before = await noted(inThread);
    const edited = secret('edited');
    await desk.play.edit('max', card.channel, written.ts, `${edited} said better`);
    expect((await noted(edited)).id).toBe(before.id);

    const byHttp = secret('http');
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content: byHttp, isInternalNote: true } });
    await noted(byHttp);

    const withChange = secret('patch');
    await desk.ok('PATCH', `/tickets/${ticket.number}`, { body: { priority: 'high', note: withChange } });
    await noted(withChange);

    const withResolution = secret('resolve');
    await desk.play.command('alice', `/ticket resolve ${ticket.number} ${withResolution}`);
    await noted(withResolution);

    await replied();
    await expectNothingLeaked();
  });

  it('nor after mail-intake and ticket-core were killed and came back', async () => {
    await desk.stack.stopService('mail-intake', 'SIGKILL');
    const whileDown = secret('intake-down');
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content: whileDown, isInternalNote: true } });
    const waiting = word('public');
    said.push(waiting);
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content: waiting } });
    await desk.stack.stopService('ticket-core', 'SIGKILL');
    await desk.stack.startService('ticket-core');
    await desk.stack.startService('mail-intake');
    await desk.until('the reply that waited', async () =>
      (await everythingThatLeft()).some((mail) => mail.includes(waiting)),
    );

    await desk.stack.kill('mail-intake');
    await desk.stack.kill('ticket-core');
    await Promise.all([desk.stack.waitReady('ticket-core'), desk.stack.waitReady('mail-intake')]);
    const afterwards = secret('afterwards');
    await desk.play.post('alice', card.channel, afterwards, card.ts);
    await noted(afterwards);
    await replied();
    await expectNothingLeaked();
  }, 90_000);

  it('nor when a mistake elsewhere puts one into the queue of mails', async () => {
    const queuedByMistake = secret('queued');
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, {
      body: { content: queuedByMistake, isInternalNote: true },
    });
    const note = await noted(queuedByMistake);
    await desk.sql(
      `INSERT INTO outbound_mails (org_id, id, ticket_id, message_id, kind, recipients, mail_id, due_at, queued_at)
       SELECT org_id, $1, id, $2, 'reply', $3, '<by-mistake@acme.test>', now(), now() FROM tickets WHERE id = $4`,
      [randomUUID(), note.id, [CUSTOMER], ticket.id],
    );
    await replied();
    await desk.until(
      'the wrong mail to be refused',
      async () =>
        (await desk.count(
          'outbound_mails',
          "mail_id = '<by-mistake@acme.test>' AND state = 'cancelled' AND attempts = 0",
        )) === 1,
    );
    await replied();
    await expectNothingLeaked();
  });

  it('nor when the customer’s answer quotes the whole conversation back', async () => {
    const mail = await desk.mailTo(CUSTOMER, ({ envelope }) => envelope.from !== '');
    await desk.play.replyToMail(mail.id, 'Thank you.');
    await desk.until('the answer', async () =>
      (await desk.messages(ticket.number)).some(({ content }) => content === 'Thank you.'),
    );
    await replied();
    await expectNothingLeaked();
  });
});
