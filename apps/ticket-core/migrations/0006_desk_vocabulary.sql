-- What an organisation words for itself: tags, categories, custom fields, canned responses, templates, saved views.

-- A ticket keeps the names of its tags; this is the taxonomy: their spelling, colour and team.
CREATE TABLE ticket_tags (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  name       text NOT NULL,
  color      text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
  team_id    uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  -- Somebody put it on a ticket, and nobody has made or changed it by hand yet: who makes it then, adopts it.
  by_use     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
);
-- A name is one tag, whoever's it is: a ticket that moves to another team keeps the meaning of its tags.
CREATE UNIQUE INDEX ticket_tags_by_name ON ticket_tags (lower(name), org_id) WHERE deleted_at IS NULL;

-- None: the defaults (general, bug, feature, billing, account, technical).
CREATE TABLE ticket_categories (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  name       text NOT NULL,
  position   integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX ticket_categories_by_name ON ticket_categories (lower(name), org_id) WHERE deleted_at IS NULL;

CREATE TABLE custom_fields (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  -- Its name in a ticket's customFields.
  key        text NOT NULL CHECK (key ~ '^[a-zA-Z][a-zA-Z0-9_]{0,62}$'),
  label      text NOT NULL,
  type       text NOT NULL CHECK (type IN ('text', 'number', 'boolean', 'date', 'select', 'multi_select', 'url')),
  options    text[] NOT NULL DEFAULT '{}',
  required   boolean NOT NULL DEFAULT false,
  position   integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX custom_fields_by_key ON custom_fields (key, org_id) WHERE deleted_at IS NULL;

CREATE TABLE canned_responses (
  org_id       uuid NOT NULL REFERENCES organisations,
  id           uuid NOT NULL,
  title        text NOT NULL,
  shortcut     text,
  content      text NOT NULL,
  team_id      uuid,
  usage_count  integer NOT NULL DEFAULT 0,
  last_used_at timestamptz,
  created_by   uuid,
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  deleted_at   timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
);
CREATE UNIQUE INDEX canned_responses_by_shortcut ON canned_responses (shortcut, org_id) WHERE deleted_at IS NULL;

CREATE TABLE ticket_templates (
  org_id      uuid NOT NULL REFERENCES organisations,
  id          uuid NOT NULL,
  name        text NOT NULL,
  description text NOT NULL DEFAULT '',
  team_id     uuid,
  -- What a ticket is pre-filled with, as in POST /tickets.
  fields      jsonb NOT NULL,
  usage_count integer NOT NULL DEFAULT 0,
  created_by  uuid,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  deleted_at  timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
);
CREATE UNIQUE INDEX ticket_templates_by_name ON ticket_templates (lower(name), org_id) WHERE deleted_at IS NULL;

CREATE TABLE saved_views (
  org_id     uuid NOT NULL REFERENCES organisations,
  id         uuid NOT NULL,
  name       text NOT NULL,
  -- Whose it is: one agent's, a team's, or (both null) everybody's.
  agent_id   uuid,
  team_id    uuid,
  -- Filters and sort, as in GET /tickets.
  query      jsonb NOT NULL,
  position   integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id),
  CHECK (agent_id IS NULL OR team_id IS NULL),
  FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id),
  FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
);
CREATE INDEX saved_views_in_order ON saved_views (org_id, position, id) WHERE deleted_at IS NULL;

-- A walk over the tickets after a tag or a category got another name, became one with another, or went. `after_ticket` is how
-- far it got: it is written together with what a batch changed, so that a walk that was killed goes on there.
CREATE TABLE ticket_rewordings (
  org_id       uuid NOT NULL REFERENCES organisations,
  id           uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('tag', 'category')),
  -- The tag or category as it is now; of one that went, what it was.
  subject_id   uuid NOT NULL,
  from_name    text NOT NULL,
  -- Null: taken off the tickets that are still worked on.
  to_name      text,
  -- Who changed it: the tickets' history names them.
  actor        jsonb NOT NULL,
  after_ticket uuid,
  changed      integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL,
  created_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX ticket_rewordings_unfinished ON ticket_rewordings (next_at) WHERE finished_at IS NULL;
CREATE INDEX ticket_rewordings_of_subject ON ticket_rewordings (org_id, subject_id, id DESC);

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'ticket_tags', 'ticket_categories', 'custom_fields', 'canned_responses', 'ticket_templates', 'saved_views',
    'ticket_rewordings'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO deskwire_app', tenant_table);
  END LOOP;
END $$;
CREATE POLICY across ON ticket_rewordings TO deskwire_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON ticket_rewordings TO deskwire_worker;
