import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signReplyAddress } from '#mail/reply-address.js';
import { chooseTicket, type ThreadFacts } from '#mail/thread.js';
import { claimOutgoing } from '#shared/contracts/mail-out.js';
import { mergeTickets, splitTicket, unmergeTicket } from '#shared/contracts/merges.js';
import { listMessages, postMessage } from '#shared/contracts/messages.js';
import { getTicket, updateTicket } from '#shared/contracts/tickets.js';
import { TestCore } from '../../../../test/support/core.js';
import { fileMail, mailFacts, threadsOf } from '../../../../test/support/file-mail.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const SECRET = 'x'.repeat(32);
const agent = () => core.actorOf(core.acme);
const get = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: agent() });
const messagesOf = async (ticket: string, actor = agent()) =>
  (await core.client.request(listMessages, { ticket, limit: 100 }, { actor })).items;
const merge = (ticket: string, into: string) => core.client.request(mergeTickets, { ticket, into }, { actor: agent() });
const unmerge = (ticket: string) => core.client.request(unmergeTicket, { ticket }, { actor: agent() });
/** A ticket opened by mail, with the Message-ID that opened it. */
async function mailed(from: string, overrides: Parameters<typeof mailFacts>[1] = {}) {
  const facts = mailFacts(from, overrides);
  const filed = await fileMail(core, facts);
  return { id: filed.ticketId!, number: filed.ticketNumber!, messageId: facts.messageId! };
}

/** What the intake decides of a mail, with what the core tells it; and what becomes of the mail then. */
async function arrive(from: string, facts: Partial<ThreadFacts>, overrides: Parameters<typeof mailFacts>[1] = {}) {
  const thread: ThreadFacts = {
    recipients: [],
    senderAddress: from,
    messageIds: [],
    subjectNumbers: [],
    authenticated: true,
    authenticationWhy: 'DMARC pass',
    fromIsAmbiguous: false,
    ...facts,
  };
  const ticketIds = thread.recipients.length > 0 ? [String(overrides['subject'])] : [];
  const candidates = await threadsOf(core, {
    messageIds: thread.messageIds,
    numbers: thread.subjectNumbers,
    ticketIds,
  });
  const known = candidates.map(({ ticketId, number, messageIds, participants: addresses, contactIds }) => ({
    orgId: core.acme.id,
    ticketId,
    number,
    messageIds,
    participants: contactIds.map((contactId) => ({ contactId, addresses })),
  }));
  const { rule, ticketId } = chooseTicket(thread, known, SECRET);
  const mail = mailFacts(from, { authenticated: thread.authenticated, ...overrides });
  return fileMail(core, mail, ticketId && rule !== 'new' ? { ticketId, rule } : null);
}

