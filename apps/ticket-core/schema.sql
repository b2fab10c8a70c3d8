-- The schema after all migrations, written by describe-schema.ts for people to read; nothing runs it.

CREATE OR REPLACE FUNCTION public.companies_like(pattern text, before uuid, wanted integer)
 RETURNS TABLE(company_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 25
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
BEGIN
  RETURN QUERY SELECT found.id FROM (
    SELECT k.id FROM public.companies k WHERE k.org_id = public.current_org() AND k.name ILIKE pattern
    UNION SELECT d.company_id FROM public.company_domains d WHERE d.org_id = public.current_org() AND d.domain ILIKE pattern
  ) found JOIN public.companies k ON k.org_id = public.current_org() AND k.id = found.id
  WHERE k.id < before AND k.deleted_at IS NULL ORDER BY found.id DESC LIMIT wanted;
END $function$;

CREATE OR REPLACE FUNCTION public.contacts_like(pattern text, of_company uuid, before uuid, wanted integer)
 RETURNS TABLE(contact_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 25
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
BEGIN
  RETURN QUERY SELECT found.id FROM (
    SELECT c.id FROM public.contacts c WHERE c.org_id = public.current_org() AND (c.name || ' ' || c.email) ILIKE pattern AND (c.name ILIKE pattern OR c.email ILIKE pattern)
    UNION SELECT a.contact_id FROM public.contact_addresses a WHERE a.org_id = public.current_org() AND a.email ILIKE pattern
    UNION SELECT c.id FROM public.companies k JOIN public.contacts c ON c.org_id = k.org_id AND c.company_id = k.id
      WHERE k.org_id = public.current_org() AND k.name ILIKE pattern AND of_company IS NULL
  ) found JOIN public.contacts c ON c.org_id = public.current_org() AND c.id = found.id
  WHERE c.id < before AND c.deleted_at IS NULL AND (of_company IS NULL OR c.company_id = of_company)
  ORDER BY found.id DESC LIMIT wanted;
END $function$;

CREATE OR REPLACE FUNCTION public.count_breach_of_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.ticket_counts AS k (org_id, day, key, tickets)
  SELECT NEW.org_id, '-infinity', 'missed:' || changed.policy_id, changed.tickets
  FROM (VALUES (NEW.breach_policy_id, 1), (CASE WHEN TG_OP = 'UPDATE' THEN OLD.breach_policy_id END, -1)) AS changed (policy_id, tickets)
  WHERE changed.policy_id IS NOT NULL
  ON CONFLICT (org_id, day, key) DO UPDATE SET tickets = k.tickets + excluded.tickets;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.current_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $function$;

CREATE OR REPLACE FUNCTION public.facets_of_ticket(tags text[], custom_fields jsonb, entity jsonb)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT public.ticket_facet('tag', tag) FROM unnest(tags) tag
  UNION
  SELECT public.ticket_facet('field', field.key || '=' || (one #>> '{}'))
  FROM jsonb_each(CASE jsonb_typeof(custom_fields) WHEN 'object' THEN custom_fields ELSE '{}' END) field,
    LATERAL jsonb_array_elements(CASE jsonb_typeof(field.value) WHEN 'array' THEN field.value ELSE jsonb_build_array(field.value) END) one
  WHERE jsonb_typeof(one) IN ('string', 'number', 'boolean')
  UNION
  SELECT public.ticket_facet('entity', (entity ->> 'type') || ':' || (entity ->> 'id')) WHERE entity ->> 'id' IS NOT NULL
$function$;

CREATE OR REPLACE FUNCTION public.is_written_word(word text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT length(word) BETWEEN 2 AND 40 AND word ~ '^[^-+./0-9][^/]*$' $function$;

CREATE OR REPLACE FUNCTION public.keep_breach()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF EXISTS (SELECT 1 FROM public.sla_clocks WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND breached_at IS NOT NULL AND state <> 'cancelled') THEN
    INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
    SELECT org_id, 'sla:breached', created_at, id FROM public.tickets WHERE org_id = NEW.org_id AND id = NEW.ticket_id ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM public.ticket_facets WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND facet = 'sla:breached';
  END IF;
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.ticket_id, false);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.keep_ticket_facets()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM public.ticket_facets WHERE org_id = OLD.org_id AND ticket_id = OLD.id AND (facet NOT LIKE 'sla:%' OR created_at <> NEW.created_at);
  END IF;
  INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
  SELECT NEW.org_id, facet, NEW.created_at, NEW.id FROM public.facets_of_ticket(NEW.tags, NEW.custom_fields, NEW.entity) facet
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.keep_time_totals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  -- In one order, so that two who change several rows of one agent wait for one another and no more.
  INSERT INTO public.time_totals AS k (org_id, span, starts, agent_id, billable, invoiced, entries, minutes)
  SELECT e.org_id, which.span, which.starts, e.agent_id, e.billable, e.invoiced, sum(e.sign), sum(e.sign * e.minutes)
  FROM (
      SELECT NEW.org_id, NEW.agent_id, NEW.billable, NEW.invoiced_at IS NOT NULL AS invoiced, NEW.worked_at, NEW.minutes, 1 AS sign WHERE TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL
      UNION ALL
      SELECT OLD.org_id, OLD.agent_id, OLD.billable, OLD.invoiced_at IS NOT NULL, OLD.worked_at, OLD.minutes, -1 WHERE TG_OP <> 'INSERT' AND OLD.deleted_at IS NULL
    ) e,
    LATERAL (VALUES ('all', '-infinity'::date), ('month', date_trunc('month', e.worked_at AT TIME ZONE 'UTC')::date), ('day', (e.worked_at AT TIME ZONE 'UTC')::date)) AS which (span, starts)
  GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(e.sign) <> 0 OR sum(e.sign * e.minutes) <> 0
  ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (org_id, span, starts, agent_id, billable, invoiced) DO UPDATE SET entries = k.entries + excluded.entries, minutes = k.minutes + excluded.minutes;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.keep_without_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF NEW.policy_id IS NULL THEN
    INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
    SELECT org_id, 'sla:none', created_at, id FROM public.tickets WHERE org_id = NEW.org_id AND id = NEW.ticket_id ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM public.ticket_facets WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND facet = 'sla:none';
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.keep_written_words()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.written_words (org_id, word)
  SELECT org_id, word FROM (SELECT DISTINCT w.org_id, word COLLATE "C" AS word FROM written w, unnest(tsvector_to_array(w.document)) word) each_once
  WHERE public.is_written_word(word) ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.name_breach_policy()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  NEW.breach_policy_id := CASE WHEN NEW.breached_day IS NOT NULL
    THEN (SELECT k.policy_id FROM public.sla_trackings k WHERE k.org_id = NEW.org_id AND k.ticket_id = NEW.ticket_id) END;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.newest_matches(query tsquery, wanted integer)
 RETURNS TABLE(ticket_id uuid, number integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 100
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
 SET jit TO 'off'
AS $function$
DECLARE
  org uuid := public.current_org();
  last integer := (SELECT c.last_number FROM public.ticket_counters c WHERE c.org_id = org);
  top integer := last >> 12;
  high integer := top;
  width integer := 1;
  found integer := 0;
  here integer;
  looked integer;
BEGIN
  IF org IS NULL OR top IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
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
    -- In so few that the newest 21 shelves (86,016 tickets) would not hold enough: all that there is is not much.
    looked := last - ((high + 1) << 12);
    EXIT WHEN looked > 2048 AND found::bigint * 86016 < wanted::bigint * looked;
    width := width * 4;
  END LOOP;
  IF high < 0 THEN RETURN; END IF;
  RETURN QUERY
    SELECT d.ticket_id, d.number FROM public.ticket_search d
    WHERE d.org_id = org AND d.document @@ query AND d.number < (high + 1) << 12
    ORDER BY d.number DESC LIMIT wanted - found;
END $function$;

CREATE OR REPLACE FUNCTION public.one_contact_an_address()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.queue_all_tickets()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words)
  SELECT t.org_id, t.id, OLD.settings ->> 'ticketLanguage' IS DISTINCT FROM NEW.settings ->> 'ticketLanguage' FROM public.tickets t WHERE t.org_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_changed_messages()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words)
  SELECT org_id, ticket_id, true FROM before UNION SELECT org_id, ticket_id, true FROM changed;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_changed_ticket()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.id,
    OLD.subject <> NEW.subject OR OLD.description <> NEW.description OR OLD.contact_id IS DISTINCT FROM NEW.contact_id);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_new_messages()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT DISTINCT org_id, ticket_id, true FROM added;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_new_tickets()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT org_id, id, true FROM added;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_retracked()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.ticket_id, false);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.queue_tickets_of_contact()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  whose uuid := CASE WHEN TG_TABLE_NAME = 'contacts' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(coalesce(NEW, OLD)) ->> 'contact_id')::uuid END;
  org uuid := (to_jsonb(coalesce(NEW, OLD)) ->> 'org_id')::uuid;
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) SELECT t.org_id, t.id, true FROM public.tickets t WHERE t.org_id = org AND t.contact_id = whose;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.search_language(settings jsonb)
 RETURNS regconfig
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ SELECT coalesce((SELECT oid::regconfig FROM pg_ts_config WHERE cfgname = settings ->> 'ticketLanguage' AND cfgnamespace = 'pg_catalog'::regnamespace), 'english'::regconfig) $function$;

