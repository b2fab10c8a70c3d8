import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { composed, jsonb, statement } from '../database/statement.js';
import type { TimeEntryRow, TimeTotalsRow } from './time-entry.view.js';
import { instantOf, type KeptSums, timeSpans } from './time-spans.js';

export interface NewTimeEntry {
  id: string;
  ticket_id: string;
  agent_id: string;
  minutes: number;
  description: string;
  billable: boolean;
  worked_at: string;
  contract_id: string | null;
  created_at: string;
}

export interface TimeFilter {
  ticketId: string | null;
  agentId: string | null;
  from: string | null;
  to: string | null;
  billable: boolean | null;
  invoiced: boolean | null;
  /** An agent who sees only tickets of these teams, and those assigned to them. */
  seenBy: { teamIds: string[]; agentId: string } | null;
}

const COLUMNS = `
  e.id, e.ticket_id, t.number AS ticket_number, t.subject AS ticket_subject, e.agent_id, a.name AS agent_name,
  a.email AS agent_email, e.minutes, e.description, e.billable, e.worked_at, e.contract_id, e.invoiced_at, e.created_at,
  e.updated_at`;
const NAMES = `
  JOIN tickets t ON t.org_id = e.org_id AND t.id = e.ticket_id
  JOIN agents a ON a.org_id = e.org_id AND a.id = e.agent_id`;

const ADD = statement(
  'time.add',
  `INSERT INTO time_entries (org_id, id, ticket_id, agent_id, minutes, description, billable, worked_at, contract_id,
     created_at, updated_at)
   SELECT $1, x.*, x.created_at FROM jsonb_to_record($2::jsonb) AS x(
     id uuid, ticket_id uuid, agent_id uuid, minutes integer, description text, billable boolean, worked_at timestamptz,
     contract_id uuid, created_at timestamptz)`,
);
const BY_ID = statement(
  'time.by-id',
  `SELECT ${COLUMNS} FROM time_entries e ${NAMES}
   WHERE e.org_id = (SELECT current_org()) AND e.id = $1 AND e.deleted_at IS NULL`,
);
/** Two changes of one entry, or a change and its invoice, go one after the other. */
const LOCK = statement(
  'time.lock',
  'SELECT id FROM time_entries WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
/** What is on an invoice is left alone even if the caller did not look. */
const UPDATE = statement(
  'time.update',
  `UPDATE time_entries SET minutes = x.minutes, description = x.description, billable = x.billable,
     worked_at = x.worked_at, contract_id = x.contract_id, updated_at = $3
   FROM jsonb_to_record($2::jsonb) AS x(minutes integer, description text, billable boolean, worked_at timestamptz, contract_id uuid)
   WHERE org_id = (SELECT current_org()) AND id = $1 AND invoiced_at IS NULL AND deleted_at IS NULL`,
);
const REMOVE = statement(
  'time.remove',
  `UPDATE time_entries SET deleted_at = $2, updated_at = $2
   WHERE org_id = (SELECT current_org()) AND id = $1 AND invoiced_at IS NULL AND deleted_at IS NULL`,
);
const SPENT_ON = statement(
  'time.spent-on',
  `SELECT coalesce(sum(minutes), 0)::integer AS minutes FROM time_entries
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND deleted_at IS NULL`,
);
const MOVE = statement(
  'time.move',
  `UPDATE time_entries SET ticket_id = $2
   WHERE org_id = (SELECT current_org()) AND ticket_id = $1 AND deleted_at IS NULL RETURNING id`,
);
const MOVE_SOME = statement(
  'time.move-some',
  'UPDATE time_entries SET ticket_id = $2 WHERE org_id = (SELECT current_org()) AND id = ANY($1::uuid[])',
);

@Injectable()
export class TimeEntryRepository {
  async add(tx: Tx, orgId: string, row: NewTimeEntry): Promise<void> {
    await tx.query(ADD, [orgId, jsonb(row)]);
  }

  async byId(tx: Tx, id: string): Promise<TimeEntryRow | null> {
    return (await tx.query<TimeEntryRow>(BY_ID, [id]))[0] ?? null;
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(LOCK, [id]);
  }

  async update(tx: Tx, row: TimeEntryRow, at: Date): Promise<void> {
    await tx.query(UPDATE, [row.id, jsonb(row), at]);
  }

  async remove(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(REMOVE, [id, at]);
  }

  /** Minutes. */
  async spentOn(tx: Tx, ticketId: string): Promise<number> {
    return (await tx.query<{ minutes: number }>(SPENT_ON, [ticketId]))[0]!.minutes;
  }

  async move(tx: Tx, fromTicketId: string, toTicketId: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(MOVE, [fromTicketId, toTicketId])).map(({ id }) => id);
  }

  async moveSome(tx: Tx, ids: readonly string[], toTicketId: string): Promise<void> {
    if (ids.length > 0) await tx.query(MOVE_SOME, [ids, toTicketId]);
  }

  /** What was worked last comes first. */
  page(tx: Tx, filter: TimeFilter, before: { at: string; id: string } | null, limit: number): Promise<TimeEntryRow[]> {
    const values: unknown[] = [];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const where = conditionsOf(filter, parameter);
    add(where, filter.from, (from) => `e.worked_at >= ${parameter(from)}::timestamptz`);
    add(where, filter.to, (to) => `e.worked_at < ${parameter(to)}::timestamptz`);
    if (before)
      where.push(`(e.worked_at, e.id) < (${parameter(before.at)}::timestamptz, ${parameter(before.id)}::uuid)`);
    const most = parameter(limit);
    const newest = (kind: readonly string[]) =>
      `SELECT e.* FROM time_entries e WHERE ${[...where, ...kind].join(' AND ')} ORDER BY e.worked_at DESC, e.id DESC LIMIT ${most}`;
    // Each kind is a range of its own in the indexes; a ticket's entries are few. Cut first, then named.
    const kinds =
      filter.ticketId === null ? KINDS.filter((kind) => isAsked(filter, kind)).map(kindIs) : [kindsOf(filter)];
    const text = `
      WITH page AS MATERIALIZED (
        SELECT * FROM (${kinds.map((kind) => `(${newest(kind)})`).join(' UNION ALL ')}) e
        ORDER BY e.worked_at DESC, e.id DESC LIMIT ${most})
      SELECT ${COLUMNS} FROM page e ${NAMES} ORDER BY e.worked_at DESC, e.id DESC`;
    return tx.query<TimeEntryRow>(composed('time.page', text), values);
  }

  /** A row an agent, who worked most first. Of all tickets by the sums that are kept; of a ticket, or of some teams', entry by entry. */
  totals(tx: Tx, filter: TimeFilter): Promise<TimeTotalsRow[]> {
    const values: unknown[] = [];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    const entries = (from: string | null, to: string | null): string => {
      const where = [...conditionsOf(filter, parameter), ...kindsOf(filter)];
      add(where, from, (at) => `e.worked_at >= ${parameter(at)}::timestamptz`);
      add(where, to, (at) => `e.worked_at < ${parameter(at)}::timestamptz`);
      return `SELECT e.agent_id, e.billable, 1 AS entries, e.minutes FROM time_entries e WHERE ${where.join(' AND ')}`;
    };
    const sums = ({ span, from, to }: KeptSums): string => {
      const where = [`k.org_id = (SELECT current_org()) AND k.span = '${span}'`];
      where.push(`k.starts >= ${parameter(from)}::date AND k.starts < ${parameter(to)}::date`);
      add(where, filter.agentId, (id) => `k.agent_id = ${parameter(id)}::uuid`);
      add(where, filter.billable, (billable) => `k.billable = ${parameter(billable)}::boolean`);
      add(where, filter.invoiced, (invoiced) => `k.invoiced = ${parameter(invoiced)}::boolean`);
      return `SELECT k.agent_id, k.billable, k.entries, k.minutes FROM time_totals k WHERE ${where.join(' AND ')}`;
    };
    const { kept, parts } = timeSpans(msOf(filter.from), msOf(filter.to));
    const sources =
      filter.ticketId !== null || filter.seenBy !== null
        ? [entries(filter.from, filter.to)]
        : [...kept.map(sums), ...parts.map(({ fromMs, toMs }) => entries(instantOf(fromMs), instantOf(toMs)))];
    if (sources.length === 0) return Promise.resolve([]);
    const text = `
      WITH worked AS (
        SELECT w.agent_id, sum(w.entries)::integer AS entries, sum(w.minutes)::integer AS minutes,
          coalesce(sum(w.minutes) FILTER (WHERE w.billable), 0)::integer AS billable_minutes
        FROM (${sources.join(' UNION ALL ')}) w GROUP BY w.agent_id HAVING sum(w.entries) > 0)
      SELECT w.agent_id, a.name AS agent_name, a.email AS agent_email, w.entries, w.minutes, w.billable_minutes
      FROM worked w JOIN agents a ON a.org_id = (SELECT current_org()) AND a.id = w.agent_id
      ORDER BY w.minutes DESC, a.name, w.agent_id`;
    return tx.query<TimeTotalsRow>(composed('time.totals', text), values);
  }
}

