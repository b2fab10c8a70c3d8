import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TRPCClientError } from '@trpc/client';
import { TestCore } from '../../../../test/support/core.js';
import { type DeskClient, deskClient } from './desk-client.js';

let core: TestCore;
let desk: DeskClient;
beforeAll(async () => {
  core = await TestCore.start();
  desk = deskClient({ url: await core.app.getUrl(), apiKey: core.acme.apiKey });
}, 60_000);
afterAll(() => core.close());

/** As a typed client hears it. */
async function refusalOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const { message } = error;
    const data = error.data as { code: string; problems: { pointer: string }[] };
    return { code: data.code, message, pointers: data.problems.map(({ pointer }) => pointer) };
  }
  throw new Error('It was not refused');
}

describe('tickets by tRPC, with the typed client', () => {
  it('open, read, change, discuss, resolve, reopen, delete and restore', async () => {
    const opened = await desk.tickets.create.mutate({
      subject: 'Login broken',
      priority: 'critical',
      contactEmail: 'casey@customer.example',
    });
    expect(opened).toMatchObject({ subject: 'Login broken', priority: 'urgent', status: 'open' });
    const ticket = opened.number;
    expect(await desk.tickets.get.query({ ticket })).toMatchObject({ id: opened.id });
    expect(
      await desk.tickets.update.mutate({ ticket, category: 'technical', assignee: 'bea@acme.test' }),
    ).toMatchObject({
      category: 'technical',
      assignee: { name: 'Bea' },
    });
    const reply = await desk.tickets.messages.post.mutate({ ticket, content: 'We look into it.' });
    const note = await desk.tickets.messages.post.mutate({ ticket, content: 'Psst', isInternalNote: true });
    expect(reply.delivery).toMatchObject({ to: ['casey@customer.example'] });
    await desk.tickets.messages.change.mutate({ ticket, messageId: note.id, content: 'Pssst' });
    const thread = await desk.tickets.messages.list.query({ ticket });
    expect(thread.items.map(({ content }) => content)).toEqual(['We look into it.', 'Pssst']);
    expect(await desk.tickets.resolve.mutate({ ticket, note: 'Done' })).toMatchObject({ status: 'resolved' });
    expect(await desk.tickets.reopen.mutate({ ticket })).toMatchObject({ status: 'open' });
    const history = await desk.tickets.history.query({ ticket });
    expect(history.items.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['created', 'assigned', 'resolved', 'reopened']),
    );
    expect(await desk.tickets.delete.mutate({ ticket })).toEqual({ success: true });
    expect(await refusalOf(desk.tickets.get.query({ ticket }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await desk.tickets.restore.mutate({ ticket })).toMatchObject({ id: opened.id });
  });

  it('lists, with and without filters, and goes on by cursor', async () => {
    for (const subject of ['One', 'Two', 'Three']) await desk.tickets.create.mutate({ subject, tags: ['listed'] });
    expect((await desk.tickets.list.query()).items.length).toBeGreaterThanOrEqual(3);
    const first = await desk.tickets.list.query({ tag: ['listed'], limit: 2 });
    const second = await desk.tickets.list.query({ tag: ['listed'], limit: 2, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual(['Three', 'Two', 'One']);
    expect(second.nextCursor).toBeNull();
  });

  it('merges, takes it back, and splits', async () => {
    const [a, b] = [
      await desk.tickets.create.mutate({ subject: 'A' }),
      await desk.tickets.create.mutate({ subject: 'B' }),
    ];
    const { id } = await desk.tickets.messages.post.mutate({ ticket: a.id, content: 'Of A', isInternalNote: true });
    expect(await desk.tickets.merge.mutate({ ticket: a.number, into: b.number })).toMatchObject({
      ticket: { id: b.id },
    });
    expect((await desk.tickets.messages.list.query({ ticket: b.id })).items.map((one) => one.id)).toEqual([id]);
    await desk.tickets.unmerge.mutate({ ticket: a.number });
    expect((await desk.tickets.messages.list.query({ ticket: a.id })).items.map((one) => one.id)).toEqual([id]);
    await desk.tickets.messages.post.mutate({ ticket: a.id, content: 'Stays', isInternalNote: true });
    const split = await desk.tickets.split.mutate({ ticket: a.id, messageIds: [id], subject: 'Another matter' });
    expect(split.ticket).toMatchObject({ subject: 'Another matter', messageCount: 1 });
  });

  it('refuses in the words of the other ways in', async () => {
    const http = await core.http('/api/v1/tickets', { json: { subject: '', priority: 'nonsense' } });
    const trpc = await refusalOf(desk.tickets.create.mutate({ subject: '', priority: 'nonsense' as 'low' }));
    expect(trpc).toEqual({
      code: http.body['code'],
      message: http.body['detail'],
      pointers: (http.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer),
    });
    const nobody = deskClient({ url: await core.app.getUrl(), apiKey: 'dw_nobody_12345678' });
    expect(await refusalOf(nobody.tickets.list.query())).toMatchObject({ code: 'UNAUTHORIZED' });
    const rival = deskClient({ url: await core.app.getUrl(), apiKey: core.globex.apiKey });
    const { id } = await desk.tickets.create.mutate({ subject: 'Acme’s' });
    expect(await refusalOf(rival.tickets.get.query({ ticket: id }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(rival.tickets.merge.mutate({ ticket: id, into: id }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