CREATE OR REPLACE FUNCTION public.search_query(language regconfig, typed text)
 RETURNS tsquery
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
AS $function$
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
  whole := CASE WHEN written = stemmed THEN written::tsquery ELSE written::tsquery || stemmed::tsquery END;
  FOR unwanted IN SELECT m[2] FROM regexp_matches(typed, '(^|\s)-("[^"]*"?|\S+)', 'g') m LOOP
    whole := whole && !!(phraseto_tsquery('simple', unaccent(unwanted)) || phraseto_tsquery(language, unwanted));
  END LOOP;
  RETURN whole;
END $function$;

CREATE OR REPLACE FUNCTION public.search_shelf(org uuid, number integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT ('x' || left(md5(org::text || ':' || (number >> 12)), 16))::bit(64)::bigint $function$;

CREATE OR REPLACE FUNCTION public.search_vector(language regconfig, words text)
 RETURNS tsvector
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.similar_words(typed text, wanted integer)
 RETURNS TABLE(word text, alike real)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 5
 SET search_path TO 'pg_catalog', 'extensions', 'public', 'pg_temp'
 SET "pg_trgm.similarity_threshold" TO '0.3'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
AS $function$
  SELECT w.word, similarity(w.word, typed) FROM public.search_words w
  WHERE w.org_id = public.current_org() AND w.word % typed ORDER BY 2 DESC, 1 LIMIT wanted
$function$;

CREATE OR REPLACE FUNCTION public.ticket_facet(kind text, value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT kind || ':' || CASE WHEN length(value) > 200 THEN md5(lower(value)) ELSE lower(value) END $function$;

CREATE TABLE acknowledgements (
  org_id uuid NOT NULL /* n_distinct=20 */,
  address text NOT NULL,
  day date NOT NULL,
  CONSTRAINT acknowledgements_pkey PRIMARY KEY (org_id, address, day),
  CONSTRAINT acknowledgements_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
ALTER TABLE acknowledgements ENABLE ROW LEVEL SECURITY;
ALTER TABLE acknowledgements FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON acknowledgements FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON acknowledgements FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON acknowledgements TO deskwire_app;

CREATE TABLE activities (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  type text NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_name text NOT NULL,
  surface text NOT NULL,
  old_value jsonb,
  new_value jsonb,
  at timestamp with time zone NOT NULL,
  CONSTRAINT activities_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT activities_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT activities_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['agent'::text, 'contact'::text, 'system'::text])))
);
CREATE INDEX activities_of_ticket ON public.activities USING btree (org_id, ticket_id, at, id);
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE activities FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON activities FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON activities FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT ON activities TO deskwire_app;

CREATE TABLE agents (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  restricted_to_teams boolean NOT NULL DEFAULT false,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT agents_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT agents_email_org_id_key UNIQUE (email, org_id),
  CONSTRAINT agents_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT agents_email_check CHECK ((email = lower(email))),
  CONSTRAINT agents_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'agent'::text, 'manager'::text, 'admin'::text])))
);
ALTER TABLE agents ENABLE ROW LEVEL SECURITY;
ALTER TABLE agents FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON agents FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY made ON agents FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON agents FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON agents FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON agents TO deskwire_app;
GRANT INSERT, SELECT ON agents TO deskwire_worker;

CREATE TABLE api_keys (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  agent_id uuid NOT NULL,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  role text,
  scopes text[],
  prefix text NOT NULL DEFAULT ''::text,
  created_by uuid,
  CONSTRAINT api_keys_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT api_keys_hash_key UNIQUE (hash),
  CONSTRAINT api_keys_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT api_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'agent'::text, 'manager'::text, 'admin'::text])))
);
CREATE INDEX api_keys_of_agent ON public.api_keys USING btree (org_id, agent_id);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON api_keys FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY made ON api_keys FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON api_keys FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON api_keys FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
CREATE POLICY used ON api_keys FOR UPDATE TO deskwire_worker USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON api_keys TO deskwire_app;
GRANT INSERT, SELECT ON api_keys TO deskwire_worker;

CREATE TABLE attachments (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  message_id uuid,
  name text NOT NULL,
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 text NOT NULL,
  content_id text,
  inline boolean NOT NULL,
  blob_key text NOT NULL,
  ticket_id uuid,
  uploaded_at timestamp with time zone,
  uploaded_by_kind text,
  uploaded_by uuid,
  deleted_at timestamp with time zone,
  CONSTRAINT attachments_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT attachments_org_id_message_id_fkey FOREIGN KEY (org_id, message_id) REFERENCES messages(org_id, id),
  CONSTRAINT attachments_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT attachments_check CHECK (((message_id IS NOT NULL) OR (ticket_id IS NOT NULL))),
  CONSTRAINT attachments_uploaded_by_kind_check CHECK ((uploaded_by_kind = ANY (ARRAY['agent'::text, 'contact'::text, 'system'::text])))
);
CREATE INDEX attachments_by_blob ON public.attachments USING btree (blob_key);
CREATE INDEX attachments_of_message ON public.attachments USING btree (org_id, message_id);
CREATE INDEX attachments_of_ticket ON public.attachments USING btree (org_id, ticket_id) WHERE (ticket_id IS NOT NULL);
CREATE INDEX attachments_waiting ON public.attachments USING btree (uploaded_at) WHERE ((message_id IS NULL) AND (deleted_at IS NULL));
ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON attachments FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON attachments FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON attachments FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON attachments TO deskwire_app;
GRANT SELECT ON attachments TO deskwire_worker;

CREATE TABLE audit_entries (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id uuid,
  subject_name text NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_name text NOT NULL,
  surface text NOT NULL,
  old_value jsonb,
  new_value jsonb,
  at timestamp with time zone NOT NULL,
  CONSTRAINT audit_entries_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT audit_entries_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['agent'::text, 'contact'::text, 'system'::text])))
);
CREATE INDEX audit_entries_by_actor ON public.audit_entries USING btree (org_id, actor_id, action, at DESC, id DESC);
CREATE INDEX audit_entries_by_actor_of_type ON public.audit_entries USING btree (org_id, actor_id, subject_type, action, at DESC, id DESC);
CREATE INDEX audit_entries_newest ON public.audit_entries USING btree (org_id, at DESC, id DESC);
CREATE INDEX audit_entries_of_action ON public.audit_entries USING btree (org_id, action, at DESC, id DESC);
CREATE INDEX audit_entries_of_subject ON public.audit_entries USING btree (org_id, subject_id, at DESC, id DESC);
CREATE INDEX audit_entries_of_type ON public.audit_entries USING btree (org_id, subject_type, action, at DESC, id DESC);
ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY made ON audit_entries FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON audit_entries FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_entries FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT ON audit_entries TO deskwire_app;
GRANT INSERT ON audit_entries TO deskwire_worker;

