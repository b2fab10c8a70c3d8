import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';
import { COLUMNS, PEOPLE } from './ticket.repository.js';
import type { TicketRow } from './ticket.view.js';

export interface TicketFilter {
  status: string[] | null;
  priority: string[] | null;
  category: string[] | null;
  assigneeId: string | null;
  unassigned: boolean;
  contactEmail: string | null;
  contactId: string | null;
  tag: string | null;
  sla: string | null;
  text: string | null;
  before: { createdAt: string; id: string } | null;
  limit: number;
}

/** Every filter that a list knows, and the parameter it takes. Only those asked for become part of the statement. */
const FILTERS: { key: keyof TicketFilter; sql: (parameter: string) => string }[] = [
  { key: 'status', sql: (p) => `t.status = ANY(${p}::text[])` },
  { key: 'priority', sql: (p) => `t.priority = ANY(${p}::text[])` },
  { key: 'category', sql: (p) => `t.category = ANY(${p}::text[])` },
  { key: 'assigneeId', sql: (p) => `t.assignee_id = ${p}::uuid` },
  { key: 'contactId', sql: (p) => `t.contact_id = ${p}::uuid` },
  {
    key: 'contactEmail',
    sql: (p) => `t.contact_id = (SELECT k.id FROM contacts k WHERE k.org_id = t.org_id AND k.email = ${p})`,
  },
  { key: 'tag', sql: (p) => `${p} = ANY(t.tags)` },
  { key: 'text', sql: (p) => `(t.subject ILIKE ${p} OR t.description ILIKE ${p})` },
];
const SLA_FILTERS: Record<string, string> = {
  breached: `EXISTS (SELECT 1 FROM sla_clocks s WHERE s.org_id = t.org_id AND s.ticket_id = t.id
               AND (s.breached_at IS NOT NULL OR (s.state = 'running' AND s.due_at < now())))`,
  warning: `EXISTS (SELECT 1 FROM sla_clocks s WHERE s.org_id = t.org_id AND s.ticket_id = t.id
              AND s.state = 'running' AND s.warn_at <= now() AND s.due_at >= now())`,
};

@Injectable()
export class TicketListRepository {
  async list(tx: Tx, filter: TicketFilter): Promise<TicketRow[]> {
    const where = ['t.org_id = (SELECT current_org())', 't.deleted_at IS NULL'];
    const values: unknown[] = [];
    const parameter = (value: unknown) => `$${values.push(value)}`;
    for (const { key, sql } of FILTERS) {
      if (filter[key] === null) continue;
      where.push(
        sql(parameter(key === 'text' ? `%${String(filter.text).replaceAll(/[\\%_]/g, '\\$&')}%` : filter[key])),
      );
    }
    if (filter.unassigned) where.push('t.assignee_id IS NULL');
    if (filter.sla) where.push(SLA_FILTERS[filter.sla]!);
    if (filter.before) {
      where.push(
        `(t.created_at, t.id) < (${parameter(filter.before.createdAt)}::timestamptz, ${parameter(filter.before.id)}::uuid)`,
      );
    }
    // The page is cut first, then dressed: joins and clocks for `limit` rows, not for all that match.
    const text = `
      WITH page AS MATERIALIZED (
        SELECT t.* FROM tickets t WHERE ${where.join(' AND ')} ORDER BY t.created_at DESC, t.id DESC LIMIT ${parameter(filter.limit)})
      SELECT ${COLUMNS} FROM page t ${PEOPLE} ORDER BY t.created_at DESC, t.id DESC`;
    // Postgres cuts names at 63 bytes and pg refuses one name for two texts: so the text itself is the name.
    const name = `tickets.list.${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    return tx.query<TicketRow>(statement(name, text), values);
  }
}
