import { appendFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from '@jest/globals';
import pg from 'pg';

/** A statement that a test file made a service run. */
export interface RunStatement {
  /** The test file, from the root. */
  spec: string;
  /** The database's: deskwire_app or deskwire_worker. */
  role: string;
  name: string;
  text: string;
}

// Before each file of integration tests. `npm test` names a folder, and every-statement.spec.ts reads it when all have run;
// otherwise nothing is noted.
const folder = process.env['STATEMENTS_FOLDER'];
if (folder !== undefined) {
  const spec = relative(join(import.meta.dirname, '../..'), expect.getState().testPath!);
  const file = join(folder, `${spec.replaceAll('/', '+')}.jsonl`);
  const noted = new Set<string>();
  const note = (role: string, { name, text }: pg.QueryConfig) => {
    // What a test has explained is not run.
    if (name === undefined || text.startsWith('EXPLAIN') || noted.size === noted.add(`${role} ${text}`).size) return;
    appendFileSync(file, `${JSON.stringify({ spec, role, name, text } satisfies RunStatement)}\n`);
  };
  const query = Reflect.get(pg.Client.prototype, 'query') as (...asked: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    if (typeof asked[0] === 'object' && asked[0] !== null) note(this.user ?? '', asked[0] as pg.QueryConfig);
    return Reflect.apply(query, this, asked);
  } as typeof pg.Client.prototype.query;
}
