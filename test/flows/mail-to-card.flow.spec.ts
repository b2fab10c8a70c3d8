import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { RunningDesk, shownText } from '../support/running-desk.js';
import { dataOf, SmtpDialogue } from '../support/smtp-dialogue.js';

const run = promisify(execFile);

describe('a mail becomes a ticket with a card', () => {
  let desk: RunningDesk;
  beforeAll(async () => void (desk = await RunningDesk.start()), 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  it('sent by nodemailer, with HTML, umlauts and a copy to a colleague', async () => {
    const from = 'juergen@kunde.example';
    const transport = createTransport({ host: '127.0.0.1', port: desk.smtpPort, tls: { rejectUnauthorized: false } });
    const sent = await transport.sendMail({
      from: `Jürgen Müller <${from}>`,
      to: desk.supportAddress,
      cc: 'kollegin@kunde.example',
      subject: 'Drucker im 3. Stock brennt 🔥 <dringend> & laut',
      text: 'Guten Tag,\n\nder Drucker brennt.\n',
      html: '<p>Guten Tag,</p><p>der <b>Drucker</b> brennt.</p>',
    });
    expect(sent.response).toMatch(/^250 /);

    const ticket = await desk.ticketFrom(from);
    expect(ticket).toMatchObject({
      subject: 'Drucker im 3. Stock brennt 🔥 <dringend> & laut',
      status: 'open',
      priority: 'medium',
      source: 'email',
      contactEmail: from,
      contactName: 'Jürgen Müller',
      messageCount: 1,
      assignee: null,
    });
    expect(ticket.number).toBeGreaterThan(0);
    expect(ticket.description).toContain('der Drucker brennt.');

    const card = await desk.card(ticket.number);
    const shown = shownText(card);
    expect(shown).toContain(`#${ticket.number}`);
    // Slack's own escapes (& < >): a subject can be no link and no mention.
    expect(shown).toContain('Drucker im 3. Stock brennt 🔥 &lt;dringend&gt; &amp; laut');
    expect(shown).toContain('Jürgen Müller');
    expect(shown).toContain('der Drucker brennt.');
    expect(await desk.cards(ticket.number)).toHaveLength(1);

    const [message] = await desk.messages(ticket.number);
    expect(message).toMatchObject({
      isInternalNote: false,
      author: { kind: 'contact', name: 'Jürgen Müller' },
      threading: { rule: 'new', refused: [] },
    });
  });

  it('is acknowledged once, as automatic mail that nobody answers automatically', async () => {
    const mail = await desk.mailTo('juergen@kunde.example', () => true);
    const { headers, ...detail } = await desk.play.mail(mail.id);
    const ticket = await desk.ticketFrom('juergen@kunde.example');
    expect(detail.subject).toContain(`[#${ticket.number}]`);
    expect(detail.from).toContain('Acme');
    expect(detail.from).toContain(`<${desk.supportAddress}>`);
    expect(detail.to.join()).toContain('juergen@kunde.example');
    expect(detail.text).toContain(`#${ticket.number}`);
    const value = (name: string) => headers.find((one) => one.name === name)?.value;
    expect(value('auto-submitted')).toMatch(/^auto-replied/);
    expect(value('x-auto-response-suppress')).toBe('All');
    // RFC 3834 3.1.1: automatic answers have the null path, so that they cannot loop.
    expect(detail.envelope.from).toBe('');
    expect(detail.envelope.to).toEqual(['juergen@kunde.example']);

    await desk.play.sendMail({
      from: 'juergen@kunde.example',
      to: desk.supportAddress,
      subject: 'Noch etwas',
      text: '!',
    });
    await desk.until('the second ticket', async () => (await desk.ticketsOf('juergen@kunde.example')).length === 2);
    expect(
      await desk.count('outbound_mails', "kind = 'acknowledgement' AND 'juergen@kunde.example' = ANY(recipients)"),
    ).toBe(1);
  });

  it('sent by hand over a socket: no Date, no Message-ID, no MIME, lines that begin with dots', async () => {
    const client = await SmtpDialogue.open(desk.smtpPort);
    await client.openData('hand@customer.example', [desk.supportAddress]);
    client.write(
      dataOf(`From: hand@customer.example\nTo: ${desk.supportAddress}\nSubject: By hand\n\n.first\n..second\nlast`),
    );
    await client.expect(250);
    await client.must('QUIT', 221);

    const ticket = await desk.ticketFrom('hand@customer.example');
    expect(ticket.subject).toBe('By hand');
    expect(ticket.description).toBe('.first\n..second\nlast');
    expect(shownText(await desk.card(ticket.number))).toContain('By hand');
  });

  it('sent by Python’s smtplib, where there is a Python', async () => {
    if (
      !(await run('python3', ['--version']).then(
        () => true,
        () => false,
      ))
    )
      return;
    const script = `
import smtplib, sys
from email.message import EmailMessage
mail = EmailMessage()
mail['From'] = 'Monty <python@customer.example>'
mail['To'] = sys.argv[2]
mail['Subject'] = 'Aus Python: Größe'
mail['Message-ID'] = '<from-python@customer.example>'
mail.set_content('Sch\\u00f6ne Gr\\u00fc\\u00dfe')
mail.add_attachment(b'\\x00\\x01\\x02', maintype='application', subtype='octet-stream', filename='daten.bin')
with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as server:
    print(server.send_message(mail))
`;

    jest.setTimeout(60_000);
    const { stdout } = await run('python3', ['-c', script, String(desk.smtpPort), desk.supportAddress]);
    expect(stdout.trim()).toBe('{}');
    const ticket = await desk.ticketFrom('python@customer.example');
    expect(ticket.subject).toBe('Aus Python: Größe');
    expect(ticket.description).toContain('Schöne Grüße');
    const [message] = await desk.messages(ticket.number);
    expect(message!.attachments).toMatchObject([{ name: 'daten.bin', sizeBytes: 3, inline: false }]);
    expect(shownText(await desk.card(ticket.number))).toContain('Monty');
  });

  it('refuses at RCPT whom nobody here is, before any byte of the mail', async () => {
    const client = await SmtpDialogue.open(desk.smtpPort);
    await client.must('EHLO client.example', 250);
    await client.must('MAIL FROM:<someone@customer.example>', 250);
    expect(await client.say('RCPT TO:<nobody@elsewhere.example>')).toMatch(/^550 5\.1\.1 /);
    client.close();
  });
});
