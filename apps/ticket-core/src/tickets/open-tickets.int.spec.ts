import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getTicket, openTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore, type TestOrganisation } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const open = (
  org: TestOrganisation,
  input: Partial<Parameters<typeof core.client.request<typeof openTicket>>[1]> = {},
) =>
  core.client.request(
    openTicket,
    { subject: 'It does not start', ...input },
    { actor: core.actorOf(org), timeoutMs: 20_000 },
  );

describe('opening tickets', () => {
  it('numbers 200 at once in two organisations without a gap or a double', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 200 }, (_, place) => open(place % 2 === 0 ? core.acme : core.globex)),
    );
    for (const org of [core.acme, core.globex]) {
      const rows = await core.sql<{ number: number; id: string }>(
        'SELECT number, id FROM tickets WHERE org_id = $1 ORDER BY number',
        [org.id],
      );
      expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, place) => place + 1));
      const ours = tickets.filter((_, place) => (place % 2 === 0) === (org === core.acme));
      expect(new Map(ours.map(({ id, number }) => [id, number]))).toEqual(
        new Map(rows.map(({ id, number }) => [id, number])),
      );
      const [counter] = await core.sql('SELECT last_number FROM ticket_counters WHERE org_id = $1', [org.id]);
      expect(counter).toEqual({ last_number: 100 });
    }
  }, 40_000);

  it('writes ticket, history, policy, clocks and event together', async () => {
    const ticket = await open(core.acme, {
      priority: 'critical',
      tags: ['vpn'],
      contactEmail: 'Casey@Customer.example',
    });
    expect(ticket).toMatchObject({
      priority: 'urgent',
      status: 'open',
      version: 1,
      contactEmail: 'casey@customer.example',
    });
    const of = (table: string) => core.sql(`SELECT * FROM ${table} WHERE ticket_id = $1`, [ticket.id]);
    expect(await of('activities')).toMatchObject([{ type: 'created', actor_name: 'Bea', surface: 'slack' }]);
    expect(await of('sla_trackings')).toMatchObject([{ policy_name: 'Urgent priority' }]);
    expect(
      (await of('sla_clocks')).map(({ target, state }) => `${String(target)} ${String(state)}`).toSorted(),
    ).toEqual(['first_response running', 'resolution running']);
    const events = await core.sql(`SELECT name, payload FROM outbox WHERE payload->>'ticketId' = $1`, [ticket.id]);
    expect(events).toMatchObject([
      { name: 'ticket.opened', payload: { number: ticket.number, version: 1, source: 'api' } },
    ]);
  });

  it('finds it by id, by number and by number in text', async () => {
    const { id, number } = await open(core.globex);
    const actor = core.actorOf(core.globex, 'viewer');
    for (const ticket of [id, number, String(number), `#${number}`]) {
      expect((await core.client.request(getTicket, { ticket }, { actor })).id).toBe(id);
    }
    for (const ticket of [`#${number + 1_000}`, 2_147_483_648, 999_999_999, '#0', core.acme.id]) {
      const refusal = await refusalOf(core.client.request(getTicket, { ticket }, { actor }));
      expect([ticket, refusal.code]).toEqual([ticket, 'NOT_FOUND']);
    }
  });

  it('gives tickets to agents of the same organisation only', async () => {
    const theirs = core.globex.agents.agent.id;
    expect(await refusalOf(open(core.acme, { assigneeId: theirs }))).toMatchObject({
      code: 'BAD_REQUEST',
      pointers: ['/assigneeId'],
    });
    expect(await refusalOf(open(core.acme, { assigneeId: core.acme.agents.viewer.id }))).toMatchObject({
      code: 'BAD_REQUEST',
      pointers: ['/assigneeId'],
    });
    expect(
      await refusalOf(core.client.request(openTicket, { subject: 'x' }, { actor: core.actorOf(core.acme, 'viewer') })),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('keeps texts that Postgres cannot', async () => {
    const ticket = await open(core.acme, {
      subject: 'half \ud83d a pair',
      description: 'NUL \0 and \udc00',
      tags: ['a\0b'],
      customFields: { 'ke\0y': 'va\0lue', deep: { 'a\ud83d': ['\0'] } },
      contactEmail: 'nul@customer.example',
      contactName: 'N\0ul',
    });
    expect(ticket.subject).toBe('half \ufffd a pair');
    const [row] = await core.sql<{ description: string; tags: string[]; custom_fields: object }>(
      'SELECT description, tags, custom_fields FROM tickets WHERE id = $1',
      [ticket.id],
    );
    expect(row).toEqual({
      description: 'NUL  and \ufffd',
      tags: ['ab'],
      custom_fields: { key: 'value', deep: { 'a\ufffd': [''] } },
    });
  });

  it('opens a contact’s tickets for that contact and for nobody else', async () => {
    const mine = await open(core.acme, { contactEmail: 'dana@customer.example' });
    const dana = core.contactOf(core.acme, mine.contact!.id, 'Dana');
    const opened = await core.client.request(openTicket, { subject: 'From the portal' }, { actor: dana });
    expect(opened.contact).toMatchObject({ email: 'dana@customer.example' });
    const other = core.client.request(
      openTicket,
      { subject: 'x', contactEmail: 'casey@customer.example' },
      { actor: dana },
    );
    expect(await refusalOf(other)).toMatchObject({ code: 'FORBIDDEN' });
    const assigned = core.client.request(
      openTicket,
      { subject: 'x', assigneeId: core.acme.agents.agent.id },
      { actor: dana },
    );
    expect(await refusalOf(assigned)).toMatchObject({ code: 'FORBIDDEN' });
    const onHold = core.client.request(openTicket, { subject: 'x', status: 'on_hold' }, { actor: dana });
    expect(await refusalOf(onHold)).toMatchObject({ code: 'FORBIDDEN' });
    const stranger = core.contactOf(core.acme, core.acme.id, 'Nobody');
    expect(await refusalOf(core.client.request(openTicket, { subject: 'x' }, { actor: stranger }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('tells a contact nothing of tickets that are not theirs', async () => {
    const theirs = await open(core.acme, { contactEmail: 'erin@customer.example' });
    const other = await open(core.acme, { contactEmail: 'frank@customer.example' });
    const erin = core.contactOf(core.acme, theirs.contact!.id, 'Erin');
    expect((await core.client.request(getTicket, { ticket: theirs.number }, { actor: erin })).id).toBe(theirs.id);
    const hidden = await refusalOf(core.client.request(getTicket, { ticket: other.number }, { actor: erin }));
    const absent = await refusalOf(core.client.request(getTicket, { ticket: 99_999 }, { actor: erin }));
    expect(hidden.code).toBe('NOT_FOUND');
    expect(hidden.message.replace(String(other.number), '?')).toBe(absent.message.replace('99999', '?'));
  });
});
