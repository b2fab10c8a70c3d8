import type { CannedResponseView } from '#shared/contracts/canned-responses.js';

export interface CannedRow {
  id: string;
  title: string;
  shortcut: string | null;
  content: string;
  team_id: string | null;
  usage_count: number;
  last_used_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export const cannedViewOf = (row: CannedRow, variables: readonly string[]): CannedResponseView => ({
  id: row.id,
  title: row.title,
  shortcut: row.shortcut,
  content: row.content,
  body: row.content,
  teamId: row.team_id,
  variables: [...variables],
  usageCount: row.usage_count,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
