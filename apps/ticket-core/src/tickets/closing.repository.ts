import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

/**
 * Organisations that have a ticket which closes by itself by now, across tenants: a probe of tickets_resolved each, by the
 * window of their own ($2: days, where they set none; 0: never). Whoever is late finds them all the same.
 */
const DUE = statement(
  'tickets.closing-due',
  `SELECT o.id AS org_id, w.days FROM organisations o
   CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(o.settings->'autoCloseDays') = 'number'
     THEN (o.settings->>'autoCloseDays')::integer ELSE $2::integer END AS days) AS w
   WHERE w.days > 0 AND EXISTS (
     SELECT 1 FROM tickets t WHERE t.org_id = o.id AND t.status = 'resolved' AND t.deleted_at IS NULL
       AND t.resolved_at <= $1::timestamptz - make_interval(hours => w.days * 24))`,
);
/** Locked: of several replicas each takes others, and nobody waits. */
const BATCH = statement(
  'tickets.closing-batch',
  `SELECT id FROM tickets
   WHERE org_id = (SELECT current_org()) AND status = 'resolved' AND deleted_at IS NULL AND resolved_at <= $1
   ORDER BY resolved_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
);

@Injectable()
export class ClosingRepository {
  constructor(private readonly database: Database) {}

  due(now: Date, defaultDays: number): Promise<{ org_id: string; days: number }[]> {
    return this.database.acrossOnce<{ org_id: string; days: number }>(DUE, [now, defaultDays]);
  }

  async batch(tx: Tx, resolvedBy: Date, limit: number): Promise<string[]> {
    return (await tx.query<{ id: string }>(BATCH, [resolvedBy, limit])).map(({ id }) => id);
  }
}
