import { Injectable } from '@nestjs/common';
import type { Role } from '#shared/contracts/actor.js';
import type { AgentView, OrganisationView } from '#shared/contracts/organisations.js';
import { Database, type Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

const BY_SLUG = statement(
  'organisations.by-slug',
  `SELECT o.id, o.slug, o.name, (SELECT address FROM mailboxes m WHERE m.org_id = o.id ORDER BY created_at, address LIMIT 1) AS "supportAddress"
   FROM organisations o WHERE o.slug = $1`,
);
const AGENT_BY_EMAIL = statement(
  'agents.by-email',
  `SELECT id, name, email, role FROM agents WHERE org_id = (SELECT current_org()) AND email = $1 AND disabled_at IS NULL`,
);
const AGENT_BY_ID = statement(
  'agents.by-id',
  `SELECT id, name, email, role FROM agents WHERE org_id = (SELECT current_org()) AND id = $1 AND disabled_at IS NULL`,
);
const AGENTS = statement(
  'agents.all',
  `SELECT id, name, email, role FROM agents WHERE org_id = (SELECT current_org()) AND disabled_at IS NULL ORDER BY name, id LIMIT 1000`,
);
/** Across tenants: the key itself says which organisation it is for. */
const API_KEY = statement(
  'api-keys.by-hash',
  `SELECT k.org_id, a.id AS agent_id, a.name, a.role FROM api_keys k JOIN agents a ON a.org_id = k.org_id AND a.id = k.agent_id
   WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND a.disabled_at IS NULL`,
);

export interface KeyHolder {
  org_id: string;
  agent_id: string;
  name: string;
  role: Role;
}

@Injectable()
export class OrganisationRepository {
  constructor(private readonly database: Database) {}

  async bySlug(slug: string): Promise<OrganisationView | null> {
    const [row] = await this.database.acrossOnce<OrganisationView>(BY_SLUG, [slug]);
    return row ?? null;
  }

  async keyHolder(hash: Buffer): Promise<KeyHolder | null> {
    const [row] = await this.database.acrossOnce<KeyHolder>(API_KEY, [hash]);
    return row ?? null;
  }

  async agentByEmail(tx: Tx, email: string): Promise<AgentView | null> {
    const [row] = await tx.query<AgentView>(AGENT_BY_EMAIL, [email]);
    return row ?? null;
  }

  async agentById(tx: Tx, id: string): Promise<AgentView | null> {
    const [row] = await tx.query<AgentView>(AGENT_BY_ID, [id]);
    return row ?? null;
  }

  agents(tx: Tx): Promise<AgentView[]> {
    return tx.query<AgentView>(AGENTS);
  }
}
