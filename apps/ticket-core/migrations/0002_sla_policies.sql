-- SLA policies can be edited: who changed what, and how far their open tickets have been reckoned again.

-- Written once for each version of a policy; `old_policy` is null when it was made, `new_policy` when it was deleted.
CREATE TABLE sla_policy_changes (
  org_id     uuid NOT NULL,
  policy_id  uuid NOT NULL,
  version    integer NOT NULL,
  old_policy jsonb,
  new_policy jsonb,
  actor_kind text NOT NULL CHECK (actor_kind IN ('agent', 'contact', 'system')),
  actor_id   uuid,
  actor_name text NOT NULL,
  surface    text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (org_id, policy_id, version),
  FOREIGN KEY (org_id, policy_id) REFERENCES sla_policies (org_id, id)
);

-- A walk over the open tickets after such a change, in batches by ticket id. `after_ticket` is how far it got: it is written
-- together with what a batch changed, so that a walk that was killed goes on there and counts nothing twice.
CREATE TABLE sla_reckonings (
  org_id       uuid NOT NULL,
  policy_id    uuid NOT NULL,
  version      integer NOT NULL,
  after_ticket uuid,
  looked_at    integer NOT NULL DEFAULT 0,
  changed      integer NOT NULL DEFAULT 0,
  -- Not before this: the beginning, or the end of a worker's lease.
  next_at      timestamptz NOT NULL,
  started_at   timestamptz,
  finished_at  timestamptz,
  -- It ended because the policy was changed again, or deleted: a later walk does the rest, or none.
  replaced     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, policy_id, version),
  FOREIGN KEY (org_id, policy_id, version) REFERENCES sla_policy_changes (org_id, policy_id, version)
);
CREATE INDEX sla_reckonings_unfinished ON sla_reckonings (next_at) WHERE finished_at IS NULL;

CREATE INDEX sla_trackings_of_policy ON sla_trackings (org_id, policy_id);

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['sla_policy_changes', 'sla_reckonings'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON sla_policy_changes TO deskwire_app;
GRANT SELECT, INSERT, UPDATE ON sla_reckonings TO deskwire_app;
CREATE POLICY across ON sla_reckonings TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON sla_reckonings TO deskwire_worker;
