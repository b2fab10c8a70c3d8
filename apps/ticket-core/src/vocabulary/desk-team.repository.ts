import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

const EXISTS = statement(
  'vocabulary.team',
  'SELECT 1 FROM teams WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL',
);
const OF_AGENT = statement(
  'vocabulary.teams-of-agent',
  `SELECT m.team_id FROM team_members m JOIN teams t ON t.org_id = m.org_id AND t.id = m.team_id
   WHERE m.org_id = (SELECT current_org()) AND m.agent_id = $1 AND t.deleted_at IS NULL`,
);

@Injectable()
export class DeskTeamRepository {
  async exists(tx: Tx, id: string): Promise<boolean> {
    return (await tx.query(EXISTS, [id])).length > 0;
  }

  async ofAgent(tx: Tx, agentId: string): Promise<string[]> {
    return (await tx.query<{ team_id: string }>(OF_AGENT, [agentId])).map(({ team_id }) => team_id);
  }
}