CREATE TABLE canned_responses (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  title text NOT NULL,
  shortcut text,
  content text NOT NULL,
  team_id uuid,
  usage_count integer NOT NULL DEFAULT 0,
  last_used_at timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT canned_responses_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT canned_responses_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT canned_responses_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id)
);
CREATE UNIQUE INDEX canned_responses_by_shortcut ON public.canned_responses USING btree (shortcut, org_id) WHERE (deleted_at IS NULL);
ALTER TABLE canned_responses ENABLE ROW LEVEL SECURITY;
ALTER TABLE canned_responses FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON canned_responses FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON canned_responses FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON canned_responses TO deskwire_app;

CREATE TABLE companies (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  notes text NOT NULL DEFAULT ''::text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT companies_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT companies_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX companies_alike ON public.companies USING gin (org_id, name extensions.gin_trgm_ops) WITH (gin_pending_list_limit='256');
CREATE INDEX companies_by_name ON public.companies USING btree (org_id, lower(name), id) WHERE (deleted_at IS NULL);
ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON companies FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON companies FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON companies TO deskwire_app;

CREATE TABLE company_domains (
  org_id uuid NOT NULL /* n_distinct=20 */,
  domain text NOT NULL,
  company_id uuid NOT NULL,
  CONSTRAINT company_domains_pkey PRIMARY KEY (org_id, domain),
  CONSTRAINT company_domains_org_id_company_id_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies(org_id, id),
  CONSTRAINT company_domains_domain_check CHECK ((domain = lower(domain)))
);
CREATE INDEX company_domains_alike ON public.company_domains USING gin (org_id, domain extensions.gin_trgm_ops) WITH (gin_pending_list_limit='256');
CREATE INDEX company_domains_of_company ON public.company_domains USING btree (org_id, company_id);
ALTER TABLE company_domains ENABLE ROW LEVEL SECURITY;
ALTER TABLE company_domains FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON company_domains FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON company_domains FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON company_domains TO deskwire_app;

CREATE TABLE contact_addresses (
  org_id uuid NOT NULL /* n_distinct=20 */,
  email text NOT NULL,
  contact_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT contact_addresses_pkey PRIMARY KEY (org_id, email),
  CONSTRAINT contact_addresses_org_id_contact_id_fkey FOREIGN KEY (org_id, contact_id) REFERENCES contacts(org_id, id),
  CONSTRAINT contact_addresses_email_check CHECK ((email = lower(email)))
);
CREATE INDEX contact_addresses_alike ON public.contact_addresses USING gin (org_id, email extensions.gin_trgm_ops) WITH (gin_pending_list_limit='256');
CREATE INDEX contact_addresses_of_contact ON public.contact_addresses USING btree (org_id, contact_id);
CREATE TRIGGER one_contact_an_address BEFORE INSERT OR UPDATE OF email ON public.contact_addresses FOR EACH ROW EXECUTE FUNCTION one_contact_an_address();
CREATE TRIGGER queue_changed AFTER INSERT OR DELETE ON public.contact_addresses FOR EACH ROW EXECUTE FUNCTION queue_tickets_of_contact();
ALTER TABLE contact_addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON contact_addresses FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON contact_addresses FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON contact_addresses FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON contact_addresses TO deskwire_app;
GRANT SELECT ON contact_addresses TO deskwire_worker;

CREATE TABLE contacts (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL DEFAULT ''::text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  company_id uuid,
  phone text,
  notes text NOT NULL DEFAULT ''::text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  merged_into uuid,
  CONSTRAINT contacts_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT contacts_email_org_id_key UNIQUE (email, org_id),
  CONSTRAINT contacts_org_id_company_id_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies(org_id, id),
  CONSTRAINT contacts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT contacts_org_id_merged_into_fkey FOREIGN KEY (org_id, merged_into) REFERENCES contacts(org_id, id),
  CONSTRAINT contacts_email_check CHECK ((email = lower(email)))
);
CREATE INDEX contacts_alike ON public.contacts USING gin (org_id, (((name || ' '::text) || email)) extensions.gin_trgm_ops) WITH (gin_pending_list_limit='256');
CREATE INDEX contacts_merged ON public.contacts USING btree (org_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX contacts_of_company ON public.contacts USING btree (org_id, company_id, id DESC) WHERE (company_id IS NOT NULL);
CREATE TRIGGER one_contact_an_address BEFORE INSERT OR UPDATE OF email ON public.contacts FOR EACH ROW EXECUTE FUNCTION one_contact_an_address();
CREATE TRIGGER queue_changed AFTER UPDATE ON public.contacts FOR EACH ROW WHEN (((old.name <> new.name) OR (old.email <> new.email))) EXECUTE FUNCTION queue_tickets_of_contact();
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON contacts FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON contacts FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON contacts FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON contacts TO deskwire_app;
GRANT SELECT ON contacts TO deskwire_worker;

CREATE TABLE custom_fields (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  options text[] NOT NULL DEFAULT '{}'::text[],
  required boolean NOT NULL DEFAULT false,
  position integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT custom_fields_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT custom_fields_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT custom_fields_key_check CHECK ((key ~ '^[a-zA-Z][a-zA-Z0-9_]{0,62}$'::text)),
  CONSTRAINT custom_fields_type_check CHECK ((type = ANY (ARRAY['text'::text, 'number'::text, 'boolean'::text, 'date'::text, 'select'::text, 'multi_select'::text, 'url'::text])))
);
CREATE UNIQUE INDEX custom_fields_by_key ON public.custom_fields USING btree (key, org_id) WHERE (deleted_at IS NULL);
ALTER TABLE custom_fields ENABLE ROW LEVEL SECURITY;
ALTER TABLE custom_fields FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON custom_fields FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON custom_fields FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON custom_fields TO deskwire_app;

CREATE TABLE dead_letters (
  id uuid NOT NULL,
  org_id uuid /* n_distinct=20 */,
  consumer text NOT NULL,
  subject text NOT NULL,
  event jsonb,
  error text NOT NULL,
  attempts integer NOT NULL,
  died_at timestamp with time zone NOT NULL DEFAULT now(),
  replayed_at timestamp with time zone,
  CONSTRAINT dead_letters_pkey PRIMARY KEY (id),
  CONSTRAINT dead_letters_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letters FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON dead_letters FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON dead_letters TO deskwire_worker;

CREATE TABLE filed_mails (
  org_id uuid NOT NULL /* n_distinct=20 */,
  duplicate_key text NOT NULL,
  inbound_mail_id uuid NOT NULL,
  CONSTRAINT filed_mails_pkey PRIMARY KEY (org_id, duplicate_key),
  CONSTRAINT filed_mails_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
ALTER TABLE filed_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE filed_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON filed_mails FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON filed_mails FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON filed_mails TO deskwire_app;

CREATE TABLE idempotency_keys (
  org_id uuid NOT NULL /* n_distinct=20 */,
  key text NOT NULL,
  request_hash text NOT NULL,
  status integer NOT NULL,
  response jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (org_id, key),
  CONSTRAINT idempotency_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX idempotency_keys_oldest ON public.idempotency_keys USING btree (created_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON idempotency_keys FOR ALL TO deskwire_worker USING (true);
CREATE POLICY set_up ON idempotency_keys FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON idempotency_keys FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON idempotency_keys TO deskwire_app;
GRANT DELETE, SELECT ON idempotency_keys TO deskwire_worker;

CREATE TABLE inbound_mails (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL DEFAULT 'accepted'::text,
  sender text NOT NULL,
  envelope jsonb NOT NULL,
  raw bytea STORAGE EXTERNAL,
  blob_key text,
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  received_at timestamp with time zone NOT NULL,
  trace text,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until timestamp with time zone,
  last_error text,
  disposition text,
  reason text,
  ticket_id uuid,
  message_id uuid,
  filed_at timestamp with time zone,
  CONSTRAINT inbound_mails_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT inbound_mails_id_key UNIQUE (id),
  CONSTRAINT inbound_mails_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT inbound_mails_check CHECK (((raw IS NULL) <> (blob_key IS NULL))),
  CONSTRAINT inbound_mails_check1 CHECK (((state = 'filed'::text) = (disposition IS NOT NULL))),
  CONSTRAINT inbound_mails_state_check CHECK ((state = ANY (ARRAY['accepted'::text, 'filed'::text])))
);
CREATE INDEX inbound_mails_by_blob ON public.inbound_mails USING btree (blob_key) WHERE (blob_key IS NOT NULL);
CREATE INDEX inbound_mails_of_sender ON public.inbound_mails USING btree (org_id, sender, seq) WHERE (state = 'accepted'::text);
CREATE INDEX inbound_mails_waiting ON public.inbound_mails USING btree (seq) WHERE (state = 'accepted'::text);
ALTER TABLE inbound_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbound_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON inbound_mails FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON inbound_mails FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON inbound_mails FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT, UPDATE ON inbound_mails TO deskwire_app;
GRANT INSERT, SELECT, UPDATE ON inbound_mails TO deskwire_worker;

CREATE TABLE mail_message_ids (
  org_id uuid NOT NULL /* n_distinct=20 */,
  mail_id text NOT NULL,
  ticket_id uuid NOT NULL,
  message_id uuid,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT mail_message_ids_pkey PRIMARY KEY (org_id, mail_id, ticket_id),
  CONSTRAINT mail_message_ids_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id)
);
CREATE INDEX mail_message_ids_of_ticket ON public.mail_message_ids USING btree (org_id, ticket_id, created_at);
ALTER TABLE mail_message_ids ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_message_ids FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON mail_message_ids FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON mail_message_ids FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON mail_message_ids FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON mail_message_ids TO deskwire_app;
GRANT SELECT ON mail_message_ids TO deskwire_worker;

CREATE TABLE mailboxes (
  org_id uuid NOT NULL /* n_distinct=20 */,
  address text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT mailboxes_pkey PRIMARY KEY (org_id, address),
  CONSTRAINT mailboxes_address_key UNIQUE (address),
  CONSTRAINT mailboxes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT mailboxes_address_check CHECK ((address = lower(address)))
);
ALTER TABLE mailboxes ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailboxes FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON mailboxes FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY made ON mailboxes FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON mailboxes FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON mailboxes FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON mailboxes TO deskwire_app;
GRANT INSERT, SELECT ON mailboxes TO deskwire_worker;

CREATE TABLE messages (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  is_internal boolean NOT NULL,
  content text NOT NULL,
  whole_text text,
  author_kind text NOT NULL,
  author_id uuid,
  author_name text NOT NULL,
  source text NOT NULL,
  external_ref text,
  threading jsonb,
  inbound_mail_id uuid,
  created_at timestamp with time zone NOT NULL,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  apart_of uuid,
  CONSTRAINT messages_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT messages_external_ref_org_id_key UNIQUE (external_ref, org_id),
  CONSTRAINT messages_org_id_apart_of_fkey FOREIGN KEY (org_id, apart_of) REFERENCES tickets(org_id, id),
  CONSTRAINT messages_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT messages_author_kind_check CHECK ((author_kind = ANY (ARRAY['agent'::text, 'contact'::text, 'system'::text])))
);
CREATE INDEX messages_apart ON public.messages USING btree (org_id, apart_of) WHERE (apart_of IS NOT NULL);
CREATE INDEX messages_of_contact ON public.messages USING btree (org_id, author_id) WHERE (author_kind = 'contact'::text);
CREATE INDEX messages_of_ticket ON public.messages USING btree (ticket_id, org_id, created_at, id);
CREATE TRIGGER queue_changed AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION queue_changed_messages();
CREATE TRIGGER queue_new AFTER INSERT ON public.messages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_new_messages();
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON messages FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON messages FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON messages FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON messages TO deskwire_app;
GRANT SELECT ON messages TO deskwire_worker;

CREATE TABLE notifications (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  kind text NOT NULL,
  message_id uuid,
  actor_name text NOT NULL,
  at timestamp with time zone NOT NULL,
  read_at timestamp with time zone,
  CONSTRAINT notifications_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT notifications_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT notifications_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT notifications_kind_check CHECK ((kind = ANY (ARRAY['mentioned'::text, 'assigned'::text, 'watched'::text])))
);
CREATE INDEX notifications_of_agent ON public.notifications USING btree (org_id, agent_id, at DESC, id DESC);
CREATE UNIQUE INDEX notifications_once ON public.notifications USING btree (message_id, agent_id, org_id) WHERE (message_id IS NOT NULL);
CREATE INDEX notifications_unread ON public.notifications USING btree (org_id, agent_id, at DESC, id DESC) WHERE (read_at IS NULL);
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON notifications FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON notifications FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON notifications TO deskwire_app;

CREATE TABLE organisations (
  id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  settings jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT organisations_pkey PRIMARY KEY (id),
  CONSTRAINT organisations_slug_key UNIQUE (slug),
  CONSTRAINT organisations_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);
CREATE TRIGGER queue_changed AFTER UPDATE OF settings ON public.organisations FOR EACH ROW WHEN ((((old.settings ->> 'ticketLanguage'::text) IS DISTINCT FROM (new.settings ->> 'ticketLanguage'::text)) OR ((old.settings ->> 'timezone'::text) IS DISTINCT FROM (new.settings ->> 'timezone'::text)))) EXECUTE FUNCTION queue_all_tickets();
ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON organisations FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY made ON organisations FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON organisations FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON organisations FOR ALL TO deskwire_app USING ((id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON organisations TO deskwire_app;
GRANT INSERT, SELECT ON organisations TO deskwire_worker;

CREATE TABLE outbound_mails (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  message_id uuid,
  kind text NOT NULL,
  recipients text[] NOT NULL,
  cc text[] NOT NULL DEFAULT '{}'::text[],
  mail_id text NOT NULL,
  state text NOT NULL DEFAULT 'queued'::text,
  due_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner text,
  detail text,
  queued_at timestamp with time zone NOT NULL,
  settled_at timestamp with time zone,
  CONSTRAINT outbound_mails_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT outbound_mails_id_key UNIQUE (id),
  CONSTRAINT outbound_mails_org_id_message_id_fkey FOREIGN KEY (org_id, message_id) REFERENCES messages(org_id, id),
  CONSTRAINT outbound_mails_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT outbound_mails_kind_check CHECK ((kind = ANY (ARRAY['reply'::text, 'acknowledgement'::text]))),
  CONSTRAINT outbound_mails_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'bounced'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX outbound_mails_due ON public.outbound_mails USING btree (due_at) WHERE (state = 'queued'::text);
CREATE INDEX outbound_mails_of_message ON public.outbound_mails USING btree (org_id, message_id);
CREATE INDEX outbound_mails_of_ticket ON public.outbound_mails USING btree (org_id, ticket_id);
ALTER TABLE outbound_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbound_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON outbound_mails FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON outbound_mails FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON outbound_mails FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON outbound_mails TO deskwire_app;
GRANT SELECT, UPDATE ON outbound_mails TO deskwire_worker;

CREATE TABLE outbox (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  org_id uuid NOT NULL /* n_distinct=20 */,
  event_id uuid NOT NULL,
  name text NOT NULL,
  version integer NOT NULL,
  payload jsonb NOT NULL,
  trace text,
  at timestamp with time zone NOT NULL,
  sent_at timestamp with time zone,
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX outbox_sent ON public.outbox USING btree (sent_at) WHERE (sent_at IS NOT NULL);
CREATE INDEX outbox_unsent ON public.outbox USING btree (id) WHERE (sent_at IS NULL);
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON outbox FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON outbox FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON outbox FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT ON outbox TO deskwire_app;
GRANT DELETE, SELECT, UPDATE ON outbox TO deskwire_worker;

CREATE TABLE posts (
  org_id uuid NOT NULL /* n_distinct=20 */,
  surface text NOT NULL,
  key text NOT NULL,
  ticket_id uuid,
  ref text,
  claimed_at timestamp with time zone NOT NULL,
  lease_until timestamp with time zone,
  posted_at timestamp with time zone,
  CONSTRAINT posts_pkey PRIMARY KEY (org_id, surface, key),
  CONSTRAINT posts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX posts_by_ref ON public.posts USING btree (org_id, surface, ref) WHERE (ref IS NOT NULL);
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON posts FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON posts FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON posts TO deskwire_app;

CREATE TABLE running_timers (
  org_id uuid NOT NULL /* n_distinct=20 */,
  agent_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  description text NOT NULL DEFAULT ''::text,
  billable boolean NOT NULL,
  started_at timestamp with time zone NOT NULL,
  CONSTRAINT running_timers_pkey PRIMARY KEY (org_id, agent_id),
  CONSTRAINT running_timers_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT running_timers_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id)
);
ALTER TABLE running_timers ENABLE ROW LEVEL SECURITY;
ALTER TABLE running_timers FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON running_timers FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON running_timers FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON running_timers TO deskwire_app;

CREATE TABLE saved_views (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  agent_id uuid,
  team_id uuid,
  query jsonb NOT NULL,
  position integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT saved_views_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT saved_views_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT saved_views_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT saved_views_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id),
  CONSTRAINT saved_views_check CHECK (((agent_id IS NULL) OR (team_id IS NULL)))
);
CREATE INDEX saved_views_in_order ON public.saved_views USING btree (org_id, "position", id) WHERE (deleted_at IS NULL);
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_views FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON saved_views FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON saved_views FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON saved_views TO deskwire_app;

CREATE TABLE schema_migrations (
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (name)
);
GRANT SELECT ON schema_migrations TO deskwire_app;
GRANT SELECT ON schema_migrations TO deskwire_worker;

CREATE TABLE search_queue (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  words boolean NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT search_queue_pkey PRIMARY KEY (id),
  CONSTRAINT search_queue_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX search_queue_next ON public.search_queue USING btree (next_at, id);
CREATE INDEX search_queue_of_org ON public.search_queue USING btree (org_id, id);
ALTER TABLE search_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_queue FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON search_queue FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON search_queue FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON search_queue FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON search_queue TO deskwire_app;
GRANT DELETE, SELECT, UPDATE ON search_queue TO deskwire_worker;

CREATE TABLE search_words (
  org_id uuid NOT NULL /* n_distinct=20 */,
  word text NOT NULL,
  CONSTRAINT search_words_pkey PRIMARY KEY (org_id, word)
);
CREATE INDEX search_words_alike ON public.search_words USING gin (org_id, word extensions.gin_trgm_ops) WITH (gin_pending_list_limit='256');
ALTER TABLE search_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_words FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON search_words FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON search_words FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON search_words FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON search_words TO deskwire_app;
GRANT INSERT, SELECT ON search_words TO deskwire_worker;

CREATE TABLE sla_calendars (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  calendar jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT sla_calendars_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT sla_calendars_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE UNIQUE INDEX sla_calendars_names ON public.sla_calendars USING btree (org_id, lower((calendar ->> 'name'::text))) WHERE (deleted_at IS NULL);
ALTER TABLE sla_calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_calendars FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON sla_calendars FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_calendars FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON sla_calendars TO deskwire_app;

CREATE TABLE sla_clocks (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  target text NOT NULL,
  cycle integer NOT NULL,
  state text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  warn_at timestamp with time zone,
  due_at timestamp with time zone NOT NULL,
  stopped_at timestamp with time zone,
  breached_at timestamp with time zone,
  consumed_ms bigint NOT NULL,
  paused_ms bigint NOT NULL,
  warned boolean NOT NULL DEFAULT false,
  announced boolean NOT NULL DEFAULT false,
  next_at timestamp with time zone,
  CONSTRAINT sla_clocks_pkey PRIMARY KEY (org_id, ticket_id, target, cycle),
  CONSTRAINT sla_clocks_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT sla_clocks_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'met'::text, 'breached'::text, 'cancelled'::text]))),
  CONSTRAINT sla_clocks_target_check CHECK ((target = ANY (ARRAY['first_response'::text, 'next_response'::text, 'resolution'::text])))
);
CREATE INDEX sla_clocks_breached ON public.sla_clocks USING btree (org_id, breached_at DESC) WHERE (breached_at IS NOT NULL);
CREATE INDEX sla_clocks_live ON public.sla_clocks USING btree (org_id, (
CASE
    WHEN (warn_at IS NULL) THEN due_at
    ELSE warn_at
END)) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));
CREATE INDEX sla_clocks_next ON public.sla_clocks USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX sla_clocks_paused ON public.sla_clocks USING btree (org_id, ticket_id) WHERE (state = 'paused'::text);
CREATE TRIGGER keep_breach_of_changed AFTER UPDATE ON public.sla_clocks FOR EACH ROW WHEN (((old.breached_at IS DISTINCT FROM new.breached_at) OR ((new.breached_at IS NOT NULL) AND (old.state <> new.state)))) EXECUTE FUNCTION keep_breach();
CREATE TRIGGER keep_breach_of_new AFTER INSERT ON public.sla_clocks FOR EACH ROW WHEN ((new.breached_at IS NOT NULL)) EXECUTE FUNCTION keep_breach();
ALTER TABLE sla_clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_clocks FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON sla_clocks FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON sla_clocks FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_clocks FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON sla_clocks TO deskwire_app;
GRANT SELECT, UPDATE ON sla_clocks TO deskwire_worker;

CREATE TABLE sla_escalations (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  target text NOT NULL,
  cycle integer NOT NULL,
  step integer NOT NULL,
  at timestamp with time zone NOT NULL,
  act jsonb NOT NULL,
  next_at timestamp with time zone,
  taken_at timestamp with time zone,
  CONSTRAINT sla_escalations_pkey PRIMARY KEY (org_id, ticket_id, target, cycle, step),
  CONSTRAINT sla_escalations_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT sla_escalations_target_check CHECK ((target = ANY (ARRAY['first_response'::text, 'next_response'::text, 'resolution'::text])))
);
CREATE INDEX sla_escalations_next ON public.sla_escalations USING btree (next_at) WHERE (next_at IS NOT NULL);
ALTER TABLE sla_escalations ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_escalations FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON sla_escalations FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON sla_escalations FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_escalations FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON sla_escalations TO deskwire_app;
GRANT SELECT, UPDATE ON sla_escalations TO deskwire_worker;

CREATE TABLE sla_policies (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  policy jsonb NOT NULL,
  priority integer NOT NULL DEFAULT 0,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  CONSTRAINT sla_policies_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT sla_policies_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
ALTER TABLE sla_policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_policies FORCE ROW LEVEL SECURITY;
CREATE POLICY made ON sla_policies FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON sla_policies FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_policies FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON sla_policies TO deskwire_app;
GRANT INSERT ON sla_policies TO deskwire_worker;

CREATE TABLE sla_policy_changes (
  org_id uuid NOT NULL /* n_distinct=20 */,
  policy_id uuid NOT NULL,
  version integer NOT NULL,
  old_policy jsonb,
  new_policy jsonb,
  actor_kind text NOT NULL,
  actor_id uuid,
  actor_name text NOT NULL,
  surface text NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT sla_policy_changes_pkey PRIMARY KEY (org_id, policy_id, version),
  CONSTRAINT sla_policy_changes_org_id_policy_id_fkey FOREIGN KEY (org_id, policy_id) REFERENCES sla_policies(org_id, id),
  CONSTRAINT sla_policy_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['agent'::text, 'contact'::text, 'system'::text])))
);
ALTER TABLE sla_policy_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_policy_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON sla_policy_changes FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_policy_changes FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT ON sla_policy_changes TO deskwire_app;

CREATE TABLE sla_reckonings (
  org_id uuid NOT NULL /* n_distinct=20 */,
  policy_id uuid NOT NULL,
  version integer NOT NULL,
  after_ticket uuid,
  looked_at integer NOT NULL DEFAULT 0,
  changed integer NOT NULL DEFAULT 0,
  next_at timestamp with time zone NOT NULL,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  replaced boolean NOT NULL DEFAULT false,
  CONSTRAINT sla_reckonings_pkey PRIMARY KEY (org_id, policy_id, version),
  CONSTRAINT sla_reckonings_org_id_policy_id_version_fkey FOREIGN KEY (org_id, policy_id, version) REFERENCES sla_policy_changes(org_id, policy_id, version)
);
CREATE INDEX sla_reckonings_unfinished ON public.sla_reckonings USING btree (next_at) WHERE (finished_at IS NULL);
ALTER TABLE sla_reckonings ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_reckonings FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON sla_reckonings FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON sla_reckonings FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_reckonings FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON sla_reckonings TO deskwire_app;
GRANT SELECT, UPDATE ON sla_reckonings TO deskwire_worker;

CREATE TABLE sla_trackings (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  id uuid NOT NULL,
  policy_id uuid,
  policy_version integer,
  policy_name text,
  initial_rules jsonb,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT sla_trackings_pkey PRIMARY KEY (org_id, ticket_id),
  CONSTRAINT sla_trackings_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id)
);
CREATE INDEX sla_trackings_of_policy ON public.sla_trackings USING btree (org_id, policy_id);
CREATE TRIGGER keep_without_policy_of_changed AFTER UPDATE ON public.sla_trackings FOR EACH ROW WHEN (((old.policy_id IS NULL) <> (new.policy_id IS NULL))) EXECUTE FUNCTION keep_without_policy();
CREATE TRIGGER keep_without_policy_of_new AFTER INSERT ON public.sla_trackings FOR EACH ROW WHEN ((new.policy_id IS NULL)) EXECUTE FUNCTION keep_without_policy();
CREATE TRIGGER queue_retracked AFTER UPDATE ON public.sla_trackings FOR EACH ROW WHEN ((old.policy_id IS DISTINCT FROM new.policy_id)) EXECUTE FUNCTION queue_retracked();
ALTER TABLE sla_trackings ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_trackings FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON sla_trackings FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sla_trackings FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON sla_trackings TO deskwire_app;

CREATE TABLE team_members (
  org_id uuid NOT NULL /* n_distinct=20 */,
  team_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT team_members_pkey PRIMARY KEY (org_id, team_id, agent_id),
  CONSTRAINT team_members_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT team_members_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id)
);
CREATE INDEX team_members_of_agent ON public.team_members USING btree (org_id, agent_id);
ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE team_members FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON team_members FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON team_members FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON team_members FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON team_members TO deskwire_app;
GRANT SELECT ON team_members TO deskwire_worker;

