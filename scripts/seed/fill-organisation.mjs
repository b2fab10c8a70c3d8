// Fills an organisation with tickets as they would be after two years: by SQL, in batches that each are one transaction, so
// that it may be stopped at any time and goes on where it was. As the schema's owner and a superuser: triggers and foreign
// keys are left out, and what they would have kept is written here.
import { personName, SUBJECTS, TEXTS } from './words.mjs';

const BATCH = 20_000;

/**
 * `h(n, k)`: a number from 0 to 2^31, the same each time, so that a run that is continued makes the same tickets; `id` a UUID, likewise
 * (version 8, RFC 9562 5.8), and `contact_id` one that begins with its place, as those of version 7 begin with their time.
 */
const HELPERS = `
  CREATE OR REPLACE FUNCTION pg_temp.h(n bigint, k integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT hashint8(n * 64 + k)::bigint & 2147483647 $$;
  CREATE OR REPLACE FUNCTION pg_temp.id(of text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(overlay(md5(of) PLACING '8' FROM 13 FOR 1) PLACING '8' FROM 17 FOR 1)::uuid $$;
  CREATE OR REPLACE FUNCTION pg_temp.contact_id(org text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(replace(pg_temp.id('contact' || org || n)::text, '-', '') PLACING '0190' || lpad(to_hex(n), 8, '0') FROM 1 FOR 12)::uuid $$;
  CREATE TEMP TABLE IF NOT EXISTS seed_texts (n integer PRIMARY KEY, text text, words tsvector);
  CREATE TEMP TABLE IF NOT EXISTS seed_subjects (n integer PRIMARY KEY, text text, words tsvector);
  CREATE TEMP TABLE IF NOT EXISTS seed_people (n integer PRIMARY KEY, id uuid, words tsvector);
  CREATE TEMP TABLE IF NOT EXISTS seed_agents (n integer PRIMARY KEY, id uuid, name text);`;

/** Once a connection: the texts and their words. */
export async function prepare(client) {
  await client.query('SET session_replication_role = replica').catch(() => {
    throw new Error(
      'The seed needs a superuser of Postgres (it turns triggers and foreign-key checks off while it writes).',
    );
  });
  await client.query(
    `SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '64MB'; ${HELPERS}`,
  );
  for (const { table, texts, weight } of [
    { table: 'seed_texts', texts: TEXTS, weight: 'C' },
    { table: 'seed_subjects', texts: SUBJECTS, weight: 'A' },
  ])
    await client.query(
      `INSERT INTO ${table} SELECT n - 1, text, setweight(search_vector('english', text), '${weight}') FROM unnest($1::text[]) WITH ORDINALITY AS x (text, n)
       ON CONFLICT DO NOTHING`,
      [texts],
    );
}

