import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface TeamRef {
  id: string;
  name: string;
  handle: string;
}

const TEAM = statement(
  'tickets.team',
  'SELECT id, name, handle FROM teams WHERE org_id = (SELECT current_org()) AND id = $1 AND deleted_at IS NULL',
);

@Injectable()
export class TicketTeamRepository {
  async find(tx: Tx, id: string): Promise<TeamRef | null> {
    return (await tx.query<TeamRef>(TEAM, [id]))[0] ?? null;
  }
}
