import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#shared/contracts/contract.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { openTicket, updateTicket, type TicketView } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let tickets: TicketView[];
const vera = () => core.actorOf(core.acme, 'viewer');
const list = (input: object = {}) => core.client.request(listTickets, input, { actor: vera() });
const subjects = async (input: object) => (await list(input)).items.map(({ subject }) => subject);
const open = (input: RequestOf<typeof openTicket>) =>
  core.client.request(openTicket, input, { actor: core.actorOf(core.acme) });

beforeAll(async () => {
  core = await TestCore.start();
  tickets = [
    await open({ subject: 'A', priority: 'low', category: 'billing', tags: ['vpn'] }),
    await open({ subject: 'B', priority: 'high', assigneeId: core.acme.agents.agent.id }),
    await open({ subject: 'C 100% _sure_', contactEmail: 'casey@customer.example', description: 'back\\slash' }),
    await open({ subject: 'D', category: 'bug', tags: ['vpn', 'mac'] }),
    await open({ subject: 'E', contactEmail: 'casey@customer.example', priority: 'urgent' }),
  ];
  await core.client.request(
    updateTicket,
    { ticket: tickets[3]!.id, status: 'pending' },
    { actor: core.actorOf(core.acme) },
  );
  await core.client.request(openTicket, { subject: 'Theirs', tags: ['vpn'] }, { actor: core.actorOf(core.globex) });
}, 60_000);
afterAll(() => core.close());

describe('the list of tickets', () => {
  it('is newest first and ends at the organisation’s wall', async () => {
    expect(await subjects({})).toEqual(['E', 'D', 'C 100% _sure_', 'B', 'A']);
  });

  it.each([
    [{ status: 'open' }, 'EC…BA'],
    [{ status: 'waiting' }, 'D'],
    [{ status: ['open', 'pending'] }, 'EDC…BA'],
    [{ priority: 'low,high' }, 'BA'],
    [{ priority: 'critical' }, 'E'],
    [{ category: 'billing,bug' }, 'DA'],
    [{ assigneeId: 'none' }, 'EDC…A'],
    [{ contactEmail: 'CASEY@customer.example' }, 'EC…'],
    [{ contactEmail: 'nobody@customer.example' }, ''],
    [{ tag: 'vpn' }, 'DA'],
    [{ tag: 'vp' }, ''],
    [{ text: '100%' }, 'C…'],
    [{ text: '%' }, 'C…'],
    [{ text: '_sure_' }, 'C…'],
    [{ text: 'k\\s' }, 'C…'],
    [{ text: '\0' }, 'EDC…BA'],
    [{ tag: 'vpn\0' }, 'DA'],
    [{ status: 'open', priority: 'low,urgent', contactEmail: 'casey@customer.example' }, 'E'],
  ])('is filtered by %j', async (input, expected) => {
    expect((await subjects(input)).join('').replace(' 100% _sure_', '…')).toBe(expected);
  });

  it('is filtered by assignee', async () => {
    expect(await subjects({ assigneeId: core.acme.agents.agent.id })).toEqual(['B']);
    expect(await subjects({ assigneeId: core.globex.agents.agent.id })).toEqual([]);
  });

  it('is filtered by what became of its clocks', async () => {
    expect(await subjects({ sla: 'breached' })).toEqual([]);
    const late = (id: string, what: string) =>
      core.sql(`UPDATE sla_clocks SET ${what}, next_at = NULL WHERE ticket_id = $1 AND target = 'resolution'`, [id]);
    await late(tickets[0]!.id, `due_at = now() - interval '1 hour'`);
    await late(tickets[1]!.id, `warn_at = now() - interval '1 hour'`);
    expect(await subjects({ sla: 'breached' })).toEqual(['A']);
    expect(await subjects({ sla: 'warning' })).toEqual(['B']);
  });

  it('takes every filter together, with and without a cursor, on one connection', async () => {
    const all = {
      status: 'open',
      priority: 'low',
      category: 'billing',
      contactEmail: 'casey@customer.example',
      tag: 'vpn',
      text: 'A',
    };
    const { nextCursor } = await list({ limit: 1 });
    // More often than there are connections, so that each has met each statement.
    for (let round = 0; round < 30; round++) {
      for (const sla of ['breached', 'warning'] as const) {
        for (const assigneeId of ['none', core.acme.agents.agent.id]) {
          for (const cursor of [undefined, nextCursor!]) {
            expect(await subjects({ ...all, sla, assigneeId, cursor })).toEqual([]);
          }
        }
      }
    }
  }, 20_000);

  it('pages on where it was, while tickets come and go', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.nextCursor ?? undefined;
      await open({ subject: 'Newer' });
      await core.sql('UPDATE tickets SET deleted_at = now() WHERE subject = $1', ['Newer']);
      await open({ subject: `Newest ${seen.length}` });
    } while (cursor);
    expect(seen).toEqual(['E', 'D', 'C 100% _sure_', 'B', 'A']);
  });

  it('ends on the last row without a cursor, and tells tickets of one instant apart', async () => {
    const rows = await Promise.all(
      Array.from({ length: 7 }, (_, place) => open({ subject: `Tie ${place}`, tags: ['tie'] })),
    );
    await core.sql(`UPDATE tickets SET created_at = '2026-01-01T00:00:00Z' WHERE 'tie' = ANY(tags)`);
    const ids: string[] = [];
    let pages = 0;
    for (let cursor: string | null = null; pages === 0 || cursor; pages++) {
      const page: { items: TicketView[]; nextCursor: string | null } = await list({
        tag: 'tie',
        limit: pages === 0 ? 1 : 3,
        ...(cursor && { cursor }),
      });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(pages).toBe(3);
  });

  it.each([
    '',
    'x',
    Buffer.from('1 0190c1a2-0000-7000-8000-0000000000aa').toString('base64url'),
    Buffer.from(`2026-01-01T00:00:00.000Z ${'-'.repeat(36)}`).toString('base64url'),
    Buffer.from(`9999-99-99T00:00:00.000Z 0190c1a2-0000-7000-8000-0000000000aa`).toString('base64url'),
  ])('refuses the cursor “%s”', async (cursor) => {
    expect(await refusalOf(list({ cursor }))).toMatchObject({ code: 'BAD_REQUEST', pointers: ['/cursor'] });
  });

  it('ends a page early when its texts could not travel', async () => {
    const description = 'ä'.repeat(200_000);
    for (let place = 0; place < 4; place++) await open({ subject: `Long ${place}`, description, tags: ['long'] });
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: { items: TicketView[]; nextCursor: string | null } = await list({
        tag: 'long',
        ...(cursor && { cursor }),
      });
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map(({ subject }) => subject));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['Long 3', 'Long 2', 'Long 1', 'Long 0']);
  });

  it('is not for contacts', async () => {
    const casey = core.contactOf(core.acme, tickets[2]!.contact!.id);
    expect((await refusalOf(core.client.request(listTickets, {}, { actor: casey }))).code).toBe('FORBIDDEN');
  });
});
