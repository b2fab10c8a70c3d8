import { Injectable } from '@nestjs/common';
import type { WordCursor } from '../database/cursor.js';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface TeamRow {
  id: string;
  name: string;
  sort_name: string;
  handle: string;
  description: string;
  member_count: number;
  created_at: Date;
  updated_at: Date;
}

/** A team as tickets and the desk's vocabulary name it. */
export type TeamRef = Pick<TeamRow, 'id' | 'name' | 'handle'>;

export interface MemberRow {
  id: string;
  name: string;
  email: string;
}

/** Disabled agents keep their memberships, for the day they come back, but are not counted nor shown. */
const COLUMNS = `t.id, t.name, lower(t.name) AS sort_name, t.handle, t.description, t.created_at, t.updated_at,
  (SELECT count(*)::integer FROM team_members m JOIN agents a ON a.org_id = m.org_id AND a.id = m.agent_id
   WHERE m.org_id = t.org_id AND m.team_id = t.id AND a.disabled_at IS NULL) AS member_count`;

const CALLED = statement(
  'teams.called',
  `SELECT ${COLUMNS} FROM teams t WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL
     AND (t.id = $1::uuid OR t.handle = $2 OR lower(t.name) = lower($3)) ORDER BY sort_name, t.id LIMIT 50`,
);
const BY_ID = statement(
  'teams.by-id',
  `SELECT ${COLUMNS} FROM teams t WHERE t.org_id = (SELECT current_org()) AND t.id = $1 AND t.deleted_at IS NULL`,
);
/** FOR KEY SHARE: it is not dissolved between now and the commit of what is given to it. */
const REF = statement(
  'teams.ref',
  `SELECT id, name, handle FROM teams WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL
   FOR KEY SHARE`,
);
const OF_AGENT = statement(
  'teams.of-agent',
  `SELECT m.team_id AS id FROM team_members m JOIN teams t ON t.org_id = m.org_id AND t.id = m.team_id
   WHERE m.org_id = (SELECT current_org()) AND m.agent_id = $1 AND t.deleted_at IS NULL`,
);
const LOCK = statement(
  'teams.lock',
  'SELECT id FROM teams WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
const LIST = statement(
  'teams.list',
  `SELECT ${COLUMNS} FROM teams t WHERE t.org_id = (SELECT current_org()) AND t.deleted_at IS NULL
     AND ($1::text IS NULL OR t.name ILIKE $1 OR t.handle ILIKE $1)
     AND ($2::text IS NULL OR (lower(t.name), t.id) > ($2::text, $3::uuid))
   ORDER BY sort_name, t.id LIMIT $4`,
);
const ADD = statement(
  'teams.add',
  `INSERT INTO teams (org_id, id, name, handle, description, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, now(), now())
   ON CONFLICT (handle, org_id) WHERE deleted_at IS NULL DO NOTHING RETURNING id`,
);
const UPDATE = statement(
  'teams.update',
  `UPDATE teams SET name = $2, handle = $3, description = $4, updated_at = now() WHERE org_id = (SELECT current_org()) AND id = $1`,
);
const REMOVE = statement(
  'teams.remove',
  'UPDATE teams SET deleted_at = now(), updated_at = now() WHERE org_id = (SELECT current_org()) AND id = $1',
);
const MEMBERS = statement(
  'teams.members',
  `SELECT a.id, a.name, a.email FROM team_members m JOIN agents a ON a.org_id = m.org_id AND a.id = m.agent_id
   WHERE m.org_id = (SELECT current_org()) AND m.team_id = $1 AND a.disabled_at IS NULL ORDER BY lower(a.name), a.id LIMIT 1000`,
);
const ALL_MEMBERS = statement(
  'teams.all-members',
  'SELECT agent_id AS id FROM team_members WHERE org_id = (SELECT current_org()) AND team_id = $1',
);
const JOIN = statement(
  'teams.join',
  `INSERT INTO team_members (org_id, team_id, agent_id, created_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING RETURNING agent_id`,
);
const LEAVE = statement(
  'teams.leave',
  'DELETE FROM team_members WHERE org_id = (SELECT current_org()) AND team_id = $1 AND agent_id = $2 RETURNING agent_id',
);
const LEAVE_OTHERS = statement(
  'teams.leave-others',
  'DELETE FROM team_members WHERE org_id = (SELECT current_org()) AND agent_id = $1 AND team_id <> ALL($2::uuid[])',
);
const DISSOLVE = statement(
  'teams.dissolve',
  'DELETE FROM team_members WHERE org_id = (SELECT current_org()) AND team_id = $1',
);
const OPEN_TICKETS = statement(
  'teams.open-tickets',
  `SELECT id FROM tickets WHERE org_id = (SELECT current_org()) AND team_id = $1 AND status <> 'closed' AND deleted_at IS NULL LIMIT $2`,
);
const COUNT_OPEN_TICKETS = statement(
  'teams.count-open-tickets',
  `SELECT count(*)::integer AS amount FROM tickets
   WHERE org_id = (SELECT current_org()) AND team_id = $1 AND status <> 'closed' AND deleted_at IS NULL`,
);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Injectable()
export class TeamRepository {
  /** Which teams an id, handle or name may mean. */
  called(tx: Tx, text: string): Promise<TeamRow[]> {
    return tx.query<TeamRow>(CALLED, [UUID.test(text) ? text : null, text.replace(/^@/, '').toLowerCase(), text]);
  }

  async byId(tx: Tx, id: string): Promise<TeamRow | null> {
    return (await tx.query<TeamRow>(BY_ID, [id]))[0] ?? null;
  }

  async ref(tx: Tx, id: string): Promise<TeamRef | null> {
    return (await tx.query<TeamRef>(REF, [id]))[0] ?? null;
  }

  async ofAgent(tx: Tx, agentId: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(OF_AGENT, [agentId])).map(({ id }) => id);
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(LOCK, [id]);
  }

  list(tx: Tx, { q, after, limit }: { q: string | null; after: WordCursor | null; limit: number }): Promise<TeamRow[]> {
    const part = q === null ? null : `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return tx.query<TeamRow>(LIST, [part, after?.word ?? null, after?.id ?? null, limit]);
  }

  /** False: another team has this handle. */
  async add(tx: Tx, orgId: string, team: Pick<TeamRow, 'id' | 'name' | 'handle' | 'description'>): Promise<boolean> {
    return (await tx.query(ADD, [orgId, team.id, team.name, team.handle, team.description])).length > 0;
  }

  /** @throws unique_violation for a handle that another team has */
  async update(tx: Tx, { id, name, handle, description }: TeamRow): Promise<void> {
    await tx.query(UPDATE, [id, name, handle, description]);
  }

  /** The team is gone from every list; closed tickets still say that they were its. */
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query(DISSOLVE, [id]);
    await tx.query(REMOVE, [id]);
  }

  members(tx: Tx, id: string): Promise<MemberRow[]> {
    return tx.query<MemberRow>(MEMBERS, [id]);
  }

  /** Disabled ones too. */
  async memberIds(tx: Tx, id: string): Promise<string[]> {
    return (await tx.query<{ id: string }>(ALL_MEMBERS, [id])).map((row) => row.id);
  }

  /** False: they were in it already. */
  async join(tx: Tx, orgId: string, teamId: string, agentId: string): Promise<boolean> {
    return (await tx.query(JOIN, [orgId, teamId, agentId])).length > 0;
  }

  /** False: they were not in it. */
  async leave(tx: Tx, teamId: string, agentId: string): Promise<boolean> {
    return (await tx.query(LEAVE, [teamId, agentId])).length > 0;
  }

  async leaveOthers(tx: Tx, agentId: string, teamIds: readonly string[]): Promise<void> {
    await tx.query(LEAVE_OTHERS, [agentId, teamIds]);
  }

  async openTickets(tx: Tx, id: string, limit: number): Promise<string[]> {
    return (await tx.query<{ id: string }>(OPEN_TICKETS, [id, limit])).map((row) => row.id);
  }

  async countOpenTickets(tx: Tx, id: string): Promise<number> {
    return (await tx.query<{ amount: number }>(COUNT_OPEN_TICKETS, [id]))[0]?.amount ?? 0;
  }
}
