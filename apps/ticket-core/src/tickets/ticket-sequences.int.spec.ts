import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '#shared/contracts/actor.js';
import { changeMessage, postMessage, undoMessage } from '#shared/contracts/messages.js';
import {
  closeTicket,
  deleteTicket,
  openTicket,
  reopenTicket,
  resolveTicket,
  restoreTicket,
  startTicket,
  updateTicket,
} from '#shared/contracts/tickets.js';
import { PRIORITIES, type Status, STATUSES } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { TestCore } from '../../../../test/support/core.js';
import { comparable, type Line, rebuilt, stateOf } from './testing/rebuild-ticket.js';
import { statusAfterCustomerMessage, TRANSITIONS } from './ticket.state.js';
import type { TicketRow } from './ticket.view.js';

let core: TestCore;
beforeAll(async () => (core = await TestCore.start()), 60_000);
afterAll(() => core.close());

/** What somebody does to a ticket, and what must come of it. */
type Command =
  | { do: 'update'; fields: Record<string, unknown> }
  | { do: 'start' | 'resolve' | 'close' | 'reopen'; note: string | undefined }
  | { do: 'say'; by: 'bea' | 'alice' | 'casey'; internal: boolean; undoMs: number }
  | { do: 'unsay'; place: number; how: 'edit' | 'delete' | 'undo' }
  | { do: 'delete' | 'restore' };

const commandArb: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      fields: fc.record(
        {
          subject: fc.constantFrom('a', 'b'),
          description: fc.constantFrom('a', 'b'),
          status: fc.constantFrom(...STATUSES),
          priority: fc.constantFrom(...PRIORITIES),
          category: fc.constantFrom('general', 'bug'),
          kind: fc.constantFrom(null, 'x'),
          assignee: fc.constantFrom(null, 'bea', 'alice'),
          contactEmail: fc.constantFrom(null, 'casey@customer.example', 'dana@customer.example'),
          entity: fc.constantFrom(null, { type: 'device', id: '1' }),
          tags: fc.constantFrom([], ['a'], ['a', 'b']),
          note: fc.constant('because'),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('start' as const, 'resolve' as const, 'close' as const, 'reopen' as const),
      note: fc.constantFrom(undefined, 'because'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      by: fc.constantFrom('bea' as const, 'alice' as const, 'casey' as const),
      internal: fc.boolean(),
      undoMs: fc.constantFrom(0, 600_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('unsay' as const),
      place: fc.nat({ max: 2 }),
      how: fc.constantFrom('edit' as const, 'delete' as const, 'undo' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'restore' as const) }) },
);

const actors = (caseyId: string): Record<string, Actor> => ({
  bea: core.actorOf(core.acme),
  alice: core.actorOf(core.acme, 'admin'),
  casey: core.contactOf(core.acme, caseyId),
});

async function look(id: string): Promise<{ row: TicketRow; history: Line[]; messages: number }> {
  const [row] = await core.sql<TicketRow>('SELECT * FROM tickets WHERE id = $1', [id]);
  const history = await core.sql<Line & { id: string }>(
    'SELECT * FROM activities WHERE ticket_id = $1 ORDER BY at, id',
    [id],
  );
  const messages = await core.sql('SELECT 1 FROM messages WHERE ticket_id = $1 AND deleted_at IS NULL', [id]);
  return { row: row!, history, messages: messages.length };
}

/** Which status it may have afterwards, or null where it must be refused. */
function expectedStatus(command: Command, row: TicketRow, isTheirs: boolean): Status | null {
  const to = (status: Status) => (status === row.status || TRANSITIONS[row.status].includes(status) ? status : null);
  if (row.deleted_at) return command.do === 'restore' ? row.status : null;
  switch (command.do) {
    case 'update':
      return command.fields['status'] === undefined ? row.status : to(command.fields['status'] as Status);
    case 'start':
      return row.status === 'resolved' ? null : to('in_progress');
    case 'resolve':
      return to('resolved');
    case 'close':
      return to('closed');
    case 'reopen':
      if (row.status === 'closed') return 'closed'; // its follow-up is opened
      return row.status === 'resolved' ? 'open' : null;
    case 'say': {
      if (command.by === 'casey') {
        if (command.internal || !isTheirs) return null;
        return row.status === 'closed' ? 'closed' : (statusAfterCustomerMessage(row.status) ?? row.status);
      }
      return !command.internal && row.status === 'closed' ? null : row.status;
    }
    case 'delete':
    case 'restore':
    case 'unsay':
      return row.status;
  }
}

