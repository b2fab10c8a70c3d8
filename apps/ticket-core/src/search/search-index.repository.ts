import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import { statement } from '../database/statement.js';

export interface QueuedTicket {
  id: string;
  org_id: string;
  ticket_id: string;
  words: boolean;
  attempts: number;
}

/** One indexer at a time, whatever the number of replicas: counts are changed by what a ticket added before. */
const ALONE = statement('search.alone', 'SELECT pg_try_advisory_xact_lock(7345006) AS alone');
/** What is taken away is gone with the commit only: an indexer that is killed has taken nothing. */
const CLAIM = statement(
  'search.claim',
  `DELETE FROM search_queue WHERE id IN (SELECT id FROM search_queue WHERE next_at <= now() ORDER BY next_at, id LIMIT $1)
   RETURNING id, org_id, ticket_id, words, attempts`,
);
const LATER = statement(
  'search.later',
  `UPDATE search_queue SET attempts = attempts + 1, next_at = now() + make_interval(secs => least(3600, 10 * 2 ^ attempts)) WHERE id = $1`,
);
const ONE = statement(
  'search.claim-one',
  `DELETE FROM search_queue WHERE id = $1 RETURNING id, org_id, ticket_id, words, attempts`,
);

/** Of an organisation; what failed before is tried again later, and nobody waits for it. */
const LAST_OF_FEW = statement(
  'search.last-of-few',
  `SELECT max(id) AS last, count(*)::integer AS amount
   FROM (SELECT id FROM search_queue WHERE org_id = $1 AND attempts = 0 ORDER BY id LIMIT $2) waiting`,
);
const IS_WAITING = statement(
  'search.is-waiting',
  'SELECT 1 FROM search_queue WHERE org_id = $1 AND id <= $2 AND attempts = 0 LIMIT 1',
);

/** All of a ticket's texts, the newest first until 200,000 characters are reached; deleted messages are left out. */
const WORDS = statement(
  'search.words',
  `INSERT INTO ticket_search AS s (org_id, ticket_id, number, shelf, document)
   SELECT t.org_id, t.id, t.number, search_shelf(t.org_id, t.number),
     setweight(search_vector(l.language, t.subject), 'A')
     || setweight(search_vector(l.language, who.words), 'B')
     || setweight(search_vector(l.language, left(t.description, 50000) || E'\\n' || coalesce(said.public, '')), 'C')
     || setweight(search_vector(l.language, said.internal), 'D')
   FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AS asked (org_id, ticket_id)
   JOIN tickets t ON t.org_id = asked.org_id AND t.id = asked.ticket_id
   JOIN organisations o ON o.id = t.org_id
   CROSS JOIN LATERAL (SELECT search_language(o.settings) AS language) l
   LEFT JOIN LATERAL (
     -- Addresses whole and in pieces: Postgres takes one to be a single word.
     SELECT string_agg(concat_ws(' ', c.name, a.email, split_part(a.email, '@', 2), regexp_replace(a.email, '[^[:alnum:]]+', ' ', 'g')), ' ') AS words
     FROM contacts c, LATERAL (
       SELECT c.email UNION SELECT x.email FROM contact_addresses x WHERE x.org_id = c.org_id AND x.contact_id = c.id) a
     WHERE c.org_id = t.org_id AND c.id = t.contact_id
   ) who ON true
   LEFT JOIN LATERAL (
     SELECT string_agg(content, E'\\n' ORDER BY created_at) FILTER (WHERE NOT is_internal) AS public,
       string_agg(content, E'\\n' ORDER BY created_at) FILTER (WHERE is_internal) AS internal
     FROM (
       SELECT left(m.content, 50000) AS content, m.is_internal, m.created_at,
         sum(least(length(m.content), 50000)) OVER (ORDER BY m.created_at DESC, m.id DESC) AS so_far
       FROM messages m WHERE m.org_id = t.org_id AND m.ticket_id = t.id AND m.deleted_at IS NULL
     ) newest WHERE so_far <= 200000
   ) said ON true
   ON CONFLICT (org_id, ticket_id) DO UPDATE SET document = excluded.document, number = excluded.number, shelf = excluded.shelf
     WHERE s.document <> excluded.document`,
);

/** Words to correct others by: letters only, since every order number would be a word of its own. */
const VOCABULARY = statement(
  'search.vocabulary',
  `INSERT INTO search_words (org_id, word)
   SELECT DISTINCT t.org_id, word
   FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AS asked (org_id, ticket_id)
   JOIN tickets t ON t.org_id = asked.org_id AND t.id = asked.ticket_id
   LEFT JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id,
   LATERAL regexp_split_to_table(lower(extensions.unaccent(concat_ws(' ', t.subject, c.name, c.email))), '[^[:alpha:]]+') AS word
   WHERE length(word) BETWEEN 4 AND 40
   ORDER BY 1, 2
   ON CONFLICT DO NOTHING`,
);

/**
 * Counts tickets anew: what each adds now, less what it added when it was last counted, is added to the counts of its day
 * and of all days. Durations are counted in steps of 5 %.
 */