CREATE TABLE teams (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  handle text NOT NULL,
  description text NOT NULL DEFAULT ''::text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT teams_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT teams_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT teams_handle_check CHECK ((handle ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text))
);
CREATE UNIQUE INDEX teams_by_handle ON public.teams USING btree (handle, org_id) WHERE (deleted_at IS NULL);
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE teams FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON teams FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON teams FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON teams TO deskwire_app;

CREATE TABLE ticket_categories (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT ticket_categories_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_categories_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE UNIQUE INDEX ticket_categories_by_name ON public.ticket_categories USING btree (lower(name), org_id) WHERE (deleted_at IS NULL);
ALTER TABLE ticket_categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_categories FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_categories FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_categories FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON ticket_categories TO deskwire_app;

CREATE TABLE ticket_counted (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  day date NOT NULL,
  resolved_day date,
  breached_day date,
  keys text[] NOT NULL,
  breach_policy_id uuid,
  CONSTRAINT ticket_counted_pkey PRIMARY KEY (org_id, ticket_id)
);
CREATE TRIGGER count_policy_of_changed AFTER UPDATE ON public.ticket_counted FOR EACH ROW WHEN ((old.breach_policy_id IS DISTINCT FROM new.breach_policy_id)) EXECUTE FUNCTION count_breach_of_policy();
CREATE TRIGGER count_policy_of_new AFTER INSERT ON public.ticket_counted FOR EACH ROW WHEN ((new.breach_policy_id IS NOT NULL)) EXECUTE FUNCTION count_breach_of_policy();
CREATE TRIGGER name_policy_of_changed BEFORE UPDATE ON public.ticket_counted FOR EACH ROW WHEN (((new.breached_day IS NOT NULL) OR (old.breach_policy_id IS NOT NULL))) EXECUTE FUNCTION name_breach_policy();
CREATE TRIGGER name_policy_of_new BEFORE INSERT ON public.ticket_counted FOR EACH ROW WHEN ((new.breached_day IS NOT NULL)) EXECUTE FUNCTION name_breach_policy();
ALTER TABLE ticket_counted ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_counted FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON ticket_counted FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON ticket_counted FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_counted FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON ticket_counted TO deskwire_app;
GRANT INSERT, SELECT, UPDATE ON ticket_counted TO deskwire_worker;

CREATE TABLE ticket_counters (
  org_id uuid NOT NULL /* n_distinct=20 */,
  last_number integer NOT NULL DEFAULT 0,
  CONSTRAINT ticket_counters_pkey PRIMARY KEY (org_id),
  CONSTRAINT ticket_counters_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
) WITH (fillfactor=50);
ALTER TABLE ticket_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_counters FORCE ROW LEVEL SECURITY;
CREATE POLICY made ON ticket_counters FOR INSERT TO deskwire_worker WITH CHECK (true);
CREATE POLICY set_up ON ticket_counters FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_counters FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT, UPDATE ON ticket_counters TO deskwire_app;
GRANT INSERT ON ticket_counters TO deskwire_worker;

CREATE TABLE ticket_counts (
  org_id uuid NOT NULL /* n_distinct=20 */,
  day date NOT NULL,
  key text NOT NULL,
  tickets bigint NOT NULL,
  CONSTRAINT ticket_counts_pkey PRIMARY KEY (org_id, day, key)
) WITH (fillfactor=70);
ALTER TABLE ticket_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON ticket_counts FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON ticket_counts FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_counts FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON ticket_counts TO deskwire_app;
GRANT INSERT, SELECT, UPDATE ON ticket_counts TO deskwire_worker;

CREATE TABLE ticket_facets (
  org_id uuid NOT NULL /* n_distinct=20 */,
  facet text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  ticket_id uuid NOT NULL,
  CONSTRAINT ticket_facets_pkey PRIMARY KEY (org_id, facet, created_at, ticket_id),
  CONSTRAINT ticket_facets_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id)
);
CREATE INDEX ticket_facets_of_ticket ON public.ticket_facets USING btree (ticket_id, org_id);
ALTER TABLE ticket_facets ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_facets FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_facets FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_facets FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON ticket_facets TO deskwire_app;

