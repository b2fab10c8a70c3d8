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
import { COLUMNS, PEOPLE } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

export type ListedTicket = TicketRow & { sort_keys: string[] };
export type FoundTicket = TicketRow & { rank: number; snippet: string | null };

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

/** A beginning of more words is looked for by the shortest of them first. */
const MAX_SPELLED_OUT = 300;
/** In a tsquery’s text. A number’s is not known by the words that begin with it. */
const BEGINNING = /'(\p{L}[\p{L}\p{N}]{1,39})':\*/gu;
const quoted = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
/** What follows all that begins with a word, by code points. */
const AFTER_ALL = '\u{10ffff}';

const WORDS = statement(
  'tickets.words',
  `SELECT q.query::text AS query, numnode(q.query) AS nodes
   FROM organisations o, LATERAL (SELECT search_query(search_language(o.settings), $1) AS query) q WHERE o.id = (SELECT current_org())`,
);
const MATCHES = statement('tickets.matches', 'SELECT ticket_id FROM newest_matches($1::tsquery, $2)');
const BEGINNING_WITH = statement(
  'tickets.beginning-with',
  `SELECT word FROM written_words WHERE org_id = (SELECT current_org()) AND word >= $1 AND word < $2
   ORDER BY length(word), word LIMIT ${MAX_SPELLED_OUT + 1}`,
);
const SORTING = statement('tickets.sorting', `SELECT set_config('enable_sort', $1, true)`);
const SIMILAR = statement('tickets.similar-words', 'SELECT word FROM similar_words($1, $2)');
const IS_WORD = statement(
  'tickets.is-word',
  `SELECT true AS known FROM search_words WHERE org_id = (SELECT current_org()) AND word = $1`,
);

