import { Injectable } from '@nestjs/common';
import type { Role } from '#shared/contracts/actor.js';
import { Database, type Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

/** A key as every request needs it. */
export interface HeldKeyRow {
  id: string;
  org_id: string;
  agent_id: string;
  role: Role | null;
  scopes: string[] | null;
  expires_at: Date | null;
}

export interface ApiKeyRow extends HeldKeyRow {
  name: string;
  prefix: string;
  agent_name: string;
  agent_email: string;
  last_used_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

export interface NewApiKey {
  id: string;
  name: string;
  hash: Buffer;
  prefix: string;
  agentId: string;
  role: Role | null;
  scopes: readonly string[] | null;
  expiresAt: Date | null;
  createdBy: string | null;
}

/** Across tenants: the key itself says which organisation it is for. */
const HELD = statement(
  'api-keys.held',
  'SELECT id, org_id, agent_id, role, scopes, expires_at FROM api_keys WHERE hash = $1 AND revoked_at IS NULL',
);
/** Several replicas may note the same key: whoever comes first in a minute writes. */
const USED = statement(
  'api-keys.used',
  `UPDATE api_keys k SET last_used_at = x.at
   FROM jsonb_to_recordset($1::jsonb) AS x(org_id uuid, id uuid, at timestamptz)
   WHERE k.org_id = x.org_id AND k.id = x.id AND (k.last_used_at IS NULL OR k.last_used_at < x.at - interval '50 seconds')`,
);
const COLUMNS = `k.id, k.org_id, k.name, k.prefix, k.agent_id, a.name AS agent_name, a.email AS agent_email, k.role, k.scopes,
  k.expires_at, k.last_used_at, k.revoked_at, k.created_at`;
const AGENTS = 'JOIN agents a ON a.org_id = k.org_id AND a.id = k.agent_id';
const ADD = statement(
  'api-keys.add',
  `INSERT INTO api_keys (org_id, id, name, hash, prefix, agent_id, role, scopes, expires_at, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const BY_ID = statement(
  'api-keys.by-id',
  `SELECT ${COLUMNS} FROM api_keys k ${AGENTS} WHERE k.org_id = (SELECT current_org()) AND k.id = $1`,
);
const LOCK = statement(
  'api-keys.lock',
  'SELECT id FROM api_keys WHERE org_id = (SELECT current_org()) AND id = $1 FOR UPDATE',
);
const LIST = statement(
  'api-keys.list',
  `SELECT ${COLUMNS} FROM api_keys k ${AGENTS}
   WHERE k.org_id = (SELECT current_org())
     AND ($1::uuid IS NULL OR k.agent_id = $1)
     AND ($2 OR k.revoked_at IS NULL)
     AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', k.created_at), k.id) < ($3::timestamptz, $4::uuid))
   ORDER BY date_trunc('milliseconds', k.created_at) DESC, k.id DESC LIMIT $5`,
);
const REVOKE = statement(
  'api-keys.revoke',
  `UPDATE api_keys SET revoked_at = now() WHERE org_id = (SELECT current_org()) AND id = $1 AND revoked_at IS NULL RETURNING hash`,
);
const EXPIRE = statement(
  'api-keys.expire',
  `UPDATE api_keys SET expires_at = least(expires_at, $2) WHERE org_id = (SELECT current_org()) AND id = $1 RETURNING hash`,
);
const SLUG = statement('api-keys.slug', 'SELECT slug FROM organisations WHERE id = (SELECT current_org())');

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async held(hash: Buffer): Promise<HeldKeyRow | null> {
    return (await this.database.acrossOnce<HeldKeyRow>(HELD, [hash]))[0] ?? null;
  }

  async used(uses: readonly { org_id: string; id: string; at: string }[]): Promise<void> {
    await this.database.acrossOnce(USED, [jsonb(uses)]);
  }

  async add(tx: Tx, orgId: string, key: NewApiKey): Promise<void> {
    const { id, name, hash, prefix, agentId, role, scopes, expiresAt, createdBy } = key;
    await tx.query(ADD, [orgId, id, name, hash, prefix, agentId, role, scopes, expiresAt, createdBy]);
  }

  async byId(tx: Tx, id: string): Promise<ApiKeyRow | null> {
    return (await tx.query<ApiKeyRow>(BY_ID, [id]))[0] ?? null;
  }

  /** Locked until the commit: a key is rotated once. */
  async toChange(tx: Tx, id: string): Promise<ApiKeyRow | null> {
    await tx.query(LOCK, [id]);
    return this.byId(tx, id);
  }

  list(
    tx: Tx,
    filter: {
      agentId: string | null;
      includeRevoked: boolean;
      before: { at: string; id: string } | null;
      limit: number;
    },
  ): Promise<ApiKeyRow[]> {
    const { agentId, includeRevoked, before, limit } = filter;
    return tx.query<ApiKeyRow>(LIST, [agentId, includeRevoked, before?.at ?? null, before?.id ?? null, limit]);
  }

  /** Its hash; null when it was revoked before. */
  async revoke(tx: Tx, id: string): Promise<Buffer | null> {
    return (await tx.query<{ hash: Buffer }>(REVOKE, [id]))[0]?.hash ?? null;
  }

  /** Not later than this, but perhaps sooner. */
  async expire(tx: Tx, id: string, at: Date): Promise<Buffer | null> {
    return (await tx.query<{ hash: Buffer }>(EXPIRE, [id, at]))[0]?.hash ?? null;
  }

  async slug(tx: Tx): Promise<string> {
    return (await tx.query<{ slug: string }>(SLUG))[0]!.slug;
  }
}