CREATE TABLE ticket_links (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  from_id uuid NOT NULL,
  to_id uuid NOT NULL,
  kind text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT ticket_links_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_links_org_id_from_id_fkey FOREIGN KEY (org_id, from_id) REFERENCES tickets(org_id, id),
  CONSTRAINT ticket_links_org_id_to_id_fkey FOREIGN KEY (org_id, to_id) REFERENCES tickets(org_id, id),
  CONSTRAINT ticket_links_check CHECK ((from_id <> to_id)),
  CONSTRAINT ticket_links_kind_check CHECK ((kind = ANY (ARRAY['relates_to'::text, 'blocks'::text, 'causes'::text, 'parent_of'::text, 'split_into'::text])))
);
CREATE INDEX ticket_links_back ON public.ticket_links USING btree (org_id, to_id);
CREATE UNIQUE INDEX ticket_links_once ON public.ticket_links USING btree (from_id, to_id, kind, org_id);
ALTER TABLE ticket_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_links FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_links FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_links FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT ON ticket_links TO deskwire_app;

CREATE TABLE ticket_merges (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  survivor_id uuid NOT NULL,
  moved jsonb NOT NULL,
  merged_at timestamp with time zone NOT NULL,
  undone_at timestamp with time zone,
  merged_by uuid,
  undone_by uuid,
  apart boolean NOT NULL DEFAULT false,
  CONSTRAINT ticket_merges_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_merges_org_id_source_id_fkey FOREIGN KEY (org_id, source_id) REFERENCES tickets(org_id, id),
  CONSTRAINT ticket_merges_org_id_survivor_id_fkey FOREIGN KEY (org_id, survivor_id) REFERENCES tickets(org_id, id)
);
CREATE UNIQUE INDEX ticket_merges_in_force ON public.ticket_merges USING btree (source_id, org_id) WHERE (undone_at IS NULL);
CREATE INDEX ticket_merges_of_source ON public.ticket_merges USING btree (org_id, source_id, merged_at DESC);
CREATE INDEX ticket_merges_of_survivor ON public.ticket_merges USING btree (org_id, survivor_id, merged_at DESC);
ALTER TABLE ticket_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_merges FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_merges FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_merges FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON ticket_merges TO deskwire_app;

