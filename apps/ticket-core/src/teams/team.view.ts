import { handleOf } from '#shared/contracts/agents.js';
import type { TeamDetails, TeamView } from '#shared/contracts/teams.js';
import type { MemberRow, TeamRow } from './team.repository.js';

/** What readers get of a team: these fields and no others. */
export const teamViewOf = (row: TeamRow): TeamView => ({
  id: row.id,
  name: row.name,
  handle: row.handle,
  description: row.description,
  memberCount: row.member_count,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

export const teamDetailsOf = (row: TeamRow, members: readonly MemberRow[]): TeamDetails => ({
  ...teamViewOf(row),
  members: members.map(({ id, name, email }) => ({ id, name, email, handle: handleOf(email) })),
});
