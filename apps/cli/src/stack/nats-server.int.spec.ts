import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNats } from '../../../../test/support/nats.js';

/** Waits for what the server says of a subject that a user may not use. */
async function refusal(url: string, use: (nats: Awaited<ReturnType<typeof connect>>) => void): Promise<string | null> {
  const { username, password, host } = new URL(url);
  const nats = await connect({ servers: host, user: username, pass: password });
  try {
    const said = (async () => {
      for await (const status of nats.status()) if (status.type === 'error') return String(status.error);
      return null;
    })();
    use(nats);
    await nats.flush();
    return await Promise.race([said, new Promise<null>((resolve) => setTimeout(resolve, 300, null))]);
  } finally {
    await nats.close();
  }
}

describe('the users of the bus', () => {
  let bus: TestNats;
  beforeAll(async () => (bus = await TestNats.start()), 60_000);
  afterAll(() => bus.stop());

  it.each([
    ['mail-intake', 'desk.events.ticket.opened.acme'],
    ['slack-bot', 'desk.events.sla.breached.acme'],
    ['sla-monitor', 'desk.events.ticket.opened.acme'],
    ['ticket-core', 'desk.core.tickets.open'],
    ['mail-intake', 'desk.core.messages.list'],
    ['sla-monitor', 'desk.core.tickets.get'],
    ['sla-monitor', 'desk.core.mail.claim'],
    ['slack-bot', 'desk.core.mail.claim'],
    ['slack-bot', 'desk.core.tickets.delete'],
    ['cli', 'desk.core.tickets.list'],
  ])('%s may not publish %s', async (user, subject) => {
    expect(await refusal(bus.users[user]!, (nats) => nats.publish(subject))).toMatch(/permission/i);
  });

  it.each([
    ['mail-intake', 'desk.core.mail.accept'],
    ['sla-monitor', 'desk.events.sla.breached.acme'],
    ['ticket-core', 'desk.events.ticket.opened.acme'],
  ])('%s may publish %s', async (user, subject) => {
    expect(await refusal(bus.users[user]!, (nats) => nats.publish(subject))).toBeNull();
  });

  it('hear the answers to their own requests, not to those of others', async () => {
    for (const user of ['mail-intake', 'slack-bot', 'sla-monitor', 'cli', 'ticket-core']) {
      const hear = (subject: string) => refusal(bus.users[user]!, (nats) => nats.subscribe(subject));
      expect([user, await hear(`_INBOX.${user}.>`)]).toEqual([user, null]);
      expect([user, await hear('_INBOX.>')]).toEqual([user, expect.stringMatching(/permission/i)]);
    }
  });

  it('lets nobody but the core answer requests', async () => {
    expect(await refusal(bus.users['slack-bot']!, (nats) => nats.subscribe('desk.core.>'))).toMatch(/permission/i);
    expect(await refusal(bus.users['ticket-core']!, (nats) => nats.subscribe('desk.core.>'))).toBeNull();
  });
});
