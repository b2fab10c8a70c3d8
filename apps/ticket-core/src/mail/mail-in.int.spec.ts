import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  acceptMails,
  claimMails,
  DISPOSITIONS,
  fileMails,
  findThreads,
  type MailToAccept,
  type ReadMailFacts,
  resolveRecipient,
} from '#shared/contracts/mail-in.js';
import { claimOutgoing, settleOutgoing } from '#shared/contracts/mail-out.js';
import { listActivities, listMessages, postMessage } from '#shared/contracts/messages.js';
import { deleteTicket, getTicket, updateTicket } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { refusalOf, TestCore, type TestOrganisation } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());
// Each test has the queue to itself; what was filed stays.
beforeEach(() => core.sql(`DELETE FROM inbound_mails WHERE state = 'accepted'`));

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const rawOf = (text: string) => Buffer.from(`Subject: x\r\n\r\n${text}\r\n`, 'latin1');

function mailOf(from: string, raw: Buffer, orgs: readonly TestOrganisation[], overrides: Partial<MailToAccept> = {}) {
  const envelope = {
    mailFrom: from,
    recipients: orgs.map((org) => ({ orgId: org.id, address: org.supportAddress })),
    receivedAt: new Date().toISOString(),
    peer: '127.0.0.1',
    helo: 'mx.customer.example',
    tls: false,
  };
  return { envelope, sha256: sha(raw), sizeBytes: raw.length, blobKey: null, trace: null, ...overrides };
}

async function accept(
  from: string,
  raw: Buffer = rawOf(randomUUID()),
  orgs: readonly TestOrganisation[] = [core.acme],
  overrides: Partial<MailToAccept> = {},
): Promise<string[]> {
  const mail = mailOf(from, raw, orgs, overrides);
  const part = mail.blobKey === null ? raw : Buffer.alloc(0);
  const { reply } = await core.client.requestBinary(acceptMails, { mails: [mail] }, [part]);
  const [result] = reply.results;
  if (result && 'ids' in result) return result.ids;
  throw DeskError.fromWire(result?.error);
}
const claim = (worker: string, limit = 256, leaseMs = 60_000) =>
  core.client.requestBinary(claimMails, { worker, limit, leaseMs }, []);

type Item = Parameters<typeof core.client.request<typeof fileMails>>[1]['mails'][number];
const factsOf = (from: string | null, overrides: Partial<ReadMailFacts> = {}): ReadMailFacts => ({
  messageId: `<${randomUUID()}@customer.example>`,
  duplicateKey: randomUUID(),
  from: from === null ? null : { address: from, name: 'Casey' },
  cc: [],
  subject: 'It is broken',
  text: 'It is broken.\n\n> quoted',
  reply: 'It is broken.',
  kind: 'message',
  isOurOwn: false,
  bounceOf: null,
  problems: [],
  attachments: [],
  authenticated: false,
  ...overrides,
});
const NEW: Item['threading'] = { rule: 'new', evidence: 'it points to no ticket', refused: [] };
const REFERENCES: Item['threading'] = { rule: 'references', evidence: 'In-Reply-To', refused: [] };
const file = async (worker: string, mails: Item[], org = core.acme) =>
  (await core.client.request(fileMails, { worker, mails }, { actor: core.serviceOf(org) })).results;

/** Accepts, claims and files mails together, as the intake would. */
async function arrive(mails: (Partial<Item> & { facts: ReadMailFacts })[], worker = 'w', org = core.acme) {
  const ids: string[] = [];
  for (const { facts } of mails) ids.push(...(await accept(facts.from?.address ?? '', undefined, [org])));
  await claim(worker);
  return file(
    worker,
    mails.map((mail, place) => ({ threading: NEW, ticketId: null, ...mail, id: ids[place]! })),
    org,
  );
}
const arriveOne = async (facts: ReadMailFacts, more: Partial<Item> = {}) => (await arrive([{ ...more, facts }]))[0]!;
const ticketOf = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: core.actorOf(core.acme) });
const messagesOf = async (ticket: string) =>
  (await core.client.request(listMessages, { ticket }, { actor: core.actorOf(core.acme) })).items;
