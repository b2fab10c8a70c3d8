import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENT_STREAM, type EventEnvelope, eventSubject } from '#shared/contracts/event.js';
import { openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { TestCore, waitFor } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

interface Told {
  subject: string;
  messageId: string;
  event: EventEnvelope & { payload: { ticketId: string; version: number } };
}

/** Everything in the stream, in its order. */
async function stream(): Promise<Told[]> {
  const manager = await jetstreamManager(core.nats);
  const { state } = await manager.streams.info(EVENT_STREAM);
  const all: Told[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = (await manager.streams.getMessage(EVENT_STREAM, { seq }))!;
    all.push({ subject: message.subject, messageId: message.header.get('Nats-Msg-Id'), event: message.json() });
  }
  return all;
}
const sent = (what: string) =>
  waitFor(async () => (await core.sql('SELECT 1 FROM outbox WHERE sent_at IS NULL')).length === 0, what, 20_000);
const rows = async () =>
  (await core.sql<{ event_id: string }>('SELECT event_id FROM outbox ORDER BY id')).map((row) => row.event_id);
const relays = () =>
  core.sql<{ pid: number }>(
    `SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objid = 7345002
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
const endRelay = () =>
  core.sql(
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objid = 7345002
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
const open = (subject = 'x') => core.client.request(openTicket, { subject }, { actor: core.actorOf(core.acme) });

describe('the outbox', () => {
  it('tells each event once, under its subject, and one ticket’s in order', async () => {
    const tickets = await Promise.all([open(), open(), open()]);
    await Promise.all(
      tickets.map(async ({ id }) => {
        for (let place = 0; place < 20; place++)
          await core.client.request(
            updateTicket,
            { ticket: id, subject: `Change ${place}` },
            { actor: core.actorOf(core.acme) },
          );
      }),
    );
    await sent('63 events to be sent');
    const told = await stream();
    expect(told.map(({ messageId }) => messageId).toSorted()).toEqual((await rows()).toSorted());
    for (const { id } of tickets) {
      const ours = told.filter(({ event }) => event.payload.ticketId === id);
      expect(ours.map(({ event }) => event.payload.version)).toEqual(
        Array.from({ length: 21 }, (_, place) => place + 1),
      );
      expect(ours[0]!.subject).toBe(eventSubject('ticket.opened', core.acme.id));
      expect(ours.every(({ event, messageId }) => event.id === messageId && event.orgId === core.acme.id)).toBe(true);
    }
  }, 30_000);

  it('tells nothing of what was rolled back', async () => {
    const before = await rows();
    const { id } = await open();
    const change = { ticket: id, status: 'closed', assigneeId: core.globex.agents.agent.id } as const;
    await core.client.request(updateTicket, change, { actor: core.actorOf(core.acme) }).catch(() => null);
    expect(await rows()).toHaveLength(before.length + 1);
  });

  it('tells nothing twice when the relay died between publishing and marking', async () => {
    await open();
    await sent('the outbox to be empty');
    const before = await stream();
    await core.sql('UPDATE outbox SET sent_at = NULL');
    await endRelay();
    await sent('everything to be sent again');
    expect((await stream()).map(({ messageId }) => messageId)).toEqual(before.map(({ messageId }) => messageId));
  }, 30_000);

  it('tells again what it told lately when it starts, without anybody hearing it twice', async () => {
    await sent('the outbox to be empty');
    const before = await stream();
    await endRelay();
    await waitFor(async () => (await relays()).length === 1, 'a relay to be active again', 15_000);
    await open('After');
    await sent('the new event');
    const after = await stream();
    expect(after.slice(0, before.length).map(({ messageId }) => messageId)).toEqual(
      before.map(({ messageId }) => messageId),
    );
    expect(after).toHaveLength(before.length + 1);
  }, 30_000);

  it('has one active relay of two, and the other takes over', async () => {
    const second = await core.another();
    try {
      expect(await relays()).toHaveLength(1);
      const [{ pid } = { pid: 0 }] = await relays();
      await Promise.all(Array.from({ length: 20 }, () => open()));
      await endRelay();
      await Promise.all(Array.from({ length: 20 }, () => open()));
      await sent('40 events');
      const now = await relays();
      expect(now).toHaveLength(1);
      expect(now[0]!.pid).not.toBe(pid);
      const ids = (await stream()).map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.toSorted()).toEqual((await rows()).toSorted());
    } finally {
      await second.close();
    }
  }, 40_000);

  it('waits while NATS is away, and tells all of it afterwards', async () => {
    await sent('the outbox to be empty');
    core.bus.kill();
    const answers = [];
    for (let place = 0; place < 5; place++)
      answers.push(await core.http('/api/v1/tickets', { json: { subject: 'Meanwhile' } }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    await sent('what was opened meanwhile');
    const ids = (await stream()).map(({ messageId }) => messageId);
    expect(ids.toSorted()).toEqual((await rows()).toSorted());
  }, 40_000);

  it('forgets what was sent long ago, and nothing else', async () => {
    await sent('the outbox to be empty');
    const [old, ...others] = await rows();
    await core.sql(`UPDATE outbox SET sent_at = now() - interval '61 minutes' WHERE event_id = $1`, [old]);
    await endRelay(); // whoever becomes active sweeps at once, and each minute from then on
    await waitFor(async () => !(await rows()).includes(old!), 'the sweep', 15_000);
    expect(await rows()).toEqual(others);
  }, 20_000);
});