CREATE TABLE ticket_rewordings (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  from_name text NOT NULL,
  to_name text,
  actor jsonb NOT NULL,
  after_ticket uuid,
  changed integer NOT NULL DEFAULT 0,
  next_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT ticket_rewordings_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_rewordings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT ticket_rewordings_kind_check CHECK ((kind = ANY (ARRAY['tag'::text, 'category'::text])))
);
CREATE INDEX ticket_rewordings_of_subject ON public.ticket_rewordings USING btree (org_id, subject_id, id DESC);
CREATE INDEX ticket_rewordings_unfinished ON public.ticket_rewordings USING btree (next_at) WHERE (finished_at IS NULL);
ALTER TABLE ticket_rewordings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_rewordings FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON ticket_rewordings FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON ticket_rewordings FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_rewordings FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON ticket_rewordings TO deskwire_app;
GRANT SELECT, UPDATE ON ticket_rewordings TO deskwire_worker;

CREATE TABLE ticket_search (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  number integer NOT NULL,
  shelf bigint NOT NULL,
  document tsvector NOT NULL,
  CONSTRAINT ticket_search_pkey PRIMARY KEY (org_id, ticket_id)
);
CREATE INDEX ticket_search_words ON public.ticket_search USING gin (org_id, shelf, document) WITH (gin_pending_list_limit='256');
CREATE TRIGGER keep_words_of_changed AFTER UPDATE ON public.ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();
CREATE TRIGGER keep_words_of_new AFTER INSERT ON public.ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();
ALTER TABLE ticket_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_search FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON ticket_search FOR ALL TO deskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY set_up ON ticket_search FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_search FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON ticket_search TO deskwire_app;
GRANT INSERT, SELECT, UPDATE ON ticket_search TO deskwire_worker;

