import { Injectable } from '@nestjs/common';
import type { Role } from '#shared/contracts/actor.js';
import type { WordCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface AgentRow {
  id: string;
  email: string;
  name: string;
  sort_name: string;
  role: Role;
  restricted_to_teams: boolean;
  team_ids: string[];
  disabled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** An agent as every request needs them. */
export interface ActingAgentRow {
  name: string;
  role: Role;
  restricted_to_teams: boolean;
  team_ids: string[];
  disabled_at: Date | null;
}

export interface AgentFilter {
  q: string | null;
  role: Role | null;
  teamId: string | null;
  includeDisabled: boolean;
  after: WordCursor | null;
  limit: number;
}

const TEAMS = `ARRAY(SELECT m.team_id FROM team_members m WHERE m.org_id = a.org_id AND m.agent_id = a.id ORDER BY m.team_id) AS team_ids`;
const COLUMNS = `a.id, a.email, a.name, lower(a.name) AS sort_name, a.role, a.restricted_to_teams, a.disabled_at, a.created_at, a.updated_at, ${TEAMS}`;

/** Across tenants, by the worker's role: one statement without a transaction, since every request asks. */
const ACTING = statement(
  'agents.acting',
  `SELECT a.name, a.role, a.restricted_to_teams, a.disabled_at, ${TEAMS} FROM agents a WHERE a.org_id = $1 AND a.id = $2`,
);
const ACTING_CONTACT = statement(
  'agents.acting-contact',
  'SELECT name FROM contacts WHERE org_id = $1 AND id = $2 AND deleted_at IS NULL',
);
const CALLED = statement(
  'agents.called',
  `SELECT ${COLUMNS} FROM agents a
   WHERE a.org_id = (SELECT current_org())
     AND (a.id = $1::uuid OR a.email = $2 OR left(a.email, -length(split_part(a.email, '@', -1)) - 1) = $2 OR lower(a.name) = lower($3))
     AND ($4 OR a.disabled_at IS NULL)
   ORDER BY sort_name, a.id LIMIT 50`,
);
const LOCK = statement(
  'agents.lock',
  'SELECT id FROM agents WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
/** Locked in one order: of two admins who demote one another, the second finds the first one gone. */
const LOCK_ADMINS = statement(
  'agents.lock-admins',
  `SELECT id FROM agents WHERE org_id = (SELECT current_org()) AND role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
);
const BY_ID = statement(
  'agents.by-id',
  `SELECT ${COLUMNS} FROM agents a WHERE a.org_id = (SELECT current_org()) AND a.id = $1`,
);
const ALL = statement(
  'agents.all',
  `SELECT ${COLUMNS} FROM agents a WHERE a.org_id = (SELECT current_org()) AND a.disabled_at IS NULL ORDER BY sort_name, a.id LIMIT 1000`,
);
const ADD = statement(
  'agents.add',
  `INSERT INTO agents (org_id, id, email, name, role, restricted_to_teams) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (email, org_id) DO NOTHING RETURNING id`,
);
const BY_EMAIL = statement(
  'agents.by-email',
  `SELECT ${COLUMNS} FROM agents a WHERE a.org_id = (SELECT current_org()) AND a.email = $1`,
);
const UPDATE = statement(
  'agents.update',
  `UPDATE agents SET email = $2, name = $3, role = $4, restricted_to_teams = $5, disabled_at = $6, updated_at = now()
   WHERE org_id = (SELECT current_org()) AND id = $1`,
);
const LIST = statement(
  'agents.list',
  `SELECT ${COLUMNS} FROM agents a
   WHERE a.org_id = (SELECT current_org())
     AND ($1::text IS NULL OR a.name ILIKE $1 OR a.email ILIKE $1)
     AND ($2::text IS NULL OR a.role = $2)
     AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM team_members m WHERE m.org_id = a.org_id AND m.team_id = $3 AND m.agent_id = a.id))
     AND ($4 OR a.disabled_at IS NULL)
     AND ($5::text IS NULL OR (lower(a.name), a.id) > ($5::text, $6::uuid))
   ORDER BY sort_name, a.id LIMIT $7`,
);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Injectable()
export class AgentRepository {
  constructor(private readonly database: Database) {}

  async acting(orgId: string, id: string): Promise<ActingAgentRow | null> {
    return (await this.database.acrossOnce<ActingAgentRow>(ACTING, [orgId, id]))[0] ?? null;
  }

  async actingContact(orgId: string, id: string): Promise<{ name: string } | null> {
    return (await this.database.acrossOnce<{ name: string }>(ACTING_CONTACT, [orgId, id]))[0] ?? null;
  }

  /** Whom an id, e-mail address, handle or name may mean. */
  called(tx: Tx, text: string, includeDisabled: boolean): Promise<AgentRow[]> {
    const id = UUID.test(text) ? text : null;
    const handle = text.replace(/^@/, '').toLowerCase();
    return tx.query<AgentRow>(CALLED, [id, handle, text, includeDisabled]);
  }

  async byId(tx: Tx, id: string): Promise<AgentRow | null> {
    return (await tx.query<AgentRow>(BY_ID, [id]))[0] ?? null;
  }

  async byEmail(tx: Tx, email: string): Promise<AgentRow | null> {
    return (await tx.query<AgentRow>(BY_EMAIL, [email]))[0] ?? null;
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(LOCK, [id]);
  }

  /** Who is an admin and stays one until the commit. */
  async lockAdmins(tx: Tx): Promise<string[]> {
    return (await tx.query<{ id: string }>(LOCK_ADMINS)).map(({ id }) => id);
  }

  all(tx: Tx): Promise<AgentRow[]> {
    return tx.query<AgentRow>(ALL);
  }

  /** False: somebody has this address. */
  async add(
    tx: Tx,
    orgId: string,
    agent: Pick<AgentRow, 'id' | 'email' | 'name' | 'role' | 'restricted_to_teams'>,
  ): Promise<boolean> {
    const { id, email, name, role, restricted_to_teams } = agent;
    return (await tx.query(ADD, [orgId, id, email, name, role, restricted_to_teams])).length > 0;
  }

  async update(tx: Tx, row: AgentRow): Promise<void> {
    await tx.query(UPDATE, [row.id, row.email, row.name, row.role, row.restricted_to_teams, row.disabled_at]);
  }

  list(tx: Tx, { q, role, teamId, includeDisabled, after, limit }: AgentFilter): Promise<AgentRow[]> {
    const part = q === null ? null : `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return tx.query<AgentRow>(LIST, [
      part,
      role,
      teamId,
      includeDisabled,
      after?.word ?? null,
      after?.id ?? null,
      limit,
    ]);
  }
}