const setStatus = (ticket: string, status: 'resolved' | 'closed' | 'pending' | 'on_hold') =>
  core.client.request(updateTicket, { ticket, status }, { actor: core.actorOf(core.acme) });

describe('accepting', () => {
  it('keeps what comes at once, byte for byte', async () => {
    const raws = Array.from({ length: 150 }, (_, place) =>
      Buffer.concat([rawOf(String(place)), Buffer.from([0, 255, 13, 10, 128, place])]),
    );
    const answers = await Promise.all(raws.map((raw) => accept('Casey@Customer.example', raw)));
    const rows = await core.sql<{ id: string; raw: Buffer; state: string; sender: string }>(
      `SELECT id, raw, state, sender FROM inbound_mails WHERE state = 'accepted'`,
    );
    expect(rows).toHaveLength(150);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const [place, ids] of answers.entries()) {
      expect(byId.get(ids[0]!)).toMatchObject({ sender: 'casey@customer.example' });
      expect(byId.get(ids[0]!)!.raw.equals(raws[place]!)).toBe(true);
    }
  });

  it('makes one row for each organisation, and shows neither the other’s recipients', async () => {
    const ids = await accept('casey@customer.example', undefined, [core.acme, core.globex]);
    const rows = await core.sql<{ org_id: string; envelope: { recipients: object[] } }>(
      'SELECT org_id, envelope FROM inbound_mails WHERE id = ANY($1)',
      [ids],
    );
    expect(rows.map(({ org_id }) => org_id).toSorted()).toEqual([core.acme.id, core.globex.id].toSorted());
    for (const { org_id, envelope } of rows) expect(envelope.recipients).toMatchObject([{ orgId: org_id }]);
    expect(rows.every(({ envelope }) => envelope.recipients.length === 1)).toBe(true);
  });

  it('takes a large mail by its place in the blob store, and one of the two only', async () => {
    const ids = await accept('casey@customer.example', Buffer.alloc(5_000_000), [core.acme], {
      blobKey: 'ab/cd/ef',
    });
    const [row] = await core.sql('SELECT raw, blob_key, size_bytes FROM inbound_mails WHERE id = $1', [ids[0]]);
    expect(row).toEqual({ raw: null, blob_key: 'ab/cd/ef', size_bytes: '5000000' });
    expect(await refusalOf(accept('a@b.example', rawOf('x'), [core.acme], { sizeBytes: 1 }))).toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('does not let one mail that cannot be kept turn away the others', async () => {
    const nowhere = { ...core.acme, id: randomUUID() };
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, (_, place) =>
        accept('casey@customer.example', undefined, [place % 20 === 7 ? nowhere : core.acme]),
      ),
    );
    expect(answers.map(({ status }) => status === 'fulfilled')).toEqual(answers.map((_, place) => place % 20 !== 7));
    expect(await core.sql(`SELECT 1 FROM inbound_mails WHERE state = 'accepted'`)).toHaveLength(57);
    // Not 5xx: the sender's server keeps it and tries again.
    expect(await refusalOf(accept('a@b.example', undefined, [nowhere]))).toMatchObject({ code: 'INTERNAL' });
  });

  it('knows whose an address is, with a tag too', async () => {
    const of = (address: string) => core.client.request(resolveRecipient, { address });
    expect(await of('Support+abc.def@ACME.test')).toEqual({ orgId: core.acme.id, address: 'support@acme.test' });
    expect(await of('nobody@acme.test')).toBeNull();
    expect(await of('sup\0port@nowhere.test')).toBeNull();
  });
});

