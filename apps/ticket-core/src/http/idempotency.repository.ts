import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

interface Row {
  request_hash: string;
  status: number;
  response: unknown;
  is_abandoned: boolean;
}

/**
 * Of a key: it failed and is free again; at work; its work is committed, and the answer not kept yet; it failed after some of
 * its work was committed. Else as HTTP has it.
 */
export const [FREE, AT_WORK, COMMITTED, BROKEN_OFF] = [-1, 0, 1, 2];

/** A request that died without an answer does not block its key for ever. */
const ABANDONED = `interval '1 minute'`;
/** The primary key lets one request begin; an abandoned one is taken over by whoever finds it first. */
const BEGIN = statement(
  'idempotency.begin',
  `INSERT INTO idempotency_keys AS k (org_id, key, request_hash, status, response) VALUES ($1, $2, $3, ${AT_WORK}, 'null')
   ON CONFLICT (org_id, key) DO UPDATE SET created_at = now(), request_hash = excluded.request_hash, status = ${AT_WORK}
     WHERE (k.status = ${AT_WORK} AND k.created_at < now() - ${ABANDONED}) OR k.status = ${FREE}
   RETURNING key`,
);
const FIND = statement(
  'idempotency.find',
  `SELECT request_hash, status, response, created_at < now() - ${ABANDONED} AS is_abandoned
   FROM idempotency_keys WHERE org_id = (SELECT current_org()) AND key = $1`,
);
/** Part of the work's own transaction, if that has written anything: so no request that died later is done again. */
const MARK = statement(
  'idempotency.mark',
  `UPDATE idempotency_keys SET status = ${COMMITTED} WHERE org_id = (SELECT current_org()) AND key = $1
     AND status = ${AT_WORK} AND pg_current_xact_id_if_assigned() IS NOT NULL`,
);
const FINISH = statement(
  'idempotency.finish',
  'UPDATE idempotency_keys SET status = $2, response = $3::jsonb WHERE org_id = (SELECT current_org()) AND key = $1',
);
/** By what the work's transactions left, and not by what whoever failed believes. */
const FAIL = statement(
  'idempotency.fail',
  `UPDATE idempotency_keys SET status = CASE WHEN status = ${COMMITTED} THEN ${BROKEN_OFF} ELSE ${FREE} END
   WHERE org_id = (SELECT current_org()) AND key = $1`,
);

/** A day is what clients may rely on. Across tenants, by the worker's role. */
const SWEEP = statement(
  'idempotency.sweep',
  `DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours' RETURNING key`,
);

@Injectable()
export class IdempotencyRepository {
  constructor(private readonly database: Database) {}

  /** Null: this request is the first. Else what the first one left. */
  begin(orgId: string, key: string, requestHash: string): Promise<Row | null> {
    return this.database.tenant(orgId, async (tx) => {
      const begun = await tx.query(BEGIN, [orgId, key, requestHash]);
      return begun.length > 0 ? null : ((await tx.query<Row>(FIND, [key]))[0] ?? null);
    });
  }

  /** Whatever `work` writes is committed together with the word that it was done. */
  marked<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.database.marking((tx) => tx.query(MARK, [key]), work);
  }

  async finish(orgId: string, key: string, status: number, response: unknown): Promise<void> {
    await this.database.tenant(orgId, (tx) => tx.query(FINISH, [key, status, jsonb(response ?? null)]));
  }

  /** How many keys were forgotten because their day was over. */
  async sweep(): Promise<number> {
    return (await this.database.acrossOnce(SWEEP)).length;
  }

  /** It failed: the key is free for another try, unless some of its work was committed. */
  async fail(orgId: string, key: string): Promise<void> {
    await this.database.tenant(orgId, (tx) => tx.query(FAIL, [key]));
  }
}
