import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TicketView } from '#shared/contracts/tickets.js';
import type { MailDetail, MailSummary, SlackMessage } from '../support/playground-client.js';
import { RunningDesk, shownText, TRIAGE } from '../support/running-desk.js';

jest.setTimeout(60_000);

const UNDO_SECONDS = 4;
const SIGNED = /^support\+[a-z2-7]{45}@acme\.test$/;

const isReply = (mail: MailSummary): boolean => mail.envelope.from !== '';
const header = (mail: MailDetail, name: string): string | undefined =>
  mail.headers.find((one) => one.name === name)?.value;

describe('a conversation: the agent in Slack, the customer by mail', () => {
  let desk: RunningDesk;
  beforeAll(async () => {
    desk = await RunningDesk.start({ env: { SLACK_UNDO_SECONDS: String(UNDO_SECONDS) } });
  }, 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  /** A customer's first mail, as a ticket with its card. */
  async function written(
    from: string,
    subject: string,
  ): Promise<{ ticket: TicketView; card: SlackMessage; messageId: string }> {
    const messageId = `<first-${from}>`;
    const sent = await desk.play.sendMail({
      from: `Casey <${from}>`,
      to: desk.supportAddress,
      subject,
      text: 'It does not work.',
      messageId,
    });
    expect(sent).toMatchObject({ ok: true, code: 250 });
    const ticket = await desk.ticketFrom(from);
    return { ticket, card: await desk.card(ticket.number), messageId };
  }

  /** A public answer by HTTP, as it arrives in the customer's mailbox. */
  async function answered(ticket: TicketView, from: string, content: string): Promise<MailSummary> {
    await desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content } });
    return desk.mailTo(from, (mail) => isReply(mail) && mail.preview.includes(content.slice(0, 20)));
  }

  async function replyModal(who: 'alice' | 'bea', card: SlackMessage) {
    expect(await desk.play.press(who, card, 'ticket:reply')).toMatchObject({ ok: true });
    return desk.until('the reply modal', async () => {
      const view = await desk.play.openView(who);
      return view && JSON.stringify(view.blocks).includes('"text"') && 'submit' in view ? view : null;
    });
  }

  it('a ticket from Slack has what the desk must know of each', async () => {
    const field = { key: 'floor', label: 'Which floor?', type: 'select', options: ['Ground', 'First'], required: true };
    await desk.ok('POST', '/custom-fields', { body: field });
    try {
      expect(await desk.play.command('bea', '/ticket new The lamp flickers')).toMatchObject({ ok: true });
      const view = await desk.until('the form', async () => {
        const open = await desk.play.openView('bea');
        return open && JSON.stringify(open.blocks).includes('"field:floor"') ? open : null;
      });
      expect(shownText(view)).toContain('Which floor?');
      const refused = await desk.play.submitView('bea', { 'field:floor': 'Ground', category: 'nonsense' });
      expect(Object.keys(refused.errors ?? {})).toEqual(['category']);
      expect(await desk.play.submitView('bea', { 'field:floor': 'First', category: 'bug' })).toMatchObject({
        ok: true,
      });
      const { items } = await desk.ok<{ items: TicketView[] }>('GET', '/tickets?text=flickers');
      expect(items).toMatchObject([
        { subject: 'The lamp flickers', customFields: { floor: 'First' }, category: 'bug' },
      ]);
    } finally {
      await desk.ok('DELETE', '/custom-fields/floor');
    }
  });

  describe('reply from Slack', () => {
    const customer = 'casey@reply.example';

    it('shows whom it goes to, waits for its undo, and arrives as a proper mail', async () => {
      const { ticket, card, messageId } = await written(customer, 'Re: Invoice 7 is wrong');
      const view = await replyModal('alice', card);
      expect(shownText(view)).toContain(`*To* ${customer}`);
      expect(shownText(view)).toContain(`#${ticket.number}`);

      const before = Date.now();
      const text = 'Hello Casey,\n\nwe **corrected** it. Größe & <b>tags</b> stay text.\n.\nA line after a dot.';
      expect(await desk.play.submitView('alice', { text })).toMatchObject({ ok: true });
      const told = await desk.until('the word to Alice', async () =>
        (await desk.play.ephemerals('alice')).find((one) => shownText(one).includes(`Your reply on #${ticket.number}`)),
      );
      expect(shownText(told)).toContain(customer);
      expect(shownText(told)).toContain('Undo');

      const summary = await desk.mailTo(customer, isReply);
      expect(Date.parse(summary.at) - before).toBeGreaterThanOrEqual(UNDO_SECONDS * 1_000 - 100);
      const mail = await desk.play.mail(summary.id);
      expect(header(mail, 'from')).toMatch(/^"?Alice \(Acme\)"? <support@acme\.test>$/);
      expect(mail.to.join()).toContain(customer);
      expect(mail.cc).toEqual([]);
      expect(mail.envelope).toEqual({ from: expect.stringContaining('@acme.test'), to: [customer] });
      // One prefix and the number, whatever the customer's own subject began with.
      expect(mail.subject).toBe(`Re: Invoice 7 is wrong [#${ticket.number}]`);
      expect(/<([^>]+)>/.exec(mail.replyTo ?? '')?.[1] ?? mail.replyTo).toMatch(SIGNED);
      expect(mail.inReplyTo).toBe(messageId);
      expect(mail.references).toContain(messageId);
      expect(mail.messageId).toMatch(/^<[^@<>]+@acme\.test>$/);
      expect(header(mail, 'auto-submitted')).toBeUndefined();
      expect(mail.text).toContain('A line after a dot.');
      expect(mail.text).toContain('Größe & <b>tags</b> stay text.');
      expect(mail.html).toContain('<strong>corrected</strong>');
      expect(mail.html).not.toContain('<b>tags</b>');

      const messages = await desk.settled(
        'the delivery on the message',
        () => desk.messages(ticket.number),
        (all) => all.some(({ delivery }) => delivery?.state === 'sent'),
      );
      expect(messages.at(-1)).toMatchObject({
        isInternalNote: false,
        author: { kind: 'agent', name: 'Alice' },
        source: 'slack',
        delivery: { state: 'sent', to: [customer] },
      });
      expect((await desk.ticket(ticket.number)).firstResponseAt).not.toBeNull();
      await desk.until('the reply under the card', async () =>
        (await desk.thread(card)).find((one) => shownText(one).includes('A line after a dot.')),
      );
    });

    it('undone in time: nothing is mailed', async () => {
      const address = 'casey@undo.example';
      const { ticket, card } = await written(address, 'Undo me');
      await replyModal('bea', card);
      expect(await desk.play.submitView('bea', { text: 'TOO-HASTY words' })).toMatchObject({ ok: true });
      const told = await desk.until('the word to Bea', async () =>
        (await desk.play.ephemerals('bea')).find((one) => shownText(one).includes('undo-reply')),
      );
      expect(await desk.play.press('bea', told, 'undo-reply')).toMatchObject({ ok: true });
      await desk.until('the words back', async () =>
        (await desk.play.ephemerals('bea')).find((one) => shownText(one).includes('Taken back')),
      );
      const [queued] = await desk.sql<{ state: string; due_at: Date }>(
        "SELECT state, due_at FROM outbound_mails WHERE ticket_id = $1 AND kind = 'reply'",
        [ticket.id],
      );
      expect(queued!.state).toBe('cancelled');

      // The proof that it does not leave late: the moment passes, and a reply written after it arrives alone.
      await desk.until('the moment to pass', () => Date.now() > queued!.due_at.getTime());
      await answered(ticket, address, 'Considered words');
      const replies = (await desk.play.mails(address)).filter(isReply);
      expect(replies).toHaveLength(1);
      for (const { id } of await desk.play.mails(address)) {
        expect(await desk.play.rawMail(id)).not.toContain('TOO-HASTY');
      }
      expect((await desk.messages(ticket.number)).map(({ content }) => content).join()).not.toContain('TOO-HASTY');
    });
  });

  describe('the customer’s answer', () => {
    it('comes back into the same ticket and thread, with only what is new', async () => {
      const address = 'casey@answer.example';
      const { ticket, card } = await written(address, 'Question');
      const mail = await answered(ticket, address, 'Which version is it, please?');
      const sent = await desk.play.replyToMail(mail.id, 'It is version 4.2.\nThanks!');
      expect(sent).toMatchObject({ ok: true, code: 250 });
      expect(sent.mail!.to.join()).toMatch(/support\+/);
      expect(sent.mail!.text).toContain('> Which version is it, please?');

      const messages = await desk.settled(
        'the answer in the ticket',
        () => desk.messages(ticket.number),
        (all) => all.length === 3,
      );
      expect(messages.at(-1)).toMatchObject({
        content: 'It is version 4.2.\nThanks!',
        isInternalNote: false,
        author: { kind: 'contact', name: 'Casey' },
        threading: { rule: 'signed_address' },
      });
      expect(messages.at(-1)!.wholeText).toContain('Which version is it, please?');
      expect(await desk.ticketsOf(address)).toHaveLength(1);
      const line = await desk.until('the answer under the card', async () =>
        (await desk.thread(card)).find((one) => shownText(one).includes('It is version 4.2.')),
      );
      expect(shownText(line)).not.toContain('Which version is it');
      expect(line.channel).toBe((await desk.card(ticket.number)).channel);
    });

    it.each(['pending', 'resolved'])('opens a %s ticket again', async (status) => {
      const address = `casey@${status}.example`;
      const { ticket, card } = await written(address, `It is ${status}`);
      const mail = await answered(ticket, address, `Done, it is ${status} now.`);
      await desk.ok('PATCH', `/tickets/${ticket.number}`, { body: { status } });
      expect(await desk.ticket(ticket.number)).toMatchObject({ status });

      await desk.play.replyToMail(mail.id, 'No, it is not.');
      const again = await desk.settled(
        'the ticket open again',
        () => desk.ticket(ticket.number),
        (seen) => seen.status === 'open',
      );
      expect(again.resolvedAt).toBeNull();
      expect(await desk.ticketsOf(address)).toHaveLength(1);
      await desk.until('the card to say so', async () => {
        const now = (await desk.play.messages(TRIAGE)).find(({ ts }) => ts === card.ts);
        return now?.text.includes('(open,');
      });
    });

    it('to a closed ticket opens exactly one follow-up, though two answers come at once', async () => {
      const address = 'casey@closed.example';
      const { ticket } = await written(address, 'Closed long ago');
      const mail = await answered(ticket, address, 'We close this one.');
      for (const status of ['resolved', 'closed']) {
        await desk.ok('PATCH', `/tickets/${ticket.number}`, { body: { status } });
      }
      const texts = ['One more thing.', 'And another.'];
      // Both wait when filing begins, so they are claimed and filed together.
      const paused = await desk.pauseFiling();
      await Promise.all(texts.map(async (text) => desk.play.replyToMail(mail.id, text)));
      await paused.end();
      await desk.until(
        'both answers to be filed',
        async () => (await desk.count('inbound_mails', "sender = $1 AND state = 'filed'", [address])) === 3,
      );

      const tickets = await desk.ticketsOf(address);
      expect(tickets).toHaveLength(2);
      const followUp = tickets.find(({ number }) => number !== ticket.number)!;
      expect(followUp).toMatchObject({ followUpOf: ticket.id, status: 'open' });
      const messages = await desk.messages(followUp.number);
      expect(
        messages
          .filter(({ isInternalNote }) => !isInternalNote)
          .map(({ content }) => content)
          .toSorted(),
      ).toEqual(texts.toSorted());
      expect(await desk.ticket(ticket.number)).toMatchObject({ status: 'closed', messageCount: 2 });
      await desk.until('the follow-up’s card', () => desk.cards(followUp.number));
      expect(await desk.cards(followUp.number)).toHaveLength(1);
    });

    it('from somebody else, with the right number and headers, never gets into the ticket', async () => {
      const address = 'casey@spoofed.example';
      const { ticket, messageId } = await written(address, 'Confidential');
      const reply = await answered(ticket, address, 'Our secret answer.');
      const spoof = { to: desk.supportAddress, text: 'Please send me everything again.' };
      await desk.play.sendMail({
        ...spoof,
        from: 'mallory@evil.example',
        subject: `Re: Confidential [#${ticket.number}]`,
        inReplyTo: reply.messageId!,
        references: [messageId, reply.messageId!],
      });
      // The customer's own address on it, as anybody may write it, and a number, as anybody may guess it.
      await desk.play.sendMail({ ...spoof, from: address, subject: `Re: Confidential [#${ticket.number}]` });
      const [own] = await desk.until('Mallory’s own ticket', () => desk.ticketsOf('mallory@evil.example'));
      expect(own!.number).not.toBe(ticket.number);
      const [first] = await desk.messages(own!.number);
      expect(first!.threading).toMatchObject({
        rule: 'new',
        refused: [
          { rule: 'references', ticketId: ticket.id },
          { rule: 'subject_number', ticketId: ticket.id },
        ],
      });
      await desk.until('the second one to be filed', async () => (await desk.ticketsOf(address)).length === 2);
      expect((await desk.ticket(ticket.number)).messageCount).toBe(2);
    });

    it('to a reply address that was tampered with is a ticket of its own', async () => {
      const address = 'casey@tampered.example';
      const { ticket } = await written(address, 'Tampered');
      const mail = await desk.play.mail((await answered(ticket, address, 'Answer me here.')).id);
      const signed = /support\+[^@]+@acme\.test/.exec(mail.replyTo!)![0];
      const last = signed.charAt(signed.indexOf('@') - 2);
      const at = signed.indexOf('@') - 2;
      const forged = `${signed.slice(0, at)}${last === 'b' ? 'c' : 'b'}${signed.slice(at + 1)}`;
      const sent = await desk.play.sendMail({
        from: 'eve@evil.example',
        to: forged,
        subject: 'Hi',
        text: 'Let me in.',
      });
      expect(sent).toMatchObject({ ok: true });
      const own = await desk.ticketFrom('eve@evil.example');
      expect(own.number).not.toBe(ticket.number);
      expect((await desk.ticket(ticket.number)).messageCount).toBe(2);
    });
  });
});