describe('mail after a merge', () => {
  it('arrives in the survivor, whichever of both it means and however it says so', async () => {
    const a = await mailed('casey@customer.example');
    const b = await mailed('casey@customer.example');
    const { contact } = await get(b.id);
    const whose = { orgId: core.acme.id, ticketId: b.id, contactId: contact!.id, secret: SECRET };
    const signed = signReplyAddress({ ...whose, supportAddress: core.acme.supportAddress });
    await merge(b.id, a.id);
    for (const filed of [
      await arrive('casey@customer.example', { messageIds: [b.messageId] }),
      await arrive('casey@customer.example', { subjectNumbers: [b.number] }),
      await arrive('somebody@private.example', { recipients: [signed] }, { subject: b.id }),
      await arrive('casey@customer.example', { messageIds: [a.messageId] }),
      await arrive('casey@customer.example', { subjectNumbers: [a.number] }),
    ]) {
      expect(filed).toMatchObject({ disposition: 'message_added', ticketId: a.id, ticketNumber: a.number });
    }
    expect(await get(a.id)).toMatchObject({ messageCount: 7 });
    expect(await get(b.id)).toMatchObject({ messageCount: 0, status: 'closed' });
    const evidence = (await messagesOf(a.id)).map(({ threading }) => threading?.evidence ?? '');
    expect(evidence.filter((text) => text.includes(`merged into #${a.number}`))).toHaveLength(3);
    await core.client.request(updateTicket, { ticket: a.id, status: 'resolved' }, { actor: agent() });
    await arrive('casey@customer.example', { messageIds: [b.messageId] });
    expect(await get(a.id)).toMatchObject({ status: 'open' });
  });

  it('follows a chain of merges, and does not run in circles', async () => {
    const [a, b, c] = [
      await mailed('x@chain.example'),
      await mailed('x@chain.example'),
      await mailed('x@chain.example'),
    ];
    await merge(a.id, b.id);
    await merge(b.id, c.id);
    expect(await arrive('x@chain.example', { messageIds: [a.messageId] })).toMatchObject({ ticketId: c.id });
    await unmerge(b.id);
    expect(await arrive('x@chain.example', { messageIds: [a.messageId] })).toMatchObject({ ticketId: b.id });
    // No act makes a circle; if rows ever did, a mail must still become a ticket.
    await core.sql('UPDATE tickets SET duplicate_of = $2 WHERE id = $1', [b.id, a.id]);
    const filed = await fileMail(core, mailFacts('x@chain.example'), { ticketId: a.id });
    expect(filed).toMatchObject({ disposition: 'ticket_opened', error: null });
    await core.sql('UPDATE tickets SET duplicate_of = NULL WHERE id = $1', [b.id]);
  }, 30_000);

  it('arrives where it is meant again once the merge is taken back', async () => {
    const [a, b] = [await mailed('y@back.example'), await mailed('y@back.example')];
    await merge(b.id, a.id);
    await arrive('y@back.example', { messageIds: [b.messageId] });
    await unmerge(b.id);
    expect(await arrive('y@back.example', { messageIds: [b.messageId] })).toMatchObject({ ticketId: b.id });
    // What came in between stays with the survivor, as its answers do.
    expect(await get(a.id)).toMatchObject({ messageCount: 2 });
    expect(await get(b.id)).toMatchObject({ messageCount: 2 });
  });

  it('of another customer joins, unseen by the survivor’s, and puts nobody in copy', async () => {
    const a = await mailed('one@first.example');
    const b = await mailed('two@second.example', { cc: ['boss@second.example'] });
    await merge(b.id, a.id);
    const filed = await arrive(
      'two@second.example',
      { messageIds: [b.messageId] },
      { reply: 'our secret', text: 'our secret', cc: ['third@second.example'] },
    );
    expect(filed).toMatchObject({ disposition: 'message_added', ticketId: a.id });
    expect(await arrive('boss@second.example', { messageIds: [b.messageId] })).toMatchObject({ ticketId: a.id });
    // By the survivor's number too: they take part in what is one now.
    expect(await arrive('two@second.example', { subjectNumbers: [a.number] })).toMatchObject({ ticketId: a.id });
    expect(await core.sql('SELECT cc FROM tickets WHERE id = $1', [a.id])).toEqual([{ cc: [] }]);
    const [one, two] = [(await get(a.id)).contact!, (await get(b.id)).contact!];
    const seenByOne = await messagesOf(a.id, core.contactOf(core.acme, one.id));
    expect(JSON.stringify(seenByOne)).not.toContain('secret');
    expect(seenByOne).toHaveLength(1);
    expect(await messagesOf(b.id, core.contactOf(core.acme, two.id))).toHaveLength(4);
    await core.client.request(postMessage, { ticket: a.id, content: 'answer' }, { actor: agent() });
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 60_000 });
    const answer = mails.find(({ bodyMarkdown }) => bodyMarkdown === 'answer');
    expect(answer).toMatchObject({ to: ['one@first.example'], cc: [] });
    // Not even by its headers: what the other wrote has ids of the other's house.
    expect(JSON.stringify(answer)).not.toContain(b.messageId);
  });

  it('lets no stranger in', async () => {
    const [a, b] = [await mailed('p@door.example'), await mailed('q@door.example')];
    await merge(b.id, a.id);
    const filed = await fileMail(core, mailFacts('mallory@evil.example'), { ticketId: b.id });
    expect(filed.disposition).toBe('ticket_opened');
    expect([a.id, b.id]).not.toContain(filed.ticketId);
    const unproven = mailFacts('q@door.example', { authenticated: false });
    const numbered = await fileMail(core, unproven, { ticketId: b.id, rule: 'subject_number' });
    expect(numbered.disposition).toBe('ticket_opened');
  });

  it('to a closed survivor opens one follow-up for each customer, and tells neither of the other’s', async () => {
    const [a, b] = [await mailed('m@closed.example'), await mailed('n@elsewhere.example')];
    await merge(b.id, a.id);
    await core.client.request(updateTicket, { ticket: a.id, status: 'closed' }, { actor: agent() });
    const first = await arrive('m@closed.example', { messageIds: [a.messageId] });
    const second = await arrive('n@elsewhere.example', { messageIds: [b.messageId] });
    expect(first.disposition).toBe('ticket_opened');
    expect(second.disposition).toBe('ticket_opened');
    expect(await get(first.ticketId!)).toMatchObject({ followUpOf: a.id, contactEmail: 'm@closed.example' });
    expect(await get(second.ticketId!)).toMatchObject({ followUpOf: b.id, contactEmail: 'n@elsewhere.example' });
    expect(await arrive('n@elsewhere.example', { messageIds: [b.messageId] })).toMatchObject({
      ticketId: second.ticketId,
    });
  });

  it('arrives in exactly one of them while they are merged and unmerged at the same time', async () => {
    const [a, b] = [await mailed('r@race.example'), await mailed('r@race.example')];
    const moves = (async () => {
      for (let round = 0; round < 6; round++) {
        await merge(b.id, a.id);
        await unmerge(b.id);
      }
    })();
    const filed = await Promise.all(
      Array.from({ length: 12 }, () => fileMail(core, mailFacts('r@race.example'), { ticketId: b.id })),
    );
    await moves;
    expect(filed.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(new Set(filed.map(({ disposition }) => disposition))).toEqual(new Set(['message_added']));
    const [x, y] = [await get(a.id), await get(b.id)];
    expect(x.messageCount + y.messageCount).toBe(14);
    for (const ticket of [x, y]) expect(await messagesOf(ticket.id)).toHaveLength(ticket.messageCount);
  }, 30_000);
});

