import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

const IDS_OF = statement(
  'bulk.ids-of',
  'SELECT id, number FROM tickets WHERE org_id = (SELECT current_org()) AND number = ANY($1::integer[])',
);

@Injectable()
export class BulkRepository {
  /** Only to know which number and which id name one ticket; whether anybody may see it is asked of each. */
  async idsOf(tx: Tx, numbers: readonly number[]): Promise<Map<number, string>> {
    if (numbers.length === 0) return new Map();
    const rows = await tx.query<{ id: string; number: number }>(IDS_OF, [numbers]);
    return new Map(rows.map(({ id, number }) => [number, id]));
  }
}
