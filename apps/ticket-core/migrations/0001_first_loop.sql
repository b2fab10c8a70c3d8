-- The first loop: mail in, ticket, event, card, reply, mail out.
--
-- Two login roles use this schema, and neither owns it nor bypasses row-level security:
--   deskwire_app     one tenant at a time: it sees the rows of the organisation in `app.org_id`, and no others;
--   deskwire_worker  work across tenants (accepting mail, claims, the outbox relay), only where a policy below says so.

CREATE FUNCTION current_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$;

-- Organisations and people ------------------------------------------------------------------------------------------

CREATE TABLE organisations (
  id          uuid PRIMARY KEY,
  slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- One row an organisation, touched by the one statement that opens tickets, so that it is locked for a moment only.
CREATE TABLE ticket_counters (
  org_id      uuid PRIMARY KEY REFERENCES organisations,
  last_number integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE mailboxes (
  org_id      uuid NOT NULL REFERENCES organisations,
  address     text NOT NULL UNIQUE CHECK (address = lower(address)),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, address)
);

CREATE TABLE agents (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  email       text NOT NULL CHECK (email = lower(email)),
  name        text NOT NULL,
  role        text NOT NULL CHECK (role IN ('viewer', 'agent', 'manager', 'admin')),
  disabled_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (email, org_id)
);

CREATE TABLE api_keys (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  name        text NOT NULL,
  -- SHA-256 of the key: it has 190 random bits, so a slow hash would add nothing.
  hash        bytea NOT NULL UNIQUE,
  agent_id    uuid NOT NULL,
  expires_at  timestamptz,
  revoked_at  timestamptz,
  last_used_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
);

CREATE TABLE contacts (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  email       text NOT NULL CHECK (email = lower(email)),
  name        text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (email, org_id)
);

-- Tickets -----------------------------------------------------------------------------------------------------------

CREATE TABLE tickets (
  org_id            uuid NOT NULL REFERENCES organisations,
  id                uuid NOT NULL,
  number            integer NOT NULL,
  subject           text NOT NULL,
  description       text NOT NULL DEFAULT '',
  status            text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed')),
  priority          text NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
  category          text NOT NULL DEFAULT 'general',
  kind              text,
  source            text NOT NULL,
  team_id           uuid,
  assignee_id       uuid,
  creator_id        uuid,
  contact_id        uuid,
  entity            jsonb,
  tags              text[] NOT NULL DEFAULT '{}',
  custom_fields     jsonb NOT NULL DEFAULT '{}',
  cc                text[] NOT NULL DEFAULT '{}',
  version           integer NOT NULL DEFAULT 1,
  message_count     integer NOT NULL DEFAULT 0,
  sla_deadline      timestamptz,
  first_response_at timestamptz,
  resolved_at       timestamptz,
  closed_at         timestamptz,
  follow_up_of      uuid,
  duplicate_of      uuid,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  deleted_at        timestamptz,
  PRIMARY KEY (org_id, id),
  -- Not org_id first: before the first ANALYZE Postgres would take this one for the foreign keys' look-ups by (org_id, id),
  -- and read all tickets of the organisation for each row that points to one. The same below.
  UNIQUE (number, org_id),
  FOREIGN KEY (org_id, assignee_id) REFERENCES agents (org_id, id),
  FOREIGN KEY (org_id, creator_id) REFERENCES agents (org_id, id),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id),
  FOREIGN KEY (org_id, follow_up_of) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, duplicate_of) REFERENCES tickets (org_id, id)
);
-- The list: newest first, cut by cursor. Ids are uuid v7, so they break ties in the order of creation.
CREATE INDEX tickets_newest ON tickets (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_status ON tickets (org_id, status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_assignee ON tickets (org_id, assignee_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_contact ON tickets (org_id, contact_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_follow_ups ON tickets (org_id, follow_up_of) WHERE follow_up_of IS NOT NULL;

CREATE TABLE messages (
  org_id          uuid NOT NULL,
  id              uuid NOT NULL,
  ticket_id       uuid NOT NULL,
  is_internal     boolean NOT NULL,
  content         text NOT NULL,
  whole_text      text,
  author_kind     text NOT NULL CHECK (author_kind IN ('agent', 'contact', 'system')),
  author_id       uuid,
  author_name     text NOT NULL,
  source          text NOT NULL,
  -- A reference of the surface it came from; the same reference posts once.
  external_ref    text,
  threading       jsonb,
  inbound_mail_id uuid,
  created_at      timestamptz NOT NULL,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  PRIMARY KEY (org_id, id),
  UNIQUE (external_ref, org_id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX messages_of_ticket ON messages (ticket_id, org_id, created_at, id);

CREATE TABLE attachments (
  org_id       uuid NOT NULL,
  id           uuid NOT NULL,
  message_id   uuid NOT NULL,
  name         text NOT NULL,
  content_type text NOT NULL,
  size_bytes   bigint NOT NULL,
  sha256       text NOT NULL,
  content_id   text,
  inline       boolean NOT NULL,
  blob_key     text NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
CREATE INDEX attachments_of_message ON attachments (org_id, message_id);

CREATE TABLE activities (
  org_id     uuid NOT NULL,
  id         uuid NOT NULL,
  ticket_id  uuid NOT NULL,
  type       text NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('agent', 'contact', 'system')),
  actor_id   uuid,
  actor_name text NOT NULL,
  surface    text NOT NULL,
  old_value  jsonb,
  new_value  jsonb,
  at         timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX activities_of_ticket ON activities (org_id, ticket_id, at, id);

CREATE TABLE idempotency_keys (
  org_id       uuid NOT NULL REFERENCES organisations,
  key          text NOT NULL,
  request_hash text NOT NULL,
  status       integer NOT NULL,
  response     jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, key)
);

-- Mail --------------------------------------------------------------------------------------------------------------

-- Every accepted mail, with its raw bytes here or in the blob store. It is never deleted while it is not filed.
CREATE TABLE inbound_mails (
  org_id          uuid NOT NULL REFERENCES organisations,
  id              uuid NOT NULL UNIQUE,
  seq             bigint GENERATED ALWAYS AS IDENTITY,
  state           text NOT NULL DEFAULT 'accepted' CHECK (state IN ('accepted', 'filed')),
  sender          text NOT NULL,
  envelope        jsonb NOT NULL,
  raw             bytea,
  blob_key        text,
  sha256          text NOT NULL,
  size_bytes      bigint NOT NULL,
  received_at     timestamptz NOT NULL,
  -- W3C traceparent of the SMTP conversation, so that one trace leads from there to the card.
  trace           text,
  attempts        integer NOT NULL DEFAULT 0,
  lease_owner     text,
  lease_until     timestamptz,
  last_error      text,
  disposition     text,
  reason          text,
  ticket_id       uuid,
  message_id      uuid,
  filed_at        timestamptz,
  PRIMARY KEY (org_id, id),
  CHECK ((raw IS NULL) <> (blob_key IS NULL)),
  CHECK ((state = 'filed') = (disposition IS NOT NULL))
);
ALTER TABLE inbound_mails ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX inbound_mails_waiting ON inbound_mails (seq) WHERE state = 'accepted';
CREATE INDEX inbound_mails_of_sender ON inbound_mails (org_id, sender, seq) WHERE state = 'accepted';

-- The same mail delivered again finds its key taken.
CREATE TABLE filed_mails (
  org_id          uuid NOT NULL REFERENCES organisations,
  duplicate_key   text NOT NULL,
  inbound_mail_id uuid NOT NULL,
  PRIMARY KEY (org_id, duplicate_key)
);

-- Message-IDs that we sent or received, and the ticket each belongs to.
CREATE TABLE mail_message_ids (
  org_id       uuid NOT NULL,
  mail_id      text NOT NULL,
  ticket_id    uuid NOT NULL,
  message_id   uuid,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, mail_id, ticket_id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX mail_message_ids_of_ticket ON mail_message_ids (org_id, ticket_id, created_at);

CREATE TABLE outbound_mails (
  org_id       uuid NOT NULL,
  id           uuid NOT NULL UNIQUE,
  ticket_id    uuid NOT NULL,
  message_id   uuid,
  kind         text NOT NULL CHECK (kind IN ('reply', 'acknowledgement')),
  recipients   text[] NOT NULL,
  cc           text[] NOT NULL DEFAULT '{}',
  mail_id      text NOT NULL,
  state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'delivered', 'bounced', 'failed', 'cancelled')),
  due_at       timestamptz NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  lease_owner  text,
  detail       text,
  queued_at    timestamptz NOT NULL,
  settled_at   timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES messages (org_id, id)
);
-- A claim moves due_at to the end of its lease: what is claimed and what must wait are one condition on one index.
CREATE INDEX outbound_mails_due ON outbound_mails (due_at) WHERE state = 'queued';
CREATE INDEX outbound_mails_of_message ON outbound_mails (org_id, message_id);
CREATE INDEX outbound_mails_of_ticket ON outbound_mails (org_id, ticket_id);

-- One acknowledgement a sender and day, whatever arrives at once.
CREATE TABLE acknowledgements (
  org_id  uuid NOT NULL REFERENCES organisations,
  address text NOT NULL,
  day     date NOT NULL,
  PRIMARY KEY (org_id, address, day)
);

-- SLA ---------------------------------------------------------------------------------------------------------------

CREATE TABLE sla_policies (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  version     integer NOT NULL DEFAULT 1,
  -- The policy as libs/sla reads it: name, conditions, targets, pauses.
  policy      jsonb NOT NULL,
  priority    integer NOT NULL DEFAULT 0,
  enabled     boolean NOT NULL DEFAULT true,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  deleted_at  timestamptz,
  PRIMARY KEY (org_id, id)
);

-- Which policy a ticket has, each as it was when it was chosen; all null when none fitted.
CREATE TABLE sla_trackings (
  org_id         uuid NOT NULL,
  ticket_id      uuid NOT NULL,
  id             uuid NOT NULL,
  policy_id      uuid,
  policy_version integer,
  policy_name    text,
  -- The rules it was opened under; later ones are activities (`sla_policy_changed`) of its history.
  initial_rules  jsonb,
  created_at     timestamptz NOT NULL,
  PRIMARY KEY (org_id, ticket_id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);

-- The clocks as evaluateSla gave them, kept only so that they can be found by their next instant.
CREATE TABLE sla_clocks (
  org_id      uuid NOT NULL,
  ticket_id   uuid NOT NULL,
  target      text NOT NULL CHECK (target IN ('first_response', 'next_response', 'resolution')),
  cycle       integer NOT NULL,
  state       text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'breached', 'cancelled')),
  started_at  timestamptz NOT NULL,
  warn_at     timestamptz,
  due_at      timestamptz NOT NULL,
  stopped_at  timestamptz,
  breached_at timestamptz,
  consumed_ms bigint NOT NULL,
  paused_ms   bigint NOT NULL,
  warned      boolean NOT NULL DEFAULT false,
  announced   boolean NOT NULL DEFAULT false,
  -- When somebody has to look at it next: the warning, the due instant, or the end of a claim's lease.
  next_at     timestamptz,
  PRIMARY KEY (org_id, ticket_id, target, cycle),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX sla_clocks_next ON sla_clocks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clocks_breached ON sla_clocks (org_id, breached_at DESC) WHERE breached_at IS NOT NULL;

-- Events and surfaces -----------------------------------------------------------------------------------------------

CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id     uuid NOT NULL REFERENCES organisations,
  event_id   uuid NOT NULL,
  name       text NOT NULL,
  version    integer NOT NULL,
  payload    jsonb NOT NULL,
  trace      text,
  at         timestamptz NOT NULL,
  sent_at    timestamptz
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE posts (
  org_id      uuid NOT NULL REFERENCES organisations,
  surface     text NOT NULL,
  key         text NOT NULL,
  ticket_id   uuid,
  ref         text,
  claimed_at  timestamptz NOT NULL,
  lease_until timestamptz,
  posted_at   timestamptz,
  PRIMARY KEY (org_id, surface, key)
);
CREATE INDEX posts_by_ref ON posts (org_id, surface, ref) WHERE ref IS NOT NULL;

CREATE TABLE dead_letters (
  id          uuid PRIMARY KEY,
  org_id      uuid REFERENCES organisations,
  consumer    text NOT NULL,
  subject     text NOT NULL,
  event       jsonb,
  error       text NOT NULL,
  attempts    integer NOT NULL,
  died_at     timestamptz NOT NULL DEFAULT now(),
  replayed_at timestamptz
);

-- Walls between tenants ---------------------------------------------------------------------------------------------

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'ticket_counters', 'mailboxes', 'agents', 'api_keys', 'contacts', 'tickets', 'messages', 'attachments', 'activities',
    'idempotency_keys', 'inbound_mails', 'filed_mails', 'mail_message_ids', 'outbound_mails', 'acknowledgements',
    'sla_policies', 'sla_trackings', 'sla_clocks', 'outbox', 'posts'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO deskwire_app', tenant_table);
    -- FORCE holds the owner back too; making organisations is its work, and no service logs in as it.
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;

ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisations TO deskwire_app USING (id = (SELECT current_org()));
DO $$ BEGIN EXECUTE format('CREATE POLICY set_up ON organisations TO %I USING (true) WITH CHECK (true)', current_user); END $$;
GRANT SELECT ON organisations TO deskwire_app;

-- What the app role may not do: activities and events are written once; mail is accepted by the worker role only.
REVOKE UPDATE ON activities, outbox, api_keys, mailboxes FROM deskwire_app;
REVOKE INSERT ON inbound_mails, ticket_counters, api_keys, mailboxes FROM deskwire_app;

-- Work across tenants.
ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON dead_letters TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON dead_letters TO deskwire_worker;

CREATE POLICY across ON organisations FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON mailboxes FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON api_keys FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON agents FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON contacts FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON tickets FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON messages FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY across ON mail_message_ids FOR SELECT TO deskwire_worker USING (true);
GRANT SELECT ON organisations, mailboxes, api_keys, agents, contacts, tickets, messages, mail_message_ids TO deskwire_worker;
CREATE POLICY across ON inbound_mails TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON inbound_mails TO deskwire_worker;
CREATE POLICY across ON outbound_mails TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON outbound_mails TO deskwire_worker;
CREATE POLICY across ON sla_clocks TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON sla_clocks TO deskwire_worker;
CREATE POLICY across ON outbox TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON outbox TO deskwire_worker;
CREATE POLICY across ON idempotency_keys TO deskwire_worker USING (true);
GRANT SELECT, DELETE ON idempotency_keys TO deskwire_worker;
