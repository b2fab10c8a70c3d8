import type { Span, TicketFilter } from './ticket-filter.js';

/** Numbers the values of a statement as its text is put together. */
export class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}

/** What the look-ups before the list found out. */
export interface Known {
  /** Ids of all tickets that hold the words; null when there are too many to name them. */
  textIds: string[] | null;
  /** The words as a tsquery. */
  query: string | null;
  /** Is what they have in common (a tag, a custom field, an entity) rare enough to begin with? */
  facetsAreRare: boolean;
  /** The SLA states that so few tickets have that they are gathered first; of others each ticket is asked. */
  rareSlaStates: readonly string[];
  /** Each ticket is asked in the list's order until the page is full (list-walk.repository.ts): nothing is gathered. */
  inOrder?: boolean;
}

/** One way to the tickets of a list that is ordered by creation: each is read in that order and ends with the page. */
export interface Way {
  from: string;
  where: string[];
  /** What Postgres does not see to be one value, so that it finds the order in the index. */
  orderedBy?: string;
  /** Inside of the lateral part: what it is repeated for. */
  over?: string;
  /** What the list's sort keys are here, where not its own. */
  keys?: readonly string[];
  /** What holds of those after the cursor, where it is not a comparison of all keys. */
  beyond?: string;
}

const OURS = 't.org_id = (SELECT current_org())';
export const PRIORITY_RANK = `(CASE t.priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END)`;
export const STATUS_RANK = `(CASE t.status WHEN 'open' THEN 1 WHEN 'in_progress' THEN 2 WHEN 'pending' THEN 3 WHEN 'on_hold' THEN 4 WHEN 'resolved' THEN 5 ELSE 6 END)`;
export const STATUS_RANKS: Readonly<Record<string, number>> = {
  open: 1,
  in_progress: 2,
  pending: 3,
  on_hold: 4,
  resolved: 5,
  closed: 6,
};
const RANKS: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3, urgent: 4 };

/** Clocks past their warning (or, without one, past due), by sla_clocks_live. */
const LIVE = `s.org_id = (SELECT current_org()) AND s.state IN ('running', 'paused') AND CASE WHEN s.warn_at IS NULL THEN s.due_at ELSE s.warn_at END <= now()`;
/** Fell due a moment ago, and nobody has marked it yet. */
const OVERDUE = `SELECT s.ticket_id FROM sla_clocks s WHERE ${LIVE} AND s.state = 'running' AND s.due_at < now() AND s.breached_at IS NULL`;
const WARNED = `SELECT s.ticket_id FROM sla_clocks s WHERE ${LIVE} AND s.state = 'running' AND s.warn_at <= now() AND s.due_at >= now()`;
const CLOCKS = 'FROM sla_clocks s WHERE s.org_id = t.org_id AND s.ticket_id = t.id';
const MISSED = `(SELECT bool_or(s.state <> 'cancelled' AND (s.breached_at IS NOT NULL OR (s.state = 'running' AND s.due_at < now()))) ${CLOCKS})`;
const NOT_MISSED = `${MISSED} IS NOT TRUE`;

const FACETS = 'ticket_facets f JOIN tickets t ON t.org_id = f.org_id AND t.id = f.ticket_id';
const OUR_FACETS = 'f.org_id = (SELECT current_org())';

/** A column that the list is filtered by; null among the values is IS NULL. `index` is one that begins with it, in the list's order. */
interface Column {
  key: 'contact' | 'assignee' | 'team' | 'creator' | 'kind' | 'category' | 'status' | 'priority' | 'source';
  sql: string;
  type: string;
}
/** The rarer its values the earlier: the first one that is asked for is what a list begins with. */
const FILTERED: readonly Column[] = [
  { key: 'contact', sql: 't.contact_id', type: 'uuid' },
  { key: 'assignee', sql: 't.assignee_id', type: 'uuid' },
  { key: 'team', sql: 't.team_id', type: 'uuid' },
  { key: 'creator', sql: 't.creator_id', type: 'uuid' },
  { key: 'kind', sql: 't.kind', type: 'text' },
  { key: 'category', sql: 't.category', type: 'text' },
  { key: 'status', sql: 't.status', type: 'text' },
  { key: 'priority', sql: PRIORITY_RANK, type: 'integer' },
  { key: 'source', sql: 't.source', type: 'text' },
];
const valuesOf = (filter: TicketFilter, { key }: Column): (string | number | null)[] | null =>
  key === 'priority' ? (filter.priority?.map((one) => RANKS[one]!) ?? null) : filter[key];

