import { setTimeout as sleep } from 'node:timers/promises';
import { absolute, percentile, round } from '../figures.mjs';
import { connectTo, dueTickets } from '../running-clocks.mjs';

const BREACHES = 200;
/** Between two instants, so that each finds an idle monitor; odd, so that it falls in step with nothing. */
const APART_MS = 137;

/** From the instant at which a target is missed to its event on the bus, by the monitor of an idle stack. */
export async function breach(bench) {
  const stack = await bench.stack();
  const [org] = await stack.organisations(1, 'breach');
  const nats = await connectTo(stack);
  const ids = await dueTickets(stack, org, BREACHES);
  const waits = new Map();
  nats.subscribe(`desk.events.sla.breached.${org.orgId}`, {
    callback: (_, message) => {
      const heardAtMs = Date.now();
      const { ticketId, dueAt } = message.json().payload;
      waits.set(ticketId, heardAtMs - Date.parse(dueAt));
    },
  });
  await nats.flush();
  const firstInMs = 3_000;
  await stack.sql(
    `UPDATE sla_clocks c SET due_at = at, next_at = at + interval '1 millisecond'
     FROM unnest($1::uuid[]) WITH ORDINALITY x(id, n),
       LATERAL (SELECT date_trunc('milliseconds', now()) + make_interval(secs => ($2 + n * $3::float8) / 1000) AS at) t
     WHERE c.ticket_id = x.id`,
    [ids, firstInMs, APART_MS],
  );
  nats.publish('desk.hints.sla.changed', JSON.stringify({ inMs: firstInMs }));
  for (const until = Date.now() + firstInMs + BREACHES * APART_MS + 15_000; waits.size < BREACHES; await sleep(100)) {
    if (Date.now() > until) throw new Error(`breach: ${waits.size} of ${BREACHES} were heard of`);
  }
  await nats.close();
  const lateMs = [...waits.values()];
  return absolute('breach', {
    ours: percentile(lateMs, 99),
    target: 1_000,
    atMost: true,
    unit: 'ms p99',
    p50: round(percentile(lateMs, 50)),
    max: round(Math.max(...lateMs)),
    earliest: round(Math.min(...lateMs)),
    breaches: BREACHES,
  });
}
