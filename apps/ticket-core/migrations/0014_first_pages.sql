-- First pages that cost what an organisation has, and now cost what they show (docs/adr/0023): audit, working time, contacts and
-- companies by a part of their name, SLA breaches.

-- Audit ---------------------------------------------------------------------------------------------------------------

-- Every filter is an equality before the list's order. Where no action is asked for, the five are five ranges.
DROP INDEX audit_entries_of_actor;
CREATE INDEX audit_entries_of_action ON audit_entries (org_id, action, at DESC, id DESC);
CREATE INDEX audit_entries_of_type ON audit_entries (org_id, subject_type, action, at DESC, id DESC);
CREATE INDEX audit_entries_by_actor ON audit_entries (org_id, actor_id, action, at DESC, id DESC);
CREATE INDEX audit_entries_by_actor_of_type ON audit_entries (org_id, actor_id, subject_type, action, at DESC, id DESC);

-- Working time --------------------------------------------------------------------------------------------------------

-- In place of two that did not hold billable and invoiced: a page is the first entries of up to four ranges.
DROP INDEX time_entries_newest, time_entries_of_agent;
CREATE INDEX time_entries_in_order ON time_entries
  (org_id, billable, (CASE WHEN invoiced_at IS NULL THEN 0 ELSE 1 END), worked_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX time_entries_by_agent ON time_entries
  (org_id, agent_id, billable, (CASE WHEN invoiced_at IS NULL THEN 0 ELSE 1 END), worked_at DESC, id DESC) WHERE deleted_at IS NULL;

-- What an agent has worked: altogether, each month, each day (UTC), so that totals are added up from a few rows.
CREATE TABLE time_totals (
  org_id   uuid NOT NULL,
  span     text NOT NULL CHECK (span IN ('all', 'month', 'day')),
  -- Its first day; of all: -infinity.
  starts   date NOT NULL,
  agent_id uuid NOT NULL,
  billable boolean NOT NULL,
  invoiced boolean NOT NULL,
  entries  bigint NOT NULL,
  minutes  bigint NOT NULL,
  PRIMARY KEY (org_id, span, starts, agent_id, billable, invoiced)
) WITH (fillfactor = 70);
-- As of the others (0017), wherever that was applied before.
ALTER TABLE time_totals ALTER COLUMN org_id SET (n_distinct = 20);

CREATE FUNCTION keep_time_totals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
-- At the commit: whoever logs time for the same agent meanwhile waits for the commit alone, and holds no ticket that we wait for.
CREATE CONSTRAINT TRIGGER keep_totals AFTER INSERT OR DELETE ON time_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_time_totals();
CREATE CONSTRAINT TRIGGER keep_totals_of_changed AFTER UPDATE ON time_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.minutes <> NEW.minutes OR OLD.billable <> NEW.billable OR OLD.worked_at <> NEW.worked_at OR OLD.agent_id <> NEW.agent_id
    OR (OLD.invoiced_at IS NULL) <> (NEW.invoiced_at IS NULL) OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)) EXECUTE FUNCTION keep_time_totals();

INSERT INTO time_totals (org_id, span, starts, agent_id, billable, invoiced, entries, minutes)
SELECT e.org_id, which.span, which.starts, e.agent_id, e.billable, e.invoiced_at IS NOT NULL, count(*), sum(e.minutes)
FROM time_entries e,
  LATERAL (VALUES ('all', '-infinity'::date), ('month', date_trunc('month', e.worked_at AT TIME ZONE 'UTC')::date), ('day', (e.worked_at AT TIME ZONE 'UTC')::date)) AS which (span, starts)
WHERE e.deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;

ALTER TABLE time_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE time_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON time_totals TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()));
DO $$ BEGIN EXECUTE format('CREATE POLICY set_up ON time_totals TO %I USING (true) WITH CHECK (true)', current_user); END $$;
GRANT SELECT ON time_totals TO deskwire_app;

-- Contacts and companies by a part of what they are called -----------------------------------------------------------------

