import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#shared/contracts/contract.js';
import { claimOutgoing, settleOutgoing } from '#shared/contracts/mail-out.js';
import {
  changeMessage,
  editMessage,
  listActivities,
  listMessages,
  postMessage,
  replyRecipients,
  undoMessage,
} from '#shared/contracts/messages.js';
import { getTicket, openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';
import { fileMail, mailFacts } from '../../../../test/support/file-mail.js';

let core: TestCore;
let ticket: TicketView;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());
beforeEach(async () => {
  const input = { subject: 'No dial tone', contactEmail: 'casey@customer.example' };
  ticket = await core.client.request(openTicket, input, { actor: core.actorOf(core.acme) });
});

const post = (input: Omit<RequestOf<typeof postMessage>, 'ticket'>, actor = core.actorOf(core.acme)) =>
  core.client.request(postMessage, { ticket: ticket.id, ...input }, { actor });
const outbound = () => core.sql('SELECT * FROM outbound_mails WHERE ticket_id = $1 ORDER BY queued_at', [ticket.id]);
const ticketNow = () => core.client.request(getTicket, { ticket: ticket.id }, { actor: core.actorOf(core.acme) });
const linesOf = async () =>
  (await core.client.request(listActivities, { ticket: ticket.id }, { actor: core.actorOf(core.acme) })).items;

describe('a public reply', () => {
  it('is mailed to the customer, with the people in copy, and answers', async () => {
    const sent = await post({ content: 'Try now', cc: ['Dana@customer.example', 'casey@customer.example'] });
    expect(sent).toMatchObject({
      isInternalNote: false,
      delivery: { state: 'queued', to: ['casey@customer.example'] },
    });
    expect(await outbound()).toMatchObject([
      { kind: 'reply', message_id: sent.id, recipients: ['casey@customer.example'], cc: ['dana@customer.example'] },
    ]);
    const now = await ticketNow();
    expect(now).toMatchObject({ messageCount: 1, firstResponseAt: sent.createdAt });
    expect(now.sla.find(({ target }) => target === 'first_response')).toMatchObject({ state: 'met' });
    const [posted] = await core.sql(
      `SELECT payload FROM outbox WHERE name = 'message.posted' AND payload->>'messageId' = $1`,
      [sent.id],
    );
    expect(posted).toMatchObject({ payload: { isInternalNote: false, version: now.version } });
    expect(JSON.stringify(posted)).not.toContain('Try now');
  });

  it('names its recipients before it is sent', async () => {
    await post({ content: 'x', cc: ['dana@customer.example'] });
    const actor = core.actorOf(core.acme);
    expect(await core.client.request(replyRecipients, { ticket: ticket.number }, { actor })).toEqual({
      to: ['casey@customer.example'],
      cc: ['dana@customer.example'],
    });
  });

  it('to a ticket of nobody’s is kept and mailed to nobody', async () => {
    ticket = await core.client.request(openTicket, { subject: 'Internal' }, { actor: core.actorOf(core.acme) });
    expect((await post({ content: 'Hello?' })).delivery).toBeNull();
    expect(await outbound()).toEqual([]);
  });

  it('to a closed ticket is refused, a note is not', async () => {
    await core.sql(`UPDATE tickets SET status = 'closed' WHERE id = $1`, [ticket.id]);
    expect(await refusalOf(post({ content: 'Too late' }))).toMatchObject({ code: 'UNPROCESSABLE' });
    expect((await post({ content: 'For us', isInternalNote: true })).isInternalNote).toBe(true);
    expect(await outbound()).toEqual([]);
  });

  it('from an organisation without an address is refused, not lost', async () => {
    await core.sql('DELETE FROM mailboxes WHERE org_id = $1', [core.acme.id]);
    try {
      expect(await refusalOf(post({ content: 'From nowhere' }))).toMatchObject({ code: 'UNPROCESSABLE' });
      expect((await ticketNow()).messageCount).toBe(0);
    } finally {
      await core.sql('INSERT INTO mailboxes (org_id, address) VALUES ($1, $2)', [
        core.acme.id,
        core.acme.supportAddress,
      ]);
    }
  });
});

