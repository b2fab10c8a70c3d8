import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Actor } from '#shared/contracts/actor.js';
import { TestCore } from '../../../../test/support/core.js';
import { ActivityLog } from '../activities/activity-log.js';
import { activity, type ActivityRow } from '../activities/activity.view.js';
import { Database } from '../database/database.js';
import { AddMessage } from '../messages/add-message.js';
import { FindTicket } from '../tickets/find-ticket.js';
import { OpenTickets } from '../tickets/open-tickets.js';
import { ticketFactsOf } from '../tickets/ticket-facts.js';
import { ReckonClocks } from './reckon-clocks.js';

// The same history gives the same stored clocks, whatever the order in which it arrives and however often it is delivered.

let core: TestCore;
let contactId: string;
beforeAll(async () => {
  core = await TestCore.start();
  // All three targets, rounds by the customer's messages, and a step of escalation: as much as can go wrong.
  const json = {
    name: 'All of it',
    priority: 100,
    firstResponseMinutes: 60,
    nextResponseMinutes: 30,
    resolutionMinutes: 600,
    nextResponseFrom: 'customer_message',
    escalation: [{ at: { percent: 100 }, do: { alert: { channel: 'late' } } }],
  };
  expect((await core.http('/api/v1/sla/policies', { json })).status).toBe(201);
  const made = await core.http('/api/v1/tickets', { json: { subject: 'x', contactEmail: 'casey@customer.example' } });
  contactId = (made.body['contact'] as { id: string }).id;
}, 60_000);
afterAll(() => core.close());

const MINUTE = 60_000;
const BEGAN = Date.now() - 24 * 60 * MINUTE;
/** One instant to look at all of them from: the consumed time of running clocks is of that moment. */
const NOW = Date.now();

async function openAt(atMs: number): Promise<string> {
  const orgId = core.acme.id;
  const actor = { ...core.contactOf(core.acme, contactId), surface: 'email' } as Actor;
  const contact = { id: contactId, name: 'Casey', email: 'casey@customer.example' };
  return core.app.get(Database).tenant(orgId, async (tx) => {
    const opening = {
      actor,
      subject: 'x',
      description: '',
      priority: 'medium',
      category: 'general',
      kind: null,
      source: 'email',
      team: null,
      assignee: null,
      contact,
      entity: null,
      tags: [],
      customFields: {},
      cc: [],
      messageCount: 0,
      followUpOf: null,
      openedAtMs: atMs,
    } as Parameters<OpenTickets['execute']>[2][number];
    const [row] = await core.app.get(OpenTickets).execute(tx, orgId, [opening], Date.now());
    return row!.id;
  });
}

/** Reckoned once more as of NOW, and read back. */
async function clocksOf(id: string) {
  await core.app.get(Database).tenant(core.acme.id, async (tx) => {
    const row = await core.app.get(FindTicket).execute(tx, core.serviceOf(core.acme), id, 'read');
    await core.app.get(ReckonClocks).again(tx, core.acme.id, id, ticketFactsOf(row), false, NOW);
  });
  const clocks = await core.sql(
    `SELECT target, cycle, state, started_at, warn_at, due_at, stopped_at, breached_at, consumed_ms, paused_ms, next_at
     FROM sla_clocks WHERE ticket_id = $1 ORDER BY target, cycle`,
    [id],
  );
  const steps = await core.sql(
    `SELECT target, cycle, step, at FROM sla_escalations
     WHERE ticket_id = $1 AND next_at IS NOT NULL ORDER BY target, cycle, step`,
    [id],
  );
  return { clocks, steps };
}

const shuffled = <T>(items: readonly T[], ranks: readonly number[]): T[] =>
  items
    .map((item, index) => ({ item, rank: ranks[index % ranks.length]! + index * 1e-9 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
const ranksArb = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 });
/** Instants are whole minutes after the opening, each its own. */
const minutesArb = (length: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: 1_300 }), { minLength: length, maxLength: length });

