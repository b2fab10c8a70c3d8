import { Injectable } from '@nestjs/common';
import type { TicketSort } from '#shared/contracts/ticket-lists.js';
import type { Tx } from '../database/database.js';
import type { KeyKind } from '../database/keyset.js';
import { composed, statement } from '../database/statement.js';
import { IN_THE_QUEUE, walkOf } from './list-walk.repository.js';
import {
  facetsOf,
  type Known,
  Parameters,
  plainConditions,
  PRIORITY_RANK,
  SLA_SETS,
  STATUS_RANK,
  STATUS_RANKS,
  type Way,
  waysTo,
} from './ticket-conditions.repository.js';
import type { TicketFilter } from './ticket-filter.js';
import { TicketSearchRepository } from './ticket-search.repository.js';
import { COLUMNS, PEOPLE } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

export type ListedTicket = TicketRow & { sort_keys: string[] };

export interface PageOrder {
  sort: TicketSort;
  descending: boolean;
  after: string[] | null;
  limit: number;
}

/** CASE, as coalesce would not be looked up by index. */
const DEADLINE = `(CASE WHEN t.sla_deadline IS NULL THEN 'infinity'::timestamptz ELSE t.sla_deadline END)`;

/** What a list is ordered by, the last key telling any two tickets apart; each has an index that begins with org_id. */
export const SORT_KEYS: Readonly<Record<TicketSort, readonly { sql: string; kind: KeyKind }[]>> = {
  created: [
    { sql: 't.created_at', kind: 'instant' },
    { sql: 't.id', kind: 'uuid' },
  ],
  updated: [
    { sql: 't.updated_at', kind: 'instant' },
    { sql: 't.id', kind: 'uuid' },
  ],
  priority: [
    { sql: PRIORITY_RANK, kind: 'integer' },
    { sql: 't.created_at', kind: 'instant' },
    { sql: 't.id', kind: 'uuid' },
  ],
  status: [
    { sql: STATUS_RANK, kind: 'integer' },
    { sql: 't.created_at', kind: 'instant' },
    { sql: 't.id', kind: 'uuid' },
  ],
  number: [{ sql: 't.number', kind: 'integer' }],
  // Those without a deadline come last, with - too (latestDeadlineFirst).
  slaDeadline: [
    { sql: DEADLINE, kind: 'instant' },
    { sql: 't.id', kind: 'uuid' },
  ],
  messageCount: [
    { sql: 't.message_count', kind: 'integer' },
    { sql: 't.id', kind: 'uuid' },
  ],
};
const NO_DEADLINE = `'-infinity'::timestamptz`;
const TYPES: Readonly<Record<KeyKind, string>> = { integer: 'integer', instant: 'timestamptz', uuid: 'uuid' };
/** As a cursor carries it: to the microsecond, whatever the session's settings are. */
const keyText = (sql: string, kind: KeyKind) =>
  kind === 'instant'
    ? `CASE WHEN isfinite(${sql}) THEN to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' ELSE ${sql}::text END`
    : `${sql}::text`;

/** Pages of these sizes, and the one row that tells of a next one, keep their plans. */
const USUAL_LIMITS: ReadonlySet<number> = new Set([10, 20, 25, 50, 100].map((size) => size + 1));
/** Words that are in more tickets than this are looked for ticket by ticket, in the list's order. */
const MAX_NAMED = 1_000;
/** A tag that more tickets have is looked up ticket by ticket, where the list has another order than that of creation. */
const RARE = 2_000;

/** So many tickets in a state of SLA are gathered and sorted; of more, each ticket is asked in the list's order. */
const FEW = 500;
/** Those without a policy are gathered by a facet, which is cheaper than asking who of all has one. */
const FEW_FACETS = 5_000;

const SORTING = statement('tickets.sorting', `SELECT set_config('enable_sort', $1, true)`);
@Injectable()
export class TicketListRepository {
  constructor(private readonly search: TicketSearchRepository) {}

