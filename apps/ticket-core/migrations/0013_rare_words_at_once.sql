-- As in 0008, but a rare word is looked for everywhere at once, not in 21 shelves before: a beginning of many words was asked
-- for each of them there.
--
-- The newest tickets that match, up to `wanted`; from the newest shelves on, so that the cost follows what is wanted and
-- not what there is. Fewer than `wanted`: these are all.
CREATE OR REPLACE FUNCTION newest_matches(query tsquery, wanted integer) RETURNS TABLE (ticket_id uuid, number integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, extensions, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off AS $$
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
END $$;