/** Part of the conditions, and what it is a way to; as functions, since a value that is numbered has to be used. */
interface Piece {
  name: string;
  where: () => string;
  ways?: () => Way[];
}

/** Everything the filter asks for, one piece each; all have to hold. */
function piecesOf(filter: TicketFilter, known: Known, p: Parameters): Piece[] {
  const pieces: Piece[] = [];
  if (filter.text !== null) pieces.push(textPiece(filter, known, p));
  if (filter.number)
    pieces.push({ name: 'number', where: () => `t.number = ANY(${p.add(filter.number, 'integer[]')})` });
  pieces.push(...facetPieces(filter, known, p));
  if (filter.sla) pieces.push(slaPiece(filter.sla, known));
  for (const [name, who] of peopleOf(filter, p)) {
    const ways = () => [{ from: 'tickets t', where: ['t.contact_id = who.id'], over: who() }];
    pieces.push({ name, where: () => `t.contact_id IN (${who()})`, ways });
  }
  if (filter.onlyTeams) pieces.push(accessPiece(filter.onlyTeams, p));
  for (const column of FILTERED) {
    const values = valuesOf(filter, column);
    if (values) pieces.push(columnPiece(column, values, p));
  }
  if (filter.assigned) pieces.push({ name: 'assigned', where: () => 't.assignee_id IS NOT NULL' });
  if (filter.watchedBy !== null) {
    const watched = () =>
      `SELECT w.ticket_id FROM ticket_watchers w WHERE w.org_id = (SELECT current_org()) AND w.agent_id = ${p.add(filter.watchedBy, 'uuid')}`;
    pieces.push({ name: 'watching', where: () => `t.id IN (${watched()})` });
  }
  for (const key of ['created', 'updated', 'resolved'] as const) {
    const span = filter[key];
    if (span) pieces.push({ name: key, where: () => spanSql(`t.${key}_at`, span, p) });
  }
  return pieces;
}

const alwaysOf = (filter: TicketFilter) => [OURS, `t.deleted_at IS ${filter.deleted ? 'NOT ' : ''}NULL`];

/** For counting, and for lists in another order: what every ticket has to fulfil. */
export function plainConditions(filter: TicketFilter, known: Known, p: Parameters): string[] {
  return [...alwaysOf(filter), ...piecesOf(filter, known, p).map(({ where }) => where())];
}

/** For lists in the order of creation: the ways that lead to the rarest of what was asked for, and what else has to hold. */
export function waysTo(filter: TicketFilter, known: Known, p: Parameters): Way[] {
  const pieces = piecesOf(filter, known, p);
  // These few are found by their own index, whatever else is asked for.
  const named = pieces.some(({ name }) => name === 'number' || name === 'these');
  const first = named || filter.deleted ? undefined : pieces.find(({ ways }) => ways !== undefined);
  const rest = pieces.filter((piece) => piece !== first).map(({ where }) => where());
  const ways = first?.ways?.() ?? [{ from: 'tickets t', where: [] }];
  return ways.map((one) => ({ ...one, where: [...alwaysOf(filter), ...one.where, ...rest] }));
}

function columnPiece({ key, sql, type }: Column, values: readonly (string | number | null)[], p: Parameters): Piece {
  const some = values.filter((value) => value !== null);
  const isNull = some.length < values.length;
  const listed = () => `${sql} = ANY(${p.add(some, `${type}[]`)})`;
  const where = () => (!isNull ? listed() : some.length === 0 ? `${sql} IS NULL` : `(${listed()} OR ${sql} IS NULL)`);
  const ways = () =>
    values.map((value): Way =>
      value === null
        ? { from: 'tickets t', where: [`${sql} IS NULL`], orderedBy: sql }
        : { from: 'tickets t', where: [`${sql} = ${p.add(value, type)}`] },
    );
  return { name: key, where, ...(values.length > 0 && { ways }) };
}