  /** What a list has to know before it begins. */
  async lookUp(tx: Tx, filter: TicketFilter): Promise<Known> {
    const query = filter.text === null ? null : await this.search.queryOf(tx, filter.text);
    let textIds: string[] | null = [];
    if (query !== null) {
      const found = filter.publicOnly ? null : await this.search.newestMatches(tx, query, MAX_NAMED + 1);
      textIds = found === null || found.length > MAX_NAMED ? null : found;
    }
    const p = new Parameters();
    const facets = facetsOf(filter, p).flat();
    let facetsAreRare = true;
    if (facets.length > 0) {
      const text = `SELECT count(*)::integer AS amount FROM (SELECT 1 FROM ticket_facets f
        WHERE f.org_id = (SELECT current_org()) AND f.facet = ANY(ARRAY[${facets.join(', ')}]) ORDER BY f.facet, f.created_at LIMIT ${RARE + 1}) seen`;
      const [row] = await tx.query<{ amount: number }>(composed('tickets.facets', text, facets.length <= 1), p.values);
      facetsAreRare = row!.amount <= RARE;
    }
    const rareSlaStates: string[] = [];
    for (const state of filter.sla ?? []) {
      const set = SLA_SETS[state];
      if (set === undefined) continue;
      const few = state === 'none' ? FEW_FACETS : FEW;
      const text = `SELECT count(*)::integer AS amount FROM (${set} LIMIT ${few + 1}) seen`;
      const [row] = await tx.query<{ amount: number }>(composed('tickets.sla', text));
      if (row!.amount <= few) rareSlaStates.push(state);
    }
    return { query, textIds, facetsAreRare, rareSlaStates };
  }

  /** One page, in order. `after` are the sort keys of the last row before it. */
  async page(tx: Tx, filter: TicketFilter, known: Known, order: PageOrder): Promise<ListedTicket[]> {
    const p = new Parameters();
    const keys = SORT_KEYS[order.sort];
    const walk = await walkOf(tx, filter, known, order);
    const walked = walk !== null;
    const cut = cutOf(filter, { ...known, inOrder: walked }, order, p, walk === 'queue' ? [IN_THE_QUEUE] : []);
    // The page is cut first, then dressed: joins and clocks for `limit` rows, not for all that match.
    const text = `${walked ? '-- in order' : ''}
      WITH page AS MATERIALIZED (${cut})
      SELECT ${COLUMNS}, ARRAY[${keys.map(({ kind }, at) => keyText(`page.k${at}`, kind)).join(', ')}] AS sort_keys
      FROM page JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = page.id ${PEOPLE}
      ORDER BY ${keys.map((_, at) => `page.k${at} ${order.descending ? 'DESC' : 'ASC'}`).join(', ')}`;
    const list = composed('tickets.list', text, p.values.length <= 4 && USUAL_LIMITS.has(order.limit));
    if (!walked) return tx.query<ListedTicket>(list, p.values);
    // Planned like that each time, as its text is its own: an index that is in order is all that is left.
    await tx.query(SORTING, ['off']);
    const rows = await tx.query<ListedTicket>(list, p.values);
    await tx.query(SORTING, ['on']);
    return rows;
  }

  /** The ids of a page, in order. */
  async idsOf(tx: Tx, filter: TicketFilter, known: Known, order: PageOrder): Promise<string[]> {
    const p = new Parameters();
    const text = cutOf(filter, known, order, p);
    const rows = await tx.query<{ id: string }>(composed('tickets.ids', text, false), p.values);
    return rows.map(({ id }) => id);
  }

  /** How many match, counted up to `most` + 1: the newest, since in that order Postgres begins with an index. */
  async count(tx: Tx, filter: TicketFilter, known: Known, most: number): Promise<number> {
    const p = new Parameters();
    const where = plainConditions(filter, known, p);
    const text = `SELECT count(*)::integer AS amount FROM
      (SELECT 1 FROM tickets t WHERE ${where.join(' AND ')} ORDER BY t.created_at DESC, t.id DESC LIMIT ${p.add(most + 1, 'integer')}) seen`;
    const [row] = await tx.query<{ amount: number }>(composed('tickets.count', text, p.values.length <= 2), p.values);
    return row!.amount;
  }
}