/** Contacts, one for ten tickets, of companies of fifty; agents and teams. Those that are there already stay. */
export async function fillPeople(client, orgId, tickets) {
  const amount = Math.max(5, Math.ceil(tickets / 10));
  const slug = orgId.slice(-6);
  for (let from = 0; from < amount; from += BATCH) {
    const names = Array.from({ length: Math.min(BATCH, amount - from) }, (_, at) => personName(from + at));
    await client.query(
      `WITH made AS (SELECT n + $2::integer - 1 AS n, name, pg_temp.id('company' || $1 || (n + $2::integer - 1) / 50) AS company_id FROM unnest($3::text[]) WITH ORDINALITY AS x (name, n)),
       companies AS (
         INSERT INTO companies (org_id, id, name, created_at, updated_at) SELECT DISTINCT $1::uuid, company_id, 'Company ' || n / 50, now(), now() FROM made ON CONFLICT DO NOTHING)
       INSERT INTO contacts (org_id, id, email, name, company_id)
       SELECT $1::uuid, pg_temp.contact_id($1, n), lower(replace(name, ' ', '.')) || n || '@company' || n / 50 || '.example', name, company_id FROM made
       ON CONFLICT DO NOTHING`,
      [orgId, from, names],
    );
  }
  await client.query(
    `WITH made AS (SELECT n FROM generate_series(1, 20) n), people AS (
       INSERT INTO agents (org_id, id, email, name, role) SELECT $1::uuid, pg_temp.id('agent' || $1 || n), 'agent' || n || '@' || $2 || '.test', 'Agent ' || n, 'agent' FROM made ON CONFLICT DO NOTHING
     ) INSERT INTO teams (org_id, id, name, handle, created_at, updated_at)
       SELECT $1::uuid, pg_temp.id('team' || $1 || n), 'Team ' || n, 'team-' || n, now(), now() FROM made WHERE n <= 5 ON CONFLICT DO NOTHING`,
    [orgId, slug],
  );
  await client.query(
    `INSERT INTO ticket_tags (org_id, id, name, color, by_use, created_at, updated_at)
     SELECT $1::uuid, pg_temp.id('tag' || $1::text || name), name, '#ef4444', false, now(), now()
     FROM unnest(ARRAY['vip', 'regression', 'onboarding', 'legal']) AS x (name) ON CONFLICT DO NOTHING`,
    [orgId],
  );
  await client.query(
    `INSERT INTO contact_addresses (org_id, email, contact_id, created_at)
     SELECT $1::uuid, 'private' || n || '@home.example', pg_temp.contact_id($1::text, n), now() FROM generate_series(0, $2::integer - 1, 10) n
     ON CONFLICT DO NOTHING`,
    [orgId, amount],
  );
  await client.query('TRUNCATE seed_people; TRUNCATE seed_agents');
  await client.query(
    `INSERT INTO seed_people SELECT n, c.id, setweight(search_vector('english', concat_ws(' ', c.name, c.email, regexp_replace(c.email, '[^[:alnum:]]+', ' ', 'g'))), 'B')
     FROM generate_series(0, $2::integer - 1) n JOIN contacts c ON c.org_id = $1::uuid AND c.id = pg_temp.contact_id($1::text, n)`,
    [orgId, amount],
  );
  await client.query(
    `INSERT INTO seed_agents SELECT row_number() OVER (ORDER BY email) - 1, id, name FROM agents WHERE org_id = $1 AND email LIKE 'agent%'`,
    [orgId],
  );
  await client.query(
    `INSERT INTO search_words SELECT DISTINCT $1::uuid, word FROM (
       SELECT text FROM seed_subjects UNION ALL SELECT concat_ws(' ', name, email) FROM contacts WHERE org_id = $1::uuid) s,
       regexp_split_to_table(lower(text), '[^[:alpha:]]+') word WHERE length(word) BETWEEN 4 AND 40 ON CONFLICT DO NOTHING`,
    [orgId],
  );
  await client.query(
    `INSERT INTO written_words SELECT $1::uuid, word
     FROM ts_stat('SELECT words FROM seed_texts UNION ALL SELECT words FROM seed_subjects UNION ALL SELECT words FROM seed_people') WHERE is_written_word(word)
     ON CONFLICT DO NOTHING`,
    [orgId],
  );
  await client.query('ANALYZE seed_people; ANALYZE seed_texts; ANALYZE seed_subjects');
  return amount;
}

