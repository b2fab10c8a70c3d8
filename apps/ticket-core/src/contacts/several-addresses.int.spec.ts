import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ContactView, createContact, mergeContacts } from '#shared/contracts/contacts.js';
import { acceptMails, claimMails, fileMails, type ReadMailFacts } from '#shared/contracts/mail-in.js';
import { claimOutgoing } from '#shared/contracts/mail-out.js';
import { listMessages, postMessage, replyRecipients } from '#shared/contracts/messages.js';
import { getTicket } from '#shared/contracts/tickets.js';
import { Database, type Tx } from '../database/database.js';
import { TestCore } from '../../../../test/support/core.js';
import { ContactRepository } from './contact.repository.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const agent = () => ({ actor: core.actorOf(core.acme, 'manager') });
const service = () => ({ actor: core.serviceOf(core.acme) });
const make = (...emails: string[]): Promise<ContactView> => core.client.request(createContact, { emails }, agent());

/** A mail from this address that points to this ticket by its headers (or to none), as the intake would bring it. */
async function arrive(from: string, ticketId: string | null = null) {
  const raw = Buffer.from(`Subject: x\r\n\r\n${randomUUID()}\r\n`);
  const envelope = {
    mailFrom: from,
    recipients: [{ orgId: core.acme.id, address: core.acme.supportAddress }],
    receivedAt: new Date().toISOString(),
    peer: '127.0.0.1',
    helo: 'mx.customer.example',
    tls: false,
  };
  const mail = {
    envelope,
    sha256: createHash('sha256').update(raw).digest('hex'),
    sizeBytes: raw.length,
    blobKey: null,
    trace: null,
  };
  const { reply } = await core.client.requestBinary(acceptMails, { mails: [mail] }, [raw]);
  const [accepted] = reply.results;
  if (!accepted || !('ids' in accepted)) throw new Error('not accepted');
  await core.client.requestBinary(claimMails, { worker: 'w', limit: 256, leaseMs: 60_000 }, []);
  const facts: ReadMailFacts = {
    messageId: `<${randomUUID()}@customer.example>`,
    duplicateKey: randomUUID(),
    from: { address: from, name: '' },
    cc: [],
    subject: 'Help',
    text: 'Help',
    reply: 'Help',
    kind: 'message',
    isOurOwn: false,
    bounceOf: null,
    problems: [],
    attachments: [],
    authenticated: false,
  };
  const threading = { rule: ticketId ? ('references' as const) : ('new' as const), evidence: 'x', refused: [] };
  const { results } = await core.client.request(
    fileMails,
    { worker: 'w', mails: [{ id: accepted.ids[0]!, facts, threading, ticketId }] },
    service(),
  );
  return results[0]!;
}
const sentTo = async () => {
  const { mails } = await core.client.request(claimOutgoing, { worker: 'w', limit: 50, leaseMs: 60_000 });
  return mails.map(({ kind, to }) => [kind, ...to]);
};

describe('somebody with several addresses', () => {
  it('opens and answers by mail from any of them, and is answered where they wrote from', async () => {
    const one = await make('casey@work.example', 'casey@home.example');
    const opened = await arrive('casey@home.example');
    expect(opened.disposition).toBe('ticket_opened');
    const ticket = opened.ticketId!;
    expect(await core.client.request(getTicket, { ticket }, agent())).toMatchObject({
      contact: { id: one.id, email: 'casey@work.example' },
    });
    expect(await core.client.request(replyRecipients, { ticket }, agent())).toEqual({
      to: ['casey@home.example'],
      cc: [],
    });
    await core.client.request(postMessage, { ticket, content: 'Hello' }, agent());
    expect(await sentTo()).toEqual([
      ['acknowledgement', 'casey@home.example'],
      ['reply', 'casey@home.example'],
    ]);
    // The rest of the talk is from work.
    expect(await arrive('casey@work.example', ticket)).toMatchObject({
      disposition: 'message_added',
      ticketId: ticket,
    });
    expect(await core.client.request(replyRecipients, { ticket }, agent())).toEqual({
      to: ['casey@work.example'],
      cc: [],
    });
    expect(await arrive('casey@home.example', ticket)).toMatchObject({
      disposition: 'message_added',
      ticketId: ticket,
    });
    const { items } = await core.client.request(listMessages, { ticket }, agent());
    expect(new Set(items.filter(({ author }) => author.kind === 'contact').map(({ author }) => author.id))).toEqual(
      new Set([one.id]),
    );
  });

  it('is still the only one who may: a stranger opens a ticket of their own', async () => {
    const { ticketId } = await arrive('casey@work.example');
    const strange = await arrive('mallory@home.example', ticketId);
    expect(strange.disposition).toBe('ticket_opened');
    expect(strange.ticketId).not.toBe(ticketId);
  });

  it('goes on where they were after becoming one with another', async () => {
    const old = await make('old@one.example');
    const { ticketId } = await arrive('old@one.example');
    const into = await make('new@one.example');
    await core.client.request(mergeContacts, { id: old.id, intoId: into.id }, agent());
    for (const from of ['old@one.example', 'new@one.example'])
      expect(await arrive(from, ticketId)).toMatchObject({ disposition: 'message_added', ticketId });
    expect(await core.client.request(replyRecipients, { ticket: ticketId! }, agent())).toEqual({
      to: ['new@one.example'],
      cc: [],
    });
  });

  it('is found by index among many, in the one statement that every mail takes', async () => {
    await core.sql(
      `INSERT INTO contacts (org_id, id, email) SELECT $1, gen_random_uuid(), 'many' || n || '@x.example' FROM generate_series(1, 8000) n`,
      [core.acme.id],
    );
    await core.sql(
      `INSERT INTO contact_addresses SELECT org_id, 'further-' || email, id, now() FROM contacts WHERE email LIKE 'many%'`,
    );
    await core.sql('ANALYZE contacts, contact_addresses, companies, company_domains');
    const plan: string[] = [];
    const explained = (tx: Tx): Tx => ({
      ...tx,
      query: async (asked, values) => {
        const text = `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${asked.text}`;
        plan.push(
          ...(await tx.query<{ 'QUERY PLAN': string }>({ name: 'explained', text }, values)).map(
            (row) => row['QUERY PLAN'],
          ),
        );
        return [];
      },
    });
    const people = [
      { address: 'further-many7@x.example', name: 'Casey' },
      { address: 'many9@x.example', name: '' },
    ];
    const ensure = core.app.get(ContactRepository);
    await core.app.get(Database).tenant(core.acme.id, (tx) => ensure.ensure(explained(tx), core.acme.id, people));
    expect(plan.join('\n')).not.toMatch(/Seq Scan on (contacts|contact_addresses)/);
    expect(plan.join('\n')).toMatch(/Index.* Scan using contact_addresses_pkey/);
  }, 30_000);
});