/** Tried before the generated ones: in forty of those, a rare command may be missing, and nothing would be proven of it. */
const EACH_ONCE: [contactEmail: string | null, Command[]][] = [
  [
    'casey@customer.example',
    [
      { do: 'say', by: 'bea', internal: true, undoMs: 0 },
      { do: 'say', by: 'bea', internal: false, undoMs: 600_000 },
      { do: 'unsay', place: 0, how: 'edit' },
      { do: 'unsay', place: 0, how: 'delete' },
      { do: 'unsay', place: 1, how: 'undo' },
      { do: 'say', by: 'casey', internal: true, undoMs: 0 }, // forbidden: customers write no notes
      { do: 'update', fields: { contactEmail: 'dana@customer.example', status: 'pending' } },
      { do: 'update', fields: { status: 'on_hold' } },
      { do: 'start', note: undefined },
      { do: 'resolve', note: 'because' },
      { do: 'reopen', note: undefined },
      { do: 'say', by: 'casey', internal: false, undoMs: 0 }, // not found: the ticket is dana's
      { do: 'delete' },
      { do: 'update', fields: { subject: 'b' } }, // not found: deleted
      { do: 'restore' },
      { do: 'close', note: 'because' },
      { do: 'say', by: 'bea', internal: false, undoMs: 0 }, // unprocessable: closed
    ],
  ],
];

describe('any sequence of commands on a real core', () => {
  it('keeps states, versions, counts and a history that rebuilds the ticket', async () => {
    const reached = new Set<Status>();
    const refusals = new Set<string>();
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(null, 'casey@customer.example'),
        fc.array(commandArb, { minLength: 4, maxLength: 14 }),
        async (contactEmail, commands) => {
          const known = await core.client.request(
            openTicket,
            { subject: 'x', contactEmail: 'casey@customer.example' },
            { actor: core.actorOf(core.acme) },
          );
          const who = actors(known.contact!.id);
          const { id } = await core.client.request(openTicket, { subject: 'x', contactEmail }, { actor: who['bea']! });
          const said: { id: string; by: string }[] = [];
          let edited: string | undefined;

          for (const command of commands) {
            const before = await look(id);
            const expected = expectedStatus(command, before.row, before.row.contact_id === known.contact!.id);
            const done = await run(id, command, who, said).then(
              () => true,
              (error: unknown) => {
                if (!(error instanceof DeskError) || error.code === 'INTERNAL') throw error;
                refusals.add(error.code);
                return false;
              },
            );
            const after = await look(id);
            reached.add(after.row.status);
            for (const { type } of after.history) seen.add(type);
            if (command.do !== 'unsay') expect([command, done]).toEqual([command, expected !== null]);
            if (done) expect([command, after.row.status]).toEqual([command, expected]);

            // One version a change: a note and what it goes with are two. Nothing different, nothing written.
            const more = after.history.length - before.history.length;
            const steps = after.row.version - before.row.version;
            const own = after.history
              .slice(-more)
              .filter(({ type }) => type !== 'sla_policy_changed' && !type.startsWith('watcher'));
            const notes = own.filter(({ type }) => type === 'note_added').length;
            expect([command, steps]).toEqual([command, more === 0 ? 0 : notes + (own.length > notes ? 1 : 0)]);
            if (!done) expect([command, more]).toEqual([command, 0]);
            if (after.row.description !== before.row.description) edited = after.row.description;
            expect(after.row.message_count).toBe(after.messages);
            expect([command, comparable(rebuilt(after.history))]).toEqual([
              command,
              comparable(stateOf(after.row, edited)),
            ]);
          }
        },
      ),
      { numRuns: 40, examples: EACH_ONCE },
    );
    expect([...reached].toSorted()).toEqual([...STATUSES].toSorted());
    // Or it would prove nothing about them.
    const rare = [
      'message_edited',
      'message_deleted',
      'message_taken_back',
      'deleted',
      'restored',
      'reopened',
      'contact_changed',
    ];
    expect([...seen]).toEqual(expect.arrayContaining(rare));
    expect([...refusals]).toEqual(expect.arrayContaining(['UNPROCESSABLE', 'NOT_FOUND', 'FORBIDDEN']));
  }, 120_000);
});

const STEPS = { start: startTicket, resolve: resolveTicket, close: closeTicket, reopen: reopenTicket };

async function run(
  ticket: string,
  command: Command,
  who: Record<string, Actor>,
  said: { id: string; by: string }[],
): Promise<void> {
  const actor = who['bea']!;
  switch (command.do) {
    case 'update':
      await core.client.request(updateTicket, { ticket, ...command.fields }, { actor });
      return;
    case 'start':
    case 'resolve':
    case 'close':
    case 'reopen':
      await core.client.request(
        STEPS[command.do],
        { ticket, ...(command.note !== undefined && { note: command.note }) },
        { actor },
      );
      return;
    case 'say': {
      const { by, internal, undoMs } = command;
      const { id, ticketId } = await core.client.request(
        postMessage,
        { ticket, content: 'Hello', isInternalNote: internal, undoMs },
        { actor: who[by]! },
      );
      if (ticketId === ticket) said.push({ id, by });
      return;
    }
    case 'unsay': {
      const message = said[command.place];
      if (!message) throw new DeskError('NOT_FOUND');
      if (command.how === 'undo')
        await core.client.request(undoMessage, { messageId: message.id }, { actor: who[message.by]! });
      else {
        const content = command.how === 'delete' ? null : 'Edited';
        await core.client.request(
          changeMessage,
          { ticket, messageId: message.id, content },
          { actor: who[message.by]! },
        );
      }
      return;
    }
    case 'delete':
      await core.client.request(deleteTicket, { ticket }, { actor });
      return;
    case 'restore':
      await core.client.request(restoreTicket, { ticket }, { actor });
      return;
  }
}