describe('an internal note', () => {
  it('is never queued, answers nothing, and hides its people in copy from the mail', async () => {
    const note = await post({ content: 'He is angry', isInternalNote: true, cc: ['boss@acme.test'] });
    expect(note.delivery).toBeNull();
    expect(await outbound()).toEqual([]);
    const now = await ticketNow();
    expect(now).toMatchObject({ messageCount: 1, firstResponseAt: null, status: 'open' });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [ticket.id])).toEqual([{ cc: [] }]);
    expect((await linesOf()).at(-1)).toMatchObject({ type: 'note_added' });
  });

  it('is edited and deleted by its author, and the history keeps what it was', async () => {
    await post({ content: 'First', isInternalNote: true, externalRef: 'slack:C1:1' });
    const actor = core.actorOf(core.acme);
    const edit = (content: string | null, by = actor) =>
      core.client.request(editMessage, { externalRef: 'slack:C1:1', content }, { actor: by });
    expect(await refusalOf(edit('Theirs', core.actorOf(core.acme, 'admin')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await edit('x', core.actorOf(core.globex, 'admin'))).toBeNull();
    expect(await refusalOf(edit('x', core.actorOf(core.acme, 'viewer')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await edit('Second')).toMatchObject({ content: 'Second', editedAt: expect.any(String) as unknown });
    expect((await ticketNow()).messageCount).toBe(1);
    await edit(null);
    expect(await edit('Third')).toBeNull();
    expect((await ticketNow()).messageCount).toBe(0);
    expect((await core.client.request(listMessages, { ticket: ticket.id }, { actor })).items).toEqual([]);
    expect(
      (await linesOf()).filter(({ type }) => type.startsWith('message_')).map(({ oldValue }) => oldValue),
    ).toMatchObject([{ content: 'First' }, { content: 'Second' }]);
  });

  it('edited by several at once has a history that fits together', async () => {
    await post({ content: '0', isInternalNote: true, externalRef: 'slack:C1:2' });
    const actor = core.actorOf(core.acme);
    await Promise.all(
      ['1', '2', '3', '4'].map((content) =>
        core.client.request(editMessage, { externalRef: 'slack:C1:2', content }, { actor }),
      ),
    );
    const lines = (await linesOf()).filter(({ type }) => type === 'message_edited');
    const was = lines.map(({ oldValue }) => (oldValue as { content: string }).content);
    const is = lines.map(({ newValue }) => (newValue as { content: string }).content);
    expect(was).toEqual(['0', ...is.slice(0, 3)]);
  });

  it('cannot be made of a public reply, nor a reply edited', async () => {
    await post({ content: 'Public', externalRef: 'slack:C1:3' });
    const edit = core.client.request(
      editMessage,
      { externalRef: 'slack:C1:3', content: 'x' },
      { actor: core.actorOf(core.acme) },
    );
    expect(await refusalOf(edit)).toMatchObject({ code: 'UNPROCESSABLE' });
  });
});

describe('an external reference', () => {
  it('posts once, however often at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => post({ content: 'Once', externalRef: 'slack:C1:9' })),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await outbound()).toHaveLength(1);
    expect((await ticketNow()).messageCount).toBe(1);
    expect((await linesOf()).filter(({ type }) => type === 'message_added')).toHaveLength(1);
    const events = await core.sql(`SELECT 1 FROM outbox WHERE name = 'message.posted' AND payload->>'ticketId' = $1`, [
      ticket.id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('shows nobody the message that had it before', async () => {
    await post({ content: 'Secret', isInternalNote: true, externalRef: 'slack:C1:10' });
    const casey = core.contactOf(core.acme, ticket.contact!.id);
    for (const [input, actor] of [
      [{ content: 'x', externalRef: 'slack:C1:10' }, casey],
      [{ content: 'x', externalRef: 'slack:C1:10' }, core.actorOf(core.acme)],
      [{ content: 'x', externalRef: 'slack:C1:10', isInternalNote: true }, core.actorOf(core.acme, 'admin')],
    ] as const) {
      const refusal = await refusalOf(post(input, actor));
      expect(refusal).toMatchObject({ code: 'CONFLICT', pointers: ['/externalRef'] });
      expect(JSON.stringify(refusal)).not.toContain('Secret');
    }
  });
});

describe('undo', () => {
  it('in time takes the reply back: no mail, no answer, and the clock runs again', async () => {
    const { id } = await post({ content: 'Oops', undoMs: 60_000 });
    expect((await ticketNow()).firstResponseAt).not.toBeNull();
    const taken = await core.client.request(undoMessage, { messageId: id }, { actor: core.actorOf(core.acme) });
    expect(taken.delivery?.state).toBe('cancelled');
    const now = await ticketNow();
    expect(now).toMatchObject({ messageCount: 0, firstResponseAt: null });
    expect(now.sla.find(({ target }) => target === 'first_response')).toMatchObject({
      state: 'running',
      stoppedAt: null,
    });
    await core.sql(`UPDATE outbound_mails SET due_at = now() - interval '1 minute'`);
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 1_000 });
    expect(mails.filter(({ ticketId }) => ticketId === ticket.id)).toEqual([]);
    const events = await core.sql(
      `SELECT payload FROM outbox WHERE name = 'message.delivery' AND payload->>'messageId' = $1`,
      [id],
    );
    expect(events).toMatchObject([{ payload: { state: 'cancelled', version: now.version } }]);
    expect(
      await refusalOf(core.client.request(undoMessage, { messageId: id }, { actor: core.actorOf(core.acme) })),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a second reply leaves the first an answer', async () => {
    const first = await post({ content: 'One' });
    const { id } = await post({ content: 'Two', undoMs: 60_000 });
    await core.client.request(undoMessage, { messageId: id }, { actor: core.actorOf(core.acme) });
    expect(await ticketNow()).toMatchObject({ messageCount: 1, firstResponseAt: first.createdAt });
  });

  it('is the author’s, and too late once the mail is being sent', async () => {
    const { id } = await post({ content: 'Gone' });
    const undo = (actor = core.actorOf(core.acme)) => core.client.request(undoMessage, { messageId: id }, { actor });
    expect(await refusalOf(undo(core.actorOf(core.acme, 'admin')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusalOf(undo(core.actorOf(core.globex)))).toMatchObject({ code: 'NOT_FOUND' });
    await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 60_000 });
    expect(await refusalOf(undo())).toMatchObject({ code: 'CONFLICT' });
    await core.client.request(settleOutgoing, { worker: 'w', id, outcome: { state: 'sent', detail: '250 ok' } });
    expect(await refusalOf(undo())).toMatchObject({ code: 'CONFLICT' });
    expect((await ticketNow()).messageCount).toBe(1);
  });

  it('and a claim at once never both succeed', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await post({ content: 'Race' })).id));
    const [{ mails }, ...undone] = await Promise.all([
      core.client.request(claimOutgoing, { worker: 'racer', limit: 50, leaseMs: 60_000 }),
      ...ids.map((messageId) =>
        core.client.request(undoMessage, { messageId }, { actor: core.actorOf(core.acme) }).then(
          () => messageId,
          () => null,
        ),
      ),
    ]);
    const claimed = new Set(mails.map(({ id }) => id));
    expect(undone.filter((id) => id !== null && claimed.has(id))).toEqual([]);
  });
});