function accessPiece({ teamIds, agentId }: NonNullable<TicketFilter['onlyTeams']>, p: Parameters): Piece {
  const way = (where: string): Way => ({ from: 'tickets t', where: [where] });
  return {
    name: 'access',
    where: () => `(t.team_id = ANY(${p.add(teamIds, 'uuid[]')}) OR t.assignee_id = ${p.add(agentId, 'uuid')})`,
    ways: () => [
      ...teamIds.map((id) => way(`t.team_id = ${p.add(id, 'uuid')}`)),
      way(`t.assignee_id = ${p.add(agentId, 'uuid')}`),
    ],
  };
}

function textPiece(filter: TicketFilter, known: Known, p: Parameters): Piece {
  const number = numberIn(filter.text!);
  const orNumber = () => (number === null ? '' : ` OR t.number = ${p.add(number, 'integer')}`);
  const { query, textIds } = known;
  if (textIds !== null && textIds.length === 0 && number === null) return { name: 'these', where: () => 'false' };
  if (textIds !== null) return { name: 'these', where: () => `(t.id = ANY(${p.add(textIds, 'uuid[]')})${orNumber()})` };
  // Too many to name: each ticket is asked, in the list's order, until the page is full. A contact's few are asked anyway,
  // with the internal notes taken out.
  const document = filter.publicOnly ? `ts_filter(d.document, '{a,b,c}')` : 'd.document';
  const asked = () =>
    `(SELECT ${document} @@ ${p.add(query, 'tsquery')} FROM ticket_search d WHERE d.org_id = t.org_id AND d.ticket_id = t.id)`;
  return { name: 'text', where: () => `(${asked()}${orNumber()})` };
}

