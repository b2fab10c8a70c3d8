import type { TicketSort } from '#shared/contracts/ticket-lists.js';
import { OPEN_STATUSES } from '#shared/contracts/tickets.js';
import type { Tx } from '../database/database.js';
import { composed, statement } from '../database/statement.js';
import { type Known, Parameters } from './ticket-conditions.repository.js';
import { askedOf, type TicketFilter } from './ticket-filter.js';

const AMOUNTS = statement(
  'tickets.amounts',
  `SELECT key, tickets::integer AS tickets FROM ticket_counts WHERE org_id = (SELECT current_org()) AND day = '-infinity' AND key = ANY($1)`,
);
/** As the indexes of the queue say it: a parameter would not show that they hold all that is asked for. */
export const IN_THE_QUEUE = `t.status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`;
/** Orders of the queue: each has an index of open tickets alone. */
const QUEUED: ReadonlySet<TicketSort> = new Set(['slaDeadline', 'priority']);

/** In an organisation of fewer tickets all that match are gathered. */
const LARGE = 5_000;
const FEW_OPEN = 20_000;
/** What is not counted by value is counted up to here, and taken to be one in twenty where there are more. */
const COUNTED = 5_000;
const ONE_IN = 20;

/**
 * How a list in another order than that of creation is read: `everywhere` or `queue`, from the order's index of all or of open
 * tickets, each of them asked until the page is full; or null, as all that match are gathered and sorted. Postgres would
 * gather too often: it does not know how large the organisation is. The rarest thing that is asked for is what gathering reads;
 * walking reads a page's worth of what comes between two that match, were they spread evenly. An estimate: wrong, it costs
 * time and changes nothing.
 */
export async function walkOf(
  tx: Tx,
  filter: TicketFilter,
  known: Known,
  { sort, descending, limit }: { sort: TicketSort; descending: boolean; limit: number },
): Promise<'everywhere' | 'queue' | null> {
  if (sort === 'created' || isOfFew(filter, known)) return null;
  const isOpenOnly = filter.status !== null && !filter.status.some(hasEnded);
  const queued = isOpenOnly && QUEUED.has(sort);
  const spans = (['created', 'updated', 'resolved'] as const).filter((key) => filter[key] !== null && key !== sort);
  if (spans.length > 0 && (sort === 'number' || sort === 'updated')) return null;

  // All that it asks for lies in one stretch of the order.
  if (sort === 'status' && askedOf(filter).join() === 'status') return 'everywhere';
  const asked = keysOf(filter);
  const queueKeys = OPEN_STATUSES.map((status) => `status:${status}`);
  const rows = await tx.query<{ key: string; tickets: number }>(AMOUNTS, [['total', ...queueKeys, ...asked.flat()]]);
  const amountOf = new Map(rows.map(({ key, tickets }) => [key, tickets]));
  const amountOfAll = (keys: readonly string[]) => keys.reduce((sum, key) => sum + (amountOf.get(key) ?? 0), 0);
  const total = amountOf.get('total') ?? 0;
  if (total < LARGE) return null;
  const amounts = asked.map(amountOfAll);
  for (const text of uncounted(filter, spans)) {
    const p = new Parameters();
    const from = `SELECT count(*)::integer AS amount FROM (${text(p)} LIMIT ${COUNTED + 1}) seen`;
    const [row] = await tx.query<{ amount: number }>(composed('tickets.amount', from, false), p.values);
    amounts.push(row!.amount <= COUNTED ? row!.amount : Math.max(COUNTED, total / ONE_IN));
  }
  if (filter.sla && !(filter.sla.length === 1 && filter.sla[0] === 'breached')) amounts.push(total / ONE_IN);
  if (filter.text !== null || hasFacets(filter)) amounts.push(total / ONE_IN);
  if (amounts.length === 0) return null;
  const fewest = Math.min(...amounts);
  const matching = amounts.reduce((left, amount) => (left * amount) / total, total);
  const walkedThrough = (from: number) => (limit * from) / Math.max(matching, 1);
  if (queued) return walkedThrough(amountOfAll(queueKeys)) < fewest ? 'queue' : null;
  // The oldest come first, and few of them are open still.
  if (!descending && isOpenOnly && fewest < FEW_OPEN) return null;
  return walkedThrough(total) < fewest ? 'everywhere' : null;
}

const hasEnded = (status: string): boolean => status === 'resolved' || status === 'closed';
const hasFacets = ({ tag, tagAll, entity, fields }: TicketFilter): boolean =>
  tag !== null || tagAll.length > 0 || entity !== null || fields.length > 0;

/** By an index of their own, few whatever the size of the organisation. */
function isOfFew(filter: TicketFilter, { textIds, facetsAreRare, rareSlaStates }: Known): boolean {
  return (
    (filter.text !== null && textIds !== null) ||
    filter.number !== null ||
    filter.contact !== null ||
    filter.contactEmail !== null ||
    filter.company !== null ||
    filter.deleted ||
    (hasFacets(filter) && facetsAreRare) ||
    (filter.sla !== null && filter.sla.every((state) => rareSlaStates.includes(state)))
  );
}

/** What the counts for statistics know each filter's tickets by; a list for each filter. */
function keysOf(filter: TicketFilter): string[][] {
  const columns = ['status', 'priority', 'category', 'source', 'assignee', 'team'] as const;
  return [
    ...columns.flatMap((key) => (filter[key] ? [filter[key].map((value) => `${key}:${value ?? ''}`)] : [])),
    ...(filter.onlyTeams
      ? [[...filter.onlyTeams.teamIds.map((id) => `team:${id}`), `assignee:${filter.onlyTeams.agentId}`]]
      : []),
    ...(filter.sla?.length === 1 && filter.sla[0] === 'breached' ? [['missed']] : []),
  ];
}

function uncounted(filter: TicketFilter, spans: ('created' | 'updated' | 'resolved')[]): ((p: Parameters) => string)[] {
  const ours = 'FROM tickets t WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL';
  return [
    ...(filter.kind ? [(p: Parameters) => `SELECT 1 ${ours} AND t.kind = ANY(${p.add(filter.kind, 'text[]')})`] : []),
    ...(filter.creator
      ? [(p: Parameters) => `SELECT 1 ${ours} AND t.creator_id = ANY(${p.add(filter.creator, 'uuid[]')})`]
      : []),
    ...(filter.watchedBy === null
      ? []
      : [
          (p: Parameters) =>
            `SELECT 1 FROM ticket_watchers w WHERE w.org_id = (SELECT current_org()) AND w.agent_id = ${p.add(filter.watchedBy, 'uuid')}`,
        ]),
    ...spans.map((key) => (p: Parameters) => {
      const { from, before, until } = filter[key]!;
      const ends = [
        ...(from === null ? [] : [`t.${key}_at >= ${p.add(from, 'timestamptz')}`]),
        ...(before === null ? [] : [`t.${key}_at < ${p.add(before, 'timestamptz')}`]),
        ...(until === null ? [] : [`t.${key}_at <= ${p.add(until, 'timestamptz')}`]),
      ];
      return `SELECT 1 ${ours} AND ${ends.join(' AND ')} ORDER BY t.${key}_at`;
    }),
  ];
}
