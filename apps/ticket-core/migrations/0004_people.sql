-- Who is who: settings of an organisation, teams, what an agent or a key may do, companies, contacts with several addresses,
-- and the record of who changed what about all of this (tickets have their own: activities).

-- As the settings' schema reads them; what is absent has its default.
ALTER TABLE organisations ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';

ALTER TABLE agents
  -- Sees only tickets of the teams it belongs to, and those assigned to it.
  ADD COLUMN restricted_to_teams boolean NOT NULL DEFAULT false,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE teams (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  name        text NOT NULL,
  handle      text NOT NULL CHECK (handle ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  description text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  deleted_at  timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX teams_by_handle ON teams (handle, org_id) WHERE deleted_at IS NULL;

CREATE TABLE team_members (
  org_id     uuid NOT NULL,
  team_id    uuid NOT NULL,
  agent_id   uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, team_id, agent_id),
  FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
);
CREATE INDEX team_members_of_agent ON team_members (org_id, agent_id);

ALTER TABLE tickets ADD FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id);
-- What a team leaves behind when it is dissolved.
CREATE INDEX tickets_open_of_team ON tickets (org_id, team_id)
  WHERE team_id IS NOT NULL AND status <> 'closed' AND deleted_at IS NULL;

ALTER TABLE api_keys
  -- The key acts with the lesser of this role and its agent's; null: with its agent's.
  ADD COLUMN role text CHECK (role IN ('viewer', 'agent', 'manager', 'admin')),
  -- Such as tickets:read; null: everything that the role may.
  ADD COLUMN scopes text[],
  -- The beginning of the key, by which people tell one from another.
  ADD COLUMN prefix text NOT NULL DEFAULT '',
  ADD COLUMN created_by uuid;
CREATE INDEX api_keys_of_agent ON api_keys (org_id, agent_id);

CREATE TABLE companies (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  name       text NOT NULL,
  notes      text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX companies_by_name ON companies (org_id, lower(name), id) WHERE deleted_at IS NULL;

-- Who writes from such an address for the first time is of this company.
CREATE TABLE company_domains (
  org_id     uuid NOT NULL,
  domain     text NOT NULL CHECK (domain = lower(domain)),
  company_id uuid NOT NULL,
  PRIMARY KEY (org_id, domain),
  FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id)
);
CREATE INDEX company_domains_of_company ON company_domains (org_id, company_id);

ALTER TABLE contacts
  ADD COLUMN company_id uuid,
  ADD COLUMN phone text,
  ADD COLUMN notes text NOT NULL DEFAULT '',
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN deleted_at timestamptz,
  -- It became one with this contact, who has its tickets and its addresses now; its own id still leads there.
  ADD COLUMN merged_into uuid,
  ADD FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id),
  ADD FOREIGN KEY (org_id, merged_into) REFERENCES contacts (org_id, id);
CREATE INDEX contacts_merged ON contacts (org_id, merged_into) WHERE merged_into IS NOT NULL;
-- What a contact wrote goes along when two become one.
CREATE INDEX messages_of_contact ON messages (org_id, author_id) WHERE author_kind = 'contact';
CREATE INDEX contacts_of_company ON contacts (org_id, company_id) WHERE company_id IS NOT NULL;

-- Further addresses of a contact, beside the one in contacts.email that mail is sent to.
CREATE TABLE contact_addresses (
  org_id     uuid NOT NULL,
  email      text NOT NULL CHECK (email = lower(email)),
  contact_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, email),
  FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
);
CREATE INDEX contact_addresses_of_contact ON contact_addresses (org_id, contact_id);

-- An address is one contact's, be it their first or a further one: what a unique index says within a table, across two.
-- Who makes a contact shares the organisation's lock, so that mails are filed beside each other; who gives a contact a
-- further address has it alone, and each sees what the other has committed. Before the row, so that nobody waits for the
-- lock with a row that the lock's holder waits for. (docs/adr/0020)
CREATE FUNCTION one_contact_an_address() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE taken boolean;
BEGIN
  IF TG_TABLE_NAME = 'contacts' THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.org_id::text, 7345020));
    SELECT EXISTS (SELECT 1 FROM contact_addresses WHERE org_id = NEW.org_id AND email = NEW.email) INTO taken;
  ELSE
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.org_id::text, 7345020));
    SELECT EXISTS (SELECT 1 FROM contacts WHERE org_id = NEW.org_id AND email = NEW.email) INTO taken;
  END IF;
  IF taken THEN
    RAISE unique_violation USING MESSAGE = 'this address is another contact''s', CONSTRAINT = 'one_contact_an_address';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER one_contact_an_address BEFORE INSERT OR UPDATE OF email ON contacts
  FOR EACH ROW EXECUTE FUNCTION one_contact_an_address();
CREATE TRIGGER one_contact_an_address BEFORE INSERT OR UPDATE OF email ON contact_addresses
  FOR EACH ROW EXECUTE FUNCTION one_contact_an_address();

-- Written once. Changes of tickets are not here but in activities.
CREATE TABLE audit_entries (
  org_id       uuid NOT NULL REFERENCES organisations,
  id           uuid NOT NULL,
  action       text NOT NULL,
  subject_type text NOT NULL,
  subject_id   uuid,
  subject_name text NOT NULL,
  actor_kind   text NOT NULL CHECK (actor_kind IN ('agent', 'contact', 'system')),
  actor_id     uuid,
  actor_name   text NOT NULL,
  surface      text NOT NULL,
  old_value    jsonb,
  new_value    jsonb,
  at           timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX audit_entries_newest ON audit_entries (org_id, at DESC, id DESC);
CREATE INDEX audit_entries_of_actor ON audit_entries (org_id, actor_id, at DESC, id DESC);
CREATE INDEX audit_entries_of_subject ON audit_entries (org_id, subject_id, at DESC, id DESC);

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'teams', 'team_members', 'companies', 'company_domains', 'contact_addresses', 'audit_entries'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON teams, companies TO deskwire_app;
-- What only says that two things belong together is removed without a trace of its own; the audit keeps it.
GRANT SELECT, INSERT, UPDATE, DELETE ON team_members, company_domains, contact_addresses TO deskwire_app;
GRANT SELECT, INSERT ON audit_entries TO deskwire_app;
GRANT UPDATE (name, settings) ON organisations TO deskwire_app;
GRANT INSERT, UPDATE ON api_keys, mailboxes TO deskwire_app;

-- Who acts, whatever the request says of itself: every request asks, before it has an organisation to be held to.
CREATE POLICY across ON team_members FOR SELECT TO deskwire_worker USING (true);
GRANT SELECT ON team_members TO deskwire_worker;
-- When keys were last used, many at once and beside the requests.
CREATE POLICY used ON api_keys FOR UPDATE TO deskwire_worker USING (true) WITH CHECK (true);
GRANT UPDATE (last_used_at) ON api_keys TO deskwire_worker;
-- Making an organisation whole, in one transaction: it can make one, and change none.
DO $$
DECLARE made_table text;
BEGIN
  FOREACH made_table IN ARRAY ARRAY[
    'organisations', 'ticket_counters', 'mailboxes', 'agents', 'sla_policies', 'api_keys', 'audit_entries'
  ] LOOP
    EXECUTE format('CREATE POLICY made ON %I FOR INSERT TO deskwire_worker WITH CHECK (true)', made_table);
    EXECUTE format('GRANT INSERT ON %I TO deskwire_worker', made_table);
  END LOOP;
END $$;
