import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { claimOutgoing, settleOutgoing } from '#shared/contracts/mail-out.js';
import { changeMessage, editMessage, listMessages, postMessage, undoMessage } from '#shared/contracts/messages.js';
import { openTicket, type TicketView } from '#shared/contracts/tickets.js';
import { TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let ticket: TicketView;
beforeAll(async () => {
  core = await TestCore.start();
  const input = { subject: 'No sound', contactEmail: 'casey@customer.example' };
  ticket = await core.client.request(openTicket, input, { actor: core.actorOf(core.acme) });
}, 60_000);
afterAll(() => core.close());
beforeEach(() => core.sql(`UPDATE outbound_mails SET state = 'failed' WHERE state = 'queued'`));

const reply = (content = 'Turn it up', more: { undoMs?: number } = {}) =>
  core.client.request(postMessage, { ticket: ticket.id, content, ...more }, { actor: core.actorOf(core.acme) });
const claim = (worker = 'w', limit = 50, leaseMs = 60_000) =>
  core.client.request(claimOutgoing, { worker, limit, leaseMs });
const settle = async (id: string, state: 'sent' | 'deferred' | 'failed', worker = 'w', detail = 'as it was') =>
  (await core.client.request(settleOutgoing, { worker, id, outcome: { state, detail } })).state;
const rowOf = async (id: string) => (await core.sql('SELECT * FROM outbound_mails WHERE id = $1', [id]))[0]!;
const deliveriesOf = async (id: string) =>
  (
    await core.sql<{ state: string }>(
      `SELECT payload->>'state' AS state FROM outbox WHERE name = 'message.delivery' AND payload->>'messageId' = $1 ORDER BY id`,
      [id],
    )
  ).map(({ state }) => state);

describe('mail out', () => {
  it('is claimed once, with all that a letter needs, and settled once', async () => {
    const { id } = await reply();
    const claims = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => claim(worker)));
    const all = claims.flatMap(({ mails }, place) => mails.map((mail) => ({ mail, worker: 'abcd'[place]! })));
    expect(all).toHaveLength(1);
    const { mail, worker } = all[0]!;
    expect(mail).toMatchObject({
      id,
      kind: 'reply',
      agentName: 'Bea',
      organisationName: 'ACME',
      supportAddress: 'support@acme.test',
      ticketNumber: ticket.number,
      contactId: ticket.contact!.id,
      to: ['casey@customer.example'],
      bodyMarkdown: 'Turn it up',
      messageId: `<${id}@acme.test>`,
      attempt: 1,
    });
    expect(await settle(id, 'sent', 'somebody else')).toBe('settled');
    expect(await rowOf(id)).toMatchObject({ state: 'queued' });
    expect(await settle(id, 'sent', worker, 'fine \0 250')).toBe('sent');
    expect(await settle(id, 'failed', worker)).toBe('settled');
    expect(await rowOf(id)).toMatchObject({ state: 'sent', detail: 'fine  250', lease_owner: null });
    expect(await deliveriesOf(id)).toEqual(['sent']);
    expect(await settle('0190c1a2-0000-7000-8000-0000000000aa', 'sent')).toBe('gone');
  });

  it('waits for its time, and says when that is', async () => {
    const { id } = await reply('Later', { undoMs: 30_000 });
    const { mails, nextInMs } = await claim();
    expect(mails).toEqual([]);
    expect(nextInMs).toBeGreaterThan(20_000);
    expect(nextInMs).toBeLessThanOrEqual(30_000);
    await core.sql('UPDATE outbound_mails SET due_at = now() WHERE id = $1', [id]);
    expect((await claim()).mails.map((mail) => mail.id)).toEqual([id]);
  });

  it('is changed or taken back until it goes', async () => {
    const [changed, taken] = [await reply('Turn it pu', { undoMs: 30_000 }), await reply('Never', { undoMs: 30_000 })];
    const actor = core.actorOf(core.acme);
    const change = { ticket: ticket.id, messageId: changed.id, content: 'Turn it up' };
    await core.client.request(changeMessage, change, { actor });
    await core.client.request(undoMessage, { messageId: taken.id }, { actor });
    await core.sql(`UPDATE outbound_mails SET due_at = now() WHERE id = ANY($1)`, [[changed.id, taken.id]]);
    expect((await claim()).mails.map(({ id, bodyMarkdown }) => [id, bodyMarkdown])).toEqual([
      [changed.id, 'Turn it up'],
    ]);
    expect(await rowOf(taken.id)).toMatchObject({ state: 'cancelled' });
  });

  it('goes to another worker when its lease ran out, with the same Message-ID', async () => {
    const { id } = await reply();
    const [first] = (await claim('dead', 10, 1_000)).mails;
    expect((await claim('alive')).mails).toEqual([]);
    await core.sql(`UPDATE outbound_mails SET due_at = now() - interval '1 second' WHERE id = $1`, [id]);
    const [second] = (await claim('alive')).mails;
    expect(second).toMatchObject({ id, attempt: 2, messageId: first!.messageId });
    expect(await settle(id, 'failed', 'dead')).toBe('settled');
    expect(await settle(id, 'sent', 'alive')).toBe('sent');
  });

  it('backs off longer each time, and fails visibly after 48 hours', async () => {
    const { id } = await reply();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 9; attempt++) {
      expect((await claim()).mails).toMatchObject([{ id, attempt }]);
      expect(await settle(id, 'deferred')).toBe('queued');
      const [{ minutes } = { minutes: 0 }] = await core.sql<{ minutes: number }>(
        'SELECT round(extract(epoch FROM due_at - now()) / 60)::integer AS minutes FROM outbound_mails WHERE id = $1',
        [id],
      );
      waits.push(minutes);
      expect((await claim()).mails).toEqual([]);
      await core.sql('UPDATE outbound_mails SET due_at = now() WHERE id = $1', [id]);
    }
    expect(waits).toEqual([1, 5, 15, 30, 60, 120, 240, 240, 240]);
    expect(await deliveriesOf(id)).toEqual([]);
    await core.sql(`UPDATE outbound_mails SET queued_at = now() - interval '48 hours 1 minute' WHERE id = $1`, [id]);
    await claim();
    expect(await settle(id, 'deferred', 'w', '451 still not')).toBe('failed');
    expect(await deliveriesOf(id)).toEqual(['failed']);
    const { items } = await core.client.request(
      listMessages,
      { ticket: ticket.id },
      { actor: core.actorOf(core.acme) },
    );
    expect(items.find((one) => one.id === id)!.delivery).toMatchObject({ state: 'failed', detail: '451 still not' });
  });

  it('threads: what was sent and received before is named, oldest first', async () => {
    const one = await reply('One');
    await claim();
    const two = await reply('Two');
    const [mail] = (await claim()).mails;
    expect(mail!.id).toBe(two.id);
    expect(mail!.references).toContain(`<${one.id}@acme.test>`);
    expect(mail!.references).not.toContain(mail!.messageId);
    expect(mail!.inReplyTo).toBe(`<${one.id}@acme.test>`);
  });

  it('never holds an internal or deleted message, whatever a row says', async () => {
    const actor = core.actorOf(core.acme);
    const noteOf = (content: string, externalRef: string) =>
      core.client.request(postMessage, { ticket: ticket.id, content, isInternalNote: true, externalRef }, { actor });
    const note = await noteOf('THE SECRET', 'slack:C1:1');
    const gone = await noteOf('THE SECRET, deleted', 'slack:C1:2');
    await core.client.request(editMessage, { externalRef: 'slack:C1:2', content: null }, { actor });
    const taken = await reply('THE SECRET, taken back');
    await core.sql('UPDATE messages SET deleted_at = now() WHERE id = $1', [taken.id]);
    const other = await core.client.request(
      openTicket,
      { subject: 'x', contactEmail: 'dana@customer.example' },
      { actor },
    );
    const elsewhere = await core.client.request(
      postMessage,
      { ticket: other.id, content: 'THE SECRET of another' },
      { actor },
    );
    await core.sql(`UPDATE outbound_mails SET state = 'sent' WHERE message_id = $1`, [elsewhere.id]);
    let rows = 0;
    for (const kind of ['reply', 'acknowledgement']) {
      for (const message of [note.id, gone.id, elsewhere.id]) {
        rows++;
        await core.sql(
          `INSERT INTO outbound_mails (org_id, id, ticket_id, message_id, kind, recipients, mail_id, due_at, queued_at)
           VALUES ($1, gen_random_uuid(), $2, $3, $4, '{mallory@evil.example}', '<x@y>', now(), now())`,
          [core.acme.id, ticket.id, message, kind],
        );
      }
    }
    const fine = await reply('Fine');
    const { mails } = await claim();
    expect(mails.map(({ id }) => id)).toEqual([fine.id]);
    expect(JSON.stringify(mails)).not.toContain('SECRET');
    const refused = await core.sql(
      `SELECT 1 FROM outbound_mails WHERE state = 'cancelled' AND detail LIKE 'It is not for customers%'`,
    );
    expect(refused).toHaveLength(rows + 1);
    await core.sql(`UPDATE outbound_mails SET state = 'queued', due_at = now() WHERE state = 'cancelled'`);
    expect(JSON.stringify(await claim())).not.toContain('SECRET');
  });

  it('is cut to what NATS can carry, and nothing is left behind', async () => {
    const ids: string[] = [];
    for (let place = 0; place < 5; place++) ids.push((await reply('ü'.repeat(150_000))).id);
    const seen: string[] = [];
    for (let round = 0; round < 5; round++) seen.push(...(await claim()).mails.map(({ id }) => id));
    expect(seen).toEqual(ids);
  });
});