CREATE TABLE ticket_tags (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  color text NOT NULL,
  team_id uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  by_use boolean NOT NULL DEFAULT false,
  CONSTRAINT ticket_tags_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_tags_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT ticket_tags_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id),
  CONSTRAINT ticket_tags_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text))
);
CREATE UNIQUE INDEX ticket_tags_by_name ON public.ticket_tags USING btree (lower(name), org_id) WHERE (deleted_at IS NULL);
ALTER TABLE ticket_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_tags FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_tags FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_tags FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON ticket_tags TO deskwire_app;

CREATE TABLE ticket_templates (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT ''::text,
  team_id uuid,
  fields jsonb NOT NULL,
  usage_count integer NOT NULL DEFAULT 0,
  created_by uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT ticket_templates_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT ticket_templates_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT ticket_templates_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id)
);
CREATE UNIQUE INDEX ticket_templates_by_name ON public.ticket_templates USING btree (lower(name), org_id) WHERE (deleted_at IS NULL);
ALTER TABLE ticket_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_templates FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_templates FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON ticket_templates TO deskwire_app;

CREATE TABLE ticket_watchers (
  org_id uuid NOT NULL /* n_distinct=20 */,
  ticket_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  watching boolean NOT NULL DEFAULT true,
  CONSTRAINT ticket_watchers_pkey PRIMARY KEY (org_id, ticket_id, agent_id),
  CONSTRAINT ticket_watchers_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT ticket_watchers_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id)
);
CREATE INDEX ticket_watchers_of_agent ON public.ticket_watchers USING btree (org_id, agent_id);
ALTER TABLE ticket_watchers ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_watchers FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON ticket_watchers FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ticket_watchers FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON ticket_watchers TO deskwire_app;

