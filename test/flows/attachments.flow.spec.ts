import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TicketAttachmentView } from '#shared/contracts/attachments.js';
import type { MessageView } from '#shared/contracts/messages.js';
import type { TicketView } from '#shared/contracts/tickets.js';
import { readMail } from '#mail/read-mail.js';
import { RunningDesk } from '../support/running-desk.js';

jest.setTimeout(60_000);

const CUSTOMER = 'casey@files.example';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Files on their whole way: from a customer's mail to an agent, and from an agent to the customer's mailbox. */
describe('files', () => {
  let desk: RunningDesk;
  let ticket: TicketView;

  beforeAll(async () => {
    desk = await RunningDesk.start();
    const raw = [
      `From: Casey <${CUSTOMER}>`,
      `To: ${desk.supportAddress}`,
      'Subject: It looks odd',
      'Message-ID: <files-1@files.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<p>See <img src="cid:odd@files.example"></p>',
      '--b',
      'Content-Type: image/png; name="odd.png"',
      'Content-Disposition: inline; filename="odd.png"',
      'Content-ID: <odd@files.example>',
      'Content-Transfer-Encoding: base64',
      '',
      PNG.toString('base64'),
      '--b--',
      '',
    ].join('\r\n');
    await desk.play.sendRawMail(CUSTOMER, desk.supportAddress, raw);
    ticket = await desk.ticketFrom(CUSTOMER);
  }, 150_000);
  afterAll(async () => desk?.stop(), 60_000);

  const download = async (url: string): Promise<Buffer> => {
    const { apiUrl, apiKey } = desk.stack.stack;
    const response = await fetch(`${apiUrl}${url}`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };

  const upload = async (name: string, content: Uint8Array<ArrayBuffer>): Promise<TicketAttachmentView> => {
    const { apiUrl, apiKey } = desk.stack.stack;
    const form = new FormData();
    form.append('file', new Blob([content]), name);
    const response = await fetch(`${apiUrl}/api/v1/tickets/${ticket.number}/attachments`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { items: TicketAttachmentView[] }).items[0]!;
  };

  const post = (content: string, attachmentIds: string[], isInternalNote = false): Promise<MessageView> =>
    desk.ok('POST', `/tickets/${ticket.number}/messages`, { body: { content, attachmentIds, isInternalNote } });

  /** Every mail that left the desk, read as its reader's program does. */
  async function everythingThatLeft() {
    const response = await fetch(`${desk.stack.stack.playgroundUrl}/playground/api/mails`);
    const mails = (await response.json()) as { id: string; direction: string }[];
    const left = mails.filter(({ direction }) => direction === 'received');
    return Promise.all(
      left.map(async ({ id }) => {
        const raw = await desk.play.rawMail(id);
        return { raw, mail: await readMail(Buffer.from(raw, 'latin1')) };
      }),
    );
  }

  it('come in by mail and are read by agents, pictures by their content id', async () => {
    const [message] = await desk.messages(ticket.number);
    expect(message!.attachments).toMatchObject([{ name: 'odd.png', contentType: 'image/png', inline: true }]);
    expect((await download(message!.inlineImages['odd@files.example']!)).equals(PNG)).toBe(true);
    expect((await download(message!.attachments[0]!.url)).equals(PNG)).toBe(true);
  });

  it('go out with a public reply, byte for byte, and those of a note never', async () => {
    const secret = Buffer.from(`the margin is ${randomBytes(12).toString('hex')}`);
    const secretFile = await upload('margins-secret.txt', secret);
    await post('Only for us', [secretFile.id], true);
    const large = randomBytes(4 * 1_024 * 1_024);
    const [manual, picture] = [await upload('Händbuch 長.bin', large), await upload('how.png', PNG)];
    await post(`Do it so: ![how](attachment:${picture.id})`, [manual.id, picture.id]);

    const found = await desk.until('the reply', async () =>
      (await everythingThatLeft()).find(({ mail }) => mail.text.includes('Do it so')),
    );
    const byName = new Map(found.mail.attachments.map((file) => [file.filename, file]));
    expect([...byName.keys()].sort()).toEqual(['Händbuch 長.bin', 'how.png']);
    expect(byName.get('Händbuch 長.bin')!.content.equals(large)).toBe(true);
    expect(byName.get('how.png')!.content.equals(PNG)).toBe(true);
    expect(found.mail.html).toContain(`src="cid:${byName.get('how.png')!.contentId}"`);

    for (const { raw, mail } of await everythingThatLeft()) {
      for (const bytes of [raw, ...mail.attachments.map(({ content }) => content.toString('latin1'))]) {
        expect(bytes.includes('margins-secret')).toBe(false);
        expect(bytes.includes(secret.toString())).toBe(false);
      }
      // However a mail might carry it.
      for (const shift of [0, 1, 2]) {
        const encoded = secret.subarray(shift).toString('base64').slice(0, -4);
        expect(raw.replaceAll('\r\n', '').includes(encoded)).toBe(false);
      }
    }
    // The same search finds what did leave.
    expect(found.raw.replaceAll('\r\n', '').includes(PNG.toString('base64'))).toBe(true);
  });
});
