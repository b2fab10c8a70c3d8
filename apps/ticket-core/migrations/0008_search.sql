-- Reading at scale: indexes for every filter and sort of the list, full-text search, and counts for statistics
-- (docs/adr/0023-reading-behind-row-level-security.md says why it is built like this).

-- Trusted extensions: the schema's owner may make them, here and on managed Postgres.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO deskwire_app, deskwire_worker;

-- Filters and sorts of the list ---------------------------------------------------------------------------------------

-- One for the filter and the sort; the words have no order of their own.
CREATE INDEX tickets_by_priority ON tickets (org_id, (CASE priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) DESC, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_in_order_of_status ON tickets (org_id, (CASE status WHEN 'open' THEN 1 WHEN 'in_progress' THEN 2 WHEN 'pending' THEN 3 WHEN 'on_hold' THEN 4 WHEN 'resolved' THEN 5 ELSE 6 END) DESC, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_category ON tickets (org_id, category, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_source ON tickets (org_id, source, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_team ON tickets (org_id, team_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_creator ON tickets (org_id, creator_id, created_at DESC, id DESC) WHERE creator_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX tickets_by_kind ON tickets (org_id, kind, created_at DESC, id DESC) WHERE kind IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX tickets_last_updated ON tickets (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_number ON tickets (org_id, number DESC) INCLUDE (id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_deadline ON tickets (org_id, (CASE WHEN sla_deadline IS NULL THEN 'infinity'::timestamptz ELSE sla_deadline END), id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_message_count ON tickets (org_id, message_count DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tickets_last_resolved ON tickets (org_id, resolved_at DESC, id DESC) WHERE resolved_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX tickets_deleted ON tickets (org_id, created_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX sla_trackings_without_policy ON sla_trackings (org_id, ticket_id) WHERE policy_id IS NULL;
CREATE INDEX sla_clocks_paused ON sla_clocks (org_id, ticket_id) WHERE state = 'paused';

-- What a ticket has several of (tags, custom fields, an entity, a breach), one row each, in the order of the list. Array and
-- JSON operators find nothing by index behind row-level security; equality of text does.
CREATE TABLE ticket_facets (
  org_id     uuid NOT NULL,
  facet      text NOT NULL,
  created_at timestamptz NOT NULL,
  ticket_id  uuid NOT NULL,
  PRIMARY KEY (org_id, facet, created_at, ticket_id),
  FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX ticket_facets_of_ticket ON ticket_facets (ticket_id, org_id);

-- Long values by their hash: an index entry holds some 2,700 bytes.
CREATE FUNCTION ticket_facet(kind text, value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT kind || ':' || CASE WHEN length(value) > 200 THEN md5(lower(value)) ELSE lower(value) END $$;

CREATE FUNCTION facets_of_ticket(tags text[], custom_fields jsonb, entity jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
  SELECT public.ticket_facet('tag', tag) FROM unnest(tags) tag
  UNION
  SELECT public.ticket_facet('field', field.key || '=' || (one #>> '{}'))
  FROM jsonb_each(CASE jsonb_typeof(custom_fields) WHEN 'object' THEN custom_fields ELSE '{}' END) field,
    LATERAL jsonb_array_elements(CASE jsonb_typeof(field.value) WHEN 'array' THEN field.value ELSE jsonb_build_array(field.value) END) one
  WHERE jsonb_typeof(one) IN ('string', 'number', 'boolean')
  UNION
  SELECT public.ticket_facet('entity', (entity ->> 'type') || ':' || (entity ->> 'id')) WHERE entity ->> 'id' IS NOT NULL
$$;

-- The triggers below run as the schema's owner: neither service role may write what they keep.
CREATE FUNCTION keep_ticket_facets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM public.ticket_facets WHERE org_id = OLD.org_id AND ticket_id = OLD.id AND (facet NOT LIKE 'sla:%' OR created_at <> NEW.created_at);
  END IF;
  INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
  SELECT NEW.org_id, facet, NEW.created_at, NEW.id FROM public.facets_of_ticket(NEW.tags, NEW.custom_fields, NEW.entity) facet
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_facets_of_new AFTER INSERT ON tickets FOR EACH ROW
  WHEN (NEW.tags <> '{}' OR NEW.custom_fields <> '{}' OR NEW.entity IS NOT NULL) EXECUTE FUNCTION keep_ticket_facets();
CREATE TRIGGER keep_facets_of_changed AFTER UPDATE ON tickets FOR EACH ROW
  WHEN (OLD.tags IS DISTINCT FROM NEW.tags OR OLD.custom_fields IS DISTINCT FROM NEW.custom_fields
    OR OLD.entity IS DISTINCT FROM NEW.entity OR OLD.created_at IS DISTINCT FROM NEW.created_at) EXECUTE FUNCTION keep_ticket_facets();

-- Search and counts ---------------------------------------------------------------------------------------------------

-- Tickets that have changed since they were last read into search and counts. Append-only, so that no writer waits for
-- another; a row that cannot be read comes back later. Nothing points from these tables to tickets by a foreign key: its
-- check would wait for whoever has the ticket locked, and all of it can be made again from the tickets.
CREATE TABLE search_queue (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org_id     uuid NOT NULL REFERENCES organisations,
  ticket_id  uuid NOT NULL,
  -- False: its words are the same, only what is counted has changed.
  words      boolean NOT NULL,
  attempts   integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX search_queue_next ON search_queue (next_at, id);
CREATE INDEX search_queue_of_org ON search_queue (org_id, id);

CREATE TABLE ticket_search (
  org_id    uuid NOT NULL,
  ticket_id uuid NOT NULL,
  number    integer NOT NULL,
  -- 4,096 consecutive tickets of one organisation: the newest that match are found without looking at all that match.
  shelf     bigint NOT NULL,
  -- Weights: A subject, B contact, C description and public messages, D internal notes.
  document  tsvector NOT NULL,
  PRIMARY KEY (org_id, ticket_id)
);
-- A short list of what is pending: every search reads the whole of it.
CREATE INDEX ticket_search_words ON ticket_search USING gin (org_id, shelf, document) WITH (gin_pending_list_limit = 256);

-- Words of subjects and of contacts' names and addresses, to find what somebody misspelt.
CREATE TABLE search_words (
  org_id uuid NOT NULL,
  word   text NOT NULL,
  PRIMARY KEY (org_id, word)
);
CREATE INDEX search_words_alike ON search_words USING gin (org_id, word extensions.gin_trgm_ops) WITH (gin_pending_list_limit = 256);

-- What a ticket adds to ticket_counts, so that the next reading takes exactly that away again.
CREATE TABLE ticket_counted (
  org_id       uuid NOT NULL,
  ticket_id    uuid NOT NULL,
  -- Days in the organisation's zone: opened, resolved, first breach.
  day          date NOT NULL,
  resolved_day date,
  breached_day date,
  keys         text[] NOT NULL,
  PRIMARY KEY (org_id, ticket_id)
);
CREATE TABLE ticket_counts (
  org_id uuid NOT NULL,
  -- The day they were opened (for `resolved` and `breaches`: the day of that); -infinity: of all days together.
  day    date NOT NULL,
  key    text NOT NULL,
  tickets bigint NOT NULL,
  PRIMARY KEY (org_id, day, key)
) WITH (fillfactor = 70);

CREATE FUNCTION search_shelf(org uuid, number integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT ('x' || left(md5(org::text || ':' || (number >> 12)), 16))::bit(64)::bigint $$;

-- Words as they are written, without accents, and in the language's stems. A tsvector holds 1 MB: texts that make more are
-- cut in halves until it fits.
CREATE FUNCTION search_vector(language regconfig, words text) RETURNS tsvector LANGUAGE plpgsql STABLE SET search_path = pg_catalog, extensions, public, pg_temp AS $$
BEGIN
  IF words IS NULL OR words = '' THEN RETURN ''::tsvector; END IF;
  LOOP
    BEGIN
      -- A gap before each part, or phrases would be found across their ends. No word is ever a bare bar.
      RETURN ts_delete('''|'':1'::tsvector || to_tsvector('simple', unaccent(words)) || '''|'':1'::tsvector || to_tsvector(language, words), '|');
    EXCEPTION WHEN program_limit_exceeded THEN
      words := left(words, length(words) / 2);
    END;
  END LOOP;
END $$;

CREATE FUNCTION search_language(settings jsonb) RETURNS regconfig LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT coalesce((SELECT oid::regconfig FROM pg_ts_config WHERE cfgname = settings ->> 'ticketLanguage' AND cfgnamespace = 'pg_catalog'::regnamespace), 'english'::regconfig) $$;

-- What somebody typed: "phrases", or, -without; the last word matches as the beginning of longer ones.
CREATE FUNCTION search_query(language regconfig, typed text) RETURNS tsquery LANGUAGE plpgsql STABLE SET search_path = pg_catalog, extensions, public, pg_temp AS $$
DECLARE
  wanted text := regexp_replace(typed, '(^|\s)-("[^"]*"?|\S+)', ' ', 'g');
  written text := websearch_to_tsquery('simple', unaccent(wanted))::text;
  stemmed text := websearch_to_tsquery(language, wanted)::text;
  last text := lower(substring(wanted FROM '([[:alnum:]]{2,})\s*$'));
  whole tsquery;
  unwanted text;
BEGIN
  IF last IS NOT NULL AND length(wanted) - length(replace(wanted, '"', '')) = 0 THEN
    IF right(written, length(last) + 2) = '''' || unaccent(last) || '''' THEN written := written || ':*'; END IF;
    IF right(stemmed, length(last) + 2) = '''' || last || '''' THEN stemmed := stemmed || ':*'; END IF;
  END IF;
  whole := written::tsquery || stemmed::tsquery;
  FOR unwanted IN SELECT m[2] FROM regexp_matches(typed, '(^|\s)-("[^"]*"?|\S+)', 'g') m LOOP
    whole := whole && !!(phraseto_tsquery('simple', unaccent(unwanted)) || phraseto_tsquery(language, unwanted));
  END LOOP;
  RETURN whole;
END $$;

-- Row-level security lets no index be used for @@ and % by a role that it holds back, as they are not leakproof. These two
-- run as the schema's owner and name the organisation themselves: the one of app.org_id, as the policies do.
--
-- The newest tickets that match, up to `wanted`; from the newest shelves on, so that the cost follows what is wanted and
-- not what there is. Fewer than `wanted`: these are all.
CREATE FUNCTION newest_matches(query tsquery, wanted integer) RETURNS TABLE (ticket_id uuid, number integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, extensions, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off AS $$
DECLARE
  org uuid := public.current_org();
  top integer := (SELECT c.last_number >> 12 FROM public.ticket_counters c WHERE c.org_id = org);
  high integer := top;
  width integer := 1;
  found integer := 0;
  here integer;
BEGIN
  IF org IS NULL OR top IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
  -- A word in one of 500 tickets or more is found enough of in the newest 21 shelves; a rarer one is looked for everywhere.
  WHILE width <= 16 AND high >= 0 AND top > 0 LOOP
    RETURN QUERY
      SELECT s.ticket_id, s.number FROM generate_series(high, greatest(high - width + 1, 0), -1) AS place,
        LATERAL (SELECT d.ticket_id, d.number FROM public.ticket_search d
          WHERE d.org_id = org AND d.shelf = public.search_shelf(org, place << 12) AND d.document @@ query
          ORDER BY d.number DESC LIMIT wanted) s
      LIMIT wanted - found;
    GET DIAGNOSTICS here = ROW_COUNT;
    found := found + here;
    IF found >= wanted THEN RETURN; END IF;
    high := high - width;
    width := width * 4;
  END LOOP;
  IF high < 0 THEN RETURN; END IF;
  RETURN QUERY
    SELECT d.ticket_id, d.number FROM public.ticket_search d
    WHERE d.org_id = org AND d.document @@ query AND d.number < (high + 1) << 12
    ORDER BY d.number DESC LIMIT wanted - found;
END $$;

CREATE FUNCTION similar_words(typed text, wanted integer) RETURNS TABLE (word text, alike real)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog, extensions, public, pg_temp
SET pg_trgm.similarity_threshold = 0.3 SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
  SELECT w.word, similarity(w.word, typed) FROM public.search_words w
  WHERE w.org_id = public.current_org() AND w.word % typed ORDER BY 2 DESC, 1 LIMIT wanted
$$;
REVOKE ALL ON FUNCTION newest_matches, similar_words FROM PUBLIC;
GRANT EXECUTE ON FUNCTION newest_matches, similar_words TO deskwire_app;

-- What has to be read again ---------------------------------------------------------------------------------------------

CREATE FUNCTION queue_new_tickets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT org_id, id, true FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_new AFTER INSERT ON tickets REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_new_tickets();

CREATE FUNCTION queue_changed_ticket() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.id,
    OLD.subject <> NEW.subject OR OLD.description <> NEW.description OR OLD.contact_id IS DISTINCT FROM NEW.contact_id);
  RETURN NULL;
END $$;
CREATE TRIGGER queue_changed AFTER UPDATE ON tickets FOR EACH ROW
  WHEN (OLD.subject <> NEW.subject OR OLD.description <> NEW.description OR OLD.contact_id IS DISTINCT FROM NEW.contact_id
    OR OLD.status <> NEW.status OR OLD.priority <> NEW.priority OR OLD.category <> NEW.category OR OLD.source <> NEW.source
    OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id OR OLD.team_id IS DISTINCT FROM NEW.team_id
    OR OLD.first_response_at IS DISTINCT FROM NEW.first_response_at OR OLD.resolved_at IS DISTINCT FROM NEW.resolved_at
    OR OLD.created_at <> NEW.created_at OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at) EXECUTE FUNCTION queue_changed_ticket();

CREATE FUNCTION queue_new_messages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT DISTINCT org_id, ticket_id, true FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_new AFTER INSERT ON messages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_new_messages();

-- Once a statement: a merge moves thousands of messages. Hardly anything changes one but its words or its place.
CREATE FUNCTION queue_changed_messages() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words)
  SELECT org_id, ticket_id, true FROM before UNION SELECT org_id, ticket_id, true FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_changed AFTER UPDATE ON messages REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_changed_messages();

CREATE FUNCTION queue_tickets_of_contact() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whose uuid := CASE WHEN TG_TABLE_NAME = 'contacts' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'contact_id')::uuid END;
  org uuid := (to_jsonb(coalesce(NEW, OLD)) ->> 'org_id')::uuid;
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT t.org_id, t.id, true FROM public.tickets t WHERE t.org_id = org AND t.contact_id = whose;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_changed AFTER UPDATE ON contacts FOR EACH ROW
  WHEN (OLD.name <> NEW.name OR OLD.email <> NEW.email) EXECUTE FUNCTION queue_tickets_of_contact();
CREATE TRIGGER queue_changed AFTER INSERT OR DELETE ON contact_addresses FOR EACH ROW EXECUTE FUNCTION queue_tickets_of_contact();

-- Another language has other stems, another zone other days.
CREATE FUNCTION queue_all_tickets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words)
  SELECT t.org_id, t.id, OLD.settings ->> 'ticketLanguage' IS DISTINCT FROM NEW.settings ->> 'ticketLanguage' FROM public.tickets t WHERE t.org_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_changed AFTER UPDATE OF settings ON organisations FOR EACH ROW
  WHEN (OLD.settings ->> 'ticketLanguage' IS DISTINCT FROM NEW.settings ->> 'ticketLanguage'
    OR OLD.settings ->> 'timezone' IS DISTINCT FROM NEW.settings ->> 'timezone') EXECUTE FUNCTION queue_all_tickets();

CREATE FUNCTION keep_breach() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.sla_clocks WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND breached_at IS NOT NULL AND state <> 'cancelled') THEN
    INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
    SELECT org_id, 'sla:breached', created_at, id FROM public.tickets WHERE org_id = NEW.org_id AND id = NEW.ticket_id ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM public.ticket_facets WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND facet = 'sla:breached';
  END IF;
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.ticket_id, false);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_breach_of_new AFTER INSERT ON sla_clocks FOR EACH ROW WHEN (NEW.breached_at IS NOT NULL) EXECUTE FUNCTION keep_breach();
CREATE TRIGGER keep_breach_of_changed AFTER UPDATE ON sla_clocks FOR EACH ROW
  WHEN (OLD.breached_at IS DISTINCT FROM NEW.breached_at OR (NEW.breached_at IS NOT NULL AND OLD.state <> NEW.state)) EXECUTE FUNCTION keep_breach();

-- Everything that was there before.
INSERT INTO ticket_facets (org_id, facet, created_at, ticket_id)
SELECT t.org_id, facet, t.created_at, t.id FROM tickets t, facets_of_ticket(t.tags, t.custom_fields, t.entity) facet
UNION
SELECT t.org_id, 'sla:breached', t.created_at, t.id FROM sla_clocks s JOIN tickets t ON t.org_id = s.org_id AND t.id = s.ticket_id
WHERE s.breached_at IS NOT NULL AND s.state <> 'cancelled';
INSERT INTO search_queue (org_id, ticket_id, words) SELECT org_id, id, true FROM tickets ORDER BY created_at DESC;

DO $$
DECLARE tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['ticket_facets', 'search_queue', 'ticket_search', 'search_words', 'ticket_counted', 'ticket_counts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()))',
      tenant_table);
    EXECUTE format('CREATE POLICY set_up ON %I TO %I USING (true) WITH CHECK (true)', tenant_table, current_user);
    EXECUTE format('GRANT SELECT ON %I TO deskwire_app', tenant_table);
  END LOOP;
  FOREACH tenant_table IN ARRAY ARRAY['search_queue', 'ticket_search', 'search_words', 'ticket_counted', 'ticket_counts'] LOOP
    EXECUTE format('CREATE POLICY across ON %I TO deskwire_worker USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;
GRANT SELECT, UPDATE, DELETE ON search_queue TO deskwire_worker;
GRANT SELECT, INSERT, UPDATE ON ticket_search, ticket_counted, ticket_counts TO deskwire_worker;
GRANT SELECT, INSERT ON search_words TO deskwire_worker;
CREATE POLICY across ON contact_addresses FOR SELECT TO deskwire_worker USING (true);
GRANT SELECT ON contact_addresses TO deskwire_worker;
