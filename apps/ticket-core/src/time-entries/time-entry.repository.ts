import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { composed, jsonb, statement } from '../database/statement.js';
import type { TimeEntryRow, TimeTotalsRow } from './time-entry.view.js';

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
    const { where, values } = conditionsOf(filter);
    const parameter = (value: unknown) => `$${values.push(value)}`;
    if (before)
      where.push(`(e.worked_at, e.id) < (${parameter(before.at)}::timestamptz, ${parameter(before.id)}::uuid)`);
    // Cut first, then named: joins for `limit` rows, not for all that match.
    const text = `
      WITH page AS MATERIALIZED (
        SELECT e.* FROM time_entries e WHERE ${where.join(' AND ')} ORDER BY e.worked_at DESC, e.id DESC LIMIT ${parameter(limit)})
      SELECT ${COLUMNS} FROM page e ${NAMES} ORDER BY e.worked_at DESC, e.id DESC`;
    return tx.query<TimeEntryRow>(composed('time.page', text), values);
  }

  /** A row an agent, who worked most first. */
  totals(tx: Tx, filter: TimeFilter): Promise<TimeTotalsRow[]> {
    const { where, values } = conditionsOf(filter);
    const text = `
      WITH worked AS (
        SELECT e.agent_id, count(*)::integer AS entries, sum(e.minutes)::integer AS minutes,
          coalesce(sum(e.minutes) FILTER (WHERE e.billable), 0)::integer AS billable_minutes
        FROM time_entries e WHERE ${where.join(' AND ')} GROUP BY e.agent_id)
      SELECT w.agent_id, a.name AS agent_name, a.email AS agent_email, w.entries, w.minutes, w.billable_minutes
      FROM worked w JOIN agents a ON a.org_id = (SELECT current_org()) AND a.id = w.agent_id
      ORDER BY w.minutes DESC, a.name, w.agent_id`;
    return tx.query<TimeTotalsRow>(composed('time.totals', text), values);
  }
}

/** Only what is asked for becomes part of the statement, so that each has the plan it needs. */
function conditionsOf(filter: TimeFilter): { where: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const where = ['e.org_id = (SELECT current_org())', 'e.deleted_at IS NULL'];
  const add = (value: unknown, sql: (parameter: string) => string) => {
    if (value !== null) where.push(sql(`$${values.push(value)}`));
  };
  add(filter.ticketId, (p) => `e.ticket_id = ${p}::uuid`);
  add(filter.agentId, (p) => `e.agent_id = ${p}::uuid`);
  add(filter.from, (p) => `e.worked_at >= ${p}::timestamptz`);
  add(filter.to, (p) => `e.worked_at < ${p}::timestamptz`);
  add(filter.billable, (p) => `e.billable = ${p}::boolean`);
  if (filter.invoiced !== null) where.push(`e.invoiced_at IS ${filter.invoiced ? 'NOT NULL' : 'NULL'}`);
  if (filter.seenBy) {
    const teams = `$${values.push(filter.seenBy.teamIds)}::uuid[]`;
    const agent = `$${values.push(filter.seenBy.agentId)}::uuid`;
    where.push(`EXISTS (SELECT 1 FROM tickets s WHERE s.org_id = e.org_id AND s.id = e.ticket_id
      AND (s.team_id = ANY(${teams}) OR s.assignee_id = ${agent}))`);
  }
  return { where, values };
}