/** Statuses as the order of statuses has them, so that its index is read from the first of them to the last. */
function ofItsOrder({ status }: TicketFilter, sort: TicketSort, p: Parameters): string[] {
  if (sort !== 'status' || !status) return [];
  return [
    `${STATUS_RANK} = ANY(${p.add(
      status.map((one) => STATUS_RANKS[one]),
      'integer[]',
    )})`,
  ];
}

/**
 * The latest deadline first, and then those without one: the index has them at infinity, and nobody wants to see them first.
 * Both parts are read in the index's order.
 */
function latestDeadlineFirst(where: string[], after: string[] | null, p: Parameters): Way[] {
  const without: Way = {
    from: 'tickets t',
    where: [...where, `${DEADLINE} = 'infinity'`],
    keys: [NO_DEADLINE, 't.id'],
  };
  if (after?.[0] === '-infinity') return [{ ...without, beyond: `t.id < ${p.add(after[1], 'uuid')}` }];
  return [
    { from: 'tickets t', where: [...where, `${DEADLINE} < 'infinity'`] },
    { ...without, beyond: 'true' },
  ];
}

/** The ways to a page in any order but that of creation; `always` has to hold besides. */
function waysInOrder(filter: TicketFilter, known: Known, order: PageOrder, p: Parameters, always: string[]): Way[] {
  const where = [...plainConditions(filter, known, p), ...ofItsOrder(filter, order.sort, p), ...always];
  if (order.sort === 'slaDeadline' && order.descending) return latestDeadlineFirst(where, order.after, p);
  return [{ from: 'tickets t', where }];
}

/** Ids and sort keys of one page. */
function cutOf(filter: TicketFilter, known: Known, order: PageOrder, p: Parameters, always: string[] = []): string {
  const keys = SORT_KEYS[order.sort];
  const direction = order.descending ? 'DESC' : 'ASC';
  const ways = order.sort === 'created' ? waysTo(filter, known, p) : waysInOrder(filter, known, order, p, always);
  const after = ways.every(({ beyond }) => beyond !== undefined)
    ? undefined
    : order.after?.map((key, at) => p.add(key, TYPES[keys[at]!.kind]));
  // Not a parameter: a plan that does not know it takes a tenth of all to be wanted, and is made anew for each request.
  const limit = order.limit;
  const inOrder = (names: readonly string[]) => names.map((name) => `${name} ${direction}`).join(', ');
  const places = keys.map((_, at) => `k${at}`);

  const textOf = ({ from, where, orderedBy, over, keys: own, beyond }: Way): string => {
    // The same instants and ids, said of the table whose index they are read from.
    const ofFacets = (sql: string) => ({ 't.created_at': 'f.created_at', 't.id': 'f.ticket_id' })[sql] ?? sql;
    const columns = own ?? keys.map(({ sql }) => (from.startsWith('ticket_facets') ? ofFacets(sql) : sql));
    const next = beyond ?? (after && `(${columns.join(', ')}) ${order.descending ? '<' : '>'} (${after.join(', ')})`);
    const select = `SELECT t.id, ${columns.map((sql, at) => `${sql} AS k${at}`).join(', ')} FROM ${from}
      WHERE ${[...where, ...(next ? [next] : [])].join(' AND ')}
      ORDER BY ${orderedBy ? `${orderedBy}, ` : ''}${inOrder(columns)} LIMIT ${limit}`;
    if (over === undefined) return select;
    return `SELECT one.* FROM (${over}) who CROSS JOIN LATERAL (${select}) one
      ORDER BY ${inOrder(places.map((place) => `one.${place}`))} LIMIT ${limit}`;
  };
  if (ways.length === 1) return textOf(ways[0]!);
  // UNION, since a ticket may be found on several ways.
  const every = ways.map((one) => `(${textOf(one)})`).join(' UNION ');
  return `SELECT * FROM (${every}) every ORDER BY ${inOrder(places)} LIMIT ${limit}`;
}
