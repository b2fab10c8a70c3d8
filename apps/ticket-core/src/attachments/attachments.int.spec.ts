import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '#shared/contracts/actor.js';
import { deleteAttachment, listAttachments, type TicketAttachmentView } from '#shared/contracts/attachments.js';
import { claimOutgoing } from '#shared/contracts/mail-out.js';
import { editMessage, listMessages, postMessage } from '#shared/contracts/messages.js';
import { openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, waitFor } from '../../../../test/support/core.js';
import { DeleteAttachment } from './delete-attachment.js';
import { ListAttachments } from './list-attachments.js';
import { ReadAttachment } from './read-attachment.js';
import { UploadAttachments } from './upload-attachments.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const MB = 1_024 * 1_024;
const NOBODY = '0198a000-0000-7000-8000-0000000000ff';

let core: TestCore;
let ticket: TicketView;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());
beforeEach(async () => {
  ticket = await core.client.request(
    openTicket,
    { subject: 'Printer', contactEmail: 'casey@customer.example', contactName: 'Casey' },
    { actor: core.actorOf(core.acme) },
  );
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const authorized = (headers: Record<string, string> = {}, key = core.acme.apiKey) => ({
  authorization: `Bearer ${key}`,
  ...headers,
});
const pathOf = (ref: string | number = ticket.number) => `${core.url}/api/v1/tickets/${ref}/attachments`;

/** The body itself is the file. */
async function sendRaw(
  body: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string> = {},
  at: { url?: string; key?: string } = {},
) {
  const url = at.url ?? pathOf();
  const response = await fetch(url, { method: 'POST', body, headers: authorized(headers, at.key) });
  return { status: response.status, body: (await response.json()) as Answer };
}
interface Answer {
  items: TicketAttachmentView[];
  code: string;
  detail: string;
  errors: { pointer: string }[];
}
async function sendForm(files: [name: string, bytes: Uint8Array<ArrayBuffer>, type?: string][]) {
  const form = new FormData();
  form.append('comment', 'is nobody’s');
  for (const [name, bytes, type] of files) form.append('file', new Blob([bytes], { type: type ?? '' }), name);
  const response = await fetch(pathOf(), { method: 'POST', body: form, headers: authorized() });
  return { status: response.status, body: (await response.json()) as Answer };
}
const upload = async (name = 'a.txt', content: Uint8Array<ArrayBuffer> = Buffer.from(`content of ${name}`)) => {
  const { status, body } = await sendRaw(content, { 'content-disposition': `attachment; filename="${name}"` });
  expect(status).toBe(201);
  return body.items[0]!;
};
/** As somebody else than the key's holder. */
const uploadAs = async (actor: Actor, name = 'b.txt') => {
  async function* one() {
    yield {
      name,
      declaredType: null,
      content: (async function* () {
        yield Buffer.from(`of ${actor.name}`);
      })(),
    };
  }
  return (await core.app.get(UploadAttachments).execute(actor, ticket.id, one())).items[0]!;
};
const get = (url: string, headers: Record<string, string> = {}, key?: string, method = 'GET') =>
  fetch(`${core.url}${url}`, { method, headers: authorized(headers, key) });
const filesIn = async (folder: string) =>
  (await readdir(join(core.blobFolder, folder), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
const halfWritten = () => filesIn('incoming');
const blobPath = (sha: string) => join(core.blobFolder, sha.slice(0, 2), sha.slice(2, 4), sha);
const post = (input: object, actor = core.actorOf(core.acme)) =>
  core.client.request(postMessage, { ticket: ticket.id, content: 'See the file', ...input }, { actor });
const casey = () => core.contactOf(core.acme, ticket.contact!.id);

describe('an upload with a cookie', () => {
  it('is not taken from a page of another site: a form needs no leave to be sent', async () => {
    const send = (headers: Record<string, string>) => {
      const form = new FormData();
      form.append('file', new Blob(['forged']), 'a.txt');
      return fetch(pathOf(), {
        method: 'POST',
        body: form,
        headers: { cookie: `deskwire_session=${core.acme.apiKey}`, ...headers },
      });
    };
    for (const headers of <Record<string, string>[]>[
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
    ]) {
      const answer = await send(headers);
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await send({})).status).toBe(201);
  });
});

describe('uploading', () => {
  it('takes the files of a form, with their own names and types', async () => {
    const { status, body } = await sendForm([
      ['Größe 長.png', PNG, 'text/html'],
      ['table.csv', Buffer.from('a,b\n1,2\n'), 'text/csv'],
      ['../../etc/passwd', Buffer.alloc(0)],
    ]);
    expect(status).toBe(201);
    expect(body.items).toMatchObject([
      { name: 'Größe 長.png', contentType: 'image/png', sizeBytes: PNG.length, sha256: sha256(PNG), messageId: null },
      { name: 'table.csv', contentType: 'text/csv', sizeBytes: 8 },
      { name: 'passwd', contentType: 'text/plain', sizeBytes: 0 },
    ]);
    const { id, url, ticketId, uploadedBy } = body.items[0]!;
    expect({ url, ticketId, uploadedBy }).toEqual({
      url: `/api/v1/attachments/${id}`,
      ticketId: ticket.id,
      uploadedBy: { kind: 'agent', id: core.acme.agents.admin.id },
    });
    const content = await get(url);
    expect(Buffer.from(await content.arrayBuffer()).equals(PNG)).toBe(true);
  });

  it('takes the body itself, of any type, also JSON larger than a request may be', async () => {
    const json = JSON.stringify({ much: 'x'.repeat(2 * MB) });
    const { status, body } = await sendRaw(
      json,
      { 'content-type': 'application/json', 'content-disposition': `attachment; filename*=UTF-8''%e2%82%ac.json` },
      { url: `${core.url}/api/tickets/${ticket.id}/attachments` },
    );
    expect(status).toBe(201);
    expect(body.items).toMatchObject([
      { name: '€.json', contentType: 'application/json', sizeBytes: json.length, sha256: sha256(Buffer.from(json)) },
    ]);
    const named = await sendRaw(PNG, {}, { url: `${pathOf()}?name=screen.png` });
    expect(named.body.items[0]).toMatchObject({ name: 'screen.png', contentType: 'image/png' });
    expect((await sendRaw(PNG)).body.items[0]).toMatchObject({ name: 'file.png' });
    const empty = await sendRaw(Buffer.alloc(0), {}, { url: `${pathOf()}?name=empty.txt` });
    expect(empty.body.items[0]).toMatchObject({ name: 'empty.txt', contentType: 'text/plain', sizeBytes: 0 });
    expect(await sendRaw(Buffer.alloc(0))).toMatchObject({ status: 400 });
  });

  it('keeps the same bytes once, each under its own name', async () => {
    const bytes = randomBytes(1_000);
    const [one, two] = await Promise.all([upload('one.bin', bytes), upload('two.bin', bytes)]);
    expect(one.id).not.toBe(two.id);
    expect((await filesIn('.')).filter((name) => name === sha256(bytes))).toHaveLength(1);
  });

  it('answers the same key with the same files, and another file with a refusal', async () => {
    const headers = { 'idempotency-key': `up-${ticket.number}`, 'content-disposition': 'attachment; filename=a.txt' };
    const first = await sendRaw('one', headers);
    const again = await sendRaw('one', headers);
    expect(again).toEqual(first);
    expect(await sendRaw('quite another one', headers)).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE' } });
  });

  it('refuses programs by name and by bytes, and keeps nothing of the request', async () => {
    const before = await filesIn('.');
    const program = Buffer.concat([Buffer.from('MZ'), randomBytes(500)]);
    const byName = await sendForm([
      ['fine.bin', randomBytes(100)],
      ['setup.EXE', Buffer.from('x')],
    ]);
    expect(byName).toMatchObject({
      status: 422,
      body: { code: 'UNPROCESSABLE', detail: expect.stringContaining('setup.EXE') },
    });
    const byBytes = await sendForm([['holiday.jpg', program, 'image/jpeg']]);
    expect(byBytes).toMatchObject({ status: 422, body: { detail: expect.stringContaining('“exe”') } });
    const hidden = await sendForm([['photo\u202egpj.exe', Buffer.from('x')]]);
    expect(hidden.status).toBe(422);
    expect(await filesIn('.')).toEqual(before);
    expect(await core.sql('SELECT 1 FROM attachments WHERE ticket_id = $1', [ticket.id])).toEqual([]);
  });

  it('refuses what is too large by name and limit, whole or streamed, and takes what just fits', async () => {
    const limit = 25 * MB;
    const fits = await sendRaw(Buffer.alloc(limit, 1));
    expect(fits.status).toBe(201);
    expect(fits.body.items[0]!.sizeBytes).toBe(limit);
    const before = await filesIn('.');
    const over = await sendRaw(Buffer.alloc(limit + 1, 2), { 'content-disposition': 'attachment; filename=big.bin' });
    expect(over).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', detail: 'big.bin: a file may have at most 25 MB (26,214,400 bytes)' },
    });
    const inForm = await sendForm([
      ['small.txt', Buffer.from('x')],
      ['big.bin', Buffer.alloc(limit + 1, 3)],
    ]);
    expect(inForm.status).toBe(413);
    expect(await filesIn('.')).toEqual(before);
    // The connection still serves.
    expect((await sendRaw('x')).status).toBe(201);
  }, 30_000);

  it('asks for less when the organisation does', async () => {
    await core.sql(`UPDATE organisations SET settings = settings || '{"maxAttachmentBytes": 2048}' WHERE id = $1`, [
      core.globex.id,
    ]);
    const theirs = await core.client.request(openTicket, { subject: 'x' }, { actor: core.actorOf(core.globex) });
    const at = { url: pathOf(theirs.id), key: core.globex.apiKey };
    expect(await sendRaw(Buffer.alloc(2_049), {}, at)).toMatchObject({ status: 413 });
    expect(await sendRaw(Buffer.alloc(2_048), {}, at)).toMatchObject({ status: 201 });
  });

  it('refuses more than twenty files, none, and what is no form', async () => {
    const many = await sendForm(Array.from({ length: 21 }, (_, n) => [`${n}.txt`, Buffer.from('x')]));
    expect(many).toMatchObject({ status: 413, body: { detail: 'At most 20 files at once' } });
    expect((await sendForm(Array.from({ length: 20 }, (_, n) => [`${n}.txt`, Buffer.from('x')]))).status).toBe(201);
    expect(await sendForm([])).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await sendRaw('')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    const noForm = await sendRaw('not a form', { 'content-type': 'multipart/form-data; boundary=x' });
    expect(noForm).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    const noBoundary = await sendRaw('not a form', { 'content-type': 'multipart/form-data' });
    expect(noBoundary).toMatchObject({ status: 400 });
    const half = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a fi';
    expect(await sendRaw(half, { 'content-type': 'multipart/form-data; boundary=x' })).toMatchObject({ status: 400 });
    expect(await halfWritten()).toEqual([]);
  });

  it.each(['application/octet-stream', 'multipart/form-data; boundary=x'])(
    'keeps nothing when the client vanishes (%s)',
    async (type) => {
      const before = await filesIn('.');
      const client = httpRequest(pathOf(), {
        method: 'POST',
        headers: authorized({ 'content-type': type, 'content-length': String(5 * MB) }),
      });
      client.on('error', () => undefined);
      client.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n');
      client.write(randomBytes(MB));
      await waitFor(halfWritten, 'the file to begin');
      client.destroy();
      await waitFor(async () => (await halfWritten()).length === 0, 'the file to be gone');
      expect(await filesIn('.')).toEqual(before);
      expect(await core.sql('SELECT 1 FROM attachments WHERE ticket_id = $1', [ticket.id])).toEqual([]);
    },
  );

  it('never holds a file in memory: what was sent is on the disk a moment later', async () => {
    const chunk = randomBytes(64 * 1_024);
    let sent = 0;
    let mostInBetween = 0;
    const onDisk = async () => {
      const [name] = await halfWritten();
      return name === undefined
        ? 0
        : (await stat(join(core.blobFolder, 'incoming', name)).catch(() => ({ size: sent }))).size;
    };
    const source = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          if (sent >= 25 * MB) return controller.close();
          mostInBetween = Math.max(mostInBetween, sent - (await onDisk()));
          sent += chunk.length;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
    const init = { method: 'POST', body: source, duplex: 'half', headers: authorized() };
    const response = await fetch(pathOf(), init as RequestInit);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ items: [{ sizeBytes: 25 * MB }] });
    // The sockets' own buffers are in it: some megabytes on both sides.
    expect(mostInBetween).toBeLessThan(10 * MB);
    expect(mostInBetween).toBeGreaterThan(0);
  });

  it('can be tried again when the store is away', async () => {
    const [incoming, aside] = [join(core.blobFolder, 'incoming'), join(core.blobFolder, 'aside')];
    await rename(incoming, aside);
    await writeFile(incoming, 'in the way');
    const refused = await sendRaw('x', { 'idempotency-key': `away-${ticket.number}` });
    await rm(incoming);
    await rename(aside, incoming);
    expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect((await sendRaw('x', { 'idempotency-key': `away-${ticket.number}` })).status).toBe(201);
  });

  it('has a way in of its own only: its inner type is refused elsewhere', async () => {
    const response = await core.http('/api/v1/tickets', {
      body: '{"subject":"x"}',
      headers: { 'content-type': 'application/x-deskwire-upload' },
    });
    expect(response).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    const inner = await sendRaw('x', { 'content-type': 'application/x-deskwire-upload' });
    expect(inner).toMatchObject({ status: 201, body: { items: [{ contentType: 'text/plain' }] } });
  });

  it('is described, with how to send a file', async () => {
    const { body } = await core.http('/api/docs-json');
    const paths = body['paths'] as Record<string, Record<string, { requestBody?: { content: object } }>>;
    const operation = paths['/api/v1/tickets/{ticket}/attachments']!['post']!;
    expect(Object.keys(operation.requestBody!.content)).toEqual(['multipart/form-data', 'application/octet-stream']);
    expect(Object.keys(paths['/api/v1/attachments/{attachment}']!).sort()).toEqual(['delete', 'get', 'head']);
  });

  it('is for who may write in the ticket: not strangers, viewers, other organisations, other teams', async () => {
    const at = (key: string) => ({ url: pathOf(ticket.id), key });
    expect((await sendRaw('x', {}, at('dw_wrong_key'))).status).toBe(401);
    expect((await sendRaw('x', {}, at(core.globex.apiKey))).status).toBe(404);
    expect(await refusalOf(uploadAs(core.actorOf(core.acme, 'viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(uploadAs(core.actorOf(core.acme, 'agent', { teamIds: [NOBODY] })))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refusalOf(uploadAs(core.contactOf(core.acme, NOBODY)))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await sendRaw('x', {}, { url: pathOf(999_999) })).status).toBe(404);
    expect((await uploadAs(casey())).uploadedBy).toEqual({ kind: 'contact', id: ticket.contact!.id });
  });
});

describe('posting with attachments', () => {
  it('makes them the message’s, and sends them with its mail', async () => {
    const [one, two] = [await upload('one.txt'), await upload('zwei ü.txt')];
    const message = await post({ attachmentIds: [two.id, one.id] });
    expect(message.attachments.map(({ name }) => name).sort()).toEqual(['one.txt', 'zwei ü.txt']);
    expect(message.attachments[0]!.url).toBe(`/api/v1/attachments/${message.attachments[0]!.id}`);
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 1_000 });
    const mail = mails.find(({ ticketId }) => ticketId === ticket.id)!;
    expect(mail.files).toMatchObject([
      { name: 'one.txt', contentType: 'text/plain', sizeBytes: one.sizeBytes, contentId: null },
      { name: 'zwei ü.txt' },
    ]);
    expect(mail.files[0]!.blobKey.endsWith(one.sha256)).toBe(true);
    const { body } = await core.http(`/api/v1/tickets/${ticket.number}/attachments`);
    expect(body).toMatchObject({ items: [{ messageId: message.id }, { messageId: message.id }], nextCursor: null });
  });

  it('works over HTTP, and names what it cannot post', async () => {
    const file = await upload();
    const path = `/api/v1/tickets/${ticket.number}/messages`;
    const wrong = await core.http(path, { json: { content: 'x', attachmentIds: [file.id, NOBODY] } });
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', errors: [{ pointer: '/attachmentIds/1' }] },
    });
    const noId = await core.http(path, { json: { content: 'x', attachmentIds: ['x'] } });
    expect(noId).toMatchObject({ status: 400, body: { errors: [{ pointer: '/attachmentIds/0' }] } });
    const right = await core.http(path, { json: { content: 'x', attachmentIds: [file.id] } });
    expect(right).toMatchObject({ status: 201, body: { attachments: [{ id: file.id }] } });
  });

  it('once each, of the same ticket, by somebody who may', async () => {
    const file = await upload();
    await post({ attachmentIds: [file.id], isInternalNote: true });
    const pointers = { code: 'BAD_REQUEST', pointers: ['/attachmentIds/0'] };
    expect(await refusalOf(post({ attachmentIds: [file.id] }))).toMatchObject(pointers);
    const fresh = await upload();
    const twice = refusalOf(post({ attachmentIds: [fresh.id, fresh.id] }));
    expect(await twice).toMatchObject({ pointers: ['/attachmentIds/1'] });
    const other = await core.client.request(openTicket, { subject: 'y' }, { actor: core.actorOf(core.acme) });
    expect(await refusalOf(post({ ticket: other.id, attachmentIds: [fresh.id] }))).toMatchObject(pointers);
    // Neither takes a customer the desk's file, nor an agent what a customer has not sent.
    expect(await refusalOf(post({ attachmentIds: [fresh.id] }, casey()))).toMatchObject(pointers);
    const theirs = await uploadAs(casey());
    expect(await refusalOf(post({ attachmentIds: [theirs.id] }))).toMatchObject(pointers);
    expect((await post({ attachmentIds: [theirs.id] }, casey())).attachments).toHaveLength(1);
    const colleagues = await uploadAs(core.actorOf(core.acme, 'manager'));
    expect((await post({ attachmentIds: [colleagues.id] })).attachments).toHaveLength(1);
    expect(await refusalOf(post({ attachmentIds: Array.from({ length: 21 }, () => NOBODY) }))).toMatchObject({
      pointers: ['/attachmentIds'],
    });
    // What was refused left no message.
    const { items } = await core.client.request(
      listMessages,
      { ticket: ticket.id },
      { actor: core.actorOf(core.acme) },
    );
    expect(items).toHaveLength(3);
  });

  it('gives a file to one of two messages that are posted at once', async () => {
    const file = await upload();
    const both = await Promise.allSettled([post({ attachmentIds: [file.id] }), post({ attachmentIds: [file.id] })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('answers the same post again, with its files', async () => {
    const file = await upload();
    const input = { attachmentIds: [file.id], externalRef: `slack:C1:${ticket.number}`, isInternalNote: true };
    const first = await post(input);
    expect(await post(input)).toEqual(first);
  });

  it('refuses what no mail server would take, before anything is queued', async () => {
    const files = await Promise.all([1, 2].map((n) => upload(`${n}.bin`, Buffer.alloc(13 * MB, n))));
    const attachmentIds = files.map(({ id }) => id);
    const refusal = await refusalOf(post({ attachmentIds }));
    expect(refusal).toMatchObject({ code: 'UNPROCESSABLE', pointers: ['/attachmentIds'] });
    expect(refusal.message).toContain('25 MB (26,214,400 bytes)');
    expect(await core.sql('SELECT 1 FROM outbound_mails WHERE ticket_id = $1', [ticket.id])).toEqual([]);
    expect((await post({ attachmentIds, isInternalNote: true })).attachments).toHaveLength(2);
  });

  it('never sends a note’s files, whatever was queued', async () => {
    const file = await upload('secret.txt');
    const note = await post({ attachmentIds: [file.id], isInternalNote: true });
    await core.sql(
      `INSERT INTO outbound_mails (org_id, id, ticket_id, message_id, kind, recipients, cc, mail_id, due_at, queued_at)
       VALUES ($1, $2, $3, $2, 'reply', '{casey@customer.example}', '{}', '<x@acme.test>', now(), now())`,
      [core.acme.id, note.id, ticket.id],
    );
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 1_000 });
    expect(JSON.stringify(mails)).not.toContain('secret.txt');
  });
});

describe('downloading', () => {
  const CONTENT = Buffer.from('0123456789');
  let file: TicketAttachmentView;
  beforeEach(async () => {
    file = await upload('Größe.txt', CONTENT);
  });

  it('gives the whole, to be saved, with what lets nobody guess', async () => {
    for (const url of [
      file.url,
      file.url.replace('/v1', ''),
      `/api/v1/tickets/${ticket.number}/attachments/${file.id}`,
      `/api/tickets/${ticket.id}/attachments/${file.id}`,
    ]) {
      const response = await get(url);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-length': '10',
        'content-type': 'text/plain',
        'content-disposition': `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt`,
        etag: `"${sha256(CONTENT)}"`,
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-cache',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      });
      expect(await response.text()).toBe('0123456789');
    }
  });

  it('tells the same without the content', async () => {
    const response = await get(file.url, { range: 'bytes=0-1' }, undefined, 'HEAD');
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '10', '']);
    const absent = await get(`/api/v1/attachments/${NOBODY}`, {}, undefined, 'HEAD');
    expect([absent.status, await absent.text()]).toEqual([404, '']);
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('gives the range %s', async (range, status, text, contentRange) => {
    const response = await get(file.url, { range });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ]);
    expect(response.headers.get('content-length')).toBe(String(text.length));
  });

  it('says what it has when a range is not there', async () => {
    const response = await get(file.url, { range: 'bytes=10-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    expect(await response.json()).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  });

  it('sends nothing to who has it, and all to who has another', async () => {
    const tag = `"${file.sha256}"`;
    const known = await get(file.url, { 'if-none-match': tag });
    expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([304, '', tag]);
    expect((await get(file.url, { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get(file.url, { range: 'bytes=0-1', 'if-range': tag })).status).toBe(206);
    expect((await get(file.url, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  it('shows pictures and plain text in the browser, never a page', async () => {
    const text = await get(`${file.url}?inline`);
    expect(text.headers.get('content-disposition')).toMatch(/^inline;/);
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const picture = (await sendRaw(PNG)).body.items[0]!;
    expect((await get(`${picture.url}?inline=1`)).headers.get('content-disposition')).toMatch(/^inline;/);
    expect((await get(`${picture.url}?inline=0`)).headers.get('content-disposition')).toMatch(/^attachment;/);
    const html = (await sendRaw('<html><script>x</script>', { 'content-type': 'text/html' })).body.items[0]!;
    const svg = (await sendRaw('<svg xmlns="http://www.w3.org/2000/svg"/>', { 'content-type': 'image/svg+xml' })).body
      .items[0]!;
    for (const { url } of [html, svg]) {
      const response = await get(`${url}?inline`);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
      expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    }
  });

  it('gives an empty file', async () => {
    const { body } = await sendForm([['empty', Buffer.alloc(0)]]);
    const response = await get(body.items[0]!.url);
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '0', '']);
    expect((await get(body.items[0]!.url, { range: 'bytes=0-' })).status).toBe(416);
  });

  it('streams large files, and stops when the reader goes', async () => {
    const large = await upload('large.bin', randomBytes(20 * MB));
    const stop = new AbortController();
    const response = await fetch(`${core.url}${large.url}`, { headers: authorized(), signal: stop.signal });
    const reader = response.body!.getReader();
    await reader.read();
    stop.abort();
    await reader.read().catch(() => undefined);
    const open = async () => {
      const links = await readdir('/proc/self/fd');
      const { readlink } = await import('node:fs/promises');
      const targets = await Promise.all(links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return targets.filter((target) => target.endsWith(large.sha256));
    };
    await waitFor(async () => (await open()).length === 0, 'the file to be closed');
    const whole = await get(large.url);
    expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(large.sha256);
  });

  it('says so when the bytes are gone', async () => {
    await rm(blobPath(file.sha256));
    const response = await get(file.url);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'UNAVAILABLE',
      detail: 'The file cannot be read at the moment',
    });
  });

  it('is for nobody else: other organisations, other teams, other tickets’ paths', async () => {
    expect((await get(file.url, {}, core.globex.apiKey)).status).toBe(404);
    expect((await get(file.url, {}, 'dw_nobody_at_all')).status).toBe(401);
    const other = await core.client.request(openTicket, { subject: 'y' }, { actor: core.actorOf(core.acme) });
    const elsewhere = await get(`/api/v1/tickets/${other.number}/attachments/${file.id}`);
    expect([elsewhere.status, ((await elsewhere.json()) as Answer).detail]).toEqual([
      404,
      'There is no attachment with this id',
    ]);
    expect((await get('/api/v1/attachments/x')).status).toBe(400);
    const list = (actor: Actor) => core.client.request(listAttachments, { ticket: ticket.id }, { actor });
    expect(await refusalOf(list(core.actorOf(core.globex)))).toMatchObject({ code: 'NOT_FOUND' });
    // Over NATS the core itself knows an agent's teams; here an agent of none but another team asks.
    const restricted = core.actorOf(core.acme, 'agent', { teamIds: [NOBODY] });
    const asked = { ticket: ticket.id, limit: 10 };
    for (const work of [
      core.app.get(ListAttachments).execute(restricted, asked),
      core.app.get(ReadAttachment).execute(restricted, file.id),
      core.app.get(DeleteAttachment).execute(restricted, file.id),
    ])
      expect(await refusalOf(work)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await list(core.actorOf(core.acme, 'viewer'))).items).toHaveLength(1);
  });

  it('is for a contact what is public of their own ticket', async () => {
    const [shown, noted] = [file, await upload('noted.txt')];
    await post({ attachmentIds: [noted.id], isInternalNote: true });
    const read = (id: string, actor = casey()) => core.app.get(ReadAttachment).execute(actor, id);
    for (const id of [shown.id, noted.id]) expect(await refusalOf(read(id))).toMatchObject({ code: 'NOT_FOUND' });
    await post({ attachmentIds: [shown.id] });
    expect(await read(shown.id)).toMatchObject({ name: 'Größe.txt', sizeBytes: 10 });
    expect(await refusalOf(read(noted.id))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(read(shown.id, core.contactOf(core.acme, NOBODY)))).toMatchObject({ code: 'NOT_FOUND' });
    // Of a message that belongs to somebody else, whose ticket became part of this one.
    await core.sql('UPDATE messages SET apart_of = ticket_id WHERE ticket_id = $1', [ticket.id]);
    expect(await refusalOf(read(shown.id))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await core.app.get(ListAttachments).execute(casey(), { ticket: ticket.id, limit: 9 })).items).toEqual([]);
  });

  it('a deleted message takes its files along', async () => {
    const externalRef = `slack:C1:gone-${ticket.number}`;
    await post({ attachmentIds: [file.id], isInternalNote: true, externalRef });
    expect((await get(file.url)).status).toBe(200);
    await core.client.request(editMessage, { externalRef, content: null }, { actor: core.actorOf(core.acme) });
    expect((await get(file.url)).status).toBe(404);
    const { body } = await core.http(`/api/v1/tickets/${ticket.number}/attachments`);
    expect(body).toMatchObject({ items: [] });
  });
});

describe('the list of a ticket', () => {
  it('is paged, oldest first, and shows a contact public files and their own only', async () => {
    const secret = await upload('secret.txt');
    const waiting = await upload('waiting.txt');
    const shown = await upload('shown.txt');
    await post({ attachmentIds: [secret.id], isInternalNote: true });
    await post({ attachmentIds: [shown.id] });
    const own = await uploadAs(casey(), 'own.txt');
    const list = (actor: Actor, cursor?: string) =>
      core.client.request(listAttachments, { ticket: ticket.id, limit: 3, ...(cursor && { cursor }) }, { actor });
    const first = await list(core.actorOf(core.acme));
    const second = await list(core.actorOf(core.acme), first.nextCursor!);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([secret.id, waiting.id, shown.id, own.id]);
    expect(second.nextCursor).toBeNull();
    expect((await list(casey())).items.map(({ name }) => name)).toEqual(['shown.txt', 'own.txt']);
  });
});

describe('files that came by mail', () => {
  it('are read as any other, and their pictures are found by content id', async () => {
    const { key, sha } = await (async () => {
      const { LocalBlobs } = await import('#shared/blobs/local-blobs.js');
      const blob = await new LocalBlobs(core.blobFolder).put(PNG);
      return { key: blob.key, sha: blob.sha256 };
    })();
    const message = await post({ content: 'From Casey' }, casey());
    const [row] = await core.sql<{ id: string }>(
      `INSERT INTO attachments (org_id, id, message_id, name, content_type, size_bytes, sha256, content_id, inline, blob_key)
       VALUES ($1, gen_random_uuid(), $2, $5, 'image/png', $6, $3, 'pic1@x', true, $4) RETURNING id`,
      [core.acme.id, message.id, sha, key, '..\\evil\u202egnp.png', PNG.length],
    );
    const { items } = await core.client.request(
      listMessages,
      { ticket: ticket.id },
      { actor: core.actorOf(core.acme) },
    );
    const read = items.find(({ id }) => id === message.id)!;
    expect(read.inlineImages).toEqual({ 'pic1@x': `/api/v1/attachments/${row!.id}?inline` });
    const picture = await get(read.inlineImages['pic1@x']!);
    expect(picture.headers.get('content-disposition')).toBe('inline; filename="evilgnp.png"');
    expect(Buffer.from(await picture.arrayBuffer()).equals(PNG)).toBe(true);
  });
});

describe('deleting', () => {
  const remove = (attachment: string, actor: Actor) => core.client.request(deleteAttachment, { attachment }, { actor });

  it('takes away what waits, and what a note has, with a line of history', async () => {
    const waiting = await upload();
    const gone = await core.http(`/api/v1/attachments/${waiting.id}`, { method: 'DELETE' });
    expect(gone).toMatchObject({ status: 200, body: { success: true } });
    expect((await get(waiting.url)).status).toBe(404);
    expect((await core.http(`/api/v1/attachments/${waiting.id}`, { method: 'DELETE' })).status).toBe(404);
    const noted = await upload('noted.txt');
    await post({ attachmentIds: [noted.id], isInternalNote: true });
    await core.http(`/api/v1/tickets/${ticket.number}/attachments/${noted.id}`, { method: 'DELETE' });
    const { body } = await core.http(`/api/v1/tickets/${ticket.number}/activities`);
    expect(JSON.stringify(body)).toContain('attachment_deleted');
    const messages = await core.http(`/api/v1/tickets/${ticket.number}/messages`);
    expect(messages.body).toMatchObject({ items: [{ attachments: [] }] });
  });

  it('is for who uploaded it or a manager', async () => {
    const file = await uploadAs(core.actorOf(core.acme, 'agent'));
    expect(await refusalOf(remove(file.id, core.actorOf(core.acme, 'viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(remove(file.id, core.actorOf(core.globex, 'admin')))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(remove(file.id, casey()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await remove(file.id, core.actorOf(core.acme, 'manager'))).toEqual({ success: true });
    const admins = await upload();
    expect(await refusalOf(remove(admins.id, core.actorOf(core.acme, 'agent')))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('comes too late for what goes out by mail', async () => {
    const file = await upload();
    await post({ attachmentIds: [file.id] });
    const refusal = await refusalOf(remove(file.id, core.actorOf(core.acme, 'admin')));
    expect(refusal).toMatchObject({ code: 'CONFLICT' });
  });
});