describe('a contact', () => {
  it('sees the public messages of their own ticket, without how they came about, and no history', async () => {
    await post({ content: 'For Casey' });
    await post({ content: 'NOT FOR CASEY', isInternalNote: true });
    const casey = core.contactOf(core.acme, ticket.contact!.id);
    await post({ content: 'Still dead' }, casey);
    const { items } = await core.client.request(listMessages, { ticket: ticket.id }, { actor: casey });
    expect(items.map(({ content }) => content)).toEqual(['For Casey', 'Still dead']);
    expect(items.every(({ delivery, threading, wholeText }) => !delivery && !threading && !wholeText)).toBe(true);
    expect(await core.client.request(getTicket, { ticket: ticket.id }, { actor: casey })).toMatchObject({
      messageCount: 2,
    });
    expect(await ticketNow()).toMatchObject({ messageCount: 3 });
    expect(await refusalOf(core.client.request(listActivities, { ticket: ticket.id }, { actor: casey }))).toMatchObject(
      { code: 'FORBIDDEN' },
    );
    expect(await refusalOf(post({ content: 'x', isInternalNote: true }, casey))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await outbound()).toHaveLength(1);
  });

  it('who writes a mail has its files with what they wrote', async () => {
    const file = { name: 'dial.log', contentType: 'text/plain', sizeBytes: 7, sha256: 'a'.repeat(64), inline: false };
    const attachments = [{ ...file, contentId: null, blobKey: 'aa/aa/aa' }];
    await fileMail(core, mailFacts('casey@customer.example', { attachments }), { ticketId: ticket.id });
    const asked = { ticket: ticket.id };
    const { items } = await core.client.request(listMessages, asked, { actor: core.actorOf(core.acme) });
    expect(items).toMatchObject([{ content: 'It is broken.', attachments: [{ name: 'dial.log', sizeBytes: 7 }] }]);
  });

  it('reopens what was resolved', async () => {
    await core.sql(`UPDATE tickets SET status = 'resolved', resolved_at = now() WHERE id = $1`, [ticket.id]);
    await post({ content: 'Again!' }, core.contactOf(core.acme, ticket.contact!.id));
    expect(await ticketNow()).toMatchObject({ status: 'open', resolvedAt: null });
    expect((await linesOf()).map(({ type }) => type)).toContain('reopened');
  });
});

