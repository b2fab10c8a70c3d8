import { Agent, request } from 'undici';
import { comparison, percentile, round } from '../figures.mjs';

const REQUESTS = 300;
const SMALL = 10_000;
const OTHERS = 100;
const TICKETS_OF_OTHERS = 100;

/** The first page of GET /tickets of an organisation with a million tickets, and of one with 10,000 in the same tables. */
export async function listTickets(bench, options, say) {
  const stack = await bench.stack();
  const [large, small, ...others] = await stack.organisations(2 + OTHERS, 'list');
  const startedAtMs = Date.now();
  for (const org of others) await fill(stack, org, TICKETS_OF_OTHERS);
  await fill(stack, small, SMALL);
  await fill(stack, large, options.tickets);
  await stack.sql('ANALYZE tickets, sla_clocks, contacts');
  say(
    `  ${options.tickets + SMALL + OTHERS * TICKETS_OF_OTHERS} tickets in ${round((Date.now() - startedAtMs) / 1000)} s`,
  );

  const agent = new Agent({ connections: 1 });
  const first = (org) => page(`${stack.apiUrl}/api/v1/tickets`, org, agent);
  for (let at = 0; at < 30; at++) await first(at % 2 ? large : small);
  const times = { large: [], small: [] };
  for (let at = 0; at < REQUESTS; at++) {
    times.small.push(await first(small));
    times.large.push(await first(large));
  }
  await agent.close();
  return comparison('list-tickets', {
    ours: percentile(times.large, 50),
    floor: percentile(times.small, 50),
    target: 1.5,
    atMost: true,
    unit: 'ms p50',
    digits: 2,
    tickets: options.tickets,
    p99: { large: round(percentile(times.large, 99), 2), small: round(percentile(times.small, 99), 2) },
  });
}

async function page(url, { apiKey }, dispatcher) {
  const startedAtMs = performance.now();
  const { statusCode, body } = await request(url, { dispatcher, headers: { authorization: `Bearer ${apiKey}` } });
  const { items } = await body.json();
  const tookMs = performance.now() - startedAtMs;
  if (statusCode !== 200 || items.length === 0)
    throw new Error(`GET /tickets: ${statusCode} with ${items?.length} tickets`);
  return tookMs;
}

/** Tickets of two years by 1,000 contacts, each with its clock, as their owner; foreign keys hold by construction. */
async function fill(stack, { orgId }, count) {
  const client = await stack.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(
      `INSERT INTO contacts (org_id, id, email, name)
       SELECT $1, gen_random_uuid(), 'c' || n || '@example.com', 'Customer ' || n FROM generate_series(1, 1000) n`,
      [orgId],
    );
    await client.query(
      `WITH people AS (SELECT array_agg(id) AS ids FROM contacts WHERE org_id = $1),
            agent AS (SELECT array_agg(id) AS ids FROM agents WHERE org_id = $1)
       INSERT INTO tickets (org_id, id, number, subject, description, status, priority, source, assignee_id, contact_id, tags,
         message_count, sla_deadline, created_at, updated_at)
       SELECT $1, uuidv7(), n, 'Question ' || n || ' about our last order', repeat('The export ends with a white page. ', 4),
         (ARRAY['open', 'in_progress', 'pending', 'resolved', 'closed', 'closed', 'closed', 'closed'])[1 + n % 8],
         (ARRAY['low', 'medium', 'high', 'urgent'])[1 + n % 4], 'email',
         CASE WHEN n % 3 > 0 THEN agent.ids[1 + n % 3] END, people.ids[1 + n % 1000], ARRAY['export'], 1,
         at + interval '8 hours', at, at
       FROM people, agent, generate_series(1, $2::int) n,
         LATERAL (SELECT now() - interval '2 years' * (1 - n::float8 / $2) AS at) t`,
      [orgId, count],
    );
    await client.query(
      `INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, due_at, stopped_at, consumed_ms, paused_ms)
       SELECT org_id, id, 'resolution', 0, 'met', created_at, sla_deadline, created_at + interval '1 hour', 3600000, 0
       FROM tickets WHERE org_id = $1`,
      [orgId],
    );
    await client.query('UPDATE ticket_counters SET last_number = $2 WHERE org_id = $1', [orgId, count]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
