import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mergeTickets, splitTicket, unmergeTicket } from '#shared/contracts/merges.js';
import { listActivities, listMessages, postMessage } from '#shared/contracts/messages.js';
import { getTicket, openTicket, type TicketView, updateTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';
import { fileMail, mailFacts } from '../../../../test/support/file-mail.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
  const json = {
    name: 'All of it',
    priority: 100,
    firstResponseMinutes: 60,
    nextResponseMinutes: 30,
    resolutionMinutes: 600,
    nextResponseFrom: 'customer_message',
  };
  expect((await core.http('/api/v1/sla/policies', { json })).status).toBe(201);
}, 60_000);
afterAll(() => core.close());

const agent = () => core.actorOf(core.acme);
const get = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: agent() });
const post = (ticket: string, content: string, isInternalNote = false) =>
  core.client.request(postMessage, { ticket, content, isInternalNote }, { actor: agent() });
const messagesOf = async (ticket: string) =>
  (await core.client.request(listMessages, { ticket, limit: 100 }, { actor: agent() })).items;
const historyOf = async (ticket: string) =>
  (await core.client.request(listActivities, { ticket, limit: 100 }, { actor: agent() })).items;
const split = (ticket: string, body: object, init: object = {}) =>
  core.http(`/api/v1/tickets/${ticket}/split`, { json: body, ...init });
const clockOf = ({ sla }: TicketView, target: string) => sla.find((clock) => clock.target === target);

/** A ticket by mail with further mails on it, each from whom it says; their ids in order. */
async function conversation(...senders: string[]) {
  const [first = 'casey@customer.example', ...others] = senders;
  const filed = await fileMail(core, mailFacts(first, { cc: others.filter((one) => one !== first) }));
  for (const [place, sender] of others.entries()) {
    const words = `question ${place + 2}`;
    await fileMail(core, mailFacts(sender, { reply: words, text: words }), { ticketId: filed.ticketId! });
  }
  const messages = await messagesOf(filed.ticketId!);
  return { id: filed.ticketId!, number: filed.ticketNumber!, ids: messages.map(({ id }) => id), messages };
}

