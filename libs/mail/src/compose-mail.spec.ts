import { describe, expect, it } from '@jest/globals';
import {
  bareSubject,
  cappedReferences,
  composeMail,
  MAX_REFERENCES,
  ticketSubject,
  type OutgoingFile,
  type OutgoingMail,
} from './compose-mail.js';
import { htmlToText } from './html-text.js';
import { markdownToHtml, markdownToText } from './markdown.js';

const buildMail = (overrides: Partial<OutgoingMail> = {}): OutgoingMail => ({
  organisation: 'Acme',
  agentName: 'Alice',
  supportAddress: 'support@acme.test',
  replyAddress: 'support+token@acme.test',
  to: [{ address: 'casey@customer.example', name: 'Casey' }],
  cc: [],
  subject: 'Printer is broken',
  ticketNumber: 42,
  bodyMarkdown: 'Hello **Casey**,\n\ntry the [docs](https://acme.test/docs).',
  messageId: '<m1@acme.test>',
  inReplyTo: '<c1@customer.example>',
  references: ['<c0@customer.example>', '<c1@customer.example>'],
  automatic: false,
  loopMark: 'installation-1',
  ...overrides,
});

describe('composeMail', () => {
  it('sets the headers that keep the thread', () => {
    const mail = composeMail(buildMail());
    expect(mail).toMatchObject({
      from: { name: 'Alice (Acme)', address: 'support@acme.test' },
      replyTo: { address: 'support+token@acme.test' },
      subject: 'Re: Printer is broken [#42]',
      messageId: '<m1@acme.test>',
      inReplyTo: '<c1@customer.example>',
      references: ['<c0@customer.example>', '<c1@customer.example>'],
      headers: { 'X-Deskwire': 'installation-1' },
      envelope: { from: 'support@acme.test', to: ['casey@customer.example'] },
    });
    expect(mail.headers).not.toHaveProperty('Auto-Submitted');
    expect(mail.text).toContain('Hello Casey,\n\ntry the docs <https://acme.test/docs>.');
    expect(mail.html).toContain('<strong>Casey</strong>');
  });

  it('marks automatic mail so that no machine answers it (RFC 3834)', () => {
    const mail = composeMail(buildMail({ automatic: true, agentName: null, quotedText: 'it <b>is</b> broken' }));
    expect(mail.headers).toMatchObject({ 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' });
    expect(mail.from.name).toBe('Acme');
    expect(mail.envelope.from).toBe('');
    expect(mail.text).toContain('> it <b>is</b> broken');
    expect(mail.html).toContain('it &lt;b&gt;is&lt;/b&gt; broken');
  });

  it.each<[string, Partial<OutgoingMail>, string]>([
    ['a smuggled recipient', { to: [{ address: 'b@x\r\nRCPT TO:<c@y>' }] }, 'to'],
    ['two addresses in one', { to: [{ address: 'b@x, c@y' }] }, 'to'],
    ['a CC without domain', { cc: [{ address: 'boss' }] }, 'cc'],
    ['nobody', { to: [] }, 'to'],
    ['a broken Message-ID', { messageId: '<a b\r\nBcc: x@y>' }, 'messageId'],
    ['a reply address with a line end', { replyAddress: 'a@b\n' }, 'replyAddress'],
    ['a ticket without number', { ticketNumber: 0 }, 'ticketNumber'],
  ])('refuses %s and names the field', (_, wrong, field) => {
    if (field === 'messageId') {
      // White space within an id is dropped, line ends with it: what is left is one harmless token.
      expect(composeMail(buildMail(wrong)).messageId).toBe('<abBcc:x@y>');
      return;
    }
    expect(() => composeMail(buildMail(wrong))).toThrow(field);
  });

  it('lets no line end into a header', () => {
    const mail = composeMail(
      buildMail({ agentName: 'Al\r\nBcc: x@y', subject: 'a\r\nBcc: x@y', organisation: 'A\nB' }),
    );
    expect(mail.from.name).toBe('Al Bcc: x@y (A B)');
    expect(mail.subject).toBe('Re: a Bcc: x@y [#42]');
  });

  it('sends to each address once', () => {
    const mail = composeMail(
      buildMail({ cc: [{ address: 'CASEY@customer.example' }, { address: 'boss@customer.example' }] }),
    );
    expect(mail.envelope.to).toEqual(['casey@customer.example', 'boss@customer.example']);
  });

  it('uses an organisation’s own template', () => {
    const mail = composeMail(buildMail({ templates: { 'reply.text': 'Dear {{subject}}: {{body}}' } }));
    expect(mail.text).toBe('Dear Printer is broken: Hello Casey,\n\ntry the docs <https://acme.test/docs>.\n');
  });
});

describe('files of a mail', () => {
  const file = (over: Partial<OutgoingFile> = {}): OutgoingFile => ({
    id: 'f1',
    name: 'screen.png',
    contentType: 'image/png',
    contentId: null,
    content: Buffer.from('x'),
    ...over,
  });
  const composed = (bodyMarkdown: string, ...files: OutgoingFile[]) => composeMail(buildMail({ bodyMarkdown, files }));

  it('are attached, and shown where the text says so', () => {
    const { html, attachments } = composed('![Here](attachment:f1)', file(), file({ id: 'f2', name: 'b.png' }));
    expect(html).toContain('<img src="cid:f1@');
    expect(attachments).toMatchObject([
      { filename: 'screen.png', contentDisposition: 'inline', cid: expect.stringMatching(/^f1@/) },
      { filename: 'b.png', contentDisposition: 'attachment' },
    ]);
    expect(attachments[1]).not.toHaveProperty('cid');
  });

  it('are named by their own content id too, unless it could do harm', () => {
    expect(composed('![x](cid:pic1@x)', file({ contentId: 'pic1@x' })).attachments[0]!.cid).toBe('pic1@x');
    const odd = composed('![x](attachment:f1)', file({ contentId: 'a>\r\nBcc: b@c' })).attachments[0]!;
    expect(odd.cid).toMatch(/^f1@/);
  });

  it('are never shown when they are no picture that mail programs show, or another’s', () => {
    const svg = composed(
      '![x](attachment:f1) ![y](attachment:f9) ![z](https://x.example/a.png)',
      file({ contentType: 'image/svg+xml' }),
    );
    expect(svg.html).not.toContain('<img');
    expect(svg.attachments[0]!.contentDisposition).toBe('attachment');
    expect(composed('![z](https://x.example/a.png) ![x](attachment:f1)', file()).html).not.toContain('x.example');
  });

  it('bring no header and no structure of their own', () => {
    const [odd] = composed(
      'x',
      file({ name: 'a\r\nBcc: b@c.png', contentType: 'multipart/mixed; boundary=x' }),
    ).attachments;
    expect(odd).toMatchObject({ filename: 'a Bcc: b@c.png', contentType: 'application/octet-stream' });
    expect(composed('x', file({ contentType: 'message/rfc822' })).attachments[0]!.contentType).toBe(
      'application/octet-stream',
    );
  });
});

describe('subjects', () => {
  it.each([
    ['Printer', false, 'Printer [#42]'],
    ['RE: Printer [#42]', true, 'Re: Printer [#42]'],
    ['AW: [#42] WG: Printer [#42]', true, 'Re: Printer [#42]'],
    ['Re[2]: SV: Printer', true, 'Re: Printer [#42]'],
    ['', true, 'Re: Your request [#42]'],
    ['Resolution: low', true, 'Re: Resolution: low [#42]'],
  ])('%s', (subject, replies, expected) => expect(ticketSubject(subject, 42, replies)).toBe(expected));

  it('is the same after a hundred rounds', () => {
    let subject = 'Printer';
    for (let i = 0; i < 100; i++) subject = ticketSubject(`Re: ${subject}`, 42, true);
    expect(subject).toBe('Re: Printer [#42]');
    expect(bareSubject(subject)).toBe('Printer');
  });
});

describe('cappedReferences', () => {
  it('keeps the first and the last ones', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `<${i}@x>`);
    const capped = cappedReferences(ids, '<50@x>');
    expect(capped).toHaveLength(MAX_REFERENCES);
    expect(capped[0]).toBe('<0@x>');
    expect(capped.at(-1)).toBe('<50@x>');
  });
});

describe('markdown', () => {
  it('lets no script, style or remote picture through', () => {
    const html = markdownToHtml(
      '<script>alert(1)</script> <img src=http://x/y onerror=z>\n\n[a](javascript:alert(1))\n\n<p style="x">b</p>',
    );
    expect(html).not.toMatch(/<script|onerror|<img|style="x"|href/);
  });

  it('reads as text what the HTML says', () => {
    const markdown = '# Title\n\n- one\n- **two**\n\n```\n<b>code</b>\n```';
    expect(markdownToText(markdown)).toBe('Title\n\n- one\n- two\n\n<b>code</b>');
    expect(htmlToText(markdownToHtml(markdown)).text).toContain('<b>code</b>');
  });
});
