import { setTimeout as sleep } from 'node:timers/promises';

/** Tickets of one organisation with a clock each that can be made due: what the monitor's rows work on. */
export async function dueTickets(stack, { orgId }, count) {
  return inReplica(stack, async (client) => {
    const { rows } = await client.query(
      `INSERT INTO tickets (org_id, id, number, subject, description, status, priority, source, tags, message_count, created_at, updated_at)
       SELECT $1, uuidv7(), 5000000 + n, 'Due ' || n, '', 'open', 'high', 'api', '{}', 0, now(), now()
       FROM generate_series(1, $2::int) n RETURNING id`,
      [orgId, count],
    );
    const ids = rows.map(({ id }) => id);
    await client.query(
      `INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, due_at, consumed_ms, paused_ms, next_at)
       SELECT $1, id, 'resolution', 1, 'running', now(), now() + interval '1 year', 0, 0, now() + interval '1 year'
       FROM unnest($2::uuid[]) id`,
      [orgId, ids],
    );
    return ids;
  });
}

/** Clocks that run and are due some time in the next year, not now. Nobody claims them, so they need no ticket. */
export async function addRunningClocks(stack, { orgId }, count) {
  await inReplica(stack, (client) =>
    client.query(
      `INSERT INTO sla_clocks (org_id, ticket_id, target, cycle, state, started_at, due_at, consumed_ms, paused_ms, next_at)
       SELECT $1, uuidv7(), 'resolution', 1, 'running', now(), at, 0, 0, at
       FROM generate_series(1, $2::int) n, LATERAL (SELECT now() + interval '1 day' + n * interval '30 seconds' AS at) t`,
      [orgId, count],
    ),
  );
  await stack.sql('ANALYZE sla_clocks, tickets');
}

/** The stack's own monitor stands still while `work` runs: the row does its part. */
export async function withMonitorHeld(stack, work) {
  const pid = stack.pids['sla-monitor'];
  process.kill(pid, 'SIGSTOP');
  try {
    // A claim that was under way is over by then.
    await sleep(500);
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

async function inReplica(stack, work) {
  const client = await stack.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}

export async function connectTo(stack) {
  const { connect } = await import('@nats-io/transport-node');
  const { readNatsUrl } = await stack.module('libs/shared/src/messaging/connect-nats.js');
  return connect(readNatsUrl(stack.natsUrl));
}
