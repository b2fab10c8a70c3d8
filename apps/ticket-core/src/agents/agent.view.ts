import { type AgentDetails, type AgentView, handleOf } from '#shared/contracts/agents.js';
import type { AgentRow } from './agent.repository.js';

/** What readers get of an agent: these fields and no others. */
export const agentDetailsOf = (row: AgentRow): AgentDetails => ({
  ...agentViewOf(row),
  handle: handleOf(row.email),
  restrictedToTeams: row.restricted_to_teams,
  teamIds: row.team_ids,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

export const agentViewOf = ({ id, name, email, role }: AgentRow): AgentView => ({ id, name, email, role });