-- For contacts_like() below; a short list of what is pending, as every search reads the whole of it.
CREATE INDEX contacts_alike ON contacts USING gin (org_id, (name || ' ' || email) extensions.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
CREATE INDEX contact_addresses_alike ON contact_addresses USING gin (org_id, email extensions.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
CREATE INDEX companies_alike ON companies USING gin (org_id, name extensions.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
CREATE INDEX company_domains_alike ON company_domains USING gin (org_id, domain extensions.gin_trgm_ops) WITH (gin_pending_list_limit = 256);
-- A company's contacts in the list's order.
DROP INDEX contacts_of_company;
CREATE INDEX contacts_of_company ON contacts (org_id, company_id, id DESC) WHERE company_id IS NOT NULL;

-- The newest contacts before one, of which a name, an address or the company's name is like the pattern; with `of_company` only
-- its people, by name and address. As newest_matches(): ILIKE is not leakproof, so the service's role has no index for it.
CREATE FUNCTION contacts_like(pattern text, of_company uuid, before uuid, wanted integer) RETURNS TABLE (contact_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 25 SET search_path = pg_catalog, extensions, public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  RETURN QUERY SELECT found.id FROM (
    SELECT c.id FROM public.contacts c WHERE c.org_id = public.current_org() AND (c.name || ' ' || c.email) ILIKE pattern AND (c.name ILIKE pattern OR c.email ILIKE pattern)
    UNION SELECT a.contact_id FROM public.contact_addresses a WHERE a.org_id = public.current_org() AND a.email ILIKE pattern
    UNION SELECT c.id FROM public.companies k JOIN public.contacts c ON c.org_id = k.org_id AND c.company_id = k.id
      WHERE k.org_id = public.current_org() AND k.name ILIKE pattern AND of_company IS NULL
  ) found JOIN public.contacts c ON c.org_id = public.current_org() AND c.id = found.id
  WHERE c.id < before AND c.deleted_at IS NULL AND (of_company IS NULL OR c.company_id = of_company)
  ORDER BY found.id DESC LIMIT wanted;
END $$;
-- The same of companies, by name and domain.
CREATE FUNCTION companies_like(pattern text, before uuid, wanted integer) RETURNS TABLE (company_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 25 SET search_path = pg_catalog, extensions, public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
  RETURN QUERY SELECT found.id FROM (
    SELECT k.id FROM public.companies k WHERE k.org_id = public.current_org() AND k.name ILIKE pattern
    UNION SELECT d.company_id FROM public.company_domains d WHERE d.org_id = public.current_org() AND d.domain ILIKE pattern
  ) found JOIN public.companies k ON k.org_id = public.current_org() AND k.id = found.id
  WHERE k.id < before AND k.deleted_at IS NULL ORDER BY found.id DESC LIMIT wanted;
END $$;
REVOKE ALL ON FUNCTION contacts_like, companies_like FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_like, companies_like TO deskwire_app;

-- How many tickets have missed a target, by policy ----------------------------------------------------------------------------

-- Beside what the indexer counts (search.count), which writes ticket_counted alone and one ticket after the other. Named 'missed:' and
-- the policy, of all days only.
ALTER TABLE ticket_counted ADD COLUMN breach_policy_id uuid;
UPDATE ticket_counted c SET breach_policy_id = k.policy_id
FROM sla_trackings k WHERE k.org_id = c.org_id AND k.ticket_id = c.ticket_id AND c.breached_day IS NOT NULL AND k.policy_id IS NOT NULL;
INSERT INTO ticket_counts (org_id, day, key, tickets)
SELECT org_id, '-infinity', 'missed:' || breach_policy_id, count(*) FROM ticket_counted WHERE breach_policy_id IS NOT NULL GROUP BY 1, 3;

CREATE FUNCTION name_breach_policy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.breach_policy_id := CASE WHEN NEW.breached_day IS NOT NULL
    THEN (SELECT k.policy_id FROM public.sla_trackings k WHERE k.org_id = NEW.org_id AND k.ticket_id = NEW.ticket_id) END;
  RETURN NEW;
END $$;
CREATE TRIGGER name_policy_of_new BEFORE INSERT ON ticket_counted FOR EACH ROW WHEN (NEW.breached_day IS NOT NULL) EXECUTE FUNCTION name_breach_policy();
CREATE TRIGGER name_policy_of_changed BEFORE UPDATE ON ticket_counted FOR EACH ROW
  WHEN (NEW.breached_day IS NOT NULL OR OLD.breach_policy_id IS NOT NULL) EXECUTE FUNCTION name_breach_policy();

CREATE FUNCTION count_breach_of_policy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.ticket_counts AS k (org_id, day, key, tickets)
  SELECT NEW.org_id, '-infinity', 'missed:' || changed.policy_id, changed.tickets
  FROM (VALUES (NEW.breach_policy_id, 1), (CASE WHEN TG_OP = 'UPDATE' THEN OLD.breach_policy_id END, -1)) AS changed (policy_id, tickets)
  WHERE changed.policy_id IS NOT NULL
  ON CONFLICT (org_id, day, key) DO UPDATE SET tickets = k.tickets + excluded.tickets;
  RETURN NULL;
END $$;
CREATE TRIGGER count_policy_of_new AFTER INSERT ON ticket_counted FOR EACH ROW WHEN (NEW.breach_policy_id IS NOT NULL) EXECUTE FUNCTION count_breach_of_policy();
CREATE TRIGGER count_policy_of_changed AFTER UPDATE ON ticket_counted FOR EACH ROW
  WHEN (OLD.breach_policy_id IS DISTINCT FROM NEW.breach_policy_id) EXECUTE FUNCTION count_breach_of_policy();

-- A ticket that gets another policy is counted again.
CREATE FUNCTION queue_retracked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.search_queue (org_id, ticket_id, words) VALUES (NEW.org_id, NEW.ticket_id, false);
  RETURN NULL;
END $$;
CREATE TRIGGER queue_retracked AFTER UPDATE ON sla_trackings FOR EACH ROW
  WHEN (OLD.policy_id IS DISTINCT FROM NEW.policy_id) EXECUTE FUNCTION queue_retracked();
