-- As in 0008, but words whose stems are the words themselves are asked for once: each half of a query is a look-up for every word.
CREATE OR REPLACE FUNCTION search_query(language regconfig, typed text) RETURNS tsquery LANGUAGE plpgsql STABLE SET search_path = pg_catalog, extensions, public, pg_temp AS $$
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
END $$;