const TICKETS = `
  CREATE TEMP TABLE seed_batch ON COMMIT DROP AS
  SELECT g.n AS number, uuidv7() AS id, at AS created_at, s.n AS subject_n, s.text AS subject, who.id AS contact_id, who.n AS contact_n,
    status, closed, CASE WHEN p < 55 THEN 'medium' WHEN p < 75 THEN 'low' WHEN p < 95 THEN 'high' ELSE 'urgent' END AS priority,
    (ARRAY['general', 'general', 'general', 'technical', 'technical', 'bug', 'billing', 'account', 'feature'])[1 + pg_temp.h(g.n, 3) % 9] AS category,
    CASE WHEN c < 80 THEN 'email' WHEN c < 90 THEN 'portal' WHEN c < 97 THEN 'api' ELSE 'alert' END AS source,
    CASE WHEN c >= 97 THEN 'Device offline' END AS kind,
    CASE WHEN pg_temp.h(g.n, 4) % 10 < 9 THEN a.id END AS assignee_id, a.name AS assignee_name, a.id AS agent_id,
    CASE WHEN pg_temp.h(g.n, 5) % 10 < 8 THEN pg_temp.id('team' || $1 || (1 + pg_temp.h(g.n, 5) % 5)) END AS team_id,
    array_remove(ARRAY[
      CASE WHEN pg_temp.h(g.n, 6) % 4 = 0 THEN 'vip' END, CASE WHEN pg_temp.h(g.n, 7) % 10 = 0 THEN 'regression' END,
      CASE WHEN pg_temp.h(g.n, 8) % 50 = 0 THEN 'onboarding' END, CASE WHEN pg_temp.h(g.n, 9) % 2000 = 0 THEN 'legal' END], NULL) AS tags,
    CASE WHEN pg_temp.h(g.n, 10) % 5 = 0 THEN jsonb_build_object('plan', (ARRAY['free', 'silver', 'gold'])[1 + pg_temp.h(g.n, 11) % 3]) ELSE '{}' END AS custom_fields,
    CASE WHEN c >= 97 THEN jsonb_build_object('type', 'device', 'id', 'pump-' || pg_temp.h(g.n, 12) % 500) END AS entity,
    answered, CASE WHEN closed OR status = 'resolved' THEN at + make_interval(mins => (20 + (pg_temp.h(g.n, 13) % 100) ^ 2)::integer)
      + CASE WHEN late THEN interval '9 hours' ELSE interval '0' END END AS resolved_at,
    CASE WHEN late THEN at + interval '8 hours' END AS missed_at
  FROM generate_series($2::integer, $3::integer) AS g (n)
  -- One in twelve is late.
  CROSS JOIN LATERAL (SELECT now() - interval '2 years' * (1 - g.n::float8 / $4) AS at, pg_temp.h(g.n, 1) % 100 AS p, pg_temp.h(g.n, 2) % 100 AS c,
    pg_temp.h(g.n, 14) % 12 = 0 AS late) x
  CROSS JOIN LATERAL (SELECT CASE
      WHEN at < now() - interval '30 days' THEN CASE WHEN p < 97 THEN 'closed' WHEN p < 98 THEN 'pending' WHEN p < 99 THEN 'on_hold' ELSE 'resolved' END
      ELSE (ARRAY['open', 'open', 'open', 'in_progress', 'in_progress', 'pending', 'on_hold', 'resolved', 'closed', 'closed'])[1 + pg_temp.h(g.n, 15) % 10] END AS status) y
  CROSS JOIN LATERAL (SELECT status = 'closed' AS closed, CASE WHEN status <> 'open' THEN at + make_interval(mins => (3 + pg_temp.h(g.n, 16) % 600)::integer) END AS answered) z
  JOIN seed_subjects s ON s.n = pg_temp.h(g.n, 17) % ${SUBJECTS.length}
  JOIN seed_people who ON who.n = pg_temp.h(g.n, 18) % $5
  JOIN seed_agents a ON a.n = pg_temp.h(g.n, 19) % 20;`;

