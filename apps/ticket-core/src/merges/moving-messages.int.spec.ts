import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeTickets, splitTicket, unmergeTicket } from '#shared/contracts/merges.js';
import { listMessages, postMessage } from '#shared/contracts/messages.js';
import { getTicket, type TicketView } from '#shared/contracts/tickets.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { TestCore } from '../../../../test/support/core.js';
import { fileMail, mailFacts } from '../../../../test/support/file-mail.js';

// Whatever is merged, taken back and split: every message is on exactly one ticket, the one where a plain model says it is;
// counts are right; a merge that is taken back at once leaves no trace but history; and every way to write arrives.

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

type Step =
  | { do: 'write' | 'mail' | 'unmerge'; on: number }
  | { do: 'merge' | 'there and back'; on: number; into: number }
  | { do: 'split'; on: number; nth: number };

const place = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('write' as const, 'mail' as const), on: place }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('merge' as const), on: place, into: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmerge' as const), on: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('split' as const), on: place, nth: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('there and back' as const), on: place, into: place }) },
);

interface Modelled {
  id: string;
  customer: string;
  messageId: string | null;
  /** The place of the ticket it is part of. */
  into: number | null;
  moved: string[];
}

class Desk {
  readonly tickets: Modelled[] = [];
  /** Where each message is. */
  readonly home = new Map<string, number>();

  async open(customer: string): Promise<void> {
    const facts = mailFacts(customer);
    const { ticketId } = await fileMail(core, facts);
    this.tickets.push({ id: ticketId!, customer, messageId: facts.messageId, into: null, moved: [] });
    await this.learn(this.tickets.length - 1);
  }

  /** New messages of a ticket are there; nothing else may have come to it. */
  async learn(at: number): Promise<void> {
    for (const { id } of await messagesOf(this.tickets[at]!.id)) if (!this.home.has(id)) this.home.set(id, at);
  }

  end(at: number): number {
    const { into } = this.tickets[at]!;
    return into === null ? at : this.end(into);
  }

  on(at: number): string[] {
    return [...this.home].filter(([, home]) => home === at).map(([id]) => id);
  }

  async take(wanted: Step): Promise<void> {
    const at = wanted.on % this.tickets.length;
    const ticket = this.tickets[at]!;
    switch (wanted.do) {
      case 'write': {
        const done = await tried(
          core.client.request(postMessage, { ticket: ticket.id, content: 'x' }, { actor: agent() }),
        );
        expect(done.refused).toBe(ticket.into !== null);
        return this.learn(at);
      }
      case 'mail': {
        const filed = await fileMail(core, mailFacts(ticket.customer), { ticketId: ticket.id });
        expect(filed).toMatchObject({ disposition: 'message_added', ticketId: this.tickets[this.end(at)]!.id });
        return this.learn(this.end(at));
      }
      case 'merge': {
        const into = wanted.into % this.tickets.length;
        const request = { ticket: ticket.id, into: this.tickets[into]!.id };
        const done = await tried(core.client.request(mergeTickets, request, { actor: agent() }));
        expect(done.refused).toBe(at === into || ticket.into !== null || this.tickets[into]!.into !== null);
        if (done.refused) return;
        Object.assign(ticket, { into, moved: this.on(at) });
        for (const id of ticket.moved) this.home.set(id, into);
        return;
      }
      case 'unmerge': {
        const done = await tried(core.client.request(unmergeTicket, { ticket: ticket.id }, { actor: agent() }));
        const { into } = ticket;
        expect(done.refused).toBe(into === null || this.tickets[into]!.into !== null);
        if (done.refused) return;
        for (const id of ticket.moved) if (this.home.get(id) === into) this.home.set(id, at);
        Object.assign(ticket, { into: null, moved: [] });
        return;
      }
      case 'split': {
        const there = (await messagesOf(ticket.id)).map(({ id }) => id);
        const messageId = there[wanted.nth % Math.max(1, there.length)];
        if (messageId === undefined || ticket.into !== null) return;
        const split = await core.client.request(
          splitTicket,
          { ticket: ticket.id, messageIds: [messageId] },
          { actor: agent() },
        );
        const { id, contactEmail } = split.ticket;
        this.home.set(messageId, this.tickets.length);
        this.tickets.push({ id, customer: contactEmail!, messageId: null, into: null, moved: [] });
        return;
      }
      case 'there and back': {
        const other = this.tickets[wanted.into % this.tickets.length]!;
        if (other === ticket || ticket.into !== null || other.into !== null) return;
        const before = await Promise.all([seen(ticket.id), seen(other.id)]);
        await core.client.request(mergeTickets, { ticket: ticket.id, into: other.id }, { actor: agent() });
        await core.client.request(unmergeTicket, { ticket: ticket.id }, { actor: agent() });
        expect(await Promise.all([seen(ticket.id), seen(other.id)])).toEqual(before);
      }
    }
  }

  async check(): Promise<void> {
    let total = 0;
    for (const [at, { id, into }] of this.tickets.entries()) {
      const view = await get(id);
      const ids = (await messagesOf(id)).map((message) => message.id);
      expect([at, ids.toSorted()]).toEqual([at, this.on(at).toSorted()]);
      expect([at, view.messageCount]).toEqual([at, ids.length]);
      expect(view.duplicateOf).toBe(into === null ? null : this.tickets[into]!.id);
      if (into !== null) expect(view.sla.filter(({ state }) => state === 'running' || state === 'paused')).toEqual([]);
      total += ids.length;
    }
    expect(total).toBe(this.home.size);
    for (const [at, { customer, id }] of this.tickets.entries()) {
      const filed = await fileMail(core, mailFacts(customer), { ticketId: id });
      expect([at, filed.disposition, filed.ticketId]).toEqual([at, 'message_added', this.tickets[this.end(at)]!.id]);
    }
  }
}

const agent = () => core.actorOf(core.acme, 'manager');
const get = (ticket: string) => core.client.request(getTicket, { ticket }, { actor: agent() });
const messagesOf = async (ticket: string) =>
  (await core.client.request(listMessages, { ticket, limit: 100 }, { actor: agent() })).items;
async function seen(id: string): Promise<[Omit<TicketView, 'version' | 'updatedAt'>, unknown]> {
  const { version: _version, updatedAt: _updatedAt, ...rest } = await get(id);
  return [rest, await messagesOf(id)];
}
async function tried(work: Promise<unknown>): Promise<{ refused: boolean }> {
  try {
    await work;
    return { refused: false };
  } catch (error) {
    if (error instanceof DeskError && error.code === 'UNPROCESSABLE') return { refused: true };
    throw error;
  }
}

it('loses and doubles no message, whatever is merged, taken back and split', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const desk = new Desk();
      run++;
      for (const who of ['casey', 'casey', 'dana', 'erin']) await desk.open(`${who}@run${run}.example`);
      for (const one of steps) await desk.take(one);
      await desk.check();
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
