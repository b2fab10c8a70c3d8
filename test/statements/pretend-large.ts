import type { Client } from 'pg';

/**
 * Makes Postgres plan as for tables of a million rows each, all of one organisation: one row of anything, for a page to be there, and
 * statistics that say so. Plans then depend on nothing but the statements and the indexes, and take no time to prepare.
 */
export const pretendLarge = (owner: Client): Promise<unknown> =>
  owner.query(`
DO $$
DECLARE
  it record;
BEGIN
  -- Anything: no triggers, no references, no checks.
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR it IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.relation, it.conname);
  END LOOP;

  FOR it IN
    SELECT a.attrelid::regclass AS relation, string_agg(quote_ident(a.attname), ', ') AS columns,
      string_agg(quote_literal(CASE
        WHEN t.typcategory = 'A' OR t.typname = 'jsonb' THEN '{}' WHEN t.typname = 'uuid' THEN '00000000-0000-0000-0000-000000000000'
        WHEN t.typcategory = 'N' THEN '1' WHEN t.typcategory = 'D' THEN 'now' WHEN t.typcategory = 'B' THEN 'true' ELSE 'x' END), ', ') AS anything
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
    GROUP BY a.attrelid
  LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', it.relation);
    EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', it.relation, it.columns, it.anything);
  END LOOP;

  -- Of an index the first page holds no rows.
  FOR it IN SELECT relname::text, CASE relkind WHEN 'i' THEN 2 ELSE 1 END AS pages FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
  LOOP
    PERFORM pg_restore_relation_stats('schemaname', 'public', 'relname', it.relname, 'relpages', it.pages, 'reltuples', 1000000::real);
  END LOOP;
  -- One organisation; names of their own for rows; of what names other rows ten of each.
  FOR it IN
    SELECT c.relname::text, a.attname::text, CASE WHEN a.attnotnull THEN 0 ELSE 0.5 END::real AS nulls, CASE
      WHEN a.attname = 'org_id' THEN 1 WHEN a.attname IN ('id', 'number', 'email') THEN -1 WHEN a.atttypid = 'uuid'::regtype THEN -0.1 ELSE 0 END::real AS different
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  LOOP
    PERFORM pg_restore_attribute_stats('schemaname', 'public', 'relname', it.relname, 'attname', it.attname, 'inherited', false,
      'null_frac', it.nulls, 'avg_width', 16, 'n_distinct', it.different);
  END LOOP;
END $$`);