/** Each is one statement over the batch; $1 is the organisation, $2 the number of messages of a ticket. */
const ROWS = [
  `INSERT INTO tickets (org_id, id, number, subject, description, status, priority, category, kind, source, team_id, assignee_id, contact_id,
     entity, tags, custom_fields, message_count, sla_deadline, first_response_at, resolved_at, closed_at, created_at, updated_at)
   SELECT $1::uuid, b.id, b.number, b.subject, x.text, b.status, b.priority, b.category, b.kind, b.source, b.team_id, b.assignee_id, b.contact_id,
     b.entity, b.tags, b.custom_fields, $2::integer, CASE WHEN b.resolved_at IS NULL THEN b.created_at + interval '2 days' END, b.answered, b.resolved_at,
     CASE WHEN b.closed THEN b.resolved_at + interval '7 days' END, b.created_at, greatest(b.created_at, b.answered, b.resolved_at)
   FROM seed_batch b JOIN seed_texts x ON x.n = pg_temp.h(b.number, 20) % ${TEXTS.length}`,
  `INSERT INTO messages (org_id, id, ticket_id, is_internal, content, author_kind, author_id, author_name, source, created_at)
   SELECT $1::uuid, uuidv7(), b.id, m % 5 = 4, x.text, CASE WHEN m % 2 = 1 THEN 'contact' ELSE 'agent' END,
     CASE WHEN m % 2 = 1 THEN b.contact_id ELSE b.agent_id END, b.assignee_name, 'email', b.created_at + interval '20 minutes' * (m - 1)
   FROM seed_batch b, generate_series(1, $2::integer) m JOIN LATERAL (SELECT 1) one ON true
   JOIN seed_texts x ON true WHERE x.n = pg_temp.h(b.number, 19 + m) % ${TEXTS.length}`,
  // Rules that give the ticket's history the due instants of its clocks, below.
  `INSERT INTO sla_trackings (org_id, ticket_id, id, policy_id, policy_version, policy_name, initial_rules, created_at)
   SELECT $1::uuid, b.id, uuidv7(), p.id, 1, p.name, p.rules || jsonb_build_object('firstResponseMinutes', 44000, 'resolutionMinutes',
       CASE WHEN b.missed_at IS NOT NULL THEN 480 WHEN b.resolved_at IS NOT NULL THEN 11520
       ELSE ceil(extract(epoch FROM now() + interval '1 hour' * (b.number % 240) - b.created_at) / 60) END), b.created_at
   FROM seed_batch b
   LEFT JOIN LATERAL (SELECT id, policy ->> 'name' AS name, policy - '{name,conditions,priority,enabled}'::text[] AS rules FROM sla_policies
     WHERE org_id = $1::uuid AND $2::integer >= 0 AND policy ->> 'name' ILIKE b.priority || ' %' LIMIT 1) p ON b.number % 500 <> 0`,
  `INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, warn_at, due_at, stopped_at, breached_at, consumed_ms, paused_ms, warned, announced)
   SELECT $1::uuid, b.id, target, 1,
     CASE WHEN late THEN 'breached' WHEN over THEN 'met' WHEN b.status IN ('pending', 'on_hold') THEN 'paused' ELSE 'running' END,
     b.created_at, due - interval '2 hours', due, CASE WHEN over THEN coalesce(b.resolved_at, b.answered) END, CASE WHEN late THEN b.missed_at END, 0, 0, true, true
   FROM seed_batch b, LATERAL (VALUES
       ('first_response', b.answered IS NOT NULL, false, greatest(b.created_at, CASE WHEN b.answered IS NULL THEN now() END) + interval '10 hours'),
       ('resolution', b.resolved_at IS NOT NULL, b.missed_at IS NOT NULL, CASE WHEN b.missed_at IS NOT NULL THEN b.missed_at WHEN b.resolved_at IS NULL THEN now() + interval '1 hour' * (b.number % 240) ELSE b.created_at + interval '8 days' END)
     ) c (target, over, late, due)
   WHERE b.number % 500 <> 0 AND $2::integer >= 0`,
  `INSERT INTO activities (org_id, id, ticket_id, type, actor_kind, actor_id, actor_name, surface, old_value, new_value, at)
   SELECT $1::uuid, uuidv7(), b.id, type, 'agent', b.agent_id, b.assignee_name, 'api', old_value, new_value, at
   FROM seed_batch b, LATERAL (VALUES
       ('created', NULL::jsonb, jsonb_build_object('subject', b.subject), b.created_at),
       ('assigned', NULL, jsonb_build_object('assigneeId', b.assignee_id), b.created_at + interval '5 minutes'),
       ('resolved', '{"status": "open"}', '{"status": "resolved"}', b.resolved_at)
     ) a (type, old_value, new_value, at) WHERE at IS NOT NULL AND $2::integer >= 0`,
  `INSERT INTO ticket_watchers (org_id, ticket_id, agent_id, created_at)
   SELECT $1::uuid, b.id, b.agent_id, b.created_at FROM seed_batch b WHERE b.number % 20 = 0 AND $2::integer >= 0`,
  `INSERT INTO time_entries (org_id, id, ticket_id, agent_id, minutes, description, billable, worked_at, invoiced_at, created_at, updated_at)
   SELECT $1::uuid, uuidv7(), b.id, b.agent_id, 5 + b.number % 90, 'Looked into it', b.number % 8 <> 0, b.created_at + interval '1 hour',
     CASE WHEN b.number % 8 <> 0 AND b.created_at < now() - interval '60 days' THEN b.created_at + interval '30 days' END, b.created_at, b.created_at
   FROM seed_batch b WHERE b.number % 4 = 0 AND $2::integer >= 0`,
  // One in twenty to the administrator, whose key is known.
  `INSERT INTO notifications (org_id, id, agent_id, ticket_id, kind, actor_name, at, read_at)
   SELECT $1::uuid, uuidv7(), CASE WHEN b.number % 20 = 0 THEN alice.id ELSE b.assignee_id END, b.id, CASE WHEN b.number % 3 = 0 THEN 'watched' ELSE 'assigned' END, 'Agent 1', b.created_at,
     CASE WHEN b.created_at < now() - interval '10 days' THEN b.created_at + interval '1 hour' END
   FROM seed_batch b CROSS JOIN (SELECT id FROM agents WHERE org_id = $1::uuid AND role = 'admin' ORDER BY created_at, id LIMIT 1) alice
   WHERE b.number % 2 = 0 AND b.assignee_id IS NOT NULL AND $2::integer >= 0`,
  // Mostly of contacts, now and then of the desk itself.
  `INSERT INTO audit_entries (org_id, id, action, subject_type, subject_id, subject_name, actor_kind, actor_id, actor_name, surface, new_value, at)
   SELECT $1::uuid, uuidv7(), action, type, CASE WHEN type = 'contact' THEN b.contact_id ELSE pg_temp.id(type || $1::text || b.number % 7) END,
     'Somebody', 'agent', b.agent_id, 'Agent', 'api', '{"notes": "x"}', b.created_at
   FROM seed_batch b CROSS JOIN LATERAL (SELECT
       CASE WHEN b.number % 1000 = 5 THEN 'deleted' WHEN b.number % 40 = 0 THEN 'merged' WHEN b.number % 25 = 10 THEN 'created' ELSE 'updated' END,
       CASE WHEN b.number % 40 = 0 THEN 'contact' WHEN b.number % 2000 = 5 THEN 'team' WHEN b.number % 500 = 15 THEN 'tag' WHEN b.number % 200 = 25 THEN 'canned_response' ELSE 'contact' END
     ) what (action, type)
   WHERE b.number % 5 = 0 AND $2::integer >= 0`,
  `INSERT INTO attachments (org_id, id, message_id, name, content_type, size_bytes, sha256, inline, blob_key)
   SELECT $1::uuid, uuidv7(), m.id, 'screen.png', 'image/png', 12345, md5(m.id::text), false, md5(m.id::text)
   FROM seed_batch b JOIN messages m ON m.org_id = $1::uuid AND m.ticket_id = b.id AND m.created_at = b.created_at
   WHERE b.number % 20 = 0 AND $2::integer >= 0`,
  `INSERT INTO ticket_facets (org_id, facet, created_at, ticket_id)
   SELECT $1::uuid, facet, b.created_at, b.id FROM seed_batch b, facets_of_ticket(b.tags, b.custom_fields, b.entity) facet
   WHERE (b.tags <> '{}' OR b.custom_fields <> '{}' OR b.entity IS NOT NULL) AND $2::integer >= 0
   UNION ALL SELECT $1::uuid, 'sla:breached', b.created_at, b.id FROM seed_batch b WHERE b.missed_at IS NOT NULL AND b.number % 500 <> 0
   UNION ALL SELECT $1::uuid, 'sla:none', b.created_at, b.id FROM seed_batch b WHERE b.number % 500 = 0`,
  `INSERT INTO ticket_search (org_id, ticket_id, number, shelf, document)
   SELECT $1::uuid, b.id, b.number, search_shelf($1::uuid, b.number), s.words || who.words || d.words || coalesce(x1.words, '') || coalesce(x2.words, '') || coalesce(x3.words, '') || coalesce(setweight(x4.words, 'D'), '')
   FROM seed_batch b JOIN seed_subjects s ON s.n = b.subject_n JOIN seed_people who ON who.n = b.contact_n
   JOIN seed_texts d ON d.n = pg_temp.h(b.number, 20) % ${TEXTS.length}
   LEFT JOIN seed_texts x1 ON x1.n = pg_temp.h(b.number, 21) % ${TEXTS.length} AND $2::integer >= 2
   LEFT JOIN seed_texts x2 ON x2.n = pg_temp.h(b.number, 22) % ${TEXTS.length} AND $2::integer >= 3
   LEFT JOIN seed_texts x3 ON x3.n = pg_temp.h(b.number, 24) % ${TEXTS.length} AND $2::integer >= 5
   LEFT JOIN seed_texts x4 ON x4.n = pg_temp.h(b.number, 23) % ${TEXTS.length} AND $2::integer >= 4`,
  `INSERT INTO ticket_counted (org_id, ticket_id, day, resolved_day, breached_day, breach_policy_id, keys)
   SELECT $1::uuid, b.id, (b.created_at AT TIME ZONE 'UTC')::date, (b.resolved_at AT TIME ZONE 'UTC')::date, (missed AT TIME ZONE 'UTC')::date,
     CASE WHEN missed IS NOT NULL THEN (SELECT k.policy_id FROM sla_trackings k WHERE k.org_id = $1::uuid AND k.ticket_id = b.id) END,
     array_remove(ARRAY['total', 'status:' || b.status, 'priority:' || b.priority, 'category:' || b.category, 'source:' || b.source,
       'assignee:' || coalesce(b.assignee_id::text, ''), 'team:' || coalesce(b.team_id::text, ''), CASE WHEN missed IS NOT NULL THEN 'missed' END,
       'first:' || floor(ln(extract(epoch FROM b.answered - b.created_at) * 1000) / ln(1.05)),
       'done:' || floor(ln(extract(epoch FROM b.resolved_at - b.created_at) * 1000) / ln(1.05))], NULL)
   FROM seed_batch b, LATERAL (SELECT CASE WHEN b.number % 500 <> 0 AND $2::integer >= 0 THEN b.missed_at END AS missed) m`,
];

