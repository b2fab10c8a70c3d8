import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listActivities } from '#shared/contracts/messages.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { STATUSES } from '#shared/contracts/values.js';
import { refusalOf, TestCore, waitFor } from '../../../../test/support/core.js';
import { TRANSITIONS } from './ticket.state.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

const bea = () => core.actorOf(core.acme);
const open = (input: object = {}) =>
  core.client.request(openTicket, { subject: 'Printer', ...input }, { actor: bea() });
const change = (ticket: string | number, fields: object, actor = bea()) =>
  core.client.request(updateTicket, { ticket, ...fields }, { actor });
const eventsOf = (id: string) =>
  core.sql<{ name: string; payload: { version: number; changes?: { field: string; from: unknown; to: unknown }[] } }>(
    `SELECT name, payload FROM outbox WHERE payload->>'ticketId' = $1 ORDER BY id`,
    [id],
  );

describe('changing tickets', () => {
  it('writes row, history and one event for one change of many fields', async () => {
    const { id } = await open({ tags: ['old', 'both'] });
    const changed = await change(id, {
      subject: 'Printer on fire',
      priority: 'high',
      tags: ['both', 'new'],
      assigneeId: core.acme.agents.admin.id,
      customFields: { floor: 3 },
      status: 'in_progress',
    });
    expect(changed).toMatchObject({
      version: 2,
      status: 'in_progress',
      assignee: { name: 'Alice' },
      tags: ['both', 'new'],
    });
    const lines = await core.client.request(listActivities, { ticket: id }, { actor: bea() });
    expect(lines.items.map(({ type }) => type)).toEqual([
      'created',
      'subject_edited',
      'priority_changed',
      'assigned',
      'tag_added',
      'tag_removed',
      'custom_field_changed',
      'status_changed',
      'sla_policy_changed',
    ]);
    const events = await eventsOf(id);
    expect(events.map(({ name, payload }) => [name, payload.version])).toEqual([
      ['ticket.opened', 1],
      ['ticket.updated', 2],
      ['agent.notified', undefined],
    ]);
    expect(events[1]!.payload.changes).toContainEqual({ field: 'assignee', from: null, to: 'Alice' });
  });

  it('changes nothing when nothing is different', async () => {
    const { id } = await open({ tags: ['a'] });
    expect((await change(id, { priority: 'medium', tags: ['a'], status: 'open' })).version).toBe(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('lets one of many who saw the same version through', async () => {
    const { id } = await open();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, place) => change(id, { subject: `By ${place}`, version: 1 })),
    );
    const [done, ...more] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(more).toEqual([]);
    expect(done!.version).toBe(2);
    expect(await core.client.request(getTicket, { ticket: id }, { actor: bea() })).toMatchObject({
      subject: done!.subject,
      version: 2,
    });
    expect(await refusalOf(change(id, { subject: 'late', version: 1 }))).toMatchObject({
      code: 'CONFLICT',
      pointers: ['/version'],
    });
  });

  it('keeps concurrent changes of different fields', async () => {
    const { id } = await open();
    await Promise.all([
      change(id, { subject: 'New subject' }),
      change(id, { priority: 'urgent' }),
      change(id, { category: 'billing' }),
      change(id, { status: 'pending' }),
    ]);
    expect(await core.client.request(getTicket, { ticket: id }, { actor: bea() })).toMatchObject({
      subject: 'New subject',
      priority: 'urgent',
      category: 'billing',
      status: 'pending',
      version: 5,
    });
  });

  it('follows the table of transitions and no other', async () => {
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        if (from === to) continue;
        const { id } = await open();
        if (from !== 'open') await change(id, { status: from });
        if (TRANSITIONS[from].includes(to)) {
          expect((await change(id, { status: to })).status).toBe(to);
        } else {
          expect([from, to, await refusalOf(change(id, { status: to }))]).toMatchObject([
            from,
            to,
            { code: 'UNPROCESSABLE', pointers: ['/status'] },
          ]);
        }
      }
    }
  }, 20_000);

  it('keeps a closed ticket closed, with its instants', async () => {
    const { id } = await open();
    const closed = await change(id, { status: 'closed' });
    expect(closed.closedAt).not.toBeNull();
    expect(closed.resolvedAt).toBe(closed.closedAt);
    for (const status of STATUSES.filter((one) => one !== 'closed')) {
      expect((await refusalOf(change(id, { status }))).message).toContain('closed');
    }
    expect((await change(id, { tags: ['afterwards'] })).status).toBe('closed');
  });

  it('leaves nothing behind of a change that is refused', async () => {
    const { id } = await open();
    await change(id, { status: 'closed' });
    const before = await core.sql('SELECT * FROM activities WHERE ticket_id = $1', [id]);
    await refusalOf(change(id, { status: 'pending', subject: 'half', note: 'half' }));
    await refusalOf(change(id, { subject: 'half', note: 'half', assigneeId: core.globex.agents.agent.id }));
    expect(await core.sql('SELECT * FROM activities WHERE ticket_id = $1', [id])).toEqual(before);
    expect(await core.sql('SELECT 1 FROM messages WHERE ticket_id = $1', [id])).toEqual([]);
    expect(await core.client.request(getTicket, { ticket: id }, { actor: bea() })).toMatchObject({
      subject: 'Printer',
    });
  });

  it('lets nobody change a ticket of another organisation, whatever they know of it', async () => {
    const { id, number } = await open();
    const gustav = core.actorOf(core.globex, 'admin');
    for (const ticket of [id, number]) {
      expect((await refusalOf(change(ticket, { subject: 'ours now' }, gustav))).code).toBe('NOT_FOUND');
    }
    expect((await refusalOf(change(id, { subject: 'x' }, core.actorOf(core.acme, 'viewer')))).code).toBe('FORBIDDEN');
  });

  it('tells of a change in an event that can always travel', async () => {
    const { id } = await open({ customFields: { log: 'a'.repeat(400_000) } });
    await change(id, { customFields: { log: 'b'.repeat(400_000), short: 1 } });
    const [, updated] = await eventsOf(id);
    expect(updated!.payload.changes).toEqual([
      { field: 'customFields.log', from: null, to: null },
      { field: 'customFields.short', from: null, to: 1 },
    ]);
    await waitFor(
      async () => (await core.sql('SELECT 1 FROM outbox WHERE sent_at IS NULL')).length === 0,
      'the outbox to empty',
    );
  });

  it('tells a history without jumps when several take it at once', async () => {
    const { id } = await open();
    const roles = ['agent', 'admin', 'manager'] as const;
    await Promise.all(roles.map((role) => change(id, { assigneeId: core.acme.agents[role].id })));
    const lines = await core.sql<{ old_value: { name: string | null }; new_value: { name: string } }>(
      `SELECT old_value, new_value FROM activities WHERE ticket_id = $1 AND type = 'assigned' ORDER BY at, id`,
      [id],
    );
    // Each line of the history begins where the one before it ended.
    expect(lines.map(({ old_value }) => old_value.name)).toEqual([
      null,
      ...lines.slice(0, 2).map((l) => l.new_value.name),
    ]);
  });
});