describe('splitting', () => {
  it('moves messages into a ticket of their own, linked, counted, told of, with a card to come', async () => {
    const a = await conversation('casey@customer.example', 'casey@customer.example', 'casey@customer.example');
    const note = await post(a.id, 'about the second', true);
    await core.client.request(
      updateTicket,
      { ticket: a.id, priority: 'high', assigneeId: core.acme.agents.agent.id, tags: ['vip'] },
      { actor: agent() },
    );
    const answer = await split(`${a.number}`, {
      messageIds: [a.ids[1], note.id],
      subject: 'A second thing',
      note: 'Two matters',
    });
    expect(answer.status).toBe(201);
    const [fresh, original] = [answer.body['ticket'] as TicketView, answer.body['original'] as TicketView];
    expect(fresh).toMatchObject({
      subject: 'A second thing',
      description: 'question 2',
      priority: 'high',
      source: 'email',
      status: 'open',
      assigneeId: core.acme.agents.agent.id,
      contactEmail: 'casey@customer.example',
      tags: [],
      messageCount: 3,
      createdAt: a.messages[1]!.createdAt,
    });
    expect(original).toMatchObject({ id: a.id, messageCount: 2, tags: ['vip'] });
    expect((await messagesOf(fresh.id)).map(({ id }) => id)).toEqual([a.ids[1], note.id, expect.any(String)]);
    expect((await messagesOf(a.id)).map(({ id }) => id)).toEqual([a.ids[0], a.ids[2]]);
    expect(await core.sql('SELECT from_id, to_id, kind FROM ticket_links WHERE to_id = $1', [fresh.id])).toEqual([
      { from_id: a.id, to_id: fresh.id, kind: 'split_into' },
    ]);
    expect((await historyOf(a.id)).at(-1)).toMatchObject({
      type: 'split',
      newValue: { into: { id: fresh.id, number: fresh.number }, messageIds: [a.ids[1], note.id] },
    });
    expect((await historyOf(fresh.id)).map(({ type }) => type)).toEqual([
      'created',
      'note_added',
      'split',
      'note_added',
    ]);
    const events = await core.sql<{ name: string; id: string }>(
      `SELECT name, payload->>'ticketId' AS id FROM outbox WHERE payload->>'ticketId' = ANY($1) ORDER BY id`,
      [[a.id, fresh.id]],
    );
    expect(events).toContainEqual({ name: 'ticket.opened', id: fresh.id });
    expect(events.filter(({ name, id }) => name === 'ticket.updated' && id === a.id).length).toBeGreaterThan(0);
  });

  it('gives the new ticket clocks that run since its question came, and takes that question off the old one’s', async () => {
    const a = await conversation('casey@customer.example');
    await post(a.id, 'answered');
    await fileMail(core, mailFacts('casey@customer.example', { reply: 'And another thing' }), { ticketId: a.id });
    const asked = (await messagesOf(a.id)).at(-1)!;
    expect(clockOf(await get(a.id), 'next_response')).toMatchObject({ state: 'running', startedAt: asked.createdAt });
    const { ticket, original } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [asked.id] },
      { actor: agent() },
    );
    expect(clockOf(ticket, 'first_response')).toMatchObject({ state: 'running', startedAt: asked.createdAt });
    expect(clockOf(original, 'first_response')).toMatchObject({ state: 'met' });
    expect(original.sla.filter(({ target, state }) => target === 'next_response' && state === 'running')).toEqual([]);
  });

  it('counts an answer that moves along on both: nobody is made late by it', async () => {
    const a = await conversation('casey@customer.example', 'casey@customer.example');
    const reply = await post(a.id, 'Answers both');
    const { ticket, original } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [a.ids[1]!, reply.id] },
      { actor: agent() },
    );
    expect(ticket.firstResponseAt).toBe(reply.createdAt);
    expect(clockOf(ticket, 'first_response')).toMatchObject({ state: 'met' });
    expect(clockOf(original, 'first_response')).toMatchObject({ state: 'met' });
    expect(original.firstResponseAt).toBe(reply.createdAt);
  });

  it('takes all that came later, when asked to', async () => {
    const a = await conversation('casey@customer.example', 'casey@customer.example', 'casey@customer.example');
    const later = await post(a.id, 'later');
    const { ticket } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [a.ids[1]!], andLater: true },
      { actor: agent() },
    );
    expect((await messagesOf(ticket.id)).map(({ id }) => id)).toEqual([a.ids[1], a.ids[2], later.id]);
    expect((await messagesOf(a.id)).map(({ id }) => id)).toEqual([a.ids[0]]);
  });

  it('is for whoever wrote: a colleague in copy gets a ticket that is theirs, and nobody in copy', async () => {
    const a = await conversation('casey@customer.example', 'dana@customer.example');
    const { ticket } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [a.ids[1]!] },
      { actor: agent() },
    );
    expect(ticket).toMatchObject({ contactEmail: 'dana@customer.example', subject: 'It is broken' });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [ticket.id])).toEqual([{ cc: [] }]);
    const b = await conversation('casey@customer.example', 'casey@customer.example', 'erin@customer.example');
    const own = await core.client.request(splitTicket, { ticket: b.id, messageIds: [b.ids[1]!] }, { actor: agent() });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [own.ticket.id])).toEqual([
      { cc: ['erin@customer.example'] },
    ]);
  });

  it('makes a ticket of notes alone, of the same customer, that begins now', async () => {
    const a = await conversation('casey@customer.example');
    const note = await post(a.id, 'The fuser of all of them should be checked', true);
    const startedAt = Date.now();
    const { ticket } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [note.id] },
      { actor: agent() },
    );
    expect(ticket).toMatchObject({
      contactEmail: 'casey@customer.example',
      description: note.content,
      messageCount: 1,
    });
    expect(Date.parse(ticket.createdAt)).toBeGreaterThanOrEqual(startedAt);
    expect(clockOf(ticket, 'first_response')).toMatchObject({ state: 'running' });
  });

  it('separates two customers again whose tickets were merged, also when the merge is undone after it', async () => {
    const [a, b] = [await conversation('one@one.example'), await conversation('two@two.example', 'two@two.example')];
    await core.client.request(mergeTickets, { ticket: b.id, into: a.id }, { actor: agent() });
    const { ticket, original } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [b.ids[1]!] },
      { actor: agent() },
    );
    expect(ticket).toMatchObject({ contactEmail: 'two@two.example', messageCount: 1 });
    expect(original).toMatchObject({ messageCount: 2 });
    const theirs = await core.client.request(
      listMessages,
      { ticket: ticket.id },
      { actor: core.contactOf(core.acme, ticket.contact!.id) },
    );
    expect(theirs.items).toHaveLength(1);
    const undone = await core.client.request(unmergeTicket, { ticket: b.id }, { actor: agent() });
    // What was split off meanwhile stays where it is, and waits for its answer there only.
    expect(undone).toMatchObject({ ticket: { messageCount: 1 }, survivor: { messageCount: 1 } });
    expect(await get(ticket.id)).toMatchObject({ messageCount: 1 });
  });

  it.each([
    ['nothing', { messageIds: [] }, 400, '/messageIds'],
    ['too many', { messageIds: Array.from({ length: 501 }, () => randomUUID()) }, 400, '/messageIds'],
    ['what is no id', { messageIds: ['first'] }, 400, '/messageIds/0'],
    ['a subject of two lines', { messageIds: [randomUUID()], subject: 'a\nb' }, 400, '/subject'],
    ['a message that is not there', { messageIds: [randomUUID()] }, 422, '/messageIds/0'],
    ['another field', { messageIds: [randomUUID()], all: true }, 400, ''],
  ])('refuses %s', async (_what, body, status, pointer) => {
    const { id } = await conversation();
    expect(await split(id, body)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });

  it('refuses messages of other tickets and deleted ones, each by its place, and moves none then', async () => {
    const [a, b] = [await conversation('casey@customer.example', 'casey@customer.example'), await conversation()];
    const gone = await post(a.id, 'gone', true);
    await core.sql('UPDATE messages SET deleted_at = now() WHERE id = $1', [gone.id]);
    const theirs = await core.client.request(openTicket, { subject: 'x' }, { actor: core.actorOf(core.globex) });
    const foreign = await core.client.request(
      postMessage,
      { ticket: theirs.id, content: 'x' },
      { actor: core.actorOf(core.globex) },
    );
    const answer = await split(a.id, { messageIds: [a.ids[1], b.ids[0], gone.id, foreign.id] });
    expect(answer.status).toBe(422);
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      '/messageIds/1',
      '/messageIds/2',
      '/messageIds/3',
    ]);
    expect(await messagesOf(a.id)).toHaveLength(2);
  });

  it('leaves something behind: a description or a message', async () => {
    const described = await conversation('casey@customer.example');
    expect(await split(described.id, { messageIds: described.ids })).toMatchObject({ status: 201 });
    const bare = await core.client.request(openTicket, { subject: 'Bare' }, { actor: agent() });
    const only = await post(bare.id, 'only', true);
    const answer = await split(bare.id, { messageIds: [only.id] });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/messageIds' }] } });
    await post(bare.id, 'one more', true);
    expect(await split(bare.id, { messageIds: [only.id] })).toMatchObject({ status: 201 });
  });

  it('is refused to those who may not, and done once for one key', async () => {
    const a = await conversation('casey@customer.example', 'casey@customer.example');
    const as = (actor: object) =>
      refusalOf(core.client.request(splitTicket, { ticket: a.id, messageIds: [a.ids[1]!] }, { actor: actor as never }));
    expect(await as(core.actorOf(core.acme, 'viewer'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await as(core.actorOf(core.globex))).toMatchObject({ code: 'NOT_FOUND' });
    const { contact } = await get(a.id);
    expect(await as(core.contactOf(core.acme, contact!.id))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await split(a.id, { messageIds: [a.ids[1]] }, { key: core.globex.apiKey })).toMatchObject({ status: 404 });
    const headers = { 'idempotency-key': randomUUID() };
    const [one, two] = [
      await split(a.id, { messageIds: [a.ids[1]] }, { headers }),
      await split(a.id, { messageIds: [a.ids[1]] }, { headers }),
    ];
    expect(two).toMatchObject({ status: 201, body: one.body });
    const again = await Promise.all([split(a.id, { messageIds: [a.ids[0]] }), split(a.id, { messageIds: [a.ids[0]] })]);
    expect(again.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([201, 422]);
  });
});