/** Goes on after the organisation's last number, up to `tickets`. `progress(done)` is called after each batch. */
export async function fillTickets(client, orgId, tickets, messages, progress = () => {}) {
  const contacts = await fillPeople(client, orgId, tickets);
  const { rows } = await client.query('SELECT last_number FROM ticket_counters WHERE org_id = $1', [orgId]);
  for (let first = rows[0].last_number + 1; first <= tickets; first += BATCH) {
    const last = Math.min(first + BATCH - 1, tickets);
    await client.query('BEGIN');
    await client.query(TICKETS, [orgId, first, last, tickets, contacts]);
    for (const text of ROWS) await client.query(text, [orgId, messages]);
    await client.query('UPDATE ticket_counters SET last_number = $2 WHERE org_id = $1', [orgId, last]);
    await client.query('COMMIT');
    progress(last);
  }
  await client.query('BEGIN');
  await client.query('DELETE FROM ticket_counts WHERE org_id = $1', [orgId]);
  await client.query(
    `WITH parts AS (
       SELECT day, key FROM ticket_counted, unnest(keys) key WHERE org_id = $1
       UNION ALL SELECT resolved_day, 'resolved' FROM ticket_counted WHERE org_id = $1 AND resolved_day IS NOT NULL
       UNION ALL SELECT breached_day, 'breaches' FROM ticket_counted WHERE org_id = $1 AND breached_day IS NOT NULL)
     INSERT INTO ticket_counts (org_id, day, key, tickets)
     SELECT $1, coalesce(day, '-infinity'), key, count(*) FROM parts GROUP BY GROUPING SETS ((day, key), (key))
     UNION ALL SELECT $1, '-infinity', 'missed:' || breach_policy_id, count(*) FROM ticket_counted WHERE org_id = $1 AND breach_policy_id IS NOT NULL GROUP BY 3`,
    [orgId],
  );
  await client.query('DELETE FROM time_totals WHERE org_id = $1', [orgId]);
  await client.query(
    `INSERT INTO time_totals (org_id, span, starts, agent_id, billable, invoiced, entries, minutes)
     SELECT e.org_id, which.span, which.starts, e.agent_id, e.billable, e.invoiced_at IS NOT NULL, count(*), sum(e.minutes)
     FROM time_entries e, LATERAL (SELECT e.worked_at AT TIME ZONE 'UTC' AS at) utc, LATERAL (VALUES
         ('all', '-infinity'::date), ('month', date_trunc('month', utc.at)::date), ('day', utc.at::date)) AS which (span, starts)
     WHERE e.org_id = $1 AND e.deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6`,
    [orgId],
  );
  await client.query('COMMIT');
}
