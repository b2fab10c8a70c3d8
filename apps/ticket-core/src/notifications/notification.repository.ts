import { Injectable } from '@nestjs/common';
import type { Role } from '#shared/contracts/actor.js';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';
import type { NotificationRow } from './notification.view.js';

/** Somebody who may be told of a ticket. */
export interface ReaderRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** Null: of all teams' tickets. */
  team_ids: string[] | null;
}

const READER = `a.id, a.name, a.email, a.role, CASE WHEN a.restricted_to_teams THEN
  ARRAY(SELECT m.team_id FROM team_members m WHERE m.org_id = a.org_id AND m.agent_id = a.id) END AS team_ids`;

const WATCHING = statement(
  'notifications.watching',
  `SELECT ${READER} FROM agents a
   WHERE a.org_id = (SELECT current_org()) AND a.disabled_at IS NULL AND a.id IN (
     SELECT w.agent_id FROM ticket_watchers w WHERE w.org_id = (SELECT current_org()) AND w.ticket_id = $1 AND w.watching
     UNION SELECT $2::uuid)`,
);
/** By handle, by whole name, or as members of a team with that handle. */
const CALLED = statement(
  'notifications.called',
  `SELECT ${READER} FROM agents a
   WHERE a.org_id = (SELECT current_org()) AND a.disabled_at IS NULL
     AND (left(a.email, -length(split_part(a.email, '@', -1)) - 1) = ANY($1::text[]) OR lower(a.name) = ANY($2::text[])
       OR a.id IN (
         SELECT m.agent_id FROM teams g JOIN team_members m ON m.org_id = g.org_id AND m.team_id = g.id
         WHERE g.org_id = (SELECT current_org()) AND g.handle = ANY($1::text[]) AND g.deleted_at IS NULL))
   LIMIT 500`,
);
const READER_BY_ID = statement(
  'notifications.reader',
  `SELECT ${READER} FROM agents a WHERE a.org_id = (SELECT current_org()) AND a.id = $1 AND a.disabled_at IS NULL`,
);
/** A message tells an agent once; those who were told before are not returned. */
const ADD = statement(
  'notifications.add',
  `INSERT INTO notifications (org_id, id, agent_id, ticket_id, kind, message_id, actor_name, at)
   SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(
     id uuid, agent_id uuid, ticket_id uuid, kind text, message_id uuid, actor_name text, at timestamptz)
   ON CONFLICT (message_id, agent_id, org_id) WHERE message_id IS NOT NULL DO NOTHING
   RETURNING id`,
);
const COLUMNS = `n.id, n.agent_id, n.kind, n.ticket_id, t.number, t.subject, t.status, t.priority, n.message_id, m.is_internal,
  m.content, n.actor_name, n.at, n.read_at`;
const FROM = `FROM notifications n
  JOIN tickets t ON t.org_id = n.org_id AND t.id = n.ticket_id AND t.deleted_at IS NULL
  LEFT JOIN messages m ON m.org_id = n.org_id AND m.id = n.message_id AND m.deleted_at IS NULL`;
/** `$5`: the teams that the agent is restricted to, or null. */
const SEEN = `($5::uuid[] IS NULL OR t.team_id = ANY($5::uuid[]) OR t.assignee_id = $1)`;
const page = (unread: string) =>
  `SELECT ${COLUMNS} ${FROM}
   WHERE n.org_id = (SELECT current_org()) AND n.agent_id = $1 ${unread} AND ${SEEN}
     AND ($2::timestamptz IS NULL OR (n.at, n.id) < ($2::timestamptz, $3::uuid))
   ORDER BY n.at DESC, n.id DESC LIMIT $4`;
const PAGE = statement('notifications.page', page(''));
const UNREAD_PAGE = statement('notifications.unread-page', page('AND n.read_at IS NULL'));
const UNREAD = statement(
  'notifications.unread',
  `SELECT count(*)::integer AS unread FROM (
     SELECT 1 FROM notifications n JOIN tickets t ON t.org_id = n.org_id AND t.id = n.ticket_id AND t.deleted_at IS NULL
     WHERE n.org_id = (SELECT current_org()) AND n.agent_id = $1 AND n.read_at IS NULL
       AND ($2::uuid[] IS NULL OR t.team_id = ANY($2::uuid[]) OR t.assignee_id = $1) LIMIT 1000) AS unread_ones`,
);
const BY_ID = statement(
  'notifications.by-id',
  `SELECT ${COLUMNS}, t.team_id, t.assignee_id, t.contact_id ${FROM} WHERE n.org_id = (SELECT current_org()) AND n.id = $1`,
);
const READ_ALL = statement(
  'notifications.read-all',
  `UPDATE notifications SET read_at = $2 WHERE org_id = (SELECT current_org()) AND agent_id = $1 AND read_at IS NULL RETURNING id`,
);
const READ_SOME = statement(
  'notifications.read-some',
  `UPDATE notifications SET read_at = $2
   WHERE org_id = (SELECT current_org()) AND agent_id = $1 AND id = ANY($3::uuid[]) AND read_at IS NULL RETURNING id`,
);

type TicketsPeople = Record<'team_id' | 'assignee_id' | 'contact_id', string | null>;

@Injectable()
export class NotificationRepository {
  /** Those who watch this ticket, and whoever has it. */
  watching(tx: Tx, ticketId: string, assigneeId: string | null): Promise<ReaderRow[]> {
    return tx.query<ReaderRow>(WATCHING, [ticketId, assigneeId]);
  }

  called(tx: Tx, handles: readonly string[], names: readonly string[]): Promise<ReaderRow[]> {
    return tx.query<ReaderRow>(CALLED, [handles, names]);
  }

  async reader(tx: Tx, id: string): Promise<ReaderRow | null> {
    return (await tx.query<ReaderRow>(READER_BY_ID, [id]))[0] ?? null;
  }

  async add(tx: Tx, orgId: string, rows: readonly object[]): Promise<Set<string>> {
    return new Set((await tx.query<{ id: string }>(ADD, [orgId, jsonb(rows)])).map(({ id }) => id));
  }

  /** Newest first. */
  page(
    tx: Tx,
    agentId: string,
    teamIds: readonly string[] | null,
    before: { at: string; id: string } | null,
    limit: number,
    unreadOnly: boolean,
  ): Promise<NotificationRow[]> {
    const values = [agentId, before?.at ?? null, before?.id ?? null, limit, teamIds];
    return tx.query<NotificationRow>(unreadOnly ? UNREAD_PAGE : PAGE, values);
  }

  async unread(tx: Tx, agentId: string, teamIds: readonly string[] | null): Promise<number> {
    return (await tx.query<{ unread: number }>(UNREAD, [agentId, teamIds]))[0]?.unread ?? 0;
  }

  async byId(tx: Tx, id: string): Promise<(NotificationRow & TicketsPeople) | null> {
    return (await tx.query<NotificationRow & TicketsPeople>(BY_ID, [id]))[0] ?? null;
  }

  /** How many were unread until now. `ids` null: all. */
  async read(tx: Tx, agentId: string, ids: readonly string[] | null, at: Date): Promise<number> {
    const rows = ids ? await tx.query(READ_SOME, [agentId, at, ids]) : await tx.query(READ_ALL, [agentId, at]);
    return rows.length;
  }
}