/** As the indexes of the list have it (migration 0014). */
const IS_INVOICED = 'CASE WHEN e.invoiced_at IS NULL THEN 0 ELSE 1 END';
const KINDS = [
  { billable: true, invoiced: false },
  { billable: false, invoiced: false },
  { billable: true, invoiced: true },
  { billable: false, invoiced: true },
];
type Kind = (typeof KINDS)[number];
const isAsked = (filter: TimeFilter, { billable, invoiced }: Kind): boolean =>
  (filter.billable ?? billable) === billable && (filter.invoiced ?? invoiced) === invoiced;
const kindIs = ({ billable, invoiced }: Kind): string[] => [
  `e.billable = ${billable}`,
  `${IS_INVOICED} = ${Number(invoiced)}`,
];
/** Several at once, where their order does not matter. */
const kindsOf = (filter: TimeFilter): string[] => {
  const asked = KINDS.filter((kind) => isAsked(filter, kind));
  return [
    `e.billable = ANY('{${[...new Set(asked.map(({ billable }) => billable))].join()}}'::boolean[])`,
    `${IS_INVOICED} = ANY('{${[...new Set(asked.map(({ invoiced }) => Number(invoiced)))].join()}}'::integer[])`,
  ];
};

const msOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));

function add<Value>(where: string[], value: Value | null, sql: (value: Value) => string): void {
  if (value !== null) where.push(sql(value));
}

/** Only what is asked for becomes part of the statement, so that each has the plan it needs. */
function conditionsOf(filter: TimeFilter, parameter: (value: unknown) => string): string[] {
  const where = ['e.org_id = (SELECT current_org())', 'e.deleted_at IS NULL'];
  add(where, filter.ticketId, (id) => `e.ticket_id = ${parameter(id)}::uuid`);
  add(where, filter.agentId, (id) => `e.agent_id = ${parameter(id)}::uuid`);
  if (filter.seenBy) {
    const teams = `${parameter(filter.seenBy.teamIds)}::uuid[]`;
    const agent = `${parameter(filter.seenBy.agentId)}::uuid`;
    where.push(`EXISTS (SELECT 1 FROM tickets s WHERE s.org_id = e.org_id AND s.id = e.ticket_id
      AND (s.team_id = ANY(${teams}) OR s.assignee_id = ${agent}))`);
  }
  return where;
}
