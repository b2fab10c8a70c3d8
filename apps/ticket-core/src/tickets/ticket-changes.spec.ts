import { deepStrictEqual as equal, notStrictEqual as notEqual } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '#shared/contracts/actor.js';
import { PRIORITIES, type Status, STATUSES } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { activity } from '../activities/activity.view.js';
import { comparable, type Line, rebuilt, stateOf } from './testing/rebuild-ticket.js';
import { applied, bornWith, isAnswer, MOVES_CLOCKS, type TicketChanges } from './ticket-changes.js';
import { TRANSITIONS } from './ticket.state.js';
import type { TicketRow } from './ticket.view.js';

const person = (name: string) => ({
  id: `0190c1a2-0000-7000-8000-0000000000${name}`,
  name,
  email: `${name}@acme.test`,
});
const team = (name: string) => ({ id: `0190c1a2-0000-7000-8000-0000000001${name}`, name, handle: name });
const bea: Actor = {
  orgId: '0190c1a2-0000-7000-8000-000000000001',
  kind: 'agent',
  id: person('be').id,
  name: 'Bea',
  role: 'agent',
  teamIds: null,
  surface: 'api',
};
const AT_MS = Date.parse('2026-11-21T09:00:00.000Z');

const build = (overrides: Partial<TicketRow> = {}): TicketRow => ({
  id: '0190c1a2-0000-7000-8000-0000000000ff',
  number: 1,
  subject: 'x',
  description: 'y',
  status: 'open',
  priority: 'medium',
  category: 'general',
  kind: null,
  source: 'api',
  team_id: null,
  team_name: null,
  team_handle: null,
  assignee_id: null,
  assignee_name: null,
  assignee_email: null,
  creator_id: bea.id,
  creator_name: 'Bea',
  creator_email: null,
  contact_id: null,
  contact_name: null,
  contact_email: null,
  company_id: null,
  company_name: null,
  entity: null,
  tags: [],
  custom_fields: {},
  cc: [],
  version: 1,
  message_count: 0,
  sla_deadline: null,
  first_response_at: null,
  resolved_at: null,
  closed_at: null,
  follow_up_of: null,
  duplicate_of: null,
  duplicate_of_number: null,
  created_at: new Date(AT_MS),
  updated_at: new Date(AT_MS),
  deleted_at: null,
  clocks: null,
  ...overrides,
});

const word = fc.constantFrom('a', 'b', 'c', 'ü', 'constructor');
const entity = fc.constantFrom(null, { type: 'device', id: '1' }, { type: 'endpoint', id: '2', name: 'Till' });
const fieldValue = fc.constantFrom<unknown>(1, 'x', null, ['a'], { deep: [1] });
const tags = fc.array(word, { maxLength: 4 });
const customFields = fc.dictionary(word, fieldValue, { maxKeys: 3 });
const people = fc.constantFrom(null, person('be'), person('ca'));

const bornArb = fc.record({
  subject: word,
  priority: fc.constantFrom(...PRIORITIES),
  category: fc.constantFrom('general', 'bug'),
  kind: fc.constantFrom(null, 'Device offline'),
  entity,
  tags: tags.map((some) => [...new Set(some)]),
  custom_fields: customFields,
  message_count: fc.constantFrom(0, 1),
});
const changesArb: fc.Arbitrary<TicketChanges> = fc.record(
  {
    subject: word,
    description: word,
    status: fc.constantFrom(...STATUSES),
    priority: fc.constantFrom(...PRIORITIES),
    category: word,
    kind: fc.option(word),
    team: fc.constantFrom(null, team('bi'), team('sa')),
    assignee: people,
    contact: people,
    entity,
    tags,
    customFields,
    deleted: fc.boolean(),
  },
  { requiredKeys: [] },
);

const asLine = (line: ReturnType<typeof activity>): Line => ({ ...line, at: new Date(line.at) });

describe('any sequence of changes', () => {
  // node:assert, not expect: some fifty thousand comparisons.
  it('keeps to the table of states, and its history rebuilds the ticket', () => {
    const reached = new Set<Status>();
    fc.assert(
      fc.property(bornArb, fc.array(changesArb, { maxLength: 12 }), (born, wanted) => {
        let row = build(born);
        let edited: string | undefined;
        const history = [asLine(activity(bea, row.id, 'created', AT_MS, { to: bornWith(row) }))];
        wanted.forEach((changes, place) => {
          const before = JSON.stringify(row);
          const atMs = AT_MS + place * 1_000;
          const to = changes.status;
          const isForbidden = to !== undefined && to !== row.status && !TRANSITIONS[row.status].includes(to);
          let result: ReturnType<typeof applied>;
          try {
            result = applied(bea, row, changes, atMs);
          } catch (error) {
            equal([isForbidden, (error as DeskError).code, JSON.stringify(row)], [true, 'UNPROCESSABLE', before]);
            return;
          }
          // What is given is not touched, and a line stands for each change that is told.
          equal([isForbidden, JSON.stringify(row)], [false, before]);
          equal(result.lines.length, result.changes.length);
          if (result.lines.length === 0) equal(comparable(stateOf(result.next, '')), comparable(stateOf(row, '')));
          for (const { type, old_value: from, new_value: now } of result.lines) {
            if (type !== 'deleted') equal([type, MOVES_CLOCKS.has(type)], [type, true]);
            if (type !== 'deleted' && type !== 'restored') notEqual(JSON.stringify(from), JSON.stringify(now));
          }
          // The same again is nothing new.
          equal(applied(bea, result.next, changes, atMs).lines, []);
          if (result.next.description !== row.description) edited = result.next.description;
          row = result.next;
          history.push(...result.lines.map(asLine));
          reached.add(row.status);
          equal(row.closed_at !== null, row.status === 'closed');
          equal(row.resolved_at !== null, row.status === 'closed' || row.status === 'resolved');
        });
        equal(comparable(rebuilt(history)), comparable(stateOf(row, edited)));
      }),
      { numRuns: 2_000 },
    );
    expect([...reached].toSorted()).toEqual([...STATUSES].toSorted());
  });
});

describe('the desk’s answer', () => {
  const mine = { contact_id: null, creator_id: bea.id };
  it.each([
    ['somebody else’s on my own ticket', { kind: 'agent', id: person('ca').id }, mine, true],
    ['mine on my own ticket', bea, mine, false],
    ['mine on a customer’s ticket that I wrote down', bea, { ...mine, contact_id: person('ca').id }, true],
    ['mine on a service’s ticket', bea, { contact_id: null, creator_id: null }, true],
    ['the customer’s', { kind: 'contact', id: person('ca').id }, mine, false],
    ['a service’s', { kind: 'system', id: null }, mine, false],
    ['an agent’s without a name', { kind: 'agent', id: null }, mine, false],
  ] as const)('%s', (_, author, ticket, expected) => {
    expect(isAnswer(author, ticket)).toBe(expected);
  });
});
