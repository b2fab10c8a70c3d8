import { describe, expect, it } from '@jest/globals';
import { gatherFields, listTicketsInput } from '#shared/contracts/ticket-lists.js';
import { readKeyset, writeKeyset } from '../database/keyset.js';
import { filterKey, ticketFilterOf } from './ticket-filter.js';

const BEA = '0190c1a2-0000-7000-8000-00000000000b';
const agent = {
  orgId: BEA,
  kind: 'agent',
  id: BEA,
  name: 'Bea',
  role: 'agent',
  teamIds: null,
  surface: 'api',
} as const;
const contact = { ...agent, kind: 'contact', role: null } as const;
const filterOf = (query: object, actor: Parameters<typeof ticketFilterOf>[0] = agent, zone = 'Europe/Berlin') => {
  const { sort: _, limit: __, cursor: ___, total: ____, ...filters } = listTicketsInput.parse(gatherFields(query));
  return ticketFilterOf(actor, filters, zone);
};

describe('a filter', () => {
  it.each([
    [{ status: 'waiting, open' }, { status: ['pending', 'open'] }],
    [{ priority: ['critical', 'low,high'] }, { priority: ['urgent', 'low', 'high'] }],
    [{ assigneeId: 'me,none,me' }, { assignee: [BEA, null] }],
    [{ unassigned: 'true' }, { assignee: [null] }],
    [{ unassigned: 'true', assigneeId: 'me' }, { assignee: [] }],
    [{ unassigned: 'true', assigneeId: 'me,none' }, { assignee: [null] }],
    [{ unassigned: 'false' }, { assignee: null, assigned: true }],
    [
      { unassigned: 'false', assigneeId: 'me,none' },
      { assignee: [BEA], assigned: false },
    ],
    [
      { unassigned: 'false', assigneeId: 'none' },
      { assignee: [], assigned: false },
    ],
    [{ assigneeId: 'none' }, { assignee: [null], assigned: false }],
    [{ tag: 'VIP,vip' }, { tag: ['vip'] }],
    [{ number: '#7,8' }, { number: [7, 8] }],
    [{ number: '999999999' }, { number: [999_999_999] }],
    [{ 'customFields.plan': 'gold,silver' }, { fields: [{ key: 'plan', values: ['gold', 'silver'] }] }],
    [{ 'customFields[plan]': 'gold' }, { fields: [{ key: 'plan', values: ['gold'] }] }],
    [{ q: ' x ' }, { text: 'x' }],
    [{ text: 'a* print*' }, { text: 'a* print' }],
    [{ watching: 'me' }, { watchedBy: BEA }],
  ])('%j is %j', (query, expected) => {
    expect(filterOf(query)).toMatchObject(expected);
  });

  it('takes a day as the whole of it in the organisation’s zone, summer and winter', () => {
    const days = { createdFrom: '2026-03-29', createdTo: '2026-03-29' };
    expect(filterOf(days).created).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      before: '2026-03-29T22:00:00.000Z',
      until: null,
    });
    expect(filterOf({ updatedTo: '2026-01-31T12:00:00+02:00' }).updated).toEqual({
      from: null,
      before: null,
      until: '2026-01-31T10:00:00.000Z',
    });
  });

  it('of a contact is of their own tickets, whatever they ask for', () => {
    expect(filterOf({}, contact)).toMatchObject({ contact: [BEA], publicOnly: true });
    expect(filterOf({ contactId: '0190c1a2-0000-7000-8000-00000000000c' }, contact).contact).toEqual([]);
  });

  it.each([
    [{ text: 'a', q: 'b' }, agent, 'q: '],
    [{ createdFrom: '2026-02-02', createdTo: '2026-02-01' }, agent, 'createdTo: '],
    [{ assigneeId: 'me' }, contact, 'assigneeId: '],
    [{ watching: 'me' }, contact, 'assigneeId: '],
  ])('refuses %j', (query, actor, message) => {
    expect(() => filterOf(query, actor)).toThrow(message);
  });

  it.each([
    { colour: 'red' },
    { status: 'ajar' },
    { status: '' },
    { sort: 'colour' },
    { sort: '--created' },
    { createdFrom: 'yesterday' },
    { entity: 'pump' },
    { number: '0x7' },
    { limit: 101 },
    { deleted: 'maybe' },
  ])('is not %j', (query) => {
    expect(listTicketsInput.safeParse(gatherFields(query)).success).toBe(false);
  });

  it('has a key of its own', () => {
    expect(filterKey(filterOf({ status: 'open' }))).toBe(filterKey(filterOf({ status: ['open'] })));
    const keys = [{}, { status: 'open' }, { tag: 'open' }, { status: 'open,pending' }, { text: 'open' }].map((query) =>
      filterKey(filterOf(query)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a cursor', () => {
  const KEYS = ['2026-01-31 12:00:00.123456+00', BEA];
  const kinds = ['instant', 'uuid'] as const;
  const cursor = writeKeyset({ list: 'a', keys: KEYS });

  it('keeps the keys to the microsecond', () => {
    expect(readKeyset(cursor, 'a', kinds)).toEqual(KEYS);
    expect(readKeyset(undefined, 'a', kinds)).toBeNull();
    expect(readKeyset(writeKeyset({ list: 'a', keys: ['infinity', BEA] }), 'a', kinds)).toEqual(['infinity', BEA]);
  });

  it.each([
    ['', 'a', 'is not one that a page gave'],
    [cursor, 'b', 'belongs to a list with another sort or other filters'],
    [writeKeyset({ list: 'a', keys: [BEA, KEYS[0]!] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: [KEYS[0]!] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: ["'; DROP TABLE tickets", BEA] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: ['2026-13-31 12:00:00+00', BEA] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: ['2026-02-30 12:00:00.5+00', BEA] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: ['2026-02-28 24:00:00+00', BEA] }), 'a', 'is not one'],
    [writeKeyset({ list: 'a', keys: ['0000-01-01 00:00:00+00', BEA] }), 'a', 'is not one'],
  ])('is refused when it is “%s”', (text, list, message) => {
    expect(() => readKeyset(text, list, kinds)).toThrow(message);
  });
});
