import type { Tx } from './database.js';
import { statement } from './statement.js';

const AT_LEISURE = statement(
  'database.at-leisure',
  `SELECT set_config('statement_timeout', '60s', true), set_config('work_mem', '64MB', true)`,
);

/**
 * For what reads everything that was asked for, as reports and statistics do: a minute for each statement of the rest of the
 * transaction, where others have 15 s, and room to sort in memory. Two years of a million tickets are 20 s on a busy machine.
 */
export async function atLeisure(tx: Tx): Promise<void> {
  await tx.query(AT_LEISURE);
}