/** `42` and `#42` are a ticket's number too. */
export function numberIn(text: string): number | null {
  const number = Number(/^#?(\d{1,9})$/.exec(text.trim())?.[1] ?? 0);
  return number > 0 ? number : null;
}

/** Facets that a ticket needs one of, each list for itself; `only` is the place of one of these lists. */
export function facetsOf(filter: TicketFilter, p: Parameters, only?: number): string[][] {
  const kinds: [string, string[]][] = [
    ...filter.tagAll.map((tag): [string, string[]] => ['tag', [tag]]),
    ...(filter.tag ? [['tag', filter.tag] satisfies [string, string[]]] : []),
    ...(filter.entity ? [['entity', filter.entity] satisfies [string, string[]]] : []),
    ...filter.fields.map(({ key, values }): [string, string[]] => ['field', values.map((value) => `${key}=${value}`)]),
  ];
  return kinds
    .filter((_, at) => only === undefined || at === only)
    .map(([kind, values]) => values.map((value) => `ticket_facet('${kind}', ${p.add(value, 'text')})`));
}

function facetPieces(filter: TicketFilter, known: Known, p: Parameters): Piece[] {
  // Numbered anew for each use.
  const amount = facetsOf(filter, new Parameters()).length;
  return Array.from({ length: amount }, (_, at): Piece => {
    const any = () => facetsOf(filter, p, at)[0]!;
    // Where there are many, a scalar look-up for each ticket; the few of a rare one are gathered first.
    const where = () =>
      known.facetsAreRare
        ? `t.id IN (SELECT f.ticket_id FROM ticket_facets f WHERE ${OUR_FACETS} AND f.facet = ANY(ARRAY[${any().join(', ')}]))`
        : `(SELECT true FROM ticket_facets f WHERE f.org_id = t.org_id AND f.facet = ANY(ARRAY[${any().join(', ')}])
             AND f.created_at = t.created_at AND f.ticket_id = t.id LIMIT 1)`;
    const ways = () => any().map((one) => ({ from: FACETS, where: [OUR_FACETS, `f.facet = ${one}`] }));
    return { name: 'facet', where, ways };
  });
}

/** Ids of the tickets in a state of SLA, each by an index of its own; `ok` is all the others. */
export const SLA_SETS: Readonly<Record<string, string>> = {
  warning: WARNED,
  paused: `SELECT s.ticket_id FROM sla_clocks s WHERE s.org_id = (SELECT current_org()) AND s.state = 'paused'`,
  none: `SELECT f.ticket_id FROM ticket_facets f WHERE ${OUR_FACETS} AND f.facet = 'sla:none'`,
};
/** The same, asked of one ticket. */
const SLA_ASKED: Readonly<Record<string, string>> = {
  warning: `(SELECT bool_or(s.state = 'running' AND s.warn_at <= now() AND s.due_at >= now()) ${CLOCKS})`,
  paused: `(SELECT true ${CLOCKS} AND s.state = 'paused' LIMIT 1)`,
  none: `(SELECT k.policy_id IS NULL FROM sla_trackings k WHERE k.org_id = t.org_id AND k.ticket_id = t.id)`,
  ok: `(SELECT bool_and(s.breached_at IS NULL AND s.state <> 'paused'
    AND (s.state <> 'running' OR (s.due_at >= now() AND (s.warn_at IS NULL OR s.warn_at > now())))) ${CLOCKS} AND s.state <> 'cancelled')`,
};

function slaPiece(states: readonly string[], { rareSlaStates, inOrder = false }: Known): Piece {
  const partOf = (state: string): { where: string; ways: Way[] } => {
    const tickets = (where: string): Way => ({ from: 'tickets t', where: [where] });
    if (state === 'breached') {
      return {
        where: inOrder
          ? MISSED
          : `t.id IN (SELECT f.ticket_id FROM ticket_facets f WHERE ${OUR_FACETS} AND f.facet = 'sla:breached' UNION ALL ${OVERDUE})`,
        ways: [{ from: FACETS, where: [OUR_FACETS, `f.facet = 'sla:breached'`] }, tickets(`t.id IN (${OVERDUE})`)],
      };
    }
    const found = rareSlaStates.includes(state) ? `t.id IN (${SLA_SETS[state]})` : SLA_ASKED[state]!;
    if (state === 'none')
      return { where: found, ways: [{ from: FACETS, where: [OUR_FACETS, `f.facet = 'sla:none'`] }] };
    const where = state === 'warning' || state === 'paused' ? `(${found} AND ${NOT_MISSED})` : found;
    return { where, ways: [tickets(where)] };
  };
  const asked = states.map(partOf);
  return {
    name: 'sla',
    where: () => `(${asked.map(({ where }) => where).join(' OR ')})`,
    ways: () => asked.flatMap(({ ways }) => ways),
  };
}

/** Contacts by address and by company, as statements that give their ids. */
function peopleOf(filter: TicketFilter, p: Parameters): [string, () => string][] {
  const { contactEmail, company } = filter;
  const byEmail = () => {
    const emails = p.add(contactEmail, 'text[]');
    return `SELECT c.id FROM contacts c WHERE c.org_id = (SELECT current_org()) AND c.email = ANY(${emails})
      UNION SELECT x.contact_id FROM contact_addresses x WHERE x.org_id = (SELECT current_org()) AND x.email = ANY(${emails})`;
  };
  const byCompany = () =>
    `SELECT c.id FROM contacts c WHERE c.org_id = (SELECT current_org()) AND c.company_id = ANY(${p.add(company, 'uuid[]')})`;
  return [
    ...(contactEmail ? [['contactEmail', byEmail] satisfies [string, () => string]] : []),
    ...(company ? [['company', byCompany] satisfies [string, () => string]] : []),
  ];
}

function spanSql(column: string, { from, before, until }: Span, p: Parameters): string {
  const parts = [
    from !== null && `${column} >= ${p.add(from, 'timestamptz')}`,
    before !== null && `${column} < ${p.add(before, 'timestamptz')}`,
    until !== null && `${column} <= ${p.add(until, 'timestamptz')}`,
  ];
  return parts.filter((part) => part !== false).join(' AND ');
}