CREATE TABLE tickets (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  number integer NOT NULL,
  subject text NOT NULL,
  description text NOT NULL DEFAULT ''::text,
  status text NOT NULL DEFAULT 'open'::text,
  priority text NOT NULL DEFAULT 'medium'::text,
  category text NOT NULL DEFAULT 'general'::text,
  kind text,
  source text NOT NULL,
  team_id uuid,
  assignee_id uuid,
  creator_id uuid,
  contact_id uuid,
  entity jsonb,
  tags text[] NOT NULL DEFAULT '{}'::text[],
  custom_fields jsonb NOT NULL DEFAULT '{}'::jsonb,
  cc text[] NOT NULL DEFAULT '{}'::text[],
  version integer NOT NULL DEFAULT 1,
  message_count integer NOT NULL DEFAULT 0,
  sla_deadline timestamp with time zone,
  first_response_at timestamp with time zone,
  resolved_at timestamp with time zone,
  closed_at timestamp with time zone,
  follow_up_of uuid,
  duplicate_of uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT tickets_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT tickets_number_org_id_key UNIQUE (number, org_id),
  CONSTRAINT tickets_org_id_assignee_id_fkey FOREIGN KEY (org_id, assignee_id) REFERENCES agents(org_id, id),
  CONSTRAINT tickets_org_id_contact_id_fkey FOREIGN KEY (org_id, contact_id) REFERENCES contacts(org_id, id),
  CONSTRAINT tickets_org_id_creator_id_fkey FOREIGN KEY (org_id, creator_id) REFERENCES agents(org_id, id),
  CONSTRAINT tickets_org_id_duplicate_of_fkey FOREIGN KEY (org_id, duplicate_of) REFERENCES tickets(org_id, id),
  CONSTRAINT tickets_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  CONSTRAINT tickets_org_id_follow_up_of_fkey FOREIGN KEY (org_id, follow_up_of) REFERENCES tickets(org_id, id),
  CONSTRAINT tickets_org_id_team_id_fkey FOREIGN KEY (org_id, team_id) REFERENCES teams(org_id, id),
  CONSTRAINT tickets_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text]))),
  CONSTRAINT tickets_status_check CHECK ((status = ANY (ARRAY['open'::text, 'in_progress'::text, 'pending'::text, 'on_hold'::text, 'resolved'::text, 'closed'::text])))
);
CREATE INDEX tickets_by_assignee ON public.tickets USING btree (org_id, assignee_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_category ON public.tickets USING btree (org_id, category, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_contact ON public.tickets USING btree (org_id, contact_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_creator ON public.tickets USING btree (org_id, creator_id, created_at DESC, id DESC) WHERE ((creator_id IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX tickets_by_deadline ON public.tickets USING btree (org_id, (
CASE
    WHEN (sla_deadline IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE sla_deadline
END), id) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_kind ON public.tickets USING btree (org_id, kind, created_at DESC, id DESC) WHERE ((kind IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX tickets_by_message_count ON public.tickets USING btree (org_id, message_count DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_number ON public.tickets USING btree (org_id, number DESC) INCLUDE (id) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_priority ON public.tickets USING btree (org_id, (
CASE priority
    WHEN 'urgent'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'medium'::text THEN 2
    ELSE 1
END) DESC, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_source ON public.tickets USING btree (org_id, source, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_status ON public.tickets USING btree (org_id, status, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_by_team ON public.tickets USING btree (org_id, team_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_deleted ON public.tickets USING btree (org_id, created_at DESC, id DESC) WHERE (deleted_at IS NOT NULL);
CREATE INDEX tickets_follow_ups ON public.tickets USING btree (org_id, follow_up_of) WHERE (follow_up_of IS NOT NULL);
CREATE INDEX tickets_in_order_of_status ON public.tickets USING btree (org_id, (
CASE status
    WHEN 'open'::text THEN 1
    WHEN 'in_progress'::text THEN 2
    WHEN 'pending'::text THEN 3
    WHEN 'on_hold'::text THEN 4
    WHEN 'resolved'::text THEN 5
    ELSE 6
END) DESC, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_last_resolved ON public.tickets USING btree (org_id, resolved_at DESC, id DESC) WHERE ((resolved_at IS NOT NULL) AND (deleted_at IS NULL));
CREATE INDEX tickets_last_updated ON public.tickets USING btree (org_id, updated_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_merged ON public.tickets USING btree (org_id, duplicate_of) WHERE (duplicate_of IS NOT NULL);
CREATE INDEX tickets_newest ON public.tickets USING btree (org_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX tickets_open_of_team ON public.tickets USING btree (org_id, team_id) WHERE ((team_id IS NOT NULL) AND (status <> 'closed'::text) AND (deleted_at IS NULL));
CREATE INDEX tickets_queue_by_deadline ON public.tickets USING btree (org_id, (
CASE
    WHEN (sla_deadline IS NULL) THEN 'infinity'::timestamp with time zone
    ELSE sla_deadline
END), id, status) WHERE ((status = ANY (ARRAY['open'::text, 'in_progress'::text, 'pending'::text, 'on_hold'::text])) AND (deleted_at IS NULL));
CREATE INDEX tickets_queue_by_priority ON public.tickets USING btree (org_id, (
CASE priority
    WHEN 'urgent'::text THEN 4
    WHEN 'high'::text THEN 3
    WHEN 'medium'::text THEN 2
    ELSE 1
END) DESC, created_at DESC, id DESC, status) WHERE ((status = ANY (ARRAY['open'::text, 'in_progress'::text, 'pending'::text, 'on_hold'::text])) AND (deleted_at IS NULL));
CREATE INDEX tickets_resolved ON public.tickets USING btree (org_id, resolved_at) WHERE ((status = 'resolved'::text) AND (deleted_at IS NULL));
CREATE TRIGGER keep_facets_of_changed AFTER UPDATE ON public.tickets FOR EACH ROW WHEN (((old.tags IS DISTINCT FROM new.tags) OR (old.custom_fields IS DISTINCT FROM new.custom_fields) OR (old.entity IS DISTINCT FROM new.entity) OR (old.created_at IS DISTINCT FROM new.created_at))) EXECUTE FUNCTION keep_ticket_facets();
CREATE TRIGGER keep_facets_of_new AFTER INSERT ON public.tickets FOR EACH ROW WHEN (((new.tags <> '{}'::text[]) OR (new.custom_fields <> '{}'::jsonb) OR (new.entity IS NOT NULL))) EXECUTE FUNCTION keep_ticket_facets();
CREATE TRIGGER queue_changed AFTER UPDATE ON public.tickets FOR EACH ROW WHEN (((old.subject <> new.subject) OR (old.description <> new.description) OR (old.contact_id IS DISTINCT FROM new.contact_id) OR (old.status <> new.status) OR (old.priority <> new.priority) OR (old.category <> new.category) OR (old.source <> new.source) OR (old.assignee_id IS DISTINCT FROM new.assignee_id) OR (old.team_id IS DISTINCT FROM new.team_id) OR (old.first_response_at IS DISTINCT FROM new.first_response_at) OR (old.resolved_at IS DISTINCT FROM new.resolved_at) OR (old.created_at <> new.created_at) OR (old.deleted_at IS DISTINCT FROM new.deleted_at))) EXECUTE FUNCTION queue_changed_ticket();
CREATE TRIGGER queue_new AFTER INSERT ON public.tickets REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION queue_new_tickets();
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY across ON tickets FOR SELECT TO deskwire_worker USING (true);
CREATE POLICY set_up ON tickets FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON tickets FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON tickets TO deskwire_app;
GRANT SELECT ON tickets TO deskwire_worker;

CREATE TABLE time_entries (
  org_id uuid NOT NULL /* n_distinct=20 */,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  minutes integer NOT NULL,
  description text NOT NULL DEFAULT ''::text,
  billable boolean NOT NULL,
  worked_at timestamp with time zone NOT NULL,
  contract_id uuid,
  invoiced_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT time_entries_pkey PRIMARY KEY (org_id, id),
  CONSTRAINT time_entries_org_id_agent_id_fkey FOREIGN KEY (org_id, agent_id) REFERENCES agents(org_id, id),
  CONSTRAINT time_entries_org_id_ticket_id_fkey FOREIGN KEY (org_id, ticket_id) REFERENCES tickets(org_id, id),
  CONSTRAINT time_entries_minutes_check CHECK ((minutes > 0))
);
CREATE INDEX time_entries_by_agent ON public.time_entries USING btree (org_id, agent_id, billable, (
CASE
    WHEN (invoiced_at IS NULL) THEN 0
    ELSE 1
END), worked_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX time_entries_in_order ON public.time_entries USING btree (org_id, billable, (
CASE
    WHEN (invoiced_at IS NULL) THEN 0
    ELSE 1
END), worked_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX time_entries_of_ticket ON public.time_entries USING btree (org_id, ticket_id, worked_at, id) WHERE (deleted_at IS NULL);
CREATE CONSTRAINT TRIGGER keep_totals AFTER INSERT OR DELETE ON public.time_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_time_totals();
CREATE CONSTRAINT TRIGGER keep_totals_of_changed AFTER UPDATE ON public.time_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.minutes <> new.minutes) OR (old.billable <> new.billable) OR (old.worked_at <> new.worked_at) OR (old.agent_id <> new.agent_id) OR ((old.invoiced_at IS NULL) <> (new.invoiced_at IS NULL)) OR ((old.deleted_at IS NULL) <> (new.deleted_at IS NULL)))) EXECUTE FUNCTION keep_time_totals();
ALTER TABLE time_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE time_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON time_entries FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON time_entries FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT INSERT, SELECT, UPDATE ON time_entries TO deskwire_app;

CREATE TABLE time_totals (
  org_id uuid NOT NULL /* n_distinct=20 */,
  span text NOT NULL,
  starts date NOT NULL,
  agent_id uuid NOT NULL,
  billable boolean NOT NULL,
  invoiced boolean NOT NULL,
  entries bigint NOT NULL,
  minutes bigint NOT NULL,
  CONSTRAINT time_totals_pkey PRIMARY KEY (org_id, span, starts, agent_id, billable, invoiced),
  CONSTRAINT time_totals_span_check CHECK ((span = ANY (ARRAY['all'::text, 'month'::text, 'day'::text])))
) WITH (fillfactor=70);
ALTER TABLE time_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE time_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON time_totals FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON time_totals FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON time_totals TO deskwire_app;

CREATE TABLE written_words (
  org_id uuid NOT NULL /* n_distinct=20 */,
  word text NOT NULL,
  CONSTRAINT written_words_pkey PRIMARY KEY (org_id, word)
);
ALTER TABLE written_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_words FORCE ROW LEVEL SECURITY;
CREATE POLICY set_up ON written_words FOR ALL TO (the owner) USING (true) WITH CHECK (true);
CREATE POLICY tenant ON written_words FOR ALL TO deskwire_app USING ((org_id = ( SELECT current_org() AS current_org))) WITH CHECK ((org_id = ( SELECT current_org() AS current_org)));
GRANT SELECT ON written_words TO deskwire_app;
