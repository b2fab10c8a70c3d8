-- Which organisation a statement is for is not known when it is planned, so Postgres takes it to be of average size: beside a
-- thousand small ones a few hundred tickets, and reads "its few rows" from end to end where it could look up one. A twentieth of
-- each table says: look things up. For a small one that is right as well (docs/adr/0023).
-- It holds from the next ANALYZE on; an empty table had better have none, as plans for one are kept while it grows.
DO $$
DECLARE
  it record;
  filled boolean;
BEGIN
  FOR it IN
    SELECT c.oid::regclass AS relation FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN org_id SET (n_distinct = 20)', it.relation);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', it.relation) INTO filled;
    IF filled THEN EXECUTE format('ANALYZE %s', it.relation); END IF;
  END LOOP;
END $$;
