import type { SavedViewView } from '#shared/contracts/views.js';

export interface ViewRow {
  id: string;
  name: string;
  agent_id: string | null;
  team_id: string | null;
  query: Record<string, unknown>;
  position: number;
  created_at: Date;
  updated_at: Date;
}

export const scopeOf = ({ agent_id, team_id }: Pick<ViewRow, 'agent_id' | 'team_id'>): SavedViewView['scope'] =>
  agent_id !== null ? 'private' : team_id !== null ? 'team' : 'organisation';

export const viewViewOf = (row: ViewRow, isMine: boolean): SavedViewView => ({
  id: row.id,
  name: row.name,
  scope: scopeOf(row),
  teamId: row.team_id,
  query: row.query,
  position: row.position,
  isMine,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
