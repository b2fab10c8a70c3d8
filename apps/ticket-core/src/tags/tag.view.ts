import type { RewordingView, TagView } from '#shared/contracts/tags.js';

export interface TagRow {
  id: string;
  name: string;
  color: string;
  team_id: string | null;
  /** Only because somebody put it on a ticket. */
  by_use: boolean;
  created_at: Date;
  updated_at: Date;
}

export const tagViewOf = (row: TagRow, rewording: RewordingView | null, openTicketCount?: number): TagView => ({
  id: row.id,
  name: row.name,
  color: row.color,
  teamId: row.team_id,
  ...(openTicketCount !== undefined && { openTicketCount }),
  rewording,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
