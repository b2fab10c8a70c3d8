import type { ApiKeyView } from '#shared/contracts/api-keys.js';
import type { ApiKeyRow } from './api-key.repository.js';

/** What readers get of a key: never its hash, and the key itself only once, from whoever made it. */
export const apiKeyViewOf = (row: ApiKeyRow): ApiKeyView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  agentId: row.agent_id,
  agent: { id: row.agent_id, name: row.agent_name, email: row.agent_email },
  role: row.role,
  scopes: row.scopes,
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});
