import { setTimeout as sleep } from 'node:timers/promises';
import { absolute, median, round } from '../figures.mjs';

/** Events that become visible in one commit, and how fast the relay hands them to JetStream and marks them. */
export async function outbox(bench, options, say) {
  const stack = await bench.stack();
  const [org] = await stack.organisations(1, 'outbox');
  const rates = [];
  for (let at = 0; at < options.rounds; at++) {
    rates.push(await drain(stack, org, options.events));
    say(`  ${round(rates[at])} events/s`);
  }
  return absolute('outbox', { ours: median(rates), target: 10_000, unit: 'events/s', events: options.events });
}

async function drain(stack, org, events) {
  await stack.sql(
    `INSERT INTO outbox (org_id, event_id, name, version, payload, at)
     SELECT $1, gen_random_uuid(), 'ticket.opened', 1,
       jsonb_build_object('ticketId', gen_random_uuid(), 'number', n, 'version', 1, 'status', 'open', 'priority', 'medium',
         'source', 'email', 'actor', jsonb_build_object('kind', 'contact', 'id', gen_random_uuid(), 'name', 'Customer ' || n)),
       now()
     FROM generate_series(1, $2::int) n`,
    [org.orgId, events],
  );
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
    const [{ unsent }] = await stack.sql('SELECT count(*)::int AS unsent FROM outbox WHERE sent_at IS NULL');
    if (unsent > 0) continue;
    const [{ count, seconds }] = await stack.sql(
      `SELECT count(*) FILTER (WHERE sent_at > first)::int AS count, extract(epoch FROM max(sent_at) - min(sent_at))::float8 AS seconds
       FROM outbox, (SELECT min(sent_at) AS first FROM outbox WHERE org_id = $1) f WHERE org_id = $1`,
      [org.orgId],
    );
    await stack.sql('DELETE FROM outbox WHERE org_id = $1', [org.orgId]);
    return count / seconds;
  }
  throw new Error('outbox: not everything was sent within a minute');
}