const COUNT = statement(
  'search.count',
  `WITH asked AS (
     SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS asked (org_id, ticket_id)
   ), now_is AS (
     SELECT t.org_id, t.id AS ticket_id, (t.created_at AT TIME ZONE z.zone)::date AS day,
       CASE WHEN t.deleted_at IS NULL THEN (t.resolved_at AT TIME ZONE z.zone)::date END AS resolved_day,
       CASE WHEN t.deleted_at IS NULL THEN (missed.at AT TIME ZONE z.zone)::date END AS breached_day,
       CASE WHEN t.deleted_at IS NOT NULL THEN '{}'::text[] ELSE array_remove(ARRAY[
         'total', 'status:' || t.status, 'priority:' || t.priority, 'category:' || t.category, 'source:' || t.source,
         'assignee:' || coalesce(t.assignee_id::text, ''), 'team:' || coalesce(t.team_id::text, ''),
         CASE WHEN missed.at IS NOT NULL THEN 'missed' END,
         CASE WHEN t.first_response_at IS NOT NULL THEN 'first:' || floor(ln(greatest(1, extract(epoch FROM t.first_response_at - t.created_at) * 1000)) / ln(1.05)) END,
         CASE WHEN t.resolved_at IS NOT NULL THEN 'done:' || floor(ln(greatest(1, extract(epoch FROM t.resolved_at - t.created_at) * 1000)) / ln(1.05)) END
       ], NULL) END AS keys
     FROM asked JOIN tickets t ON t.org_id = asked.org_id AND t.id = asked.ticket_id
     JOIN organisations o ON o.id = t.org_id
     CROSS JOIN LATERAL (SELECT coalesce(o.settings ->> 'timezone', 'UTC') AS zone) z
     CROSS JOIN LATERAL (SELECT min(s.breached_at) AS at FROM sla_clocks s
       WHERE s.org_id = t.org_id AND s.ticket_id = t.id AND s.state <> 'cancelled') missed
   ), parts AS (
     SELECT n.org_id, n.day, key, 1 AS amount FROM now_is n, unnest(n.keys) key
     UNION ALL SELECT org_id, resolved_day, 'resolved', 1 FROM now_is WHERE resolved_day IS NOT NULL
     UNION ALL SELECT org_id, breached_day, 'breaches', 1 FROM now_is WHERE breached_day IS NOT NULL
     UNION ALL SELECT c.org_id, c.day, key, -1 FROM asked JOIN ticket_counted c USING (org_id, ticket_id), unnest(c.keys) key
     UNION ALL SELECT c.org_id, c.resolved_day, 'resolved', -1 FROM asked JOIN ticket_counted c USING (org_id, ticket_id) WHERE c.resolved_day IS NOT NULL
     UNION ALL SELECT c.org_id, c.breached_day, 'breaches', -1 FROM asked JOIN ticket_counted c USING (org_id, ticket_id) WHERE c.breached_day IS NOT NULL
   ), counted AS (
     INSERT INTO ticket_counted AS c (org_id, ticket_id, day, resolved_day, breached_day, keys)
     SELECT org_id, ticket_id, day, resolved_day, breached_day, keys FROM now_is
     ON CONFLICT (org_id, ticket_id) DO UPDATE SET
       day = excluded.day, resolved_day = excluded.resolved_day, breached_day = excluded.breached_day, keys = excluded.keys
   )
   INSERT INTO ticket_counts AS k (org_id, day, key, tickets)
   SELECT org_id, which.day, key, sum(amount)
   FROM parts, LATERAL (VALUES (parts.day), ('-infinity'::date)) AS which (day)
   GROUP BY org_id, which.day, key HAVING sum(amount) <> 0
   ON CONFLICT (org_id, day, key) DO UPDATE SET tickets = k.tickets + excluded.tickets`,
);

/** Search and counts, as the worker’s role: tickets of every organisation are read in the order in which they changed. */
@Injectable()
export class SearchIndexRepository {
  constructor(private readonly database: Database) {}

  /** The last change that waits to be read; null when none does, or `few` and more. */
  async lastOfFew(orgId: string, few: number): Promise<string | null> {
    const [row] = await this.database.acrossOnce<{ last: string | null; amount: number }>(LAST_OF_FEW, [orgId, few]);
    return row!.amount < few ? row!.last : null;
  }

  /** Whether that one, or an earlier one, still waits. */
  async isWaiting(orgId: string, last: string): Promise<boolean> {
    return (await this.database.acrossOnce(IS_WAITING, [orgId, last])).length > 0;
  }

  async alone(tx: Tx): Promise<boolean> {
    const [row] = await tx.query<{ alone: boolean }>(ALONE);
    return row!.alone;
  }

  claim(tx: Tx, limit: number): Promise<QueuedTicket[]> {
    return tx.query<QueuedTicket>(CLAIM, [limit]);
  }

  claimOne(tx: Tx, id: string): Promise<QueuedTicket[]> {
    return tx.query<QueuedTicket>(ONE, [id]);
  }

  async later(tx: Tx, id: string): Promise<void> {
    await tx.query(LATER, [id]);
  }

  async read(tx: Tx, queued: readonly QueuedTicket[]): Promise<void> {
    const all = new Map(queued.map((one) => [one.ticket_id, one]));
    const withWords = new Map(queued.filter(({ words }) => words).map((one) => [one.ticket_id, one]));
    await tx.query(COUNT, idsOf(all.values()));
    if (withWords.size === 0) return;
    await tx.query(WORDS, idsOf(withWords.values()));
    await tx.query(VOCABULARY, idsOf(withWords.values()));
  }
}

const idsOf = (queued: Iterable<QueuedTicket>): [string[], string[]] => {
  const rows = [...queued];
  return [rows.map(({ org_id: orgId }) => orgId), rows.map(({ ticket_id: ticketId }) => ticketId)];
};
