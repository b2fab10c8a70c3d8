-- Time that was worked on tickets, and files that come by other ways than mail.

CREATE TABLE time_entries (
  org_id      uuid NOT NULL,
  id          uuid NOT NULL,
  ticket_id   uuid NOT NULL,
  agent_id    uuid NOT NULL,
  minutes     integer NOT NULL CHECK (minutes > 0),
  description text NOT NULL DEFAULT '',
  billable    boolean NOT NULL,
  -- When the work was done; an entry of a timer has when it was started.
  worked_at   timestamptz NOT NULL,
  -- Contracts and invoices come later; what is on an invoice does not change any more.
  contract_id uuid,
  invoiced_at timestamptz,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  deleted_at  timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
);
CREATE INDEX time_entries_of_ticket ON time_entries (org_id, ticket_id, worked_at, id) WHERE deleted_at IS NULL;
CREATE INDEX time_entries_of_agent ON time_entries (org_id, agent_id, worked_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX time_entries_newest ON time_entries (org_id, worked_at DESC, id DESC) WHERE deleted_at IS NULL;

-- One at a time for each agent.
CREATE TABLE running_timers (
  org_id      uuid NOT NULL,
  agent_id    uuid NOT NULL,
  ticket_id   uuid NOT NULL,
  description text NOT NULL DEFAULT '',
  billable    boolean NOT NULL,
  started_at  timestamptz NOT NULL,
  PRIMARY KEY (org_id, agent_id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);

-- A file is uploaded to a ticket first, and becomes a message's when that is posted.
ALTER TABLE attachments
  ALTER COLUMN message_id DROP NOT NULL,
  ADD COLUMN ticket_id uuid,
  -- Null: it came with a message.
  ADD COLUMN uploaded_at timestamptz,
  ADD COLUMN uploaded_by_kind text CHECK (uploaded_by_kind IN ('agent', 'contact', 'system')),
  ADD COLUMN uploaded_by uuid,
  ADD COLUMN deleted_at timestamptz,
  ADD FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
  ADD CHECK (message_id IS NOT NULL OR ticket_id IS NOT NULL);
-- Once a message has it, it goes where that goes: ticket_id is null again.
CREATE INDEX attachments_of_ticket ON attachments (org_id, ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX attachments_waiting ON attachments (uploaded_at) WHERE message_id IS NULL AND deleted_at IS NULL;
-- Who refers to a blob: asked before it is removed, across tenants, since the same bytes are kept once.
CREATE INDEX attachments_by_blob ON attachments (blob_key);
CREATE INDEX inbound_mails_by_blob ON inbound_mails (blob_key) WHERE blob_key IS NOT NULL;
-- The sweeper, and the files of a mail that is claimed to be sent.
CREATE POLICY across ON attachments TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT ON attachments TO deskwire_worker;
GRANT UPDATE (deleted_at) ON attachments TO deskwire_worker;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['time_entries', 'running_timers'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON time_entries TO deskwire_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON running_timers TO deskwire_app;