describe('the thread', () => {
  it('is paged oldest first, and long texts end a page early', async () => {
    for (let place = 0; place < 5; place++)
      await post({ content: `${place}${'ß'.repeat(190_000)}`, isInternalNote: true });
    const seen: string[] = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const page: { items: { content: string }[]; nextCursor: string | null } = await core.client.request(
        listMessages,
        { ticket: ticket.id, limit: 3, ...(cursor && { cursor }) },
        { actor: core.actorOf(core.acme) },
      );
      seen.push(...page.items.map(({ content }) => content[0]!));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['0', '1', '2', '3', '4']);
    expect(pages).toBe(5);
  }, 30_000);
});

describe('over HTTP, a message', () => {
  const path = () => `/api/v1/tickets/${ticket.id}`;
  const admin = () => core.actorOf(core.acme, 'admin');
  const postAs = (content: string, isInternalNote: boolean, undoMs = 0) =>
    core.client.request(
      postMessage,
      { ticket: ticket.id, content, isInternalNote, undoMs },
      { actor: { ...admin(), surface: 'api' } },
    );

  it('is a comment by another name, both ways', async () => {
    const body = 'Checked the service logs — the crash was caused by a corrupted config file. Replacing with default.';
    const comment = await core.http(`/api/tickets/${ticket.id}/comments`, { json: { body, internal: true } });
    expect(comment).toMatchObject({ status: 201, body: { body, internal: true, author: { name: 'Alice' } } });
    const asMessage = await core.http(`${path()}/messages`);
    expect(asMessage.body['items']).toMatchObject([{ content: body, isInternalNote: true }]);
    await core.http(`${path()}/messages`, { json: { content: 'Public', isInternalNote: false } });
    expect((await core.http(`${path()}/comments?limit=1`)).body).toMatchObject({
      items: [{ body, internal: true }],
      nextCursor: expect.any(String) as unknown,
    });
    expect((await core.http(`${path()}/comments`)).body['items']).toMatchObject([
      {},
      { body: 'Public', internal: false },
    ]);
    expect(await core.http(`${path()}/comments`, { json: { body: ' ' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/body' }] },
    });
    expect((await core.http(`${path()}/comments`, { key: core.globex.apiKey })).status).toBe(404);
  });

  it('is edited and deleted by its author', async () => {
    const note = await postAs('First', true);
    const waiting = await postAs('Soon', false, 600_000);
    const edit = (id: string, json: unknown, key = core.acme.apiKey) =>
      core.http(`${path()}/messages/${id}`, { method: 'PATCH', json, key });
    const remove = (id: string) => core.http(`${path()}/messages/${id}`, { method: 'DELETE' });
    expect(await edit(note.id, { content: 'Second' })).toMatchObject({ status: 200, body: { content: 'Second' } });
    expect(await edit(waiting.id, { content: 'Better' })).toMatchObject({ status: 200, body: { content: 'Better' } });
    expect(await edit(note.id, { content: '' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/content' }] },
    });
    expect((await edit(note.id, { content: 'x' }, core.globex.apiKey)).status).toBe(404);
    expect((await edit(core.acme.id, { content: 'x' })).status).toBe(404);
    const byBea = core.client.request(
      changeMessage,
      { ticket: ticket.id, messageId: note.id, content: 'x' },
      { actor: core.actorOf(core.acme) },
    );
    expect(await refusalOf(byBea)).toMatchObject({ code: 'FORBIDDEN' });

    expect(await remove(waiting.id)).toMatchObject({ status: 200, body: { success: true } });
    expect(await outbound()).toMatchObject([{ state: 'cancelled' }]);
    expect((await ticketNow()).firstResponseAt).toBeNull();
    expect(await remove(note.id)).toMatchObject({ status: 200 });
    expect((await remove(note.id)).status).toBe(404);
    expect((await ticketNow()).messageCount).toBe(0);
    const lines = (await linesOf()).filter(({ type }) => /^message_(edited|deleted|taken)/.test(type));
    expect(lines.map(({ type, oldValue }) => [type, (oldValue as { content: string }).content])).toEqual([
      ['message_edited', 'First'],
      ['message_edited', 'Soon'],
      ['message_taken_back', 'Better'],
      ['message_deleted', 'Second'],
    ]);
  });

  it('that was mailed, or is just going, is changed here and not in the mail; it stays the answer', async () => {
    const { id } = await postAs('Gone', false);
    const answered = (await ticketNow()).firstResponseAt;
    expect(answered).not.toBeNull();
    const change = (content: string | null) =>
      core.client.request(changeMessage, { ticket: ticket.id, messageId: id, content }, { actor: admin() });
    await core.sql(`UPDATE outbound_mails SET lease_owner = 'intake' WHERE message_id = $1`, [id]);
    expect(await change('Going')).toMatchObject({ content: 'Going', editedAt: expect.any(String) as unknown });
    await core.sql(`UPDATE outbound_mails SET lease_owner = NULL, state = 'sent' WHERE message_id = $1`, [id]);
    expect(await change('Here')).toMatchObject({ content: 'Here', delivery: { state: 'sent' } });
    await change(null);
    expect(await outbound()).toMatchObject([{ state: 'sent' }]);
    expect(await ticketNow()).toMatchObject({ messageCount: 0, firstResponseAt: answered });
    const lines = (await linesOf()).filter(({ type }) => /^message_(edited|deleted|taken)/.test(type));
    expect(lines.map(({ type, oldValue }) => [type, (oldValue as { content: string }).content])).toEqual([
      ['message_edited', 'Gone'],
      ['message_edited', 'Going'],
      ['message_deleted', 'Here'],
    ]);
  });
});
