-- The words that are written in an organisation's tickets, so that the beginning of one is found by the words that it may be
-- the beginning of. Asked of the search's index itself, a beginning gathers what it is the beginning of in all organisations.
CREATE TABLE written_words (
  org_id uuid NOT NULL,
  -- By code points: the words of a beginning are one range.
  word   text COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, word)
);

-- Numbers are not among them (every ticket has new ones), nor addresses of pages (their host is a word of its own), nor what
-- is so long that nobody would begin to type it.
CREATE FUNCTION is_written_word(word text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT length(word) BETWEEN 2 AND 40 AND word ~ '^[^-+./0-9][^/]*$' $$;

CREATE FUNCTION keep_written_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.written_words (org_id, word)
  SELECT org_id, word FROM (SELECT DISTINCT w.org_id, word COLLATE "C" AS word FROM written w, unnest(tsvector_to_array(w.document)) word) each_once
  WHERE public.is_written_word(word) ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_words_of_new AFTER INSERT ON ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();
CREATE TRIGGER keep_words_of_changed AFTER UPDATE ON ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();

-- What was there before: a minute for a million tickets, in which the search's index waits and nobody else.
DO $$
DECLARE org uuid;
BEGIN
  FOR org IN SELECT id FROM organisations LOOP
    INSERT INTO written_words (org_id, word)
    SELECT org, word FROM ts_stat(format('SELECT document FROM ticket_search WHERE org_id = %L', org)) WHERE is_written_word(word);
  END LOOP;
END $$;

ALTER TABLE written_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_words FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON written_words TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()));
DO $$ BEGIN EXECUTE format('CREATE POLICY set_up ON written_words TO %I USING (true) WITH CHECK (true)', current_user); END $$;
GRANT SELECT ON written_words TO deskwire_app;
