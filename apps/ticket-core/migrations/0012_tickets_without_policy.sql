-- Tickets that no policy fitted, in the list's order (docs/adr/0023): a facet like the others. Costs nothing for those that have one.
CREATE FUNCTION keep_without_policy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.policy_id IS NULL THEN
    INSERT INTO public.ticket_facets (org_id, facet, created_at, ticket_id)
    SELECT org_id, 'sla:none', created_at, id FROM public.tickets WHERE org_id = NEW.org_id AND id = NEW.ticket_id ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM public.ticket_facets WHERE org_id = NEW.org_id AND ticket_id = NEW.ticket_id AND facet = 'sla:none';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_without_policy_of_new AFTER INSERT ON sla_trackings FOR EACH ROW WHEN (NEW.policy_id IS NULL) EXECUTE FUNCTION keep_without_policy();
CREATE TRIGGER keep_without_policy_of_changed AFTER UPDATE ON sla_trackings FOR EACH ROW
  WHEN ((OLD.policy_id IS NULL) <> (NEW.policy_id IS NULL)) EXECUTE FUNCTION keep_without_policy();

INSERT INTO ticket_facets (org_id, facet, created_at, ticket_id)
SELECT t.org_id, 'sla:none', t.created_at, t.id FROM sla_trackings k JOIN tickets t ON t.org_id = k.org_id AND t.id = k.ticket_id
WHERE k.policy_id IS NULL ON CONFLICT DO NOTHING;

-- Was for the same question, without the order; sla_trackings_of_policy finds them too.
DROP INDEX sla_trackings_without_policy;
