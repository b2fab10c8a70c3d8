-- What happens to a ticket beside its fields: links, watchers, mentions, and becoming one with another.

-- One row a link, read from both ends; the words for the other end are the view's.
CREATE TABLE ticket_links (
  org_id     uuid NOT NULL,
  id         uuid NOT NULL,
  from_id    uuid NOT NULL,
  to_id      uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('relates_to', 'blocks', 'causes', 'parent_of', 'split_into')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (from_id <> to_id),
  FOREIGN KEY (org_id, from_id) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, to_id) REFERENCES tickets (org_id, id)
);
CREATE UNIQUE INDEX ticket_links_once ON ticket_links (from_id, to_id, kind, org_id);
CREATE INDEX ticket_links_back ON ticket_links (org_id, to_id);

CREATE TABLE ticket_watchers (
  org_id     uuid NOT NULL,
  ticket_id  uuid NOT NULL,
  agent_id   uuid NOT NULL,
  created_at timestamptz NOT NULL,
  -- False: somebody said that they do not want to, and nothing that they do makes them watch it again.
  watching   boolean NOT NULL DEFAULT true,
  PRIMARY KEY (org_id, ticket_id, agent_id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
);
CREATE INDEX ticket_watchers_of_agent ON ticket_watchers (org_id, agent_id);

-- What an agent was told: mentioned, given a ticket, or something happened on one that is watched.
CREATE TABLE notifications (
  org_id     uuid NOT NULL,
  id         uuid NOT NULL,
  agent_id   uuid NOT NULL,
  ticket_id  uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('mentioned', 'assigned', 'watched')),
  message_id uuid,
  actor_name text NOT NULL,
  at         timestamptz NOT NULL,
  read_at    timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX notifications_of_agent ON notifications (org_id, agent_id, at DESC, id DESC);
CREATE INDEX notifications_unread ON notifications (org_id, agent_id, at DESC, id DESC) WHERE read_at IS NULL;
-- A message tells an agent once, however often it is edited.
CREATE UNIQUE INDEX notifications_once ON notifications (message_id, agent_id, org_id) WHERE message_id IS NOT NULL;

-- What a merge moved, so that it can be undone for a day.
CREATE TABLE ticket_merges (
  org_id      uuid NOT NULL,
  id          uuid NOT NULL,
  source_id   uuid NOT NULL,
  survivor_id uuid NOT NULL,
  -- Ids of the messages, time entries, watchers, Message-IDs and so on; and the source's status before.
  moved       jsonb NOT NULL,
  merged_at   timestamptz NOT NULL,
  undone_at   timestamptz,
  -- An agent; null for a service.
  merged_by   uuid,
  undone_by   uuid,
  -- The customers of the two are told nothing of each other (docs/adr/0021).
  apart       boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, source_id) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, survivor_id) REFERENCES tickets (org_id, id)
);
-- A ticket is part of one other at a time, whoever merges it at once.
CREATE UNIQUE INDEX ticket_merges_in_force ON ticket_merges (source_id, org_id) WHERE undone_at IS NULL;
-- Mail to any ticket that became part of another arrives in that one: read from both ends.
CREATE INDEX tickets_merged ON tickets (org_id, duplicate_of) WHERE duplicate_of IS NOT NULL;
-- The merged ticket whose customer alone may see this message, on a ticket of somebody else. Null: who sees the ticket.
ALTER TABLE messages
  ADD COLUMN apart_of uuid,
  ADD FOREIGN KEY (org_id, apart_of) REFERENCES tickets (org_id, id);
CREATE INDEX messages_apart ON messages (org_id, apart_of) WHERE apart_of IS NOT NULL;
CREATE INDEX ticket_merges_of_source ON ticket_merges (org_id, source_id, merged_at DESC);
CREATE INDEX ticket_merges_of_survivor ON ticket_merges (org_id, survivor_id, merged_at DESC);

-- What closes by itself next: each organisation has a window of its own.
CREATE INDEX tickets_resolved ON tickets (org_id, resolved_at) WHERE status = 'resolved' AND deleted_at IS NULL;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['ticket_links', 'ticket_watchers', 'notifications', 'ticket_merges'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON notifications, ticket_merges TO deskwire_app;
GRANT SELECT, INSERT, DELETE ON ticket_links TO deskwire_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_watchers TO deskwire_app;
-- A link goes with its ticket when that becomes part of another.
GRANT UPDATE (from_id, to_id) ON ticket_links TO deskwire_app;