describe('mail after a split', () => {
  it('answers what was moved in the new ticket, and what stayed in the old one', async () => {
    const a = await mailed('s@split.example');
    const second = mailFacts('s@split.example', { reply: 'Another thing' });
    const moved = await fileMail(core, second, { ticketId: a.id });
    const { id } = (await messagesOf(a.id)).at(-1)!;
    const reply = await core.client.request(
      postMessage,
      { ticket: a.id, content: 'On that other thing' },
      { actor: agent() },
    );
    expect(moved.ticketId).toBe(a.id);
    const { ticket } = await core.client.request(
      splitTicket,
      { ticket: a.id, messageIds: [id, reply.id] },
      { actor: agent() },
    );
    expect(await arrive('s@split.example', { messageIds: [second.messageId!] })).toMatchObject({ ticketId: ticket.id });
    expect(await arrive('s@split.example', { messageIds: [`<${reply.id}@acme.test>`] })).toMatchObject({
      ticketId: ticket.id,
    });
    expect(await arrive('s@split.example', { messageIds: [a.messageId] })).toMatchObject({ ticketId: a.id });
    // The reply that still waited leaves as the new ticket's.
    const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 60_000 });
    expect(mails.find((mail) => mail.id === reply.id)).toMatchObject({ ticketNumber: ticket.number });
  });
});