describe('the same history', () => {
  it('of messages, filed in any order and delivered more than once, gives the same clocks', async () => {
    const saidArb = fc.array(fc.constantFrom('agent', 'customer', 'customer', 'agent', 'note', 'machine'), {
      minLength: 8,
      maxLength: 8,
    });
    let rounds = 0;
    await fc.assert(
      fc.asyncProperty(saidArb, minutesArb(8), ranksArb, fc.nat({ max: 7 }), async (said, minutes, ranks, again) => {
        const messages = said.map((who, index) => ({ who, atMs: BEGAN + minutes[index]! * MINUTE, ref: randomUUID() }));
        const file = async (id: string, list: typeof messages) => {
          for (const { who, atMs, ref } of list) {
            await core.app.get(Database).tenant(core.acme.id, async (tx) => {
              const byCustomer = who === 'customer' || who === 'machine';
              const actor = byCustomer ? core.contactOf(core.acme, contactId) : core.actorOf(core.acme);
              const ticket = await core.app.get(FindTicket).toChange(tx, core.serviceOf(core.acme), id, 'update');
              await core.app.get(AddMessage).execute(tx, actor, ticket, {
                content: who,
                isInternal: who === 'note',
                source: 'email',
                externalRef: `${id}${ref}`,
                automatic: who === 'machine',
                atMs,
              });
            });
          }
        };
        const [straight, crooked] = [await openAt(BEGAN), await openAt(BEGAN)];
        await file(
          straight,
          messages.toSorted((a, b) => a.atMs - b.atMs),
        );
        await file(crooked, shuffled([...messages, messages[again]!], ranks));
        const [expected, found] = [await clocksOf(straight), await clocksOf(crooked)];
        expect(found).toEqual(expected);
        rounds = Math.max(rounds, expected.clocks.length);
      }),
      { numRuns: 25 },
    );
    // Or there was nothing to tell apart.
    expect(rounds).toBeGreaterThan(3);
  }, 120_000);

  it('of status changes, pauses and answers, each with its own instant, written down in any order', async () => {
    const kinds = [
      'sla_paused',
      'sla_resumed',
      'pending',
      'open',
      'on_hold',
      'resolved',
      'reopened',
      'agent',
      'customer',
    ] as const;
    const storyArb = fc.array(fc.constantFrom(...kinds), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(storyArb, minutesArb(7), ranksArb, async (story, minutes, ranks) => {
        const lines = (id: string) =>
          story.map((kind, index): ActivityRow => {
            const atMs = BEGAN + minutes[index]! * MINUTE;
            const [customer, agent] = [core.contactOf(core.acme, contactId), core.actorOf(core.acme)];
            const messageId = randomUUID();
            if (kind === 'agent') return activity(agent, id, 'message_added', atMs, { to: { messageId } });
            if (kind === 'customer') return activity(customer, id, 'message_added', atMs, { to: { messageId } });
            if (kind === 'sla_paused' || kind === 'sla_resumed') return activity(agent, id, kind, atMs);
            if (kind === 'reopened') return activity(customer, id, 'reopened', atMs, { to: { status: 'open' } });
            if (kind === 'resolved') return activity(agent, id, 'resolved', atMs, { to: { status: kind } });
            return activity(agent, id, 'status_changed', atMs, { to: { status: kind } });
          });
        const write = async (id: string, list: ActivityRow[]) => {
          for (const line of list) {
            await core.app.get(Database).tenant(core.acme.id, async (tx) => {
              await core.app.get(ActivityLog).add(tx, core.acme.id, [line]);
              const row = await core.app.get(FindTicket).execute(tx, core.serviceOf(core.acme), id, 'read');
              await core.app.get(ReckonClocks).again(tx, core.acme.id, id, ticketFactsOf(row), false, Date.now());
            });
          }
        };
        const [straight, crooked] = [await openAt(BEGAN), await openAt(BEGAN)];
        await write(
          straight,
          lines(straight).toSorted((a, b) => (a.at < b.at ? -1 : 1)),
        );
        await write(crooked, shuffled(lines(crooked), ranks));
        expect(await clocksOf(crooked)).toEqual(await clocksOf(straight));
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
