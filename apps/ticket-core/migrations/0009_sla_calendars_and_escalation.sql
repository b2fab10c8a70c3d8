-- Calendars that policies share, and what a policy does about a clock that nobody stops.

CREATE TABLE sla_calendars (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  version    integer NOT NULL DEFAULT 1,
  -- As libs/sla reads it (shared-calendar.schema.ts): zone, hours, holidays, exceptions, a country's list.
  calendar   jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX sla_calendars_names ON sla_calendars (org_id, lower(calendar ->> 'name')) WHERE deleted_at IS NULL;

-- Steps of escalation as evaluateSla gave them: those ahead, to be found by their next instant, and those taken, for ever.
CREATE TABLE sla_escalations (
  org_id    uuid NOT NULL,
  ticket_id uuid NOT NULL,
  target    text NOT NULL CHECK (target IN ('first_response', 'next_response', 'resolution')),
  cycle     integer NOT NULL,
  step      integer NOT NULL,
  -- The exact instant, however late anyone looks.
  at        timestamptz NOT NULL,
  act       jsonb NOT NULL,
  -- When somebody has to look: just after `at`, or the end of a claim's lease; null when it is not to come (any more).
  next_at   timestamptz,
  taken_at  timestamptz,
  PRIMARY KEY (org_id, ticket_id, target, cycle, step),
  -- Checked at the commit: a new ticket's steps are written before its own row.
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX sla_escalations_next ON sla_escalations (next_at) WHERE next_at IS NOT NULL;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['sla_calendars', 'sla_escalations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON sla_calendars, sla_escalations TO deskwire_app;
CREATE POLICY across ON sla_escalations TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON sla_escalations TO deskwire_worker;

-- Clocks are kept only to be found by their instants. One that the history, once it is complete, does not have after all
-- (an answer was filed later than the message that it came before) goes, unless somebody was told of it.
GRANT DELETE ON sla_clocks TO deskwire_app;