@Injectable()
export class TicketListRepository {
  /** What a list has to know before it begins. */
  async lookUp(tx: Tx, filter: TicketFilter): Promise<Known> {
    const query = filter.text === null ? null : await this.queryOf(tx, filter.text);
    let textIds: string[] | null = [];
    if (query !== null) {
      const found = filter.publicOnly ? null : await this.newestMatches(tx, query, MAX_NAMED + 1);
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

  /** What somebody typed, as a tsquery; null when there is no word in it. */
  async queryOf(tx: Tx, typed: string): Promise<string | null> {
    const [row] = await tx.query<{ query: string; nodes: number }>(WORDS, [typed]);
    return row !== undefined && row.nodes > 0 ? row.query : null;
  }

  /**
   * Ids of tickets that match, newest first; fewer than `wanted` are all. Of the whole organisation: to be filtered.
   * A word is looked for as it stands first, which is the better match and mostly enough; then, as the beginning of others
   * (`:*`), by the words that begin with it. The search's index itself would gather what it begins of all organisations.
   */
  async newestMatches(tx: Tx, query: string, wanted: number): Promise<string[]> {
    const asItStands = query.replaceAll(':*', '');
    const found = await this.matches(tx, asItStands, wanted);
    if (found.length >= wanted || asItStands === query) return found;
    const spelled = await this.spelledOut(tx, query);
    const more = spelled.query === asItStands ? found : await this.matches(tx, spelled.query, wanted);
    return more.length >= wanted || spelled.isWhole ? more : this.matches(tx, query, wanted);
  }

  private async matches(tx: Tx, query: string, wanted: number): Promise<string[]> {
    const rows = await tx.query<{ ticket_id: string }>(MATCHES, [query, wanted]);
    return rows.map(({ ticket_id }) => ticket_id);
  }

  /** The words in place of their beginnings; whole unless there are too many, or a beginning is no word's but a number's. */
  private async spelledOut(tx: Tx, query: string): Promise<{ query: string; isWhole: boolean }> {
    const written = new Map<string, string[]>();
    for (const [, beginning] of query.matchAll(BEGINNING)) {
      if (written.has(beginning!)) continue;
      const rows = await tx.query<{ word: string }>(BEGINNING_WITH, [beginning, beginning + AFTER_ALL]);
      written.set(
        beginning!,
        rows.map(({ word }) => word),
      );
    }
    const text = query.replaceAll(BEGINNING, (_, beginning: string) => {
      const words = written
        .get(beginning)!
        .filter((word) => word !== beginning)
        .slice(0, MAX_SPELLED_OUT);
      return words.length === 0 ? `'${beginning}'` : `(${[beginning, ...words].map(quoted).join(' | ')})`;
    });
    const isWhole = !text.includes(':*') && [...written.values()].every((words) => words.length <= MAX_SPELLED_OUT);
    return { query: text, isWhole };
  }

  async isWord(tx: Tx, word: string): Promise<boolean> {
    return (await tx.query(IS_WORD, [word])).length > 0;
  }

  /** Words of subjects and contacts that look like this one, the most alike first. */
  async similarWords(tx: Tx, word: string, wanted: number): Promise<string[]> {
    const rows = await tx.query<{ word: string }>(SIMILAR, [word, wanted]);
    return rows.map((row) => row.word);
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

  /**
   * The best of the candidates that the filter lets through, best first, and where the words are. A ticket's own number,
   * typed, is best of all. For contacts rank and snippet come of public texts only.
   */
  async best(
    tx: Tx,
    filter: TicketFilter,
    known: Known,
    { candidates, query, number, limit }: { candidates: string[]; query: string; number: number | null; limit: number },
  ): Promise<FoundTicket[]> {
    const p = new Parameters();
    const where = plainConditions(filter, known, p);
    const ids = p.add(candidates, 'uuid[]');
    const words = p.add(query, 'tsquery');
    const itself = p.add(number ?? 0, 'integer');
    const document = filter.publicOnly ? `ts_filter(d.document, '{a,b,c}')` : 'd.document';
    const text = `
      WITH matching AS MATERIALIZED (
        SELECT t.id, t.number, ${document} AS document FROM tickets t
        LEFT JOIN ticket_search d ON d.org_id = t.org_id AND d.ticket_id = t.id
        WHERE ${where.join(' AND ')} AND (t.id = ANY(${ids}) OR t.number = ${itself})
      ), page AS MATERIALIZED (
        SELECT id, number, CASE WHEN number = ${itself} THEN 10 ELSE 0 END
          + CASE WHEN document @@ ${words} THEN ts_rank('{0.1, 0.15, 0.5, 1}', document, ${words}, 1) ELSE 0 END AS rank
        FROM matching WHERE number = ${itself} OR document @@ ${words}
        ORDER BY rank DESC, number DESC LIMIT ${p.add(limit, 'integer')}
      )
      SELECT ${COLUMNS}, page.rank::float8 AS rank, hit.snippet
      FROM page JOIN tickets t ON t.org_id = (SELECT current_org()) AND t.id = page.id ${PEOPLE}
      JOIN organisations desk ON desk.id = (SELECT current_org())
      LEFT JOIN LATERAL (
        SELECT ts_headline(search_language(desk.settings), said.content, ${words},
          'StartSel=«, StopSel=», MaxFragments=2, MinWords=6, MaxWords=18, FragmentDelimiter= … ') AS snippet
        FROM (
          SELECT 0 AS place, t.created_at AS at, left(t.description, 20000) AS content
          UNION ALL
          (SELECT 1, m.created_at, left(m.content, 20000) FROM messages m
           WHERE m.org_id = t.org_id AND m.ticket_id = t.id AND m.deleted_at IS NULL ${filter.publicOnly ? 'AND NOT m.is_internal' : ''}
           ORDER BY m.created_at DESC, m.id DESC LIMIT 20)
        ) said
        ORDER BY search_vector(search_language(desk.settings), said.content) @@ ${words} DESC, said.place, said.at DESC LIMIT 1
      ) hit ON true
      ORDER BY page.rank DESC, t.number DESC`;
    return tx.query<FoundTicket>(composed('tickets.best', text, p.values.length <= 4), p.values);
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
