import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { TicketRow } from './ticket.view.js';

/** A ticket to be opened; its number is given by the statement. */
export interface NewTicket {
  id: string;
  subject: string;
  description: string;
  status: string;
  priority: string;
  category: string;
  kind: string | null;
  source: string;
  team_id: string | null;
  assignee_id: string | null;
  creator_id: string | null;
  contact_id: string | null;
  entity: unknown;
  tags: string[];
  custom_fields: unknown;
  cc: string[];
  message_count: number;
  sla_deadline: string | null;
  follow_up_of: string | null;
  created_at: string;
}

/** What a TicketRow is read from: tickets as `t`, with PEOPLE joined. A deadline is missed whether the monitor was there or not. */
export const COLUMNS = `
  t.*, a.name AS assignee_name, a.email AS assignee_email, r.name AS creator_name, r.email AS creator_email,
  g.name AS team_name, g.handle AS team_handle, c.name AS contact_name, c.email AS contact_email,
  c.company_id, o.name AS company_name,
  (SELECT d.number FROM tickets d WHERE d.org_id = t.org_id AND d.id = t.duplicate_of) AS duplicate_of_number,
  (SELECT jsonb_agg(jsonb_build_object(
            'target', s.target, 'cycle', s.cycle, 'state', CASE WHEN s.missed THEN 'breached' ELSE s.state END,
            'started_at', s.started_at, 'warn_at', s.warn_at, 'due_at', s.due_at, 'stopped_at', s.stopped_at,
            'breached_at', CASE WHEN s.missed THEN s.due_at ELSE s.breached_at END) ORDER BY s.target, s.cycle)
     FROM (SELECT c.*, c.state = 'running' AND c.due_at < now() AS missed FROM sla_clocks c) s
     WHERE s.org_id = t.org_id AND s.ticket_id = t.id) AS clocks`;
export const PEOPLE = `
  LEFT JOIN agents a ON a.org_id = t.org_id AND a.id = t.assignee_id
  LEFT JOIN agents r ON r.org_id = t.org_id AND r.id = t.creator_id
  LEFT JOIN teams g ON g.org_id = t.org_id AND g.id = t.team_id
  LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
  LEFT JOIN companies o ON o.org_id = c.org_id AND o.id = c.company_id`;

/**
 * Opens any number of tickets of one organisation, with their history, clocks and events, in one statement.
 * The organisation's counter is locked from here to the commit only, and gives consecutive numbers because the
 * UPDATE of its one row waits for any other transaction that holds it.
 */
const OPEN = statement(
  'tickets.open',
  `WITH input AS (
     SELECT x.*, row_number() OVER (ORDER BY x.created_at, x.id) AS place, count(*) OVER () AS amount
     FROM jsonb_to_recordset($2::jsonb) AS x(
       id uuid, subject text, description text, status text, priority text, category text, kind text, source text,
       team_id uuid, assignee_id uuid, creator_id uuid, contact_id uuid, entity jsonb, tags text[], custom_fields jsonb, cc text[],
       message_count integer, sla_deadline timestamptz, follow_up_of uuid, created_at timestamptz)
   ), counter AS (
     UPDATE ticket_counters SET last_number = last_number + (SELECT count(*) FROM input) WHERE org_id = $1 RETURNING last_number
   ), opened AS (
     INSERT INTO tickets (
       org_id, id, number, subject, description, status, priority, category, kind, source, team_id, assignee_id, creator_id,
       contact_id, entity, tags, custom_fields, cc, message_count, sla_deadline, follow_up_of, created_at, updated_at)
     SELECT $1, id, counter.last_number - amount + place, subject, description, status, priority, category, kind, source,
       team_id, assignee_id, creator_id, contact_id, entity, tags, custom_fields, cc, message_count, sla_deadline,
       follow_up_of, created_at, created_at
     FROM input, counter
     RETURNING id, number, creator_id
   ), trackings AS (
     INSERT INTO sla_trackings (org_id, ticket_id, id, policy_id, policy_version, policy_name, initial_rules, created_at)
     SELECT $1, x.* FROM jsonb_to_recordset($3::jsonb) AS x(
       ticket_id uuid, id uuid, policy_id uuid, policy_version integer, policy_name text, initial_rules jsonb, created_at timestamptz)
   ), clocks AS (
     INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, warn_at, due_at, stopped_at, breached_at,
       consumed_ms, paused_ms, next_at)
     SELECT $1, x.* FROM jsonb_to_recordset($4::jsonb) AS x(
       ticket_id uuid, target text, cycle integer, state text, started_at timestamptz, warn_at timestamptz, due_at timestamptz,
       stopped_at timestamptz, breached_at timestamptz, consumed_ms bigint, paused_ms bigint, next_at timestamptz)
   ), history AS (
     INSERT INTO activities (org_id, id, ticket_id, type, actor_kind, actor_id, actor_name, surface, old_value, new_value, at)
     SELECT $1, x.* FROM jsonb_to_recordset($5::jsonb) AS x(
       id uuid, ticket_id uuid, type text, actor_kind text, actor_id uuid, actor_name text, surface text,
       old_value jsonb, new_value jsonb, at timestamptz)
   ), events AS (
     INSERT INTO outbox (org_id, event_id, name, version, payload, trace, at)
     SELECT $1, x.event_id, x.name, x.version, x.payload || jsonb_build_object('number', opened.number), x.trace, x.at
     FROM jsonb_to_recordset($6::jsonb) AS x(
       event_id uuid, ticket_id uuid, name text, version integer, payload jsonb, trace text, at timestamptz)
     JOIN opened ON opened.id = x.ticket_id
   )
   SELECT opened.id, opened.number, r.email AS creator_email
   FROM opened LEFT JOIN agents r ON r.org_id = $1 AND r.id = opened.creator_id`,
);