describe('claiming', () => {
  it('gives each mail to one worker, and what is claimed with its bytes', async () => {
    const raws = Array.from({ length: 40 }, (_, place) => rawOf(`claim ${place}`));
    await Promise.all(raws.map((raw, place) => accept(`sender${place}@customer.example`, raw)));
    const batches = await Promise.all(['w1', 'w2', 'w3', 'w4'].map((worker) => claim(worker, 10)));
    const all = batches.flatMap(({ reply, parts }) => reply.mails.map((mail, place) => ({ mail, raw: parts[place]! })));
    expect(new Set(all.map(({ mail }) => mail.id)).size).toBe(40);
    expect(all).toHaveLength(40);
    for (const { mail, raw } of all) expect(sha(raw)).toBe(mail.sha256);
    expect(all.every(({ mail }) => mail.attempt === 1 && mail.supportAddress === 'support@acme.test')).toBe(true);
  });

  it('keeps one sender’s mails in order across workers, and other senders going', async () => {
    const ids: string[] = [];
    for (let place = 0; place < 4; place++) ids.push((await accept('casey@customer.example'))[0]!);
    const other = (await accept('dana@customer.example'))[0]!;
    const first = await claim('w1', 2);
    expect(first.reply.mails.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await claim('w2')).reply.mails.map(({ id }) => id)).toEqual([other]);
    expect((await claim('w1')).reply.mails.map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('gives a dead worker’s mails to the next, and the dead one cannot file them then', async () => {
    const ids = await accept('casey@customer.example');
    await claim('dead', 10, 1_000);
    expect((await claim('alive')).reply.mails).toEqual([]);
    await sleep(1_050);
    const again = await claim('alive');
    expect(again.reply.mails).toMatchObject([{ id: ids[0], attempt: 2 }]);
    const item = { id: ids[0]!, facts: factsOf('casey@customer.example'), threading: NEW, ticketId: null };
    const [late, [done], [twice]] = [
      await file('dead', [item]),
      await file('alive', [item]),
      await file('alive', [item]),
    ];
    expect(late).toMatchObject([{ disposition: null, error: expect.stringContaining('does not hold') as unknown }]);
    expect(done).toMatchObject({ disposition: 'ticket_opened' });
    expect(twice).toMatchObject({ disposition: null });
    expect(await core.sql('SELECT 1 FROM messages WHERE inbound_mail_id = $1', [ids[0]])).toHaveLength(1);
  }, 10_000);

  it('is cut to what NATS can carry, in order', async () => {
    const ids: string[] = [];
    for (let place = 0; place < 5; place++)
      ids.push((await accept(`s${place}@customer.example`, Buffer.alloc(400_000, place)))[0]!);
    const seen: string[] = [];
    for (let round = 0; round < 5; round++) seen.push(...(await claim('w')).reply.mails.map(({ id }) => id));
    expect(seen).toEqual(ids);
  });

  it('counts envelopes too', async () => {
    const many = Array.from({ length: 900 }, (_, place) => ({
      ...core.acme,
      supportAddress: `${place}${'x'.repeat(240)}@acme.test`,
    }));
    const ids: string[] = [];
    for (let place = 0; place < 4; place++)
      ids.push((await accept(`e${place}@customer.example`, Buffer.alloc(400_000), many))[0]!);
    const seen: string[] = [];
    for (let round = 0; round < 4; round++) seen.push(...(await claim('w')).reply.mails.map(({ id }) => id));
    expect(seen).toEqual(ids);
  }, 15_000);
});

describe('filing', () => {
  it('opens a ticket with the mail as its first message, acknowledged', async () => {
    const facts = factsOf('new@customer.example', {
      cc: ['dana@customer.example'],
      attachments: [
        {
          name: 'a.png',
          contentType: 'image/png',
          sizeBytes: 3,
          sha256: 'a'.repeat(64),
          contentId: 'x@y',
          inline: true,
          blobKey: 'aa/aa/aa',
        },
      ],
    });
    const filed = await arriveOne(facts);
    expect(filed).toMatchObject({ disposition: 'ticket_opened', error: null });
    const ticket = await ticketOf(filed.ticketId!);
    expect(ticket).toMatchObject({
      subject: 'It is broken',
      source: 'email',
      messageCount: 1,
      contactEmail: 'new@customer.example',
      creatorId: null,
    });
    const [message] = await messagesOf(filed.ticketId!);
    expect(message).toMatchObject({
      content: 'It is broken.',
      wholeText: 'It is broken.\n\n> quoted',
      author: { kind: 'contact' },
      threading: NEW,
      attachments: [{ name: 'a.png', sizeBytes: 3 }],
    });
    expect(JSON.stringify(message)).not.toContain('aa/aa/aa');
    const [row] = await core.sql(
      'SELECT state, disposition, ticket_id, message_id, lease_owner, raw FROM inbound_mails WHERE id = $1',
      [filed.id],
    );
    expect(row).toMatchObject({
      state: 'filed',
      disposition: 'ticket_opened',
      ticket_id: filed.ticketId,
      message_id: message!.id,
      lease_owner: null,
      raw: expect.any(Buffer) as unknown,
    });
    expect(
      await core.sql('SELECT kind, recipients FROM outbound_mails WHERE ticket_id = $1', [filed.ticketId]),
    ).toEqual([{ kind: 'acknowledgement', recipients: ['new@customer.example'] }]);
    const { candidates } = await core.client.request(
      findThreads,
      { messageIds: [facts.messageId!], numbers: [ticket.number, 99_999_999_999] },
      { actor: core.serviceOf(core.acme) },
    );
    expect(candidates).toMatchObject([
      {
        ticketId: ticket.id,
        participants: ['new@customer.example', 'dana@customer.example'],
        messageIds: [facts.messageId],
      },
    ]);
  });

  it('adds an answer by a participant, and reopens', async () => {
    for (const status of ['pending', 'on_hold', 'resolved'] as const) {
      const { ticketId } = await arriveOne(factsOf('casey@customer.example'));
      await setStatus(ticketId!, status);
      const answer = await arriveOne(factsOf('casey@customer.example', { reply: 'Again' }), {
        ticketId,
        threading: REFERENCES,
      });
      expect(answer).toMatchObject({ disposition: 'message_added', ticketId });
      expect(await ticketOf(ticketId!)).toMatchObject({ status: 'open', messageCount: 2 });
    }
  });

  it('that came before somebody changed the status, and is filed after it, opens the ticket after that', async () => {
    for (const status of ['pending', 'on_hold', 'resolved'] as const) {
      const { ticketId } = await arriveOne(factsOf('casey@customer.example'));
      const [id] = await accept('casey@customer.example');
      await claim('w');
      await setStatus(ticketId!, status);
      await sleep(5);
      const tag = { ticket: ticketId!, tags: ['later'] };
      await core.client.request(updateTicket, tag, { actor: core.actorOf(core.acme) });
      const facts = factsOf('casey@customer.example', { reply: 'Again' });
      await file('w', [{ id: id!, facts, ticketId, threading: REFERENCES }]);
      const ticket = await ticketOf(ticketId!);
      expect(ticket).toMatchObject({ status: 'open', messageCount: 2 });
      const { items } = await core.client.request(
        listActivities,
        { ticket: ticketId! },
        { actor: core.actorOf(core.acme) },
      );
      const said = items.filter(({ newValue }) => (newValue as { status?: string } | null)?.status !== undefined);
      expect(said.map(({ newValue }) => newValue)).toEqual([{ status }, { status: 'open' }]);
      // As soon as can be: nothing else that was changed meanwhile puts it off.
      expect(said[1]!.at).toBe(said[0]!.at);
      // The clocks follow the history.
      expect(ticket.sla.find(({ target }) => target === 'resolution')).toMatchObject({ state: 'running' });
    }
  });

  it('lets people in copy answer', async () => {
    const { ticketId } = await arriveOne(factsOf('casey@customer.example', { cc: ['dana@customer.example'] }));
    const answer = await arriveOne(factsOf('dana@customer.example'), { ticketId, threading: REFERENCES });
    expect(answer).toMatchObject({ disposition: 'message_added', ticketId });
  });

  it.each([
    ['who does not take part', 'mallory@evil.example', REFERENCES, true],
    [
      'whom nobody authenticated, by number alone',
      'casey@customer.example',
      { ...REFERENCES, rule: 'subject_number' as const },
      false,
    ],
  ])('refuses a sender %s: a ticket of its own, with a note on why', async (_, from, threading, authenticated) => {
    const { ticketId, ticketNumber } = await arriveOne(factsOf('casey@customer.example'));
    const other = await arriveOne(factsOf(from, { authenticated }), { ticketId, threading });
    expect(other.disposition).toBe('ticket_opened');
    expect(other.ticketId).not.toBe(ticketId);
    expect(await ticketOf(ticketId!)).toMatchObject({ messageCount: 1 });
    const [first, note] = await messagesOf(other.ticketId!);
    expect(first!.threading).toMatchObject({ rule: 'new', refused: [{ ticketId, rule: threading.rule }] });
    expect(note).toMatchObject({
      isInternalNote: true,
      content: expect.stringContaining(`#${ticketNumber}`) as unknown,
    });
  });

  it('says what the intake refused and what was broken, in a note', async () => {
    const threading = {
      ...NEW,
      refused: [{ ticketId: randomUUID(), rule: 'references', why: 'Casey is a stranger there' }],
    };
    const { ticketId } = await arriveOne(factsOf('casey@customer.example', { problems: ['Two From headers'] }), {
      threading,
    });
    const note = (await messagesOf(ticketId!)).find(({ isInternalNote }) => isInternalNote);
    expect(note!.content).toContain('Casey is a stranger there');
    expect(note!.content).toContain('Two From headers');
    expect(await ticketOf(ticketId!)).toMatchObject({ messageCount: 2, firstResponseAt: null });
  });

  it('cannot be pointed to a ticket of another organisation', async () => {
    const { ticketId } = await arriveOne(factsOf('casey@customer.example'));
    const [filed] = await arrive(
      [{ facts: factsOf('casey@customer.example'), ticketId, threading: { ...REFERENCES, rule: 'signed_address' } }],
      'g',
      core.globex,
    );
    expect(filed).toMatchObject({ disposition: 'ticket_opened' });
    expect(filed!.ticketId).not.toBe(ticketId);
    expect(await ticketOf(ticketId!)).toMatchObject({ messageCount: 1 });
  });

  it('opens a ticket of its own for what points to a deleted one, and says why', async () => {
    const { ticketId } = await arriveOne(factsOf('gone@customer.example'));
    await core.client.request(deleteTicket, { ticket: ticketId! }, { actor: core.actorOf(core.acme) });
    const { candidates } = await core.client.request(
      findThreads,
      { messageIds: [], ticketIds: [ticketId!], numbers: [] },
      { actor: core.serviceOf(core.acme) },
    );
    expect(candidates).toEqual([]);
    // It was there a moment ago, when the mail was read.
    const late = await arriveOne(factsOf('gone@customer.example'), { ticketId, threading: REFERENCES });
    expect(late.disposition).toBe('ticket_opened');
    expect(late.ticketId).not.toBe(ticketId);
    expect((await messagesOf(late.ticketId!)).at(-1)!.content).toContain('not there any more');
  });

  it('continues a closed ticket in exactly one follow-up: in one batch, in two at once, and later', async () => {
    const { ticketId } = await arriveOne(factsOf('casey@customer.example'));
    await setStatus(ticketId!, 'closed');
    const answer = () => ({ facts: factsOf('casey@customer.example'), ticketId, threading: REFERENCES });
    const ids: string[] = [];
    for (let place = 0; place < 6; place++) ids.push((await accept(`x${place}@customer.example`))[0]!);
    await Promise.all([claim('a', 3), claim('b', 3)]);
    const held = await core.sql<{ id: string; lease_owner: string }>(
      'SELECT id, lease_owner FROM inbound_mails WHERE id = ANY($1)',
      [ids],
    );
    const of = (worker: string) =>
      held.filter((row) => row.lease_owner === worker).map(({ id }) => ({ ...answer(), id }));
    const results = (await Promise.all([file('a', of('a')), file('b', of('b'))])).flat();
    results.push(await arriveOne(answer().facts, answer()));
    expect(results).toHaveLength(7);
    const followUps = await core.sql<{ id: string }>('SELECT id FROM tickets WHERE follow_up_of = $1', [ticketId]);
    expect(followUps).toHaveLength(1);
    expect(new Set(results.map((one) => one.ticketId))).toEqual(new Set([followUps[0]!.id]));
    expect(results.filter(({ disposition }) => disposition === 'ticket_opened')).toHaveLength(1);
    expect(await ticketOf(followUps[0]!.id)).toMatchObject({ messageCount: 7, followUpOf: ticketId });
    expect(await ticketOf(ticketId!)).toMatchObject({ status: 'closed', messageCount: 1 });
  });

  it('opens one other follow-up of a closed ticket when that was deleted, and names it there', async () => {
    const sender = 'casey@customer.example';
    const { ticketId } = await arriveOne(factsOf(sender));
    await setStatus(ticketId!, 'closed');
    const answer = () => arriveOne(factsOf(sender), { ticketId, threading: REFERENCES });
    const first = await answer();
    await core.client.request(deleteTicket, { ticket: first.ticketId! }, { actor: core.actorOf(core.acme) });
    const second = await answer();
    expect(second.disposition).toBe('ticket_opened');
    expect(second.ticketId).not.toBe(first.ticketId);
    expect(await ticketOf(second.ticketId!)).toMatchObject({ followUpOf: ticketId });
    const note = (await messagesOf(second.ticketId!)).at(-1)!;
    expect(note).toMatchObject({ isInternalNote: true });
    expect(note.content).toContain(`#${first.ticketNumber}, the follow-up before this one, was deleted`);
    // It stays the one: nothing is lost in the deleted ticket, and no mail opens yet another.
    expect([(await answer()).ticketId, (await answer()).ticketId]).toEqual([second.ticketId, second.ticketId]);
    expect(await core.sql('SELECT 1 FROM tickets WHERE follow_up_of = $1', [ticketId])).toHaveLength(2);
  });

  it('files the same mail once: in one batch, at once, and later', async () => {
    const facts = factsOf('casey@customer.example');
    const together = await arrive([{ facts }, { facts }]);
    expect(together.map(({ disposition }) => disposition)).toEqual(['ticket_opened', 'duplicate']);
    expect((await arriveOne(facts)).disposition).toBe('duplicate');
    const same = factsOf('casey@customer.example');
    const ids = [(await accept('p@customer.example'))[0]!, (await accept('q@customer.example'))[0]!];
    await claim('a', 1);
    await claim('b', 1);
    const [one, two] = await Promise.all([
      file('a', [{ id: ids[0]!, facts: same, threading: NEW, ticketId: null }]),
      file('b', [{ id: ids[1]!, facts: same, threading: NEW, ticketId: null }]),
    ]);
    expect(new Set([one[0]!.disposition, two[0]!.disposition])).toEqual(new Set(['duplicate', 'ticket_opened']));
    const other = await arriveOne({ ...same, duplicateKey: randomUUID() });
    expect(other.disposition).toBe('ticket_opened'); // a Message-ID alone proves nothing
    expect((await arrive([{ facts: same }], 'g', core.globex))[0]!.disposition).toBe('ticket_opened');
  });

  it('notes an automatic answer inside, reopens nothing and answers nothing', async () => {
    const { ticketId } = await arriveOne(factsOf('auto@customer.example'));
    await setStatus(ticketId!, 'resolved');
    const facts = factsOf('auto@customer.example', {
      kind: 'auto-reply',
      reply: 'I am away',
      cc: ['all@customer.example'],
    });
    expect(await arriveOne(facts, { ticketId, threading: REFERENCES })).toMatchObject({
      disposition: 'auto_reply_noted',
      ticketId,
    });
    expect(await ticketOf(ticketId!)).toMatchObject({ status: 'resolved' });
    expect((await messagesOf(ticketId!)).at(-1)).toMatchObject({ isInternalNote: true, content: 'I am away' });
    const unasked = await arriveOne(factsOf('robot@customer.example', { kind: 'auto-reply' }));
    expect(await core.sql(`SELECT 1 FROM outbound_mails WHERE 'robot@customer.example' = ANY(recipients)`)).toEqual([]);
    expect(unasked.disposition).toBe('ticket_opened');
  });

  it('records a bounce against the message that bounced', async () => {
    const { ticketId } = await arriveOne(factsOf('gone@customer.example'));
    const reply = await core.client.request(
      postMessage,
      { ticket: ticketId!, content: 'Hello?' },
      { actor: core.actorOf(core.acme) },
    );
    await core.client.request(claimOutgoing, { worker: 'out', limit: 50, leaseMs: 60_000 });
    const [sent] = await core.sql<{ mail_id: string }>('SELECT mail_id FROM outbound_mails WHERE id = $1', [reply.id]);
    const bounceOf = {
      messageId: sent!.mail_id,
      address: 'gone@customer.example',
      status: '5.1.1',
      hard: true,
      diagnostic: '550 no\0body',
    };
    // Before the mail was settled: the bounce was quicker.
    const bounced = await arriveOne(factsOf(null, { kind: 'bounce', bounceOf }));
    expect(bounced).toMatchObject({ disposition: 'bounce_recorded', ticketId });
    expect(
      await core.client.request(settleOutgoing, {
        worker: 'out',
        id: reply.id,
        outcome: { state: 'sent', detail: '' },
      }),
    ).toEqual({ state: 'settled' });
    const [message] = (await messagesOf(ticketId!)).filter(({ id }) => id === reply.id);
    expect(message!.delivery).toMatchObject({
      state: 'bounced',
      detail: expect.stringContaining('550 nobody') as unknown,
    });
    expect(
      await core.sql(`SELECT type FROM activities WHERE ticket_id = $1 AND type = 'message_bounced'`, [ticketId]),
    ).toHaveLength(1);
    expect(
      await core.sql(
        `SELECT payload->>'state' AS state FROM outbox WHERE name = 'message.delivery' AND payload->>'messageId' = $1`,
        [reply.id],
      ),
    ).toEqual([{ state: 'bounced' }]);
    const stray = await arriveOne(
      factsOf(null, { kind: 'bounce', bounceOf: { ...bounceOf, messageId: '<never@sent.example>' } }),
    );
    expect(stray).toMatchObject({ disposition: 'bounce_recorded', ticketId: null });
  });

  it('drops our own mail that came back', async () => {
    expect(await arriveOne(factsOf('casey@customer.example', { isOurOwn: true }))).toMatchObject({
      disposition: 'dropped_loop',
      ticketId: null,
    });
  });

  it('acknowledges one sender once a day, whatever arrives at once', async () => {
    const from = 'often@customer.example';
    await arrive([{ facts: factsOf(from) }, { facts: factsOf(from) }]);
    const ids: string[] = [];
    for (let place = 0; place < 6; place++) ids.push((await accept(`k${place}@customer.example`))[0]!);
    for (const [place] of ids.entries()) await claim(`k${place}`, 1);
    const results = await Promise.all(
      ids.map((id, place) =>
        file(`k${place}`, [{ id, facts: factsOf('rush@customer.example'), threading: NEW, ticketId: null }]),
      ),
    );
    expect(results.flat().every(({ disposition }) => disposition === 'ticket_opened')).toBe(true);
    for (const address of [from, 'rush@customer.example']) {
      expect(await core.sql(`SELECT 1 FROM outbound_mails WHERE $1 = ANY(recipients)`, [address])).toHaveLength(1);
    }
    await core.sql(`UPDATE acknowledgements SET day = day - 1`);
    await arriveOne(factsOf(from));
    expect(await core.sql(`SELECT 1 FROM outbound_mails WHERE $1 = ANY(recipients)`, [from])).toHaveLength(2);
  });

  it('files nine and tells of the tenth when one cannot be filed', async () => {
    // What cannot be written: a trigger that refuses one subject stands for whatever we did not think of.
    await core.sql(`CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.subject = 'poison' THEN RAISE EXCEPTION 'secret inside'; END IF; RETURN NEW; END $$`);
    await core.sql('CREATE TRIGGER poison BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION refuse_poison()');
    try {
      const results = await arrive(
        Array.from({ length: 10 }, (_, place) => ({
          facts: factsOf(`p${place}@customer.example`, { subject: place === 4 ? 'poison' : 'fine' }),
        })),
      );
      expect(results.map(({ disposition }) => disposition)).toEqual(
        results.map((_, place) => (place === 4 ? null : 'ticket_opened')),
      );
      expect(results[4]!.error).not.toContain('secret');
      const [row] = await core.sql('SELECT state, attempts, last_error FROM inbound_mails WHERE id = $1', [
        results[4]!.id,
      ]);
      expect(row).toMatchObject({
        state: 'accepted',
        attempts: 1,
        last_error: expect.stringContaining('secret inside') as unknown,
      });
      const numbers = await core.sql<{ number: number }>(
        `SELECT number FROM tickets WHERE org_id = $1 ORDER BY number`,
        [core.acme.id],
      );
      expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, place) => place + 1));
    } finally {
      await core.sql('DROP TRIGGER poison ON tickets');
      await core.sql('DROP FUNCTION refuse_poison()');
    }
  });

  it('keeps mails with what Postgres cannot hold', async () => {
    const facts = factsOf('casey@customer.example', {
      subject: 'N\0UL \ud800',
      text: '\0\udfff\0',
      reply: 'a\0b\ud800c',
    });
    const { ticketId } = await arriveOne(facts, { threading: { ...NEW, evidence: 'x\0' } });
    expect((await ticketOf(ticketId!)).subject).toBe('NUL \ufffd');
    expect((await messagesOf(ticketId!))[0]).toMatchObject({ content: 'ab\ufffdc', wholeText: '\ufffd' });
    const { candidates } = await core.client.request(
      findThreads,
      { messageIds: ['<a\0b@x>'] },
      { actor: core.serviceOf(core.acme) },
    );
    expect(candidates).toEqual([]);
  });

  it('opens a ticket for a mail that names no sender and says nothing', async () => {
    const { ticketId } = await arriveOne(factsOf(null, { subject: '', text: '', reply: '', messageId: null }));
    expect(await ticketOf(ticketId!)).toMatchObject({ subject: '(no subject)', contact: null });
    expect(await messagesOf(ticketId!)).toMatchObject([{ author: { kind: 'system', name: 'Unknown sender' } }]);
  });

  it('has accounted for every mail in the end', async () => {
    const rows = await core.sql<{ disposition: string; tickets: number }>(
      `SELECT m.disposition, count(t.id)::integer AS tickets FROM inbound_mails m
       LEFT JOIN tickets t ON t.id = m.ticket_id WHERE m.state = 'filed' GROUP BY m.disposition`,
    );
    expect(rows.map(({ disposition }) => disposition).toSorted()).toEqual(
      DISPOSITIONS.filter((one) => one !== 'quarantined').toSorted(),
    );
    const [counts] = await core.sql(
      `SELECT (SELECT count(*) FROM inbound_mails WHERE disposition = 'ticket_opened') = (SELECT count(*) FROM tickets WHERE source = 'email') AS equal`,
    );
    expect(counts).toEqual({ equal: true });
  });

  it('is work for services', async () => {
    const item = { id: randomUUID(), facts: factsOf('casey@customer.example'), threading: NEW, ticketId: null };
    for (const actor of [core.actorOf(core.acme, 'admin'), core.contactOf(core.acme, randomUUID())]) {
      expect(await refusalOf(core.client.request(fileMails, { worker: 'w', mails: [item] }, { actor }))).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
  });
});
