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
CREATE FUNCTION words_of(document tsvector) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT word FROM unnest(tsvector_to_array(document)) word WHERE length(word) BETWEEN 2 AND 40 AND word ~ '^[^-+./0-9][^/]*$' $$;

CREATE FUNCTION keep_written_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.written_words (org_id, word)
  SELECT DISTINCT w.org_id, word COLLATE "C" FROM written w, public.words_of(w.document) word ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_words_of_new AFTER INSERT ON ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();
CREATE TRIGGER keep_words_of_changed AFTER UPDATE ON ticket_search REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_written_words();

INSERT INTO written_words (org_id, word)
SELECT DISTINCT s.org_id, word COLLATE "C" FROM ticket_search s, words_of(s.document) word ON CONFLICT DO NOTHING;

ALTER TABLE written_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE written_words FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON written_words TO deskwire_app USING (org_id = (SELECT current_org())) WITH CHECK (org_id = (SELECT current_org()));
DO $$ BEGIN EXECUTE format('CREATE POLICY set_up ON written_words TO %I USING (true) WITH CHECK (true)', current_user); END $$;
GRANT SELECT ON written_words TO deskwire_app;