const FIND_BY_ID = statement(
  'tickets.find-by-id',
  `SELECT ${COLUMNS} FROM tickets t ${PEOPLE} WHERE t.org_id = (SELECT current_org()) AND t.id = $1`,
);
const FIND_BY_NUMBER = statement(
  'tickets.find-by-number',
  `SELECT ${COLUMNS} FROM tickets t ${PEOPLE} WHERE t.org_id = (SELECT current_org()) AND t.number = $1`,
);
/** Changes of one ticket go one after the other; what it says can be relied on until the commit. */
const LOCK = statement(
  'tickets.lock',
  'SELECT id FROM tickets WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);

const UPDATE = statement(
  'tickets.update',
  `UPDATE tickets SET
     subject = x.subject, description = x.description, status = x.status, priority = x.priority, category = x.category,
     kind = x.kind, team_id = x.team_id, assignee_id = x.assignee_id, contact_id = x.contact_id, entity = x.entity, tags = x.tags, custom_fields = x.custom_fields, cc = x.cc,
     message_count = x.message_count, sla_deadline = x.sla_deadline, first_response_at = x.first_response_at,
     resolved_at = x.resolved_at, closed_at = x.closed_at, deleted_at = x.deleted_at, updated_at = x.updated_at, version = tickets.version + 1
   FROM jsonb_to_record($2::jsonb) AS x(
     subject text, description text, status text, priority text, category text, kind text, team_id uuid, assignee_id uuid,
     contact_id uuid, entity jsonb, tags text[],
     custom_fields jsonb, cc text[], message_count integer, sla_deadline timestamptz, first_response_at timestamptz,
     resolved_at timestamptz, closed_at timestamptz, deleted_at timestamptz, updated_at timestamptz)
   WHERE tickets.org_id = (SELECT current_org()) AND tickets.id = $1
   RETURNING tickets.version`,
);

const FOLLOW_UP = statement(
  'tickets.follow-up',
  `SELECT id FROM tickets WHERE org_id = (SELECT current_org()) AND follow_up_of = $1 AND deleted_at IS NULL ORDER BY number DESC LIMIT 1`,
);

@Injectable()
export class TicketRepository {
  async open(
    tx: Tx,
    orgId: string,
    rows: { tickets: NewTicket[]; trackings: object[]; clocks: object[]; activities: object[]; events: object[] },
  ): Promise<Map<string, { number: number; creator_email: string | null }>> {
    const values = [orgId, ...[rows.tickets, rows.trackings, rows.clocks, rows.activities, rows.events].map(jsonb)];
    const opened = await tx.query<{ id: string; number: number; creator_email: string | null }>(OPEN, values);
    return new Map(opened.map(({ id, ...given }) => [id, given]));
  }

  async find(tx: Tx, ref: { id: string } | { number: number }): Promise<TicketRow | null> {
    const [row] =
      'id' in ref
        ? await tx.query<TicketRow>(FIND_BY_ID, [ref.id])
        : await tx.query<TicketRow>(FIND_BY_NUMBER, [ref.number]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(LOCK, [id]);
  }

  async update(tx: Tx, row: TicketRow): Promise<number> {
    const [updated] = await tx.query<{ version: number }>(UPDATE, [row.id, jsonb(row)]);
    return updated!.version;
  }

  async followUpOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.query<{ id: string }>(FOLLOW_UP, [id]);
    return row?.id ?? null;
  }
}
