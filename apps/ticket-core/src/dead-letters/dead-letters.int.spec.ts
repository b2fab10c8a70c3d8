import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listDeadLetters, recordDeadLetter, replayDeadLetter } from '#shared/contracts/dead-letters.js';
import { EVENT_STREAM, eventSubject } from '#shared/contracts/event.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const eventOf = (id: string) => ({
  id,
  name: 'ticket.opened',
  version: 1,
  orgId: core.acme.id,
  at: new Date().toISOString(),
  payload: { ticketId: core.acme.id, text: 'N\0UL \ud800' },
});
const record = (event: unknown) =>
  core.client.request(recordDeadLetter, {
    consumer: 'slack-post-card-on-ticket-opened',
    subject: eventSubject('ticket.opened', core.acme.id),
    event,
    error: 'It would not \0 go',
    attempts: 7,
  });

describe('a dead letter', () => {
  it('is kept with its reason, and listed', async () => {
    const { id } = await record(eventOf('e1'));
    const strange = await record('no event at all');
    const { items } = await core.client.request(listDeadLetters, {});
    expect(items.find((one) => one.id === id)).toMatchObject({
      consumer: 'slack-post-card-on-ticket-opened',
      error: 'It would not  go',
      attempts: 7,
      replayedAt: null,
      event: { id: 'e1', payload: { text: 'NUL \ufffd' } },
    });
    const rows = await core.sql('SELECT id, org_id FROM dead_letters ORDER BY id');
    expect(rows).toEqual([
      { id, org_id: core.acme.id },
      { id: strange.id, org_id: null },
    ]);
  });

  it('is replayed under its subject, marked for the one consumer that gave up, as often as it is asked for', async () => {
    const { id } = await record(eventOf('e2'));
    const manager = await jetstreamManager(core.nats);
    await manager.consumers.add(EVENT_STREAM, {
      durable_name: 'listener',
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
    });
    const consumer = await jetstream(core.nats).consumers.get(EVENT_STREAM, 'listener');
    for (let round = 0; round < 2; round++) {
      expect(await core.client.request(replayDeadLetter, { id })).toEqual({ replayed: true });
      const message = (await consumer.next({ expires: 5_000 }))!;
      expect(message.subject).toBe(eventSubject('ticket.opened', core.acme.id));
      expect(message.headers?.get('Desk-Replay-For')).toBe('slack-post-card-on-ticket-opened');
      expect(message.json()).toMatchObject({ id: 'e2' });
      message.ack();
    }
    const { items } = await core.client.request(listDeadLetters, {});
    expect(items.find((one) => one.id === id)!.replayedAt).not.toBeNull();
    const absent = core.client.request(replayDeadLetter, { id: core.acme.id });
    expect(await refusalOf(absent)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
